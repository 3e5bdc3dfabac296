"""What was made of what: the form in which shares, bounds and traces are computed.

An event makes lots out of lots and of matter that was no lot before. What goes in is pooled: everything that leaves,
the loss included, has the same shares of what went in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries
    from cesim.trace.records import Records

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

WEIGHED_ALIKE: Final = 0.02
"""A lot may be used up for so much more than it weighed before its records contradict each other: two scales of trade
differ by less. An estimate (low 0.005, high 0.05)."""


@dataclass(frozen=True)
class Genealogy:
    """Transformations in an order in which every lot is made before it is used.

    Attributes
    ----------
    lots
        Number of lots; those that nothing made are of unknown origin.
    classes
        Number of origin classes K.
    in_start, out_start, source_start : (event + 1,)
        Edges of event e are ``start[e]:start[e + 1]``.
    in_lot, out_lot : (edge,)
        -1 for matter that is known by its mass alone, on the output side for a lot whose making is not believed.
    in_mass, out_mass : (edge,)
        mg; whole numbers below 2**53.
    source_class : (edge,)
        0 to K - 1; -1 where it is not told.
    source_mass : (edge,)
    loss : (event,)
        mg that was lost, as declared.
    relabel : (event,)
        Class of all that leaves, whatever went in; -1 for none.

    Raises
    ------
    InputError
        ``genealogy_place`` where an edge points nowhere, ``genealogy_mass`` where a mass is no number from 0 to 2**53,
        ``lot_made_twice`` and ``lot_used_before_made``.
    """

    lots: int
    classes: int
    in_start: Whole
    in_lot: Whole
    in_mass: Floats
    out_start: Whole
    out_lot: Whole
    out_mass: Floats
    source_start: Whole
    source_class: Whole
    source_mass: Floats
    loss: Floats
    relabel: Whole

    def __len__(self) -> int:
        return len(self.loss)

    def __post_init__(self) -> None:
        _edges_stand(self)
        _masses_are_numbers(self)
        _made_once_and_before(self)

    @cached_property
    def birth(self) -> Whole:
        """Event that makes each lot, -1 where nothing does, (lot,)."""
        birth = np.full(self.lots, -1, dtype=np.int64)
        event = np.repeat(np.arange(len(self)), np.diff(self.out_start))
        made = self.out_lot >= 0
        birth[self.out_lot[made]] = event[made]
        return birth

    @cached_property
    def went_in(self) -> Floats:
        """Matter that is said to have gone into each event, mg, (event,)."""
        return sums(self.in_start, self.in_mass) + sums(self.source_start, self.source_mass)

    @cached_property
    def came_out(self) -> Floats:
        """Matter that is said to have left each event, its declared loss included, mg, (event,)."""
        return np.asarray(sums(self.out_start, self.out_mass) + self.loss)

    def total(self, greatest_loss: float | Floats = 0.0) -> Floats:
        """Return the most that can have gone into each event, mg, (event,).

        What is short on the side of the inputs is unknown matter. Where up to the share `greatest_loss` of what goes in
        may be lost and declared by nobody, more can have gone in than what left and the declared loss. It is one for
        all events, or (event,): a weighed supply loses nothing.
        """
        share = np.asarray(greatest_loss, dtype=np.float64)
        if not np.all((share >= 0.0) & (share < 1.0)):
            found = {"found": float(share.flat[np.argmin((share >= 0.0) & (share < 1.0))])}
            raise InputError([Fault("greatest_loss_share", Place(path="greatest_loss"), found)])
        return np.asarray(np.maximum(self.went_in, self.came_out / (1.0 - share)))


def sums(start: Whole, mass: Floats) -> Floats:
    """Return the sum over each stretch ``start[e]:start[e + 1]``, (event,); exact for whole numbers below 2**53."""
    total = np.zeros(len(start) - 1)
    filled = np.flatnonzero(np.diff(start))
    if len(filled):  # one stretch ends where the next filled one begins
        total[filled] = np.add.reduceat(mass, start[filled])
    return total


def true_genealogy(entries: Entries) -> Genealogy:
    """Return the genealogy of a ledger whose entries are all believed; handovers make nothing and are left out.

    Raises
    ------
    InputError
        As `Genealogy`.
    """
    made = np.diff(entries.outputs.start) > 0
    within = [np.repeat(made, np.diff(side.start)) for side in (entries.inputs, entries.outputs, entries.sources)]
    return Genealogy(
        len(entries.lots),
        len(entries.names.classes),
        starts(entries.inputs.start, made),
        entries.inputs.lot[within[0]],
        entries.inputs.mass_mg[within[0]].astype(np.float64),
        starts(entries.outputs.start, made),
        entries.outputs.lot[within[1]],
        entries.outputs.mass_mg[within[1]].astype(np.float64),
        starts(entries.sources.start, made),
        entries.sources.origin[within[2]],
        entries.sources.mass_mg[within[2]].astype(np.float64),
        entries.loss_mg[made].astype(np.float64),
        entries.relabel[made],
    )


def recorded_genealogy(
    records: Records,
    seen: NDArray[np.bool_] | None = None,
    until_s: int | None = None,
    *,
    tolerance: float = WEIGHED_ALIKE,
) -> Genealogy:
    """Return what can be rebuilt from the records that a viewer sees: `rebuilding.rebuild`, without its audit."""
    from cesim.trace.genealogy.rebuilding import rebuild

    return rebuild(records, seen, until_s, tolerance=tolerance).genealogy


def starts(start: Whole, kept: NDArray[np.bool_]) -> Whole:
    """Return where the stretches of the entries kept begin once the others are taken out."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.diff(start)[kept])])


