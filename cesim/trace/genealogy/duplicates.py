"""Records that say the same as an earlier one, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Edges, Entries, Sources

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]
    Marks = NDArray[np.uint64]


def repeats(entries: Entries, among: Truths) -> Truths:
    """Say which of the entries repeat an earlier one of those, (entry,).

    The same step of the same actor with the same partner at the same second, with the same lots and masses in any
    order. When it was written does not matter.
    """
    mark = _marks(entries)
    places = np.flatnonzero(among)
    _, first, count = np.unique(mark[places], return_inverse=True, return_counts=True)
    repeated = np.zeros(len(entries), dtype=bool)
    met: set[tuple[object, ...]] = set()
    for place in places[count[first] > 1]:  # few: only these are compared in full
        said = _said(entries, int(place))
        repeated[place] = said in met
        met.add(said)
    return repeated


def _marks(entries: Entries) -> Marks:
    """Return a number for what each entry says; equal entries have equal numbers, (entry,)."""
    mark = np.zeros(len(entries), dtype=np.uint64)
    single = (entries.step, entries.actor, entries.partner, entries.time_s, entries.loss_mg, entries.relabel)
    for number, column in enumerate(single):
        mark = _mixed(mark + _mixed(column.astype(np.uint64) + np.uint64(number)))
    sides = (
        (entries.inputs.start, entries.inputs.lot, entries.inputs.mass_mg),
        (entries.outputs.start, entries.outputs.lot, entries.outputs.mass_mg),
        (entries.sources.start, entries.sources.origin, entries.sources.mass_mg),
    )
    for start, what, mass in sides:
        edge = _mixed(_mixed(what.astype(np.uint64)) + mass.astype(np.uint64))
        summed = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(edge, dtype=np.uint64)])
        mark = _mixed(mark + (summed[start[1:]] - summed[start[:-1]]))
    return mark


def _mixed(number: Marks) -> Marks:
    """Scatter the bits, so that sums of such numbers seldom meet (the finaliser of SplitMix64, Steele 2014)."""
    number = (number + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(number ^ (number >> np.uint64(31)), dtype=np.uint64)


def _said(entries: Entries, place: int) -> tuple[object, ...]:
    single = (entries.step, entries.actor, entries.partner, entries.time_s, entries.loss_mg, entries.relabel)
    return (
        *(int(column[place]) for column in single),
        _pairs(entries.inputs, entries.inputs.lot, place),
        _pairs(entries.outputs, entries.outputs.lot, place),
        _pairs(entries.sources, entries.sources.origin, place),
    )


def _pairs(side: Edges | Sources, what: Whole, place: int) -> tuple[tuple[int, int], ...]:
    edges = slice(side.start[place], side.start[place + 1])
    return tuple(sorted(zip(what[edges].tolist(), side.mass_mg[edges].tolist(), strict=True)))
