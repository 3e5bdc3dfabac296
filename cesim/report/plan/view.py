"""A plan as its reports look at it: measures, places and targets by their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.plan.money import ACTORS
from cesim.report.casthouse.writing import Writer
from cesim.report.places import place_name
from cesim.text import say

if TYPE_CHECKING:
    from cesim.report.words import Words
    from cesim.run.goals import Goal
    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import ActionPlan
    from cesim.text import Language


@dataclass(frozen=True)
class PlanView:
    """Names and words of a plan in one language."""

    scenario: Scenario
    plan: ActionPlan
    writer: Writer

    @property
    def lang(self) -> Language:
        """Language of the reader."""
        return self.writer.lang

    @property
    def words(self) -> Words:
        """The words of every report."""
        return self.writer.words

    @property
    def title(self) -> str:
        """Name of the scenario."""
        return str(getattr(self.scenario.name, self.lang))

    def measure(self, name: str) -> str:
        """Name of a measure, marked where no published plan names it; of a bundle, its word."""
        held = self.plan.measures.get(name)
        if held is None:
            return self.actor(name) if name in ACTORS else self.writer.say(f"plan.bundle.{name}")
        return str(getattr(held.name, self.lang))

    def actor(self, name: str) -> str:
        """Who acts, pays or gains."""
        return say(f"plan_money.actor.{name}", self.lang)

    def is_placeholder(self, name: str) -> bool:
        """Whether no published plan names a measure."""
        held = self.plan.measures.get(name)
        return held is not None and not held.published

    def marked(self, name: str) -> str:
        """Name of a measure with its mark."""
        told = self.measure(name)
        return self.writer.say("plan.placeholder", name=told) if self.is_placeholder(name) else told

    def place(self, region: str) -> str:
        """Name of a region or a group."""
        return place_name(self.scenario, region, self.words)

    def goal(self, goal: Goal) -> str:
        """A target with its place and year."""
        return self.writer.say("plan.goal", name=goal.name(self.lang), place=self.place(goal.region), year=goal.year)


def plan_view(scenario: Scenario, lang: Language) -> PlanView:
    """Return the view of a scenario with a plan."""
    plan = scenario.unsteered.plan
    assert plan is not None
    return PlanView(scenario, plan, Writer(lang))
