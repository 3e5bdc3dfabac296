"""How far a choice is from the goals, and the nearest of many: goals relaxed towards the base case."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from cesim.plan.backcast.solutions import Nearest, Reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.plan.backcast.weighed import Memory, Weighed
    from cesim.run.goals import Goal

    Floats = NDArray[np.float64]


class Nearness:
    """Distances from the goals at one confidence, in shares of the way from the goals back to the base case."""

    def __init__(self, memory: Memory, base: Weighed, needed: int) -> None:
        self.memory, self.needed = memory, needed
        self._base = self.at_confidence(base)
        self._way = np.maximum(-self._base, 0.0)
        """(goal,) by how much the base case misses each goal; 0 where it does not."""

    @property
    def scale(self) -> Floats:
        """(goal,) a margin that counts as one: what the base case misses, or has to spare."""
        sizes = np.abs(self._base)
        return np.where(sizes > 0, sizes, 1.0)

    def at_confidence(self, own: Weighed) -> Floats:
        """(goal,) the largest margin that as many draws as needed have."""
        ordered: Floats = -np.sort(-own.margins, axis=1)[:, self.needed - 1]
        return ordered

    def missing(self, own: Weighed) -> float:
        """Least relaxation under which a choice meets the goals; 0 where it does, infinite where none is enough."""
        short = np.maximum(-own.margins, 0.0)
        way = self._way[:, None]
        shares = np.where(short > 0, np.inf, 0.0)
        np.divide(short, way, out=shares, where=(short > 0) & (way > 0))
        if self.memory.question.joint:
            return float(np.sort(shares.max(axis=0))[self.needed - 1])
        return float(np.sort(shares, axis=1)[:, self.needed - 1].max())

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
            each[goal.id] = Reach(
                asked=goal.value,
                base=_value(goal, self._base[at]),
                best=_value(goal, self.at_confidence(best)[at]),
                choice=named(best.choice),
            )
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
        goals = self.memory.question.goals
        return {goal.id: _value(goal, -share * way) for goal, way in zip(goals, self._way, strict=True)}


def _value(goal: Goal, margin: float) -> float:
    """Return the value of an indicator that meets a goal by so much."""
    return float(goal.value - margin if goal.at_most else goal.value + margin)
