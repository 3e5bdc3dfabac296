"""What was done to lots and is not yet worked out: a notebook, and the page of it that is worked out at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.ledger.lot_tables import EVENT_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.rules import Rule

    Whole = NDArray[np.int64]

CREATE, SPLIT, MERGE, REACT, MOVE, RECLASSIFY, SHIP = range(len(EVENT_KINDS))
MOST_LOTS: Final = 4096
"""Lots merged at once, and operations worked out at once: so many lots of the greatest mass add up in 64 bits."""


class Notes:
    """The notebook: one list of whole numbers a kind of operation, because appending is what an operation costs."""

    def __init__(self) -> None:
        self.created: list[int] = []
        """event, time, facility, lot, source, mark, vehicles, serial"""
        self.rows: list[Whole] = []
        self.divided: list[int] = []
        """event, time, facility, parent, first child, kind"""
        self.rules: list[Rule] = []
        self.gained: list[int] = []
        """event, child, source"""
        self.gained_rows: list[Whole] = []
        self.merged: list[int] = []
        """event, time, facility, child, mark, number of parents"""
        self.parents: list[int] = []
        self.renamed: list[int] = []
        """event, time, facility, parent, child, mark, process (-1: none), origin"""
        self.shipped: list[int] = []
        """event, time, facility, lot, sink"""
        self.moved: list[int] = []
        """event, time, from, to, number of lots"""
        self.loads: list[int] = []


@dataclass(frozen=True)
class Page:
    """A page of the notebook as arrays; lots stand at positions: first those from before, then those born on it."""

    first_event: int
    events: int
    first_lot: int
    lots: int
    before: Whole
    """Lots from before that are used on it, in order, (old)."""
    created: Whole
    rows: Whole
    """Compositions given, (created, column)."""
    divided: Whole
    rules: tuple[Rule, ...]
    """The rules in use."""
    rule: Whole
    """Which of them, (divided)."""
    shapes: Whole
    """Lots and sinks of each rule, and the lot that carries the vehicles on, (rule, 3)."""
    marks: Whole
    """Marks of the lots of all rules, one rule after the other."""
    children: Whole
    """Number of lots that come out, (divided)."""
    gained: Whole
    gained_rows: Whole
    merged: Whole
    parents: Whole
    """Of the merged, one after the other."""
    starts: Whole
    """Where the parents of each merged lot begin."""
    renamed: Whole
    shipped: Whole
    moved: Whole
    loads: Whole

    def at(self, lots: Whole) -> Whole:
        """Return the positions of lots."""
        if not lots.size:  # on most pages that are looked at early
            return lots
        born = lots - self.first_lot + len(self.before)
        old = np.searchsorted(self.before, lots)
        return np.where(lots >= self.first_lot, born, old)


def page(notes: Notes, first_event: int, events: int, first_lot: int, lots: int, width: int) -> Page:
    """Return what is in the notebook as arrays."""
    divided, merged = _table(notes.divided, 6), _table(notes.merged, 6)
    renamed, shipped = _table(notes.renamed, 8), _table(notes.shipped, 5)
    parents, loads = np.array(notes.parents, dtype=np.int64), np.array(notes.loads, dtype=np.int64)
    used = np.concatenate([divided[:, 3], parents, renamed[:, 3], shipped[:, 3], loads])
    codes: dict[Rule, int] = {}
    rule = np.array([codes.setdefault(one, len(codes)) for one in notes.rules], dtype=np.int64)
    shapes = _table([part for one in codes for part in (*one.shape, one.carrier)], 3)
    return Page(
        first_event,
        events,
        first_lot,
        lots,
        np.unique(used[used < first_lot]),
        _table(notes.created, 8),
        _rows(notes.rows, width),
        divided,
        tuple(codes),
        rule,
        shapes,
        np.array([mark.code for one in codes for mark in one.marks], dtype=np.int64),
        shapes[rule, 0],
        _table(notes.gained, 3),
        _rows(notes.gained_rows, width),
        merged,
        parents,
        np.cumsum(merged[:, 5]) - merged[:, 5],
        renamed,
        shipped,
        _table(notes.moved, 5),
        loads,
    )


def ranges(first: Whole, counts: Whole) -> Whole:
    """Return first, first + 1, ... of each, so many as are counted, one after the other."""
    if not counts.size:
        return counts
    ends = np.cumsum(counts)
    return np.arange(ends[-1]) + np.repeat(first - ends + counts, counts)


def _table(flat: list[int], width: int) -> Whole:
    return np.array(flat, dtype=np.int64).reshape(-1, width)


def _rows(rows: list[Whole], width: int) -> Whole:
    return np.concatenate(rows).reshape(-1, width) if rows else np.zeros((0, width), dtype=np.int64)


@dataclass(frozen=True)
class WorkedOut:
    """A page worked out."""

    rows: Whole
    """Compositions, count of vehicles and serial, (position, column + 2)."""
    exchanges: tuple[Whole, Whole, Whole, Whole]
    """What crossed the boundary inside an event: event, side, account, (exchange), and composition (., column)."""


def in_order(exchanges: list[tuple[Whole, Whole, Whole, Whole]], width: int) -> tuple[Whole, Whole, Whole, Whole]:
    """Return exchanges as columns, by event, then side, otherwise as they came."""
    if not exchanges:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none, np.zeros((0, width), dtype=np.int64)
    events, sides, accounts, rows = (np.concatenate(column) for column in zip(*exchanges, strict=True))
    order = np.lexsort((sides, events))
    return events[order], sides[order], accounts[order], rows[order]
