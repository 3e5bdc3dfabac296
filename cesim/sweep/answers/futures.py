"""Some futures of a study, to be drawn: what varied in each, what came of it, and which inputs tell most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run.goals import Goal, SeriesKey
    from cesim.sweep.answers.varied import Varied

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Futures:
    """Some futures of one alternative, each with what varied and what came of it.

    Attributes
    ----------
    alternative
        its name
    varied
        what is shown, the most telling first
    outcome : (future,)
    series
        what it is of
    goal
        the target by which they are coloured; None where there is none: then by the median
    among
        how many there are
    """

    alternative: str
    varied: tuple[Varied, ...]
    outcome: Floats
    series: SeriesKey
    goal: Goal | None
    among: int


def is_good(found: Futures) -> NDArray[np.bool_]:
    """Say of each future whether it meets the target; without one, whether it is at the median or above."""
    if found.goal is None:
        good: NDArray[np.bool_] = found.outcome >= np.median(found.outcome)
        return good
    return found.goal.is_met(found.outcome)


def telling(varied: tuple[Varied, ...], good: NDArray[np.bool_]) -> list[Varied]:
    """Return what varies, first what parts the two kinds of futures most (by ranks)."""
    if good.all() or not good.any():
        return list(varied)
    return sorted(varied, key=lambda one: -abs(_area(one.values, good) - 0.5))


def evenly(count: int, most: int) -> NDArray[np.int64]:
    """Return so many numbers below `count`, evenly spread; all where there are no more."""
    if count <= most:
        return np.arange(count, dtype=np.int64)
    return np.unique(np.linspace(0, count - 1, most).astype(np.int64))


def _area(values: Floats, good: NDArray[np.bool_]) -> float:
    """Chance that one of the good has the higher value, ties counting half (area under the curve of Mann, Whitney)."""
    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[at]
    first, others = int(good.sum()), int((~good).sum())
    return float((ranks[good].sum() - first * (first + 1) / 2.0) / (first * others))
