"""How tight a method must be so that drawn heats keep the risk that was asked for, and no tighter."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Solve = Callable[[float], Floats | None]
    Count = Callable[[Floats], int]

CLOSE: Final = 0.9
"""Share of the misses allowed from which a tightness needs no better one."""
AROUND: Final = (0.7, 1.4)
"""Shares of the misses allowed between which the way from the tight to the loose charge is straight enough."""
BEYOND: Final = 1.3
"""How much further than guessed the first steps go, so that they end on the other side."""
SURE: Final = 1.5
"""Standard deviations of the count that are kept free."""
ROUNDS: Final = 16
"""Trials before the best so far is taken."""
NEAR: Final = 1e-3
"""Two tightnesses that differ by this share are the same."""
HALVINGS: Final = 12


@dataclass(frozen=True)
class Trial:
    """What a tightness led to."""

    tightness: float
    masses: Floats
    """t of each column, (column,)."""
    off: int


def allowed(joint: float, heats: int) -> float:
    """Return how many of so many heats may miss: so few that `SURE` standard deviations more are within the risk."""
    return ((sqrt(SURE**2 + 4.0 * joint * heats) - SURE) / 2.0) ** 2


def bracket(
    solve: Solve, count: Count, start: float, most: float, pace: Callable[[float], float]
) -> tuple[Trial | None, Trial | None]:
    """Return the loosest trial found within the misses allowed, and the tightest one found beyond them.

    Parameters
    ----------
    solve
        Tightness -> masses, (column,); None where there is no charge. 0 is as loose as it gets.
    count
        Masses -> heats off their limits, of always the same heats.
    start
        The tightness to begin with, above 0.
    most
        Heats that may be off.
    pace
        Tightness -> by how much the logarithm of the risk falls, about, where it grows by one.
    """
    tight: Trial | None = None
    loose: Trial | None = None
    too_tight, at = float("inf"), start
    for _ in range(ROUNDS):
        masses = solve(at)
        if masses is None:
            too_tight = at
        else:
            trial = Trial(at, masses, count(masses))
            tight, loose = (trial, loose) if trial.off <= most else (tight, trial)
        if _is_close(tight, loose, most):
            break
        following = _following(tight, loose, too_tight, most, pace)
        if abs(following - at) <= NEAR * start:
            break
        at = following
    return tight, loose


def _is_close(tight: Trial | None, loose: Trial | None, most: float) -> bool:
    if tight is None:
        return False
    if tight.off >= CLOSE * most or tight.tightness == 0.0:
        return True
    return loose is not None and tight.off >= AROUND[0] * most and loose.off <= AROUND[1] * most


def _following(
    tight: Trial | None, loose: Trial | None, too_tight: float, most: float, pace: Callable[[float], float]
) -> float:
    """Return the tightness to try next: on a straight line in the logarithm of the risk, kept off the ends."""
    if tight is None:
        if loose is None:
            return too_tight / 2.0
        further = loose.tightness + BEYOND * (log(loose.off / most) + 0.05) / pace(loose.tightness)
        return min(further, (loose.tightness + too_tight) / 2.0)
    if loose is None:
        nearer = tight.tightness - BEYOND * (log(most / (tight.off + 0.5)) + 0.05) / pace(tight.tightness)
        return max(nearer, 0.0) if tight.off > 0 else 0.0
    over, under = log(loose.off / most), log(most / (tight.off + 0.5))
    share = min(max(over / (over + under) if over + under > 0.0 else 0.5, 0.1), 0.9)
    return loose.tightness + share * (tight.tightness - loose.tightness)


def between(tight: Trial, loose: Trial | None, count: Count, most: float) -> Trial:
    """Return the charge on the way from the tight to the loose one that goes as far as the misses allow.

    Its tightness is that of the same place on the way.
    """
    if loose is None:
        return tight
    way, least, largest = loose.masses - tight.masses, 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (least + largest) / 2.0
        if count(tight.masses + middle * way) <= most:
            least = middle
        else:
            largest = middle
    tightness = tight.tightness + least * (loose.tightness - tight.tightness)
    masses = tight.masses + least * way
    return Trial(tightness, masses, count(masses))
