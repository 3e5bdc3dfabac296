"""Peeling: of all thin slices at the faces of a box, the one whose loss makes it densest is taken away, and again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.sweep.discovery.limits import FREE, Face, Limits, between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.sweep.discovery.boxes import Bools, Floats, Objective
    from cesim.sweep.discovery.space import Space

    Ints = NDArray[np.intp]


class Rule(NamedTuple):
    """How boxes are cut; see `prim`."""

    objective: Objective = "lenient"
    peel: float = 0.05
    paste: float = 0.05
    least_mass: float = 0.05

    def worth(self, before: tuple[int, int], after: tuple[int, int]) -> float:
        """Return what a change of (runs, runs of interest) is worth; not above 0: nothing."""
        old, new = before[1] / before[0], after[1] / after[0]
        if self.objective == "original":
            return new
        return (new - old) / abs(after[0] - before[0])


class Change(NamedTuple):
    """A slice taken away from a box, or brought back to it."""

    face: Face
    limit: float | frozenset[float] | None
    moved: Ints
    """The runs that leave or join it."""
    of_interest: int
    """How many of them are of interest."""


def peeled(space: Space, rule: Rule, runs: int) -> Iterator[Limits]:
    """Yield the limits after each slice, until no slice makes the box denser or it would hold too few of all `runs`."""
    limits = FREE
    left = _Left.all_of(space)
    while (best := _best(left, rule, limits, runs)) is not None:
        limits = limits.with_(best.face, best.limit)
        left = left.without(best.moved)
        yield limits


def _best(left: _Left, rule: Rule, limits: Limits, runs: int) -> Change | None:
    """Return the slice to take: the best by the rule, then the one that restricts the fewest inputs, then the first."""
    before = (left.runs, left.of_interest)
    best, best_key = None, (0.0, -math.inf)
    for change in _slices(left, rule, limits):
        after = (before[0] - len(change.moved), before[1] - change.of_interest)
        if not 0 < after[0] < before[0] or after[0] / runs < rule.least_mass:
            continue
        key = (rule.worth(before, after), -float(len(limits.columns | {change.face.column})))
        if key > best_key and key[0] > 0.0:
            best, best_key = change, key
    return best


@dataclass(frozen=True)
class _Left:
    """The runs in the box, by each input in ascending order: order, values and marks, all (column, run)."""

    space: Space
    order: Ints
    values: Floats
    marks: Bools

    @classmethod
    def all_of(cls, space: Space) -> _Left:
        values = np.take_along_axis(space.columns, space.order, axis=1)
        return cls(space, space.order, values, space.of_interest[space.order])

    @property
    def runs(self) -> int:
        return int(self.order.shape[1])

    @property
    def of_interest(self) -> int:
        return int(self.marks[0].sum()) if len(self.marks) else 0

    def without(self, moved: Ints) -> _Left:
        stays = np.ones(self.space.runs, dtype=np.bool_)
        stays[moved] = False
        kept, shape = stays[self.order], (len(self.order), -1)
        return _Left(
            self.space,
            self.order[kept].reshape(shape),
            self.values[kept].reshape(shape),
            self.marks[kept].reshape(shape),
        )


def _slices(left: _Left, rule: Rule, limits: Limits) -> Iterator[Change]:
    for column, kind in enumerate(left.space.kinds):
        if kind == "category":
            yield from _categories(left, column, rule, limits)
        else:
            yield from _ends(left, column, rule)


def _ends(left: _Left, column: int, rule: Rule) -> Iterator[Change]:
    """Yield the upper and the lower slice of an input with an order."""
    values, order, marks = left.values[column], left.order[column], left.marks[column]
    discrete = left.space.kinds[column] == "discrete"
    start = top_level(values, rule.peel) if discrete else top_slice(values, 1.0 - rule.peel)
    if 0 < start < values.size:
        limit = float(values[start - 1]) if discrete else between(float(values[start]), float(values[start - 1]))
        yield Change(Face(column, "high"), limit, order[start:], int(marks[start:].sum()))
    stop = bottom_level(values, rule.peel) if discrete else bottom_slice(values, rule.peel)
    if 0 < stop < values.size:
        limit = float(values[stop]) if discrete else between(float(values[stop - 1]), float(values[stop]))
        yield Change(Face(column, "low"), limit, order[:stop], int(marks[:stop].sum()))


def _categories(left: _Left, column: int, rule: Rule, limits: Limits) -> Iterator[Change]:
    """Yield each category alone, and the least dense together as far as they fit into a slice."""
    values, order, marks = left.values[column], left.order[column], left.marks[column]
    held, first, counts = np.unique(values, return_index=True, return_counts=True)
    if held.size < 2:
        return
    face = Face(column, "kept")
    old = limits.held.get(face)
    kept = old if isinstance(old, frozenset) else frozenset(np.unique(left.space.columns[column]).tolist())
    hits = np.add.reduceat(marks.astype(np.int64), first)
    for n, category in enumerate(held.tolist()):
        yield Change(face, kept - {category}, order[values == category], int(hits[n]))
    together = np.lexsort((held, hits / counts))
    together = together[: int(np.searchsorted(np.cumsum(counts[together]), rule.peel * values.size, side="right"))]
    if 1 < together.size < held.size:
        gone = held[together]
        yield Change(face, kept - set(gone.tolist()), order[np.isin(values, gone)], int(hits[together].sum()))


def bottom_slice(values: Floats, share: float) -> int:
    """Return how many of ascending values lie in the lowest slice; equals stay together, at one end or the other."""
    at = values[math.floor((values.size - 1) * share)]
    stop = int(values.searchsorted(at, side="right"))
    return stop if stop < values.size else int(values.searchsorted(at, side="left"))


def top_slice(values: Floats, share: float) -> int:
    """Return where among ascending values the slice above the share begins; equals stay together."""
    at = values[math.ceil((values.size - 1) * share)]
    start = int(values.searchsorted(at, side="left"))
    return start if start > 0 else int(values.searchsorted(at, side="right"))


def bottom_level(values: Floats, share: float) -> int:
    """Return how many of ascending values lie in the lowest levels: as many as fit into the share, at least one."""
    stop = int(values.searchsorted(values[int(share * values.size)], side="left"))
    return stop or int(values.searchsorted(values[0], side="right"))


def top_level(values: Floats, share: float) -> int:
    """Return where among ascending values the highest levels begin: as many as fit into the share, at least one."""
    start = int(values.searchsorted(values[values.size - 1 - int(share * values.size)], side="right"))
    return start if start < values.size else int(values.searchsorted(values[-1], side="left"))
