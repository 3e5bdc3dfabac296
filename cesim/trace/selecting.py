"""Some entries of a ledger, in any order and any number of times, and two ledgers one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from cesim.trace.entries import Edges, Entries, Sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]

Side = TypeVar("Side", Edges, Sources)
_COLUMNS = ("step", "actor", "partner", "time_s", "loss_mg", "relabel", "inside")


def places(start: Whole, rows: Whole) -> tuple[Whole, Whole]:
    """Return the starts of the edges of some entries put one after the other, and where these edges stand now."""
    counts = start[rows + 1] - start[rows]
    ends = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(counts, out=ends[1:])
    return ends, np.repeat(start[rows] - ends[:-1], counts) + np.arange(ends[-1])


def selected(entries: Entries, rows: Whole) -> Entries:
    """Return some entries in the order given; lots and names stay as they are."""
    columns: dict[str, Any] = {name: getattr(entries, name)[rows] for name in _COLUMNS}
    return replace(
        entries,
        inputs=_picked(entries.inputs, rows),
        outputs=_picked(entries.outputs, rows),
        sources=_picked(entries.sources, rows),
        **columns,
    )


def joined(first: Entries, second: Entries) -> Entries:
    """Return the entries of two ledgers with the same lots and names, those of the second behind."""
    if not len(first) or not len(second):
        return second if len(second) else first
    columns: dict[str, Any] = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in _COLUMNS}
    return replace(
        first,
        inputs=_behind(first.inputs, second.inputs),
        outputs=_behind(first.outputs, second.outputs),
        sources=_behind(first.sources, second.sources),
        **columns,
    )


def without(side: Side, gone: Truths) -> Side:
    """Return a side of all entries less some of its edges, (edge,)."""
    left = np.zeros(len(gone) + 1, dtype=np.int64)
    np.cumsum(~gone, out=left[1:])
    return type(side)(left[side.start], _what(side)[~gone], side.mass_mg[~gone])


def any_of(side: Edges | Sources, edges: Truths) -> Truths:
    """Return whether an entry has any of the edges marked, (entry,)."""
    count = np.zeros(len(edges) + 1, dtype=np.int64)
    np.cumsum(edges, out=count[1:])
    return np.asarray(count[side.start[1:]] > count[side.start[:-1]])


def _picked(side: Side, rows: Whole) -> Side:
    start, index = places(side.start, rows)
    return type(side)(start, _what(side)[index], side.mass_mg[index])


def _behind(first: Side, second: Side) -> Side:
    return type(first)(
        np.concatenate([first.start, first.start[-1] + second.start[1:]]),
        np.concatenate([_what(first), _what(second)]),
        np.concatenate([first.mass_mg, second.mass_mg]),
    )


def _what(side: Edges | Sources) -> Whole:
    return side.origin if isinstance(side, Sources) else side.lot
