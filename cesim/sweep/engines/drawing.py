"""Draws of some points of a design: what a column drives comes from the design, the rest is luck of its own.

A point is to a sweep what a draw is to a run. Where no column drives a stream, point *p* takes ticket *p* of its roll,
so that a sweep without columns has the draws of a run, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from cesim.quantities import KeyedSource

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Others = Literal["drawn", "best"]
"""What becomes of streams that no column drives: drawn by their keys, or kept at their best estimate."""

MIDDLE = 0.5
"""The probability of a stream that is kept still, where one is asked for none the less."""
GAP = 1024
"""Numbers that are drawn and let go rather than start anew behind them: a start takes as long as that many."""


@dataclass(frozen=True)
class PointSource:
    """The draws of some points, in the order in which they are given; they need not be neighbours.

    A dated stream (``fleet.stock|2031``, one year of a path that wanders) goes with the stream before the bar.

    Attributes
    ----------
    points : (n,)
        numbers of the points, from 0, ascending
    columns
        stream -> probabilities (n,) of those points
    keyed
        where all other streams come from
    varied
        streams that vary from point to point though no column drives them: the same in every replicate
    others
        what becomes of the rest
    replicate
        0 has the luck of a plain run; every other number luck of its own in the rest
    """

    points: Ints
    columns: Mapping[str, Floats]
    keyed: KeyedSource
    varied: frozenset[str] = frozenset()
    others: Others = "drawn"
    replicate: int = 0

    def u(self, name: str, first: int, count: int) -> Floats:
        """Draws of the points `first` to ``first + count - 1`` among these, shape ``(count,)``, in (0, 1)."""
        column = self.columns.get(name)
        if column is not None:
            return column[first : first + count].copy()
        varies = name.partition("|")[0] in self.varied
        if self.others == "best" and not varies:
            return np.full(count, MIDDLE)
        own = name if varies or not self.replicate else f"{name}|replicate {self.replicate}"
        return at_points(self.points[first : first + count], lambda start, size: self.keyed.u(own, start, size))

    def holds(self, name: str) -> bool:
        """Say whether the stream stays at its best estimate: it is one of the rest, and the rest is not drawn."""
        return self.others == "best" and name not in self.varied and name not in self._driven

    def taken(self, where: Ints) -> PointSource:
        """Return the source of some of these points, by their places."""
        return replace(self, points=self.points[where], columns={name: u[where] for name, u in self.columns.items()})

    @cached_property
    def _driven(self) -> frozenset[str]:
        return frozenset(self.columns) | frozenset(name.partition("|")[0] for name in self.columns)


def at_points(points: Ints, numbers: Callable[[int, int], Floats]) -> Floats:
    """Rows of some points, ascending, from a source that gives neighbours only (``numbers(first, count)``)."""
    ends = [*np.flatnonzero(np.diff(points) > GAP) + 1, points.size]
    found = []
    for begin, end in zip([0, *ends[:-1]], ends, strict=True):
        own = points[begin:end]
        if own.size:
            first = int(own[0])
            found.append(numbers(first, int(own[-1]) - first + 1)[own - first])
    return np.concatenate(found) if found else numbers(0, 0)
