"""Targets with a plan and without it: in how many futures each is met, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cesim.run import Evaluated
    from cesim.run.goals import Goal

    Met = NDArray[np.bool_]


@dataclass(frozen=True)
class Chance:
    """A share of futures, and how far it may be off because the draws are only so many."""

    share: float
    draws: int

    @classmethod
    def of(cls, met: Met) -> Chance:
        """Return the share of draws (draw,) in which something holds."""
        return cls(float(met.mean()), met.size)

    @property
    def error(self) -> float:
        """Standard error, ``sqrt(p (1 - p) / n)``; with p = 0 or 1 the draws have not seen the other case."""
        return sqrt(self.share * (1.0 - self.share) / self.draws)


@dataclass(frozen=True)
class GoalChances:
    """One target with the plan and without it."""

    goal: Goal
    chosen: Chance
    without: Chance
    gained: Chance
    """Futures in which the target is met with the plan and missed without it."""
    lost: Chance
    """Futures in which it is the other way round."""
    shortfall: tuple[float, float]
    """Mean of what is missing to the target, with the plan and without it, in the unit of the indicator."""


def short_of(goal: Goal, answer: Evaluated) -> NDArray[np.float64] | None:
    """Return what is missing (draw,) to a target, zero or less where it is met.

    None where its year is not computed, or the indicator is a share of nothing in some draw.
    """
    if goal.year not in answer.years or goal.indicator not in answer.names:
        return None
    drawn = answer.draws(*goal.series)
    return -goal.margin(drawn) if np.isfinite(drawn).all() else None


def chances(goals: Iterable[Goal], chosen: Evaluated, without: Evaluated) -> list[GoalChances]:
    """Return the targets that can be compared, in their order."""
    out = []
    for goal in goals:
        short, before = short_of(goal, chosen), short_of(goal, without)
        if short is None or before is None:
            continue
        met, met_before = short <= 0, before <= 0
        out.append(
            GoalChances(
                goal, Chance.of(met), Chance.of(met_before), Chance.of(met & ~met_before), Chance.of(met_before & ~met),
                (float(np.maximum(short, 0.0).mean()), float(np.maximum(before, 0.0).mean())),
            )
        )  # fmt: skip
    return out


def all_met(goals: Iterable[Goal], answer: Evaluated) -> Chance | None:
    """Return the share of futures in which all these targets are met at once; None where none can be compared."""
    held = [short for goal in goals if (short := short_of(goal, answer)) is not None]
    return Chance.of(np.all([short <= 0 for short in held], axis=0)) if held else None
