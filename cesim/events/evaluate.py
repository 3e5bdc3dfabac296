"""Compositions worked out by the page: all operations of one depth at once, in whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.notes import WorkedOut, in_order, ranges
from cesim.events.reference import one_by_one
from cesim.events.sharing import Shares, shared_beside
from cesim.ledger.lot_tables import RECLASSIFICATION, SINK, SOURCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.columns import Columns
    from cesim.events.notes import Page
    from cesim.events.rules import Rule

    Whole = NDArray[np.int64]
_SHALLOW: Final = 12
_ALIKE: Final = 12
"""Operations of one depth below which numpy takes longer than plain Python."""


def evaluate(page: Page, columns: Columns, before: Whole) -> WorkedOut:
    """Work out a page; one of few operations that each wait for another is worked out one by one.

    Parameters
    ----------
    page
        The operations.
    columns
        Of the compositions.
    before
        Compositions, vehicles and serials of the lots from before, (old, column + 2).
    """
    evaluation = _Evaluation(page, columns, before)
    depths = evaluation.depths()
    return one_by_one(page, columns, before) if depths is None else evaluation.done(*depths)


class _Evaluation:
    """One page, while it is being worked out."""

    def __init__(self, page: Page, columns: Columns, before: Whole) -> None:
        self.page, self.columns = page, columns
        self.width, self.substances = columns.width, len(columns.substances)
        old = len(before)
        self.rows = np.empty((old + page.lots, self.width + 2), dtype=np.int64)
        self.rows[:old] = before
        created = page.at(page.created[:, 3])
        self.rows[created, : self.width] = page.rows
        self.rows[created, self.width :] = page.created[:, 6:8]
        self.divided, self.children = page.at(page.divided[:, 3]), page.at(page.divided[:, 4])
        self.parents, self.merged = page.at(page.parents), page.at(page.merged[:, 3])
        self.renamed, self.new_names = page.at(page.renamed[:, 3]), page.at(page.renamed[:, 4])
        self.gaining = page.at(page.gained[:, 1])
        self.exchanges: list[tuple[Whole, Whole, Whole, Whole]] = []

    def done(self, divided: Whole, merged: Whole, renamed: Whole) -> WorkedOut:
        """Work it out, by the depths of what is divided, merged and renamed."""
        self._gains()
        deepest = max((int(depth.max(initial=-1)) for depth in (divided, merged, renamed)), default=-1)
        for depth in range(deepest + 1):
            self._divide(np.flatnonzero(divided == depth))
            self._merge(np.flatnonzero(merged == depth))
            self._rename(np.flatnonzero(renamed == depth))
        return WorkedOut(self.rows, in_order(self.exchanges, self.width))

    def depths(self) -> tuple[Whole, Whole, Whole] | None:
        """How many operations of the page come before each, divided, merged, renamed; none where it is mostly deep."""
        page = self.page
        level = np.zeros(len(self.rows), dtype=np.int64)
        of_divided = ranges(self.children, page.children)
        for _ in range(_SHALLOW + self.page.events // _ALIKE):
            before = level.copy()
            divided = level[self.divided]
            level[of_divided] = np.repeat(divided + 1, page.children)
            merged = np.maximum.reduceat(level[self.parents], page.starts) if len(page.starts) else page.starts
            level[self.merged] = merged + 1
            renamed = level[self.renamed]
            level[self.new_names] = renamed + 1
            if (level == before).all():
                return divided, merged, renamed
        return None

    def _divide(self, chosen: Whole) -> None:
        """Divide those at these places of the page; rules with as many lots and sinks together."""
        if not chosen.size:
            return
        page = self.page
        of_shape = page.shapes[page.rule[chosen], :2]
        for shape in np.unique(of_shape, axis=0) if len(page.rules) > 1 else of_shape[:1]:
            self._divide_alike(chosen[(of_shape == shape).all(axis=1)], *shape.tolist())

    def _divide_alike(self, these: Whole, lots: int, sinks: int) -> None:
        page, width = self.page, self.width
        numbers, rule = np.unique(page.rule[these], return_inverse=True)
        rules = [page.rules[number] for number in numbers]
        shares = Shares(np.stack([one.weights for one in rules]))
        lost = np.empty((len(these), sinks, width), dtype=np.int64)
        for first in range(0, len(these), shares.rows):
            strip = slice(first, first + shares.rows)
            parent = self.rows[self.divided[these[strip]], :width]
            self._check(parent, shares, rule[strip], rules)
            substances = shares.deal(parent[:, : self.substances], rule[strip])
            origins = shared_beside(parent[:, self.substances :], substances.sum(axis=2).T)
            born = self.children[these[strip]]
            for part in range(lots):
                self.rows[born + part, : self.substances] = substances[part]
                self.rows[born + part, self.substances : width] = origins[:, part]
            lost[strip, :, : self.substances] = substances[lots:].transpose(1, 0, 2)
            lost[strip, :, self.substances :] = origins[:, lots:]
        self._hand_on(these, lots)
        if sinks:
            accounts = np.array([one.sinks for one in rules])[rule]
            events = np.repeat(page.divided[these, 0], sinks)
            self._exchange(events, SINK, accounts.ravel(), lost.reshape(-1, width))

    def _hand_on(self, these: Whole, lots: int) -> None:
        """Give the parts the serial, and one of them the vehicles; then what they gain."""
        page, width = self.page, self.width
        born = self.children[these][:, None] + np.arange(lots)
        beside = self.rows[self.divided[these], width:]
        carries = np.arange(lots) == page.shapes[page.rule[these], 2][:, None]
        self.rows[born, width] = np.where(carries, beside[:, None, 0], 0)
        self.rows[born, width + 1] = beside[:, None, 1]
        self._add_gains(born)

    def _check(self, parent: Whole, shares: Shares, rule: Whole, rules: list[Rule]) -> None:
        """Refuse to divide a substance that no part takes."""
        for row in shares.left_out(parent[:, : self.substances], rule)[:1]:
            rules[rule[row]].check(parent[row : row + 1], self.columns)

    def _gains(self) -> None:
        """Add up what each child gains and note where it comes from."""
        page = self.page
        gaining, number = np.unique(self.gaining, return_inverse=True)
        self.gains = np.zeros((len(gaining), self.width), dtype=np.int64)
        np.add.at(self.gains, number, page.gained_rows)
        self.gain_of = np.full(len(self.rows) if len(gaining) else 0, -1)
        self.gain_of[gaining] = np.arange(len(gaining))
        if len(gaining):
            self._exchange(page.gained[:, 0], SOURCE, page.gained[:, 2], page.gained_rows)

    def _add_gains(self, born: Whole) -> None:
        if self.gain_of.size:
            gaining = born[self.gain_of[born] >= 0]
            self.rows[gaining, : self.width] += self.gains[self.gain_of[gaining]]

    def _merge(self, chosen: Whole) -> None:
        if not chosen.size:
            return
        counts = self.page.merged[chosen, 5]
        parents = self.parents[ranges(self.page.starts[chosen], counts)]
        sums = np.add.reduceat(self.rows[parents], np.cumsum(counts) - counts, axis=0)
        sums[:, self.width + 1] = -1  # a merged lot is nobody's in particular
        self.rows[self.merged[chosen]] = sums

    def _rename(self, chosen: Whole) -> None:
        if not chosen.size:
            return
        rows = self.rows[self.renamed[chosen]]
        process, origin = self.page.renamed[chosen, 6], self.page.renamed[chosen, 7]
        at = np.flatnonzero(process >= 0)
        old = rows[at, self.substances : self.width].copy()
        rows[at, self.substances : self.width] = 0
        rows[at, self.substances + origin[at]] = old.sum(axis=1)
        self.rows[self.new_names[chosen]] = rows
        if at.size:
            change = np.zeros((at.size, self.width), dtype=np.int64)
            change[:, self.substances :] = rows[at, self.substances : self.width] - old
            self._exchange(self.page.renamed[chosen[at], 0], RECLASSIFICATION, process[at], change)

    def _exchange(self, events: Whole, side: int, accounts: Whole, rows: Whole) -> None:
        self.exchanges.append((events, np.full(len(events), side), accounts, rows))
