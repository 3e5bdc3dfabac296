"""How tight a method must be so that drawn heats keep the risk that was asked for, and no tighter."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Solve = Callable[[float], Floats | None]
    Count = Callable[[Floats], float]
    Along = Callable[[Floats, Floats], Callable[[float], float]]

AROUND: Final = (0.7, 1.4)
"""Shares of the risk allowed between which the way from the tight to the loose charge is straight enough."""
ALIKE: Final = 0.005
"""Two charges that cost the same but for this share are as good; at a cliff the risk alone would not tell."""
BEYOND: Final = 1.3
"""How much further than guessed the first steps go, so that they end on the other side."""
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
    risk: float
    """As high as it may be; above 0."""


def bracket(
    solve: Solve, count: Count, start: float, most: float, pace: Callable[[float], float], cost: Floats,
    known: Trial | None = None,
) -> tuple[Trial | None, Trial | None]:  # fmt: skip
    """Return the loosest trial found within the risk allowed, and the tightest one found beyond it.

    Parameters
    ----------
    solve
        Tightness -> masses, (column,); None where there is no charge. 0 is as loose as it gets.
    count
        Masses -> the risk, above 0, over always the same heats.
    start
        The tightness to begin with, above 0.
    most
        Risk allowed.
    pace
        Tightness -> by how much the logarithm of the risk falls, about, where it grows by one.
    cost
        What is to be least, (column,).
    known
        A charge that keeps the risk; where one costs more and does not, there is no use in going on.
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
            if known is not None and trial.risk > most and float(cost @ (trial.masses - known.masses)) >= 0.0:
                break
            tight, loose = (trial, loose) if trial.risk <= most else (tight, trial)
        if _is_close(tight, loose, most, cost):
            break
        following = _following(tight, loose, too_tight, most, pace)
        if abs(following - at) <= NEAR * start:
            break
        at = following
    return tight, loose


def _is_close(tight: Trial | None, loose: Trial | None, most: float, cost: Floats) -> bool:
    if tight is None or loose is None:
        return tight is not None and tight.tightness == 0.0
    if tight.risk < AROUND[0] * most or loose.risk > AROUND[1] * most:
        return False
    return float(cost @ (tight.masses - loose.masses)) <= ALIKE * float(np.abs(cost) @ tight.masses)


def _following(
    tight: Trial | None, loose: Trial | None, too_tight: float, most: float, pace: Callable[[float], float]
) -> float:
    """Return the tightness to try next: on a straight line in the logarithm of the risk, kept off the ends."""
    if tight is None:
        if loose is None:
            return too_tight / 2.0
        further = loose.tightness + BEYOND * (log(loose.risk / most) + 0.05) / pace(loose.tightness)
        return min(further, (loose.tightness + too_tight) / 2.0)
    if loose is None:
        nearer = tight.tightness - BEYOND * (log(most / tight.risk) + 0.05) / pace(tight.tightness)
        return max(nearer, 0.0)
    over, under = log(loose.risk / most), log(most / tight.risk)
    share = min(max(over / (over + under) if over + under > 0.0 else 0.5, 0.1), 0.9)
    return loose.tightness + share * (tight.tightness - loose.tightness)


def between(tight: Trial, loose: Trial | None, along: Along, most: float) -> Trial:
    """Return the charge on the way from the tight to the loose one that goes as far as the risk allows.

    Its tightness is that of the same place on the way.

    Parameters
    ----------
    along
        Two masses -> share of the way from one to the other -> the risk there.
    """
    if loose is None:
        return tight
    count, least, largest = along(tight.masses, loose.masses), 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (least + largest) / 2.0
        if count(middle) <= most:
            least = middle
        else:
            largest = middle
    tightness = tight.tightness + least * (loose.tightness - tight.tightness)
    return Trial(tightness, tight.masses + least * (loose.masses - tight.masses), count(least))
