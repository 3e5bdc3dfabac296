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
"""Share of the misses allowed from which a tightness needs no better one; the rest of the way is a straight line."""
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
    """Return how many of so many heats may miss: so few that one standard deviation more is still within the risk."""
    return ((sqrt(1.0 + 4.0 * joint * heats) - 1.0) / 2.0) ** 2


def bracket(solve: Solve, count: Count, start: float, most: float) -> tuple[Trial | None, Trial | None]:
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
        if tight is not None and (tight.off >= CLOSE * most or tight.tightness == 0.0):
            break
        following = _following(tight, loose, too_tight, most)
        if abs(following - at) <= NEAR * start:
            break
        at = following
    return tight, loose


def _following(tight: Trial | None, loose: Trial | None, too_tight: float, most: float) -> float:
    """Return the tightness to try next: on a straight line in the logarithm of the risk, kept off the ends."""
    if tight is None:
        low = 0.0 if loose is None else loose.tightness
        return min(2.0 * low, (low + too_tight) / 2.0) if low > 0.0 else too_tight / 2.0
    if loose is None:
        return 0.0 if tight.off == 0 or tight.tightness < 0.1 else 0.6 * tight.tightness
    over, under = log(loose.off / most), log(most / (tight.off + 0.5))
    share = min(max(over / (over + under) if over + under > 0.0 else 0.5, 0.1), 0.9)
    return loose.tightness + share * (tight.tightness - loose.tightness)


def between(tight: Trial, loose: Trial | None, count: Count, most: float) -> Floats:
    """Return the charge on the way from the tight to the loose one that goes as far as the misses allow."""
    if loose is None:
        return tight.masses
    way, least, largest = loose.masses - tight.masses, 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (least + largest) / 2.0
        if count(tight.masses + middle * way) <= most:
            least = middle
        else:
            largest = middle
    return tight.masses + least * way
