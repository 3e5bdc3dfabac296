"""What others say happened, before lots and actors have numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from cesim.errors import Fault, Place
from cesim.trace.classes import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.trace.entries import Actor

UNTOLD_MG: Final = -1
"""Stands for a mass of which nothing is said."""
SHOWN: Final = 20
"""Remarks of one kind that are kept; the others are counted."""


class Portion(NamedTuple):
    """Some of a lot."""

    lot: str
    mass_mg: int
    """`UNTOLD_MG` where nothing is said."""


class Matter(NamedTuple):
    """Matter that was no lot before."""

    origin: str
    """One of the origin classes; empty where it is not told."""
    mass_mg: int


@dataclass(frozen=True, slots=True)
class Said:
    """One event as somebody wrote it down.

    Attributes
    ----------
    step
        One of `cesim.trace.steps.STEPS`.
    actor, partner
        Keys of `Told.actors`; the partner is empty for nobody.
    time_s, written_s
        Seconds since 1970, UTC.
    inputs, outputs, sources
        As of `cesim.trace.entries.Entries`; a handover has inputs only.
    loss_mg
        Declared; below zero where more came out than went in.
    relabel
        Origin of all that leaves; empty for none.
    place
        Where it stands.
    """

    step: str
    actor: str
    partner: str
    time_s: int
    written_s: int
    inputs: tuple[Portion, ...]
    outputs: tuple[Portion, ...]
    sources: tuple[Matter, ...]
    loss_mg: int
    relabel: str
    place: Place


@dataclass(slots=True)
class LotSaid:
    """What is said of a lot wherever it is named.

    Attributes
    ----------
    label
        As it was first written.
    kind, item
        Empty where nothing is said.
    mass_mg
        `UNTOLD_MG` where nothing is said.
    """

    label: str
    kind: str = ""
    item: str = ""
    mass_mg: int = UNTOLD_MG


class Remarks:
    """What was read with a reservation, kind by kind: the first with their places, the others counted."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], list[Fault]] = {}
        self._left: dict[tuple[str, str], int] = {}

    def note(self, code: str, place: Place, **arguments: object) -> None:
        """Note one; what differs in `found` is of another kind."""
        key = (code, str(arguments.get("kind", "")))
        kept = self._kept.setdefault(key, [])
        if len(kept) < SHOWN:
            kept.append(Fault(code, place, arguments))
        else:
            self._left[key] = self._left.get(key, 0) + 1

    def add(self, others: Remarks) -> None:
        """Take over those of another reading."""
        for fault in others.all():
            self.note(fault.code, fault.place, **dict(fault.arguments))

    def all(self) -> list[Fault]:
        """Return those that were kept, and for each kind how many there are besides."""
        told = [fault for kept in self._kept.values() for fault in kept]
        more = [Fault("import_more", Place(), {"count": left, "what": code}) for (code, _), left in self._left.items()]
        return [*told, *more]


@dataclass(slots=True)
class Told:
    """All that was read, of one or several files.

    Attributes
    ----------
    said
        In the order in which it was read.
    lots, actors
        By key.
    classes
        Origins of which it speaks.
    remarks
        What was read with a reservation.
    """

    said: list[Said] = field(default_factory=list)
    lots: dict[str, LotSaid] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    classes: tuple[str, ...] = CLASSES
    remarks: Remarks = field(default_factory=Remarks)

    def lot(self, key: str, label: str) -> LotSaid:
        """Return what is said of a lot, which may be new."""
        found = self.lots.get(key)
        if found is None:
            found = self.lots[key] = LotSaid(label)
        return found


def summed(portions: Iterable[Portion]) -> tuple[Portion, ...]:
    """Return portions with each lot once; nothing is said of a sum where nothing is said of a part."""
    total: dict[str, int] = {}
    for lot, mass in portions:
        before = total.get(lot, 0)
        total[lot] = UNTOLD_MG if before == UNTOLD_MG or mass == UNTOLD_MG else before + mass
    return tuple(Portion(lot, mass) for lot, mass in total.items())
