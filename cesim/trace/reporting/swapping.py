"""One lot taken for another: the label of the neighbour in the yard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.selecting import places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries
    from cesim.trace.reporting.draft import Draft

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]


def swap(draft: Draft) -> None:
    """Name another lot in place of one that a record uses or hands over.

    The other is the one made just before or just after it, of the same kind and item, that was there by then and does
    not stand in the record already; where there is none, nothing is swapped.
    """
    if not draft.any("swapped"):
        return
    edges = draft.inputs
    struck = draft.struck("swapped", np.diff(edges.start) > 0)
    rows = np.flatnonzero(struck)
    edge = chosen_edge(draft, "swapped which", "swapped", rows)
    first_after = draft.draws("swapped after", "swapped", rows) < 0.5
    neighbours = _Neighbours.of(draft.truth)
    lot = edges.lot[edge]
    after, before = neighbours.beside(lot, 1), neighbours.beside(lot, -1)
    fits = [_fits(draft, neighbours, rows, other) for other in (after, before)]
    other = np.where(first_after & fits[0], after, np.where(fits[1], before, np.where(fits[0], after, -1)))
    found = other >= 0
    lots = edges.lot.copy()
    lots[edge[found]] = other[found]
    draft.inputs = replace(edges, lot=lots)
    done = np.zeros(len(draft.truth), dtype=bool)
    done[rows[found]] = True
    draft.mark("swapped_lot", done)


def chosen_edge(draft: Draft, purpose: str, field: str, rows: Whole) -> Whole:
    """Return one input edge of each of some records that have any, drawn at random, (row,)."""
    start = draft.inputs.start
    luck = draft.draws(purpose, field, rows)
    return np.asarray(start[rows] + np.floor(luck * (start[rows + 1] - start[rows])).astype(np.int64))


@dataclass(frozen=True)
class _Neighbours:
    """Lots of the same kind and item in the order in which they were made."""

    group: Whole
    order: Whole
    place: Whole
    made_in: Whole
    """Entry that made each lot; -1 for what was there before."""

    @classmethod
    def of(cls, truth: Entries) -> _Neighbours:
        lots = truth.lots
        group = lots.kind * (len(truth.names.items) + 1) + lots.item
        order = np.argsort(group, kind="stable")
        place = np.empty(len(lots), dtype=np.int64)
        place[order] = np.arange(len(lots))
        return cls(group, order, place, truth.birth)

    def beside(self, lot: Whole, step: int) -> Whole:
        """Return the next lot (or with -1 the one before) of the same kind and item; -1 where there is none."""
        known = lot >= 0
        at = self.place[lot] + step
        other = self.order[np.clip(at, 0, len(self.order) - 1)]
        right = known & (at >= 0) & (at < len(self.order)) & (self.group[other] == self.group[lot])
        return np.where(right, other, -1)


def _fits(draft: Draft, neighbours: _Neighbours, rows: Whole, other: Whole) -> Truths:
    """Return whether the other lot was made before the entry, and does not stand in it."""
    start, index = places(draft.inputs.start, rows)
    row = np.repeat(np.arange(len(rows)), np.diff(start))
    there = np.zeros(len(rows), dtype=bool)
    there[row[draft.inputs.lot[index] == other[row]]] = True
    return np.asarray((other >= 0) & (neighbours.made_in[other] < rows) & ~there)
