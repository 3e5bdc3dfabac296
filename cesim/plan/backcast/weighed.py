"""What has been worked out so far: choices with their cost and what they reach, draw by draw."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil, fsum
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cesim.plan.backcast.questions import Choice, Effort, Question
    from cesim.plan.backcast.ways import Ways

    Floats = NDArray[np.float64]

_ROUNDING = 1e-9
"""Costs that differ by less than this share of them are one cost."""

Stopped = Literal["evaluations", "seconds", "interrupted"]


class Spent(Exception):  # noqa: N818 -- no error: the work that was granted is done
    """No more choices may be worked out; what is there is kept."""

    def __init__(self, reason: Stopped) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Weighed:
    """A choice, what it costs and what it reaches."""

    choice: int
    """As bits of `Ways`."""
    cost: float
    """JPY of present value, all payers together."""
    margins: Floats
    """(goal, draw) by how much each goal is met; negative where it is missed."""
    met: tuple[int, ...]
    """Of each goal, the number of draws that reach it."""
    count: int
    """Draws that reach all goals, or those of the goal reached least, as the question asks."""

    def order(self) -> tuple[float, int, int]:
        """What decides between two choices that both do: cost, number of measures, and then any fixed order."""
        return self.cost, self.choice.bit_count(), self.choice


class Memory:
    """Works choices out, each only once, and stops where the effort ends."""

    def __init__(self, ways: Ways, question: Question, effort: Effort) -> None:
        self.ways, self.question, self.effort = ways, question, effort
        self.known: dict[int, Weighed] = {}
        self.draws = 0
        self.additive = True
        """Whether the costs of all choices worked out were the sums of their measures'."""
        self.allowance = effort.evaluations
        """Evaluations after which to stop; never more than the effort grants."""
        self._began = time.monotonic()

    @property
    def evaluations(self) -> int:
        """Number of choices worked out."""
        return len(self.known)

    def allow(self, more: int) -> None:
        """Grant so many evaluations from here on, as far as the effort goes."""
        self.allowance = min(self.effort.evaluations, self.evaluations + max(0, more))

    def needed(self, confidence: float) -> int:
        """Draws that must reach the goals."""
        return max(1, ceil(confidence * self.draws - 1e-9))

    def weigh(self, choices: Iterable[int]) -> list[Weighed]:
        """Return choices with what they reach, in their order; inactive measures are left out.

        Raises
        ------
        Spent
            once the effort ends; what could still be done is remembered
        """
        asked = [self.ways.active(choice) for choice in choices]
        new = [choice for choice in dict.fromkeys(asked) if choice not in self.known]
        while new:
            room = min(self.effort.batch, self.allowance - self.evaluations)
            if room <= 0:
                raise Spent("evaluations")
            if self.effort.seconds is not None and time.monotonic() - self._began >= self.effort.seconds:
                raise Spent("seconds")
            self._work_out(new[:room])
            new = new[room:]
        return [self.known[choice] for choice in asked]

    def base(self) -> Weighed:
        """Return the base case, no measure at all; it is worked out whatever the effort."""
        if 0 not in self.known:
            self._work_out([0])
        return self.known[0]

    def _work_out(self, choices: list[int]) -> None:
        named = [self.ways.named(choice) for choice in choices]
        goals = self.question.goals
        values = self.ways.answers.reached(named, goals)
        margins = np.stack([goal.margin(values[:, at]) for at, goal in enumerate(goals)], axis=1)
        self.draws = values.shape[2]
        for choice, name, own in zip(choices, named, margins, strict=True):
            cost = self._cost(choice, name)
            met = own >= 0.0
            each = tuple(int(one) for one in met.sum(axis=1))
            count = int(met.all(axis=0).sum()) if self.question.joint else min(each)
            self.known[choice] = Weighed(choice, cost, own, each, count)

    def _cost(self, choice: int, named: Choice) -> float:
        """JPY of a choice as the plan tells it, and whether it is the sum that the order of costs rests on."""
        cost, told = self.ways.cost(choice), fsum(self.ways.answers.cost(named).values())
        if abs(told - cost) <= _ROUNDING * max(abs(told), abs(cost)):
            return cost
        self.additive = False
        return told
