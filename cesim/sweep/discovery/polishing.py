"""The limits of a box that was chosen, moved one by one to where it is best: slices of 5 % end beside the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.sweep.discovery.limits import Cut, between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.sweep.discovery.boxes import Floats
    from cesim.sweep.discovery.limits import Face, Limits
    from cesim.sweep.discovery.space import Space

    Ints = NDArray[np.int64]
    Limit = float | frozenset[float] | None

_ROUNDS: Final = 20
"""Every limit is moved at most so often; two or three rounds are usual."""


def polished(space: Space, limits: Limits, of_interest: int) -> Limits:
    """Return limits none of which can be moved alone to a larger harmonic mean of coverage and density.

    Parameters
    ----------
    limits
        where to begin
    of_interest
        how many runs of interest there are to cover
    """
    cut = Cut.of(space, limits)
    for _ in range(_ROUNDS):
        before = limits
        for face in sorted(limits.held):
            best, limit = _best(space, cut.without(face), face, of_interest)
            if best > _harmonic(cut.count == 0, space, of_interest):
                limits = limits.with_(face, limit)
                cut = Cut.of(space, limits)
        if limits is before:
            break
    return limits


def _harmonic(inside: NDArray[np.bool_], space: Space, of_interest: int) -> float:
    return float(2.0 * (inside & space.of_interest).sum() / (inside.sum() + of_interest))


def _best(space: Space, others: Cut, face: Face, of_interest: int) -> tuple[float, Limit]:
    """Return the best that one limit can do beside the others, and that limit; of equals the widest box."""
    there = np.flatnonzero(others.count == 0)
    values, hits = space.columns[face.column, there], space.of_interest[there]
    levels, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    hit = np.bincount(place.reshape(-1), weights=hits, minlength=levels.size)
    order = _order(face, levels, hit / counts)
    score = 2.0 * np.cumsum(hit[order]) / (np.cumsum(counts[order]) + of_interest)
    last = int(score.size - 1 - score[::-1].argmax())
    return float(score[last]), _limit(space, face, levels, order[: last + 1])


def _order(face: Face, levels: Floats, density: Floats) -> NDArray[np.intp]:
    """Return levels in the order in which a box that grows takes them in."""
    if face.side == "kept":
        return np.lexsort((levels, -density))
    return np.arange(levels.size) if face.side == "high" else np.arange(levels.size)[::-1]


def _limit(space: Space, face: Face, levels: Floats, taken: NDArray[np.intp]) -> Limit:
    """Return the limit of a box that takes in some levels; nothing where that is all of them."""
    if face.side == "kept":
        everything = np.unique(space.columns[face.column])
        return None if taken.size == everything.size else frozenset(levels[taken].tolist())
    if taken.size == levels.size:
        return None
    edge, beyond = float(levels[taken[-1]]), float(levels[taken[-1] + (1 if face.side == "high" else -1)])
    return edge if space.kinds[face.column] == "discrete" else between(beyond, edge)
