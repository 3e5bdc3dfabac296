"""A survey as its reports look at it: inputs and alternatives by their names, money in the words of its reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cesim.indicators import INDICATORS
from cesim.plan.futures import ADOPTED, NOTHING
from cesim.plan.survey.frames import CHOSEN, stands_out
from cesim.report.numbers import Scale, plain, unit_name
from cesim.report.paths import holds_for_all_years, path_name, source_name
from cesim.report.places import outside_names
from cesim.report.plan.view import plan_view
from cesim.report.read import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.plan.survey import Input, Stake, Survey
    from cesim.report.plan.view import PlanView
    from cesim.run.goals import SeriesKey
    from cesim.scenario.model import Scenario
    from cesim.text import Language

FEW_DRAWS = 500
"""Below this a page warns: the worth of a number is hardly told from noise."""
MUCH_MONEY = 1e6
"""JPY from which on money is told in 億円, or billions."""
MEASURES = "plan.measures."


@dataclass(frozen=True)
class SurveyView:
    """Names and words of a survey in one language."""

    plan: PlanView
    found: Survey

    @property
    def lang(self) -> Language:
        """Language of the reader."""
        return self.plan.lang

    def say(self, key: str, **arguments: object) -> str:
        """A text of the survey's own."""
        return self.plan.writer.say(f"plan_survey.{key}", **arguments)

    @cached_property
    def inputs(self) -> Mapping[str, Input]:
        """Inputs by path."""
        return {one.path: one for one in self.found.inputs}

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Names of regions, of the focus and of what lies outside of them."""
        words, scenario = self.plan.words, self.plan.scenario
        inside = {name: self.plan.place(name) for name in (*scenario.regions, scenario.report.focus_id)}
        return outside_names(words) | inside

    def input(self, path: str) -> str:
        """Name of an input; of a measure's, the measure and which of its numbers."""
        if path.startswith(MEASURES):
            return self._of_measure(path)
        if path == "plan.discount":
            return self.say("discount")
        return self._path(path)

    def _path(self, path: str) -> str:
        first = self.plan.scenario.years.start
        return path_name(path, self.plan.words, self.places, holds_for_all_years(path, self._written, first))

    @cached_property
    def _written(self) -> tuple[str, ...]:
        """Paths of all numbers of the scenario."""
        from cesim.run.sampler import numbers

        return tuple(path for path, _ in numbers(self.plan.scenario))

    def _of_measure(self, path: str) -> str:
        name, _, rest = path.removeprefix(MEASURES).partition(".")
        told = self.plan.measure(name)
        if rest.startswith("changes."):
            change = self.plan.plan.measures[name].changes[rest.split(".")[1]]
            return self.say(f"amount.{change.how}", measure=told, what=self._path(change.path))
        return self.say(f"money.{rest.replace('.', '_')}", measure=told)

    def status(self, path: str) -> str:
        """Status of an input in words."""
        return self.status_name(self.inputs[path].quantity.status)

    def status_name(self, status: str) -> str:
        """Name of a status."""
        return self.plan.words(f"doubt.{status}")

    def source(self, path: str) -> str:
        """Source of an input; says so where there is none."""
        quantity = self.inputs[path].quantity
        return source_name(quantity.source, self.plan.words) if quantity.source else self.say("no_source")

    def amount(self, path: str) -> str:
        """Best estimate and range of an input as the scenario has them."""
        q = self.inputs[path].quantity
        told = self._number(q.value, q.unit)
        if q.low is None or q.high is None:
            return told
        return self.say("ranged", value=told, low=self._number(q.low, q.unit), high=self._number(q.high, q.unit))

    def _number(self, value: float, unit: str) -> str:
        """A number as the scenario has it; shares as per cent, much money in 億円 or billions."""
        if unit == "share":
            return self.plan.writer.short(value)
        if unit == "JPY" and value >= MUCH_MONEY:
            return self.yen(value)
        if unit == "JPY/year" and value >= MUCH_MONEY:
            return self.say("a_year", money=self.yen(value))
        return f"{plain(value)} {unit_name(unit, self.plan.words)}".rstrip()

    def series(self, key: SeriesKey) -> str:
        """Name of a headline with its place and year."""
        _, region, year = key
        return self.plan.writer.say("plan.goal", name=self.indicator(key), place=self.plan.place(region), year=year)

    def indicator(self, key: SeriesKey) -> str:
        """Name of the indicator of a headline."""
        return name_of(INDICATORS[key[0]], self.lang)

    def alternative(self, name: str) -> str:
        """Name of an alternative."""
        if name in (ADOPTED, NOTHING):
            return self.say(f"alternative.{name}")
        dropped = self.dropped(name)
        if len(dropped) == 1:
            return self.say("alternative.without", name=self.plan.measure(dropped[0]))
        last = self.plan.measure(dropped[-1])
        if len(dropped) == 2:
            return self.say("alternative.without_two", one=self.plan.measure(dropped[0]), other=last)
        return self.say("alternative.without_more", count=len(dropped), name=last)

    def dropped(self, name: str) -> tuple[str, ...]:
        """Measures that an alternative is without; none for the two that are no such thing."""
        return () if name in (ADOPTED, NOTHING) else tuple(name.removeprefix("without ").split(", "))

    def first(self, stake: Stake) -> tuple[str, ...]:
        """Inputs whose knowing stands out, the most worth first."""
        worth = stake.knowing.worth if stake.knowing is not None else {}
        return tuple(path for path in worth if stands_out(stake, path))

    def standing(self, stake: Stake, path: str) -> str:
        """How surely knowing a number is worth something."""
        known = stake.knowing
        above = known is not None and known.worth[path] > known.floor
        if above and path in CHOSEN:
            return self.say("standing.chosen")
        return self.say(f"standing.{'first' if stands_out(stake, path) else 'above' if above else 'below'}")

    def yen(self, value: float) -> str:
        """An amount of money in 億円, or billions of JPY, with three significant digits."""
        scale = 1e-8 if self.lang == "ja" else 1e-9
        return Scale(scale, self.say("unit_money"), None, 4).full(value)

    def price(self, stake: Stake) -> str:
        """What a unit missing counts for: of shares a percentage point, else a unit."""
        goal = stake.goal
        if goal.unit == "share":
            return self.say("price_point", price=self.yen(stake.price / 100.0))
        unit = unit_name(goal.unit, self.plan.words)
        return self.say("price_unit", price=Scale(1.0, self.say("unit_yen"), None, 2).full(stake.price), unit=unit)


def survey_view(scenario: Scenario, found: Survey, lang: Language) -> SurveyView:
    """Return the view of a survey in one language."""
    return SurveyView(plan_view(scenario, lang), found)
