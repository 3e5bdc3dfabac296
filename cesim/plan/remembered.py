"""Answers of a plan that are worked out once, however many searches ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.plan.backcast.questions import ALL
from cesim.plan.backcast.weighed import Spent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.plan.backcast.asking import PlanAnswers
    from cesim.plan.backcast.questions import Choice, Question
    from cesim.plan.futures import Key
    from cesim.run.goals import Goal
    from cesim.scenario.effects import Decision

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stand:
    """How one choice stands to the targets, and what it costs."""

    choice: Choice
    cost: float
    """JPY of present value (best estimate), all payers together."""
    paid: Mapping[str, float]
    """JPY by payer, `ALL` among them."""
    medians: Mapping[str, float]
    """Target -> median of its indicator."""
    shares: Mapping[str, float]
    """Target -> share of the futures in which it is met."""
    together: float
    """Share of the futures in which all are met."""


class Remembered:
    """The answers of a plan on some targets, each choice worked out once, and no more of them than is allowed."""

    def __init__(self, answers: PlanAnswers, question: Question, most: int) -> None:
        self.answers, self.goals, self.most = answers, question.goals, most
        kept = in_time(answers, question)
        self.options: Mapping[str, Sequence[Decision]] = {
            name: answers.options[name] for name in answers.options if name in kept
        }
        self.needs: Mapping[str, frozenset[str]] = answers.needs
        self.rivals: Mapping[str, frozenset[str]] = {
            name: own & kept for name, own in answers.rivals.items() if name in kept
        }
        self.payers: Sequence[str] = answers.payers
        self.fits = answers.fits
        self.interrupted = False
        """Whether somebody broke off while something was worked out."""
        self._reached: dict[Key, Floats] = {}
        self._costs: dict[Key, Mapping[str, float]] = {}
        self._told = 0

    @property
    def sets(self) -> int:
        """Number of choices the searches had worked out."""
        return self._told

    def cost(self, choice: Choice) -> Mapping[str, float]:
        """JPY of present value (best estimate) by payer."""
        key = self.answers.futures.key(choice)
        if key not in self._costs:
            self._costs[key] = self.answers.cost(choice)
        return self._costs[key]

    def reached(self, choices: Sequence[Choice], goals: Sequence[Goal]) -> Floats:
        """Values of the targets' indicators, (choice, goal, draw).

        Raises
        ------
        Spent
            where more would have to be worked out than is allowed; a search ends with what it has
        """
        assert tuple(goals) == self.goals
        keys = [self.answers.futures.key(choice) for choice in choices]
        new = {key: choice for key, choice in zip(keys, choices, strict=True) if key not in self._reached}
        if new and self._told and self._told + len(new) > self.most:
            raise Spent("evaluations")
        self._told += len(new)
        self._work_out(new)
        return np.stack([self._reached[key] for key in keys])

    def _work_out(self, new: Mapping[Key, Choice]) -> None:
        if not new:
            return
        try:
            values = self.answers.reached(tuple(new.values()), self.goals)
        except KeyboardInterrupt:
            self.interrupted = True
            raise
        self._reached.update(zip(new, values, strict=True))

    def stand(self, choice: Choice) -> Stand:
        """Return how a choice stands to the targets; it is worked out whatever is allowed."""
        key = self.answers.futures.key(choice)
        self._work_out({} if key in self._reached else {key: choice})
        values = self._reached[key]
        met = np.stack([goal.is_met(own) for goal, own in zip(self.goals, values, strict=True)])
        paid = dict(self.cost(choice))
        cost = float(sum(paid.values()))
        names = [goal.id for goal in self.goals]
        return Stand(
            choice=choice,
            cost=cost,
            paid={ALL: cost, **paid},
            medians=dict(zip(names, map(float, np.median(values, axis=1)), strict=True)),
            shares=dict(zip(names, map(float, met.mean(axis=1)), strict=True)),
            together=float(met.all(axis=0).mean()),
        )


def in_time(answers: PlanAnswers, question: Question) -> frozenset[str]:
    """Return the measures that may matter: those that can act by the last year of a target, and what they need.

    One that starts later changes nothing that is asked and costs money, so no cheapest choice has it. Those that the
    question names stay.
    """
    last = max(goal.year for goal in question.goals)
    early = {
        name for name, ways in answers.options.items() if any(way.start is None or way.start <= last for way in ways)
    }
    named = early | question.must | question.never
    return frozenset(named.union(*(answers.futures.plan.builds_on(name) for name in named)))
