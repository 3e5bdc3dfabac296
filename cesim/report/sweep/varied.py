"""What a study varies, and what it asks about, by the names and units of its readers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.indicators import INDICATORS
from cesim.report.casthouse.writing import Writer
from cesim.report.headline import without_amount
from cesim.report.numbers import unit_name
from cesim.report.paths import path_name
from cesim.report.plan.survey_view import MEASURES
from cesim.report.read import name_of
from cesim.report.sweep.levels import exactly
from cesim.run.series import ALL
from cesim.scenario.levers import levers
from cesim.sweep.answers.varied import Varied
from cesim.text import has

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.report.words import Words
    from cesim.run.goals import Goal, SeriesKey
    from cesim.scenario.model import Scenario
    from cesim.text import Language

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Names:
    """Names of a scenario in one language."""

    scenario: Scenario
    writer: Writer

    @property
    def lang(self) -> Language:
        """Language of the reader."""
        return self.writer.lang

    @property
    def words(self) -> Words:
        """The words of every report."""
        return self.writer.words

    def say(self, key: str, **arguments: object) -> str:
        """A text of the pages of sweeps."""
        return self.writer.say(f"sweep.{key}", **arguments)

    def varied(self, name: str) -> str:
        """Name of what varies: the label of a lever of the scenario, what a measure changes, else its path in words."""
        if name in self._levers:
            return self._levers[name]
        if name.startswith(MEASURES) and self.scenario.unsteered.plan is not None:
            return self._of_measure(name)
        return path_name(name, self.words, self._places)

    def quoted(self, name: str) -> str:
        """Name of what varies as it stands in a sentence: a name of several parts is set apart."""
        told = self.varied(name)
        return self.say("limit.quoted", name=told) if any(sign in told for sign in (": ", "：", ",", "・")) else told

    def place(self, region: str) -> str:
        """Name of a region or a group."""
        if region == ALL:
            return self.words("book.whole")
        if region == self.scenario.report.focus_id:
            return str(getattr(self.scenario.report.focus_name, self.lang))
        held = self.scenario.regions.get(region)
        return region if held is None else str(getattr(held.name, self.lang))

    def indicator(self, name: str) -> str:
        """Name of an indicator; of one that is the reader's own, as it was given."""
        return name_of(INDICATORS[name], self.lang) if name in INDICATORS else name

    def series(self, key: SeriesKey) -> str:
        """Name of an indicator with its place and year."""
        name, region, year = key
        return self.writer.say("plan.goal", name=self.indicator(name), place=self.place(region), year=year)

    def goal(self, goal: Goal) -> str:
        """A target with its place, its year and its level."""
        return self.say(
            "goal_at_most" if goal.at_most else "goal_at_least", value=exactly(goal.value, goal.unit, self.words),
            name=without_amount(goal.name(self.lang)), place=self.place(goal.region), year=goal.year,
        )  # fmt: skip

    def amount(self, number: str, varied: Varied) -> str:
        """A number that is written already, with the unit of what varies."""
        if varied.is_relative:
            return self.say("times_today", number=number)
        if varied.unit == "share":
            return f"{number} %"
        if varied.unit == "rank":
            return self.say("of_range", number=number)
        return f"{number} {unit_name(varied.unit, self.words)}".rstrip()

    def value(self, value: float, varied: Varied) -> str:
        """A value to three digits, with its unit; of a choice, what is chosen."""
        if varied.options:
            return self.option(varied.options[round(value)])
        return self.amount(_three_digits(value * varied.factor), varied)

    def span(self, low: float, high: float, varied: Varied) -> str:
        """A range, the unit said once."""
        ends = (_three_digits(end * varied.factor) for end in (low, high))
        return self.amount(" – ".join(ends), varied)

    def setting(self, path: str, value: object) -> str:
        """What a lever is set to, with the unit of the number that stands at its path."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self.option(value)
        unit = self._units.get(path, "")
        shown = Varied(path, unit, np.zeros(0), is_relative=path in self._relative)
        return self.value(float(value), shown)

    @cached_property
    def _units(self) -> Mapping[str, str]:
        """Units of all numbers of the scenario, also by the path without its year."""
        from cesim.run.sampler import numbers

        held = {path: quantity.unit for path, quantity in numbers(self.scenario)}
        return {path.rpartition(".")[0]: unit for path, unit in held.items() if path[-4:].isdigit()} | held

    @cached_property
    def _relative(self) -> frozenset[str]:
        """Levers that are a factor on what is today: 1 in the scenario, without a unit, and called so in the model."""
        return frozenset(path for path in self._units if path.endswith("hazard_scale"))

    def option(self, option: object) -> str:
        """What is chosen, by its word where there is one."""
        if isinstance(option, bool):
            return self.say("yes" if option else "no")
        if isinstance(option, list | tuple):
            return self.writer.join(map(self.option, option)) if option else self.writer.say("none")
        key = f"report.path.{option}"
        return self.words(f"path.{option}") if has(key, self.lang) else str(option)

    @cached_property
    def _levers(self) -> Mapping[str, str]:
        """Labels of the levers of the scenario that stand alone, by path."""
        held = [(".".join(one.path), str(getattr(one, f"name_{self.lang}"))) for one in levers(self.scenario)]
        labels = [label for _, label in held]
        return {path: label for path, label in held if label and labels.count(label) == 1}

    @cached_property
    def _places(self) -> Mapping[str, str]:
        outside = {key: self.words(f"place.{key}") for key in ("japan", "abroad")}
        return outside | {name: self.place(name) for name in (*self.scenario.regions, self.scenario.report.focus_id)}

    def _of_measure(self, name: str) -> str:
        """Name of a measure's amount, with what it changes."""
        plan = self.scenario.unsteered.plan
        assert plan is not None
        measure, _, rest = name.removeprefix(MEASURES).partition(".")
        held = plan.measures.get(measure)
        parts = rest.split(".")
        if held is None or parts[0] != "changes" or parts[1] not in held.changes:
            return name
        change, told = held.changes[parts[1]], str(getattr(held.name, self.lang))
        what = path_name(change.path, self.words, self._places)
        return self.writer.say(f"plan_survey.amount.{change.how}", measure=told, what=what)


def _three_digits(value: float) -> str:
    """Write a number to three significant digits and never in powers of ten."""
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(places, 12)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def names_of(scenario: Scenario, lang: Language) -> Names:
    """Return the names of a scenario in one language."""
    return Names(scenario, Writer(lang))
