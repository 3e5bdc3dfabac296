"""Tracing one lot: what it came from, what became of it, and which products to call back.

A trace follows the metal: it goes on behind an event that gives new scrap another class. In a loop most lots of a year
hold a little of nearly every lot before them, so each lot reached comes with its share, and a cut ends what is less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.genealogy.graph import sums
from cesim.trace.genealogy.passing import carried_on, handed_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.trace.genealogy.graph import Genealogy

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Upstream:
    """What a lot came from.

    Attributes
    ----------
    lot
    lots, share : (reached,)
        Lots it came from, and the share of its mass that came through each. They follow each other, so the shares add
        up to more than one.
    roots, root_share : (root,)
        Those of them that were made of no lots that somebody names.
    sources : (K,)
        Share by the class under which matter first came in.
    unknown
        Share of which nobody says where it came from.
    cut_off
        Share that was not followed for it came in parts below the cut. Sources, unknown and this add up to one.
    """

    lot: int
    lots: Whole
    share: Floats
    roots: Whole
    root_share: Floats
    sources: Floats
    unknown: float
    cut_off: float


@dataclass(frozen=True)
class Downstream:
    """What became of a lot.

    Attributes
    ----------
    lot
    lots, share : (reached,)
        Lots that hold some of it, and its share of their mass.
    mass_mg : (reached,)
        How much of it they held when they were made.
    is_last : (reached,)
        True for those of which nothing was made.
    """

    lot: int
    lots: Whole
    share: Floats
    mass_mg: Floats
    is_last: Truths


@dataclass(frozen=True)
class Recall:
    """Products to call back.

    Attributes
    ----------
    certain, share : (product,)
        Products that hold the lots on record, and the share of their mass.
    possible, most : (product,)
        Others that may hold them, and the most there can be: something that went into them, or into what they are made
        of, is not on record and may have been these lots.
    """

    certain: Whole
    share: Floats
    possible: Whole
    most: Floats


def upstream(genealogy: Genealogy, lot: int, *, cut: float = 0.0) -> Upstream:
    """Follow a lot back to what it was made of.

    Parameters
    ----------
    cut
        Events through which less than this share of the lot went are not followed further.

    Raises
    ------
    InputError
        ``lot_not_in_ledger``, ``cut_no_share``.
    """
    _known(genealogy, [lot], cut)
    weight = np.zeros(genealogy.lots)
    weight[lot] = 1.0
    last = int(genealogy.birth[lot])
    weight, through = handed_back(genealogy, weight, cut=cut, last=last)
    reached = np.flatnonzero(weight)
    lots = reached[reached != lot]
    named = sums(genealogy.in_start, (genealogy.in_lot >= 0).astype(np.float64))
    root = np.concatenate([named, [0.0]])[genealogy.birth[lots]] == 0  # event -1 is the last
    sources, unknown, cut_off = _ends(genealogy, through, cut)
    born = genealogy.birth[reached] >= 0
    unknown += float(weight[reached[~born]].sum())
    return Upstream(lot, lots, weight[lots], lots[root], weight[lots[root]], sources, unknown, cut_off)


def _ends(genealogy: Genealogy, through: Floats, cut: float) -> tuple[Floats, float, float]:
    """Return where the matter that went through events came from: by class, from nowhere known, and not followed."""
    events = np.flatnonzero(through)
    short = through[events] < cut
    events, cut_off = events[~short], float(through[events[short]].sum())
    total = genealogy.total()[events]
    weight = np.where(total > 0, through[events] / np.where(total > 0, total, 1.0), 0.0)
    edges, place = _stretches(genealogy.source_start, events)
    entered, told = weight[place] * genealogy.source_mass[edges], genealogy.source_class[edges] >= 0
    sources = np.bincount(genealogy.source_class[edges][told], entered[told], minlength=genealogy.classes)
    edges, place = _stretches(genealogy.in_start, events)
    named = genealogy.in_lot[edges] >= 0
    on_record = float((weight[place] * genealogy.in_mass[edges])[named].sum())
    unknown = float(through[events].sum()) - on_record - float(sources.sum())
    return sources.astype(np.float64), max(0.0, unknown), cut_off


def _stretches(start: Whole, events: Whole) -> tuple[Whole, Whole]:
    """Return the edges of these events, and the place in `events` of each."""
    count = start[events + 1] - start[events]
    place = np.repeat(np.arange(len(events)), count)
    before = np.cumsum(count) - count
    return np.arange(len(place)) - before[place] + start[events][place], place


def downstream(genealogy: Genealogy, lot: int, *, cut: float = 0.0) -> Downstream:
    """Follow a lot on to what was made of it; lots of which less than `cut` is of it count as free of it.

    Raises
    ------
    InputError
        ``lot_not_in_ledger``, ``cut_no_share``.
    """
    _known(genealogy, [lot], cut)
    share = np.zeros(genealogy.lots)
    share[lot] = 1.0
    share = carried_on(genealogy, share, first=int(genealogy.birth[lot]) + 1, cut=cut)
    share[lot] = 0.0
    lots = np.flatnonzero(share)
    used = np.zeros(genealogy.lots, dtype=bool)
    used[genealogy.in_lot[genealogy.in_lot >= 0]] = True
    mass = np.zeros(genealogy.lots)
    made = genealogy.out_lot >= 0
    mass[genealogy.out_lot[made]] = genealogy.out_mass[made]
    return Downstream(lot, lots, share[lots], share[lots] * mass[lots], ~used[lots])


def recall(genealogy: Genealogy, lots: Sequence[int], kind: Whole, kinds: Sequence[int], *, cut: float = 0.0) -> Recall:
    """Find the products to call back when something is wrong with lots.

    Parameters
    ----------
    lots
        At least one.
    kind : (lot,)
        What every lot is (`entries.Lots.kind`).
    kinds
        Which of them are products.
    cut
        Products that hold less than this share of the lots need not come back.

    Raises
    ------
    InputError
        ``lot_not_in_ledger``, ``cut_no_share``.
    """
    _known(genealogy, lots, cut)
    asked = np.asarray(lots, dtype=np.int64)
    product = np.isin(kind, np.asarray(kinds, dtype=np.int64))
    start = np.zeros(genealogy.lots)
    start[asked] = 1.0
    first = int(genealogy.birth[asked].min()) + 1
    share = carried_on(genealogy, start, first=first)
    start[genealogy.birth < 0] = 1.0  # nobody says what they were made of, nor when
    most = carried_on(genealogy, start, _not_on_record(genealogy), first=first)
    for content in (share, most):
        content[asked] = 0.0
    certain = np.flatnonzero(product & (share > 0) & (share >= cut))
    most[certain] = 0.0
    possible = np.flatnonzero(product & (most > 0) & (most >= cut))
    return Recall(certain, share[certain], possible, most[possible])


def _not_on_record(genealogy: Genealogy) -> Floats:
    """Return how much each event used that may have been lots, and no record says which, mg, (event,)."""
    named = np.where(genealogy.in_lot >= 0, genealogy.in_mass, 0.0)
    told = sums(genealogy.in_start, named) + sums(genealogy.source_start, genealogy.source_mass)
    return np.asarray(genealogy.total() - told)


def _known(genealogy: Genealogy, lots: Sequence[int], cut: float) -> None:
    for lot in lots:
        if not 0 <= lot < genealogy.lots:
            raise InputError([Fault("lot_not_in_ledger", Place(model="lots"), {"found": lot})])
    if not 0.0 <= cut < 1.0:
        raise InputError([Fault("cut_no_share", Place(path="cut"), {"found": cut})])
