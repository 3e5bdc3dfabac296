"""Targets as a plan is held to them: which series, how much, and whether a future meets it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.indicators import INDICATORS
from cesim.run.series import ALL
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

SeriesKey = tuple[str, str, int]
"""Indicator, region (or group of regions), year."""


@dataclass(frozen=True)
class Goal:
    """A target: an indicator of a region that must be at least, or at most, so much in a year."""

    id: str
    name_ja: str
    name_en: str
    indicator: str
    region: str
    year: int
    value: float
    at_most: bool = False

    @property
    def series(self) -> SeriesKey:
        """What is compared with it."""
        return self.indicator, self.region, self.year

    @property
    def unit(self) -> str:
        """Unit of the indicator."""
        return INDICATORS[self.indicator].unit

    def name(self, lang: str) -> str:
        """What it is called."""
        return self.name_ja if lang == "ja" else self.name_en

    def margin(self, lanes: Floats) -> Floats:
        """By how much it is met; negative where it is missed. Raises where an indicator has no value."""
        if not np.isfinite(lanes).all():
            told = {"found": self.indicator, "region": self.region, "year": self.year}
            raise InputError([Fault("plan_no_value", Place(model=f"targets.{self.id}"), told)])
        gap: Floats = self.value - lanes if self.at_most else lanes - self.value
        return gap

    def is_met(self, lanes: Floats) -> NDArray[np.bool_]:
        """Whether it is met in each lane."""
        met: NDArray[np.bool_] = self.margin(lanes) >= 0.0
        return met


def goals_of(scenario: Scenario) -> dict[str, Goal]:
    """The targets of a scenario within its years, by id."""
    out = {}
    for key, target in scenario.targets.items():
        if not scenario.years.start <= target.year <= scenario.years.end or target.indicator not in INDICATORS:
            continue
        region = scenario.report.focus_id if target.scope == "focus" else ALL
        out[key] = Goal(
            key, target.name.ja, target.name.en, target.indicator, region, target.year, target.value.value,
            target.direction == "at_most",
        )  # fmt: skip
    return out


def goals_named(scenario: Scenario, asked: Iterable[str]) -> tuple[Goal, ...]:
    """Return the targets that somebody names: an id of the scenario, or `INDICATOR:REGION:YEAR>=VALUE` (or `<=`).

    Raises
    ------
    InputError
        for a name, an indicator or a region that does not exist, a year outside the run, a value that is no number
    """
    known, faults, out = goals_of(scenario), [], []
    for text in asked:
        found = known.get(text) or _outside(scenario, text) or _own(scenario, text)
        if isinstance(found, Goal):
            out.append(found)
        else:
            faults.append(found or Fault("plan_no_target", arguments={
                "found": text, "allowed": tuple(known), "nearest": nearest(text, tuple(known)),
            }))  # fmt: skip
    if faults:
        raise InputError(faults)
    return tuple(out)


def _outside(scenario: Scenario, text: str) -> Fault | None:
    """Return the fault of a target of the scenario whose year no run reaches."""
    if text not in scenario.targets:
        return None
    told = {"found": scenario.targets[text].year, "allowed": f"{scenario.years.start} – {scenario.years.end}"}
    return Fault("plan_target_year", arguments=told)


def _own(scenario: Scenario, text: str) -> Goal | Fault | None:
    """Read a target of one's own; None where the text is none, a fault where it is a wrong one."""
    sign = next((sign for sign in (">=", "<=") if sign in text), None)
    if sign is None:
        return None
    series, _, amount = text.partition(sign)
    parts = series.strip().split(":")
    regions = (*scenario.regions, scenario.report.focus_id, ALL)
    if len(parts) != 3:
        return Fault("plan_target_form", arguments={"found": text})
    indicator, region, year = parts
    for found, allowed in ((indicator, tuple(INDICATORS)), (region, regions)):
        if found not in allowed:
            told = {"found": found, "allowed": allowed, "nearest": nearest(found, allowed)}
            return Fault("plan_target_unknown", arguments=told)
    value = _number(amount)
    if value is None or not year.isdecimal():
        return Fault("plan_target_form", arguments={"found": text})
    first, last = scenario.years.start, scenario.years.end
    if not first <= int(year) <= last:
        return Fault("plan_target_year", arguments={"found": year, "allowed": f"{first} – {last}"})
    info = INDICATORS[indicator]
    if info.unit == "share" and not 0.0 <= value <= 1.0:
        return Fault("plan_target_share", arguments={"found": amount.strip(), "allowed": "0 – 1"})
    return Goal(
        text, f"{info.name_ja} {year}年", f"{info.name_en} {year}", indicator, region, int(year), value, sign == "<="
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
