"""Best compromises between several indicators: the runs that no other run beats in one without losing in another."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from cesim.errors import Fault, InputError
from cesim.sweep.discovery.finite import refuse_not_finite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.sweep.discovery.boxes import Bools, Floats

    Ints = NDArray[np.int64]

Best = Literal["high", "low"]
"""Which values of an indicator are better."""

_BLOCK = 512
"""Points that are held against the front together; their comparisons stay in the cache."""


@dataclass(frozen=True)
class Pareto:
    """The best compromises.

    Attributes
    ----------
    runs : (point,)
        rows of what was asked, ascending; runs that are equal in every indicator are all there
    values : (point, indicator)
    best : (indicator,)
    """

    runs: Ints
    values: Floats
    best: tuple[Best, ...]


def pareto(values: ArrayLike, best: Sequence[Best], names: Sequence[str] | None = None) -> Pareto:
    """Return the runs that no other run dominates: is at least as good in every indicator and better in one.

    Up to three indicators by one sweep through the sorted points (Kung, Luccio and Preparata 1975), more of them block
    by block against the front so far.

    Parameters
    ----------
    values : (run, indicator)
    best : (indicator,)
        ``high`` or ``low``
    names : (indicator,)
        by which a fault names an indicator

    Raises
    ------
    InputError
        ``discovery_shape``, ``discovery_best_unknown``, ``discovery_not_finite``.
    """
    held = accepted(values, best, names)
    signs = np.array([1.0 if one == "high" else -1.0 for one in best])
    points, group = np.unique(-held * signs, axis=0, return_inverse=True)  # ascending: the best of the first lead
    on_front = _front(points)[group.reshape(-1)]
    runs = np.flatnonzero(on_front)
    return Pareto(runs, held[runs], tuple(best))


def accepted(values: ArrayLike, best: Sequence[Best], names: Sequence[str] | None) -> Floats:
    """Return values as numbers (run, indicator); see `pareto` for what is refused."""
    held = np.asarray(values, dtype=np.float64)
    if held.ndim != 2 or held.shape[1] != len(best) or not len(best):
        raise InputError([Fault("discovery_shape", arguments={"found": str(held.shape), "other": f"({len(best)},)"})])
    unknown = [one for one in best if one not in get_args(Best)]
    if unknown:
        told = {"found": unknown[0], "allowed": get_args(Best)}
        raise InputError([Fault("discovery_best_unknown", arguments=told)])
    refuse_not_finite(held, names, "values")
    return held


def _front(points: Floats) -> Bools:
    """Say which of distinct points, in ascending order of their columns, no other undercuts; low is better."""
    indicators = points.shape[1]
    if not len(points):
        return np.zeros(0, dtype=np.bool_)
    if indicators == 1:
        lead: Bools = np.arange(len(points)) == 0
        return lead
    if indicators == 2:
        least = np.minimum.accumulate(points[:, 1])
        first: Bools = np.concatenate([[True], points[1:, 1] < least[:-1]])
        return first
    if indicators == 3:
        return _stairs(points)
    return _blocks(points)


def _stairs(points: Floats) -> Bools:
    """Sweep along the first column; of what came before the second and third make a staircase that falls."""
    out = np.zeros(len(points), dtype=np.bool_)
    y: list[float] = []  # ascending, and z descending with it
    z: list[float] = []
    for n, (b, c) in enumerate(zip(points[:, 1].tolist(), points[:, 2].tolist(), strict=True)):
        at = bisect_left(y, b)
        tread = at if at < len(y) and y[at] == b else at - 1  # the last step not right of the point
        if tread >= 0 and z[tread] <= c:
            continue
        out[n] = True
        end = at
        while end < len(z) and z[end] >= c:
            end += 1
        y[at:end], z[at:end] = [b], [c]
    return out


def _blocks(points: Floats) -> Bools:
    """Hold block after block against the front so far; in this order no point is undercut by a later one."""
    front = np.empty((0, points.shape[1]))
    out = np.zeros(len(points), dtype=np.bool_)
    for first in range(0, len(points), _BLOCK):
        rows = np.arange(first, min(first + _BLOCK, len(points)))
        rows = rows[~_undercut(points[rows], front)]
        rows = rows[~_undercut(points[rows], points[rows])]
        out[rows] = True
        front = np.concatenate([front, points[rows]])
    return out


def _undercut(points: Floats, others: Floats) -> Bools:
    """Say which points another is at least as low as in every column; a point does not undercut itself."""
    out = np.zeros(len(points), dtype=np.bool_)
    for first in range(0, len(others), _BLOCK):
        some = others[first : first + _BLOCK]
        below = np.ones((len(points), len(some)), dtype=np.bool_)
        same = np.ones_like(below)
        for column in range(points.shape[1]):
            below &= some[None, :, column] <= points[:, None, column]
            same &= some[None, :, column] == points[:, None, column]
        out |= (below & ~same).any(axis=1)
    return out