def _edges_stand(genealogy: Genealogy) -> None:
    sides = (
        ("in", genealogy.in_start, genealogy.in_lot, genealogy.in_mass, genealogy.lots),
        ("out", genealogy.out_start, genealogy.out_lot, genealogy.out_mass, genealogy.lots),
        ("source", genealogy.source_start, genealogy.source_class, genealogy.source_mass, genealogy.classes),
    )
    for name, start, points, mass, end in sides:
        long = len(start) == len(genealogy) + 1 and start[0] == 0 and start[-1] == len(points) == len(mass)
        if not long or np.any(np.diff(start) < 0) or not _within(points, end):
            raise InputError([Fault("genealogy_place", Place(model=name), {"found": name})])
    if len(genealogy.relabel) != len(genealogy) or not _within(genealogy.relabel, genealogy.classes):
        raise InputError([Fault("genealogy_place", Place(model="relabel"), {"found": "relabel"})])


def _within(points: Whole, end: int) -> bool:
    return len(points) == 0 or bool(points.min() >= -1 and points.max() < end)


def _masses_are_numbers(genealogy: Genealogy) -> None:
    for mass in (genealogy.in_mass, genealogy.out_mass, genealogy.source_mass, genealogy.loss):
        wrong = np.flatnonzero(~((mass >= 0.0) & (mass <= 2.0**53)))
        if len(wrong):
            raise InputError([Fault("genealogy_mass", Place(model="mass"), {"found": float(mass[wrong[0]])})])


def _made_once_and_before(genealogy: Genealogy) -> None:
    made = genealogy.out_lot[genealogy.out_lot >= 0]
    if np.count_nonzero(genealogy.birth >= 0) < len(made):
        twice = np.flatnonzero(np.bincount(made) > 1)
        raise InputError([Fault("lot_made_twice", Place(model="lots"), {"found": int(twice[0])})])
    event = np.repeat(np.arange(len(genealogy)), np.diff(genealogy.in_start))
    named = genealogy.in_lot >= 0
    early = np.flatnonzero(genealogy.birth[genealogy.in_lot[named]] >= event[named])
    if len(early):
        lot = int(genealogy.in_lot[named][early[0]])
        raise InputError([Fault("lot_used_before_made", Place(model="lots"), {"found": lot})])
