"""How far a choice is from the goals, and the nearest of many: goals relaxed towards the base case."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING

import numpy as np

from cesim.plan.backcast.solutions import Nearest, Reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.plan.backcast.weighed import Memory, Weighed

    Floats = NDArray[np.float64]


class Nearness:
    """Distances from the goals at one confidence, in shares of the way from the goals back to the base case."""

    def __init__(self, memory: Memory, base: Weighed, needed: int) -> None:
        self.memory, self.needed = memory, needed
        self.base = self.at_confidence(base)
        """Of each goal (times its sign), what the base case reaches at the confidence; minus infinity for nothing."""
        self._way = memory.asked - self.base

    def at_confidence(self, own: Weighed) -> Floats:
        """(goal,) the largest value that as many draws as needed reach, times the sign of the goal."""
        ordered: Floats = -np.sort(-own.values, axis=1)[:, self.needed - 1]
        return ordered

    def missing(self, own: Weighed) -> float:
        """Least relaxation under which a choice meets the goals; 0 where it does, infinite where none is enough."""
        short = self.memory.asked[:, None] - own.values
        moves = (self._way > 0) & np.isfinite(self._way)
        with np.errstate(invalid="ignore"):
            shares = np.where(moves[:, None], short / np.where(moves, self._way, 1.0)[:, None], np.inf)
        relaxed = np.where(short <= 0, 0.0, shares)
        if self.memory.question.joint:
            return float(np.sort(relaxed.max(axis=0))[self.needed - 1])
        return float(np.sort(relaxed, axis=1)[:, self.needed - 1].max())

    def nearest(self, among: Sequence[Weighed]) -> Nearest | None:
        """Return the nearest of the choices; None of none."""
        if not among:
            return None
        goals, named = self.memory.question.goals, self.memory.ways.named
        closest = min(among, key=lambda own: (self.missing(own), own.order()))
        surest = min(among, key=lambda own: (-own.count, own.order()))
        share = self.missing(closest)
        each = {}
        for at, goal in enumerate(goals):
            best = min(among, key=lambda own, at=at: (-self.at_confidence(own)[at], own.order()))  # type: ignore[misc]
            ends = (goal.sign * self.base[at], goal.sign * self.at_confidence(best)[at])
            each[goal.name] = Reach(goal.value, _told(ends[0]), _told(ends[1]), named(best.choice))
        return Nearest(
            each=each,
            relaxation=share if isfinite(share) else None,
            relaxed=self._relaxed(share) if isfinite(share) else {},
            choice=named(closest.choice),
            cost=closest.cost,
            confidence=surest.count / self.memory.draws,
            confident=named(surest.choice),
        )

    def _relaxed(self, share: float) -> dict[str, float]:
        """Goals moved so far towards the base case; those that it meets stay."""
        moves = np.where((self._way > 0) & (self._way < inf), self._way, 0.0)
        values = self.memory.asked - share * moves
        return {goal.name: float(goal.sign * v) for goal, v in zip(self.memory.question.goals, values, strict=True)}


def _told(value: float) -> float | None:
    return float(value) if isfinite(value) else None
