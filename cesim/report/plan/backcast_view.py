"""A backcast as its reports look at it: money, measures and choices in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.plan.backcast import ALL
from cesim.report.numbers import Scale, write
from cesim.report.plan.view import PlanView, plan_view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.plan.backcast import Bar, Choice, RoadMapRow
    from cesim.plan.backcasting import PlanBackcast
    from cesim.run.goals import Goal
    from cesim.scenario.model import Scenario
    from cesim.text import Language

MOST_NAMED = 12
"""Measures named in one sentence; the others are counted."""


@dataclass(frozen=True)
class BackcastView:
    """A backcast with its words."""

    told: PlanBackcast
    plan: PlanView

    def say(self, key: str, **arguments: object) -> str:
        """Return words of this page."""
        return self.plan.writer.say(f"backcast.{key}", **arguments)

    @property
    def yen(self) -> Scale:
        """How money is written: 億円, or billions of JPY."""
        if self.plan.lang == "ja":
            return Scale(1e-8, self.say("yen"), None, 2)
        return Scale(1e-9, self.say("yen"), None, 3)

    def money(self, value: float) -> str:
        """Write JPY."""
        return self.yen.full(value)

    def share(self, value: float) -> str:
        """Write a share of the futures."""
        return f"{100.0 * value:.3g} %"

    def level(self, goal: Goal, value: float) -> str:
        """Write a value of a target's indicator."""
        return write(value, goal.unit, self.plan.words)

    def goals(self) -> str:
        """Name the targets with their levels."""
        told = self.told.question.goals
        return self.plan.writer.join(
            self.say("goal_most" if goal.at_most else "goal_least", goal=self.plan.goal(goal),
                     level=self.level(goal, goal.value))
            for goal in told
        )  # fmt: skip

    def payer(self, name: str) -> str:
        """Name of who pays."""
        return self.say("payer_all") if name == ALL else self.plan.actor(name)

    def payers(self) -> list[str]:
        """Who pays or receives anything in either plan, or has a budget; the largest first."""
        stands = [stand for stand in (self.told.answer, self.told.written) if stand is not None]
        held = {name for stand in stands for name, paid in stand.paid.items() if paid and name != ALL}
        held |= set(self.told.question.budgets) - {ALL}
        return sorted(held, key=lambda name: (-max(stand.paid[name] for stand in stands), name))

    def choice(self, choice: Choice) -> str:
        """Name the measures of a choice, the first of them."""
        names = [self.plan.measure(name) for name in self.plan.plan.measures if name in choice]
        if not names:
            return self.say("no_measure")
        if len(names) <= MOST_NAMED:
            return self.plan.writer.join(names)
        return self.say(
            "and_more", names=self.plan.writer.join(names[:MOST_NAMED]), count=len(names) - MOST_NAMED
        )  # fmt: skip

    def bar(self, bar: Bar) -> str:
        """Write start, level where it is not all of it, and cost of a measure."""
        if bar.waits:
            return self.say("bar_waits", start=bar.start)
        key = "bar" if bar.level == 1.0 else "bar_level"
        return self.say(key, start=bar.start, level=self.share(bar.level), cost=self.money(bar.cost))

    def chosen(self) -> Iterable[tuple[RoadMapRow, Bar]]:
        """The measures of the answer with their bars."""
        return [(row, row.backcast) for row in self.told.roads.rows if row.backcast is not None]


def backcast_view(scenario: Scenario, told: PlanBackcast, lang: Language) -> BackcastView:
    """Return the view of a backcast."""
    return BackcastView(told, plan_view(scenario, lang))
