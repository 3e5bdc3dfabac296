"""Entries of a ledger: who did what with which lots. The truth and the records have the same form.

An entry has lots on one side and lots on the other, and may have matter from a source beside them. Lots are numbered in
the order in which they are first made, so whatever goes along the entries once sees a lot made before it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.ledger.substances import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who handles lots and may write records of it."""

    name: str
    role: str
    """One of `cesim.trace.steps.ROLES`; another word for an imported one."""
    place: str = ""


@dataclass(frozen=True)
class Names:
    """The words to which numbers in entries point.

    Attributes
    ----------
    actors
        In the order of their numbers.
    kinds
        What lots are: ``car``, ``scrap``, ``semis``, ...
    items
        What they are of: a scrap grade, an alloy, a polymer; empty where nothing is said.
    classes
        Origins; the columns of all shares.
    """

    actors: tuple[Actor, ...]
    kinds: tuple[str, ...]
    items: tuple[str, ...]
    classes: tuple[str, ...] = ORIGINS


@dataclass(frozen=True)
class Lots:
    """Lots as they were made.

    Attributes
    ----------
    kind, item : (lot,)
        Places in `Names`.
    mass_mg : (lot,)
        As made; in a ledger of records what the lot is said to weigh, -1 where nothing is said.
    label
        What others call them, by lot; none where the number is the name.
    """

    kind: Whole
    item: Whole
    mass_mg: Whole
    label: Sequence[str] | None = None

    def __len__(self) -> int:
        return len(self.mass_mg)


@dataclass(frozen=True)
class Edges:
    """Lots on one side of entries.

    Attributes
    ----------
    start : (entry + 1,)
        Edges of entry e are ``start[e]:start[e + 1]``.
    lot, mass_mg : (edge,)
        Which lot, and how much of it.
    """

    start: Whole
    lot: Whole
    mass_mg: Whole

    def entry(self) -> Whole:
        """Return the entry of each edge."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def sums(self) -> Whole:
        """Return the mass on this side of each entry, mg, (entry,)."""
        total = np.concatenate([[0], np.cumsum(self.mass_mg)])
        return np.asarray(total[self.start[1:]] - total[self.start[:-1]], dtype=np.int64)


@dataclass(frozen=True)
class Sources:
    """Matter that enters with an entry and was no lot before, by its origin.

    Attributes
    ----------
    start : (entry + 1,)
        As of `Edges`.
    origin : (edge,)
        Place in `Names.classes`; -1 where it is not told.
    mass_mg : (edge,)
    """

    start: Whole
    origin: Whole
    mass_mg: Whole


@dataclass(frozen=True)
class Entries:
    """Entries in the order of time.

    Attributes
    ----------
    names, lots
        What the numbers mean.
    step, actor, partner, time_s : (entry,)
        Place in `STEPS`; who did it; with whom (a handover), -1 for nobody; second from the beginning.
    inputs, outputs, sources
        A handover has inputs only: its lots go on as they are.
    loss_mg : (entry,)
        What was lost to dross, dust, landfill and so on, as declared.
    relabel : (entry,)
        Class of all that leaves, whatever went in (new scrap is pre-consumer); -1 for none.
    inside : (entry,)
        True for what happens inside one works: it stands in the works' own books, is no record that others see, and is
        not exported.
    """

    names: Names
    lots: Lots
    step: Whole
    actor: Whole
    partner: Whole
    time_s: Whole
    inputs: Edges
    outputs: Edges
    sources: Sources
    loss_mg: Whole
    relabel: Whole
    inside: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.step)

    @cached_property
    def birth(self) -> Whole:
        """Entry that makes each lot (the last, where several say so), -1 where none does, (lot,)."""
        birth = np.full(len(self.lots), -1, dtype=np.int64)
        made = self.outputs.lot >= 0
        birth[self.outputs.lot[made]] = self.outputs.entry()[made]
        return birth
