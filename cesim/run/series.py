"""From yearly numerators and denominators to indicator series by region, lane by lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.indicators import HEADLINES
from cesim.indicators.population import content_of_new_types
from cesim.run.accumulate import Series
from cesim.run.evaluated import NEW_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.run.compile import Compiled
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

ALL = "all"
"""The id of all regions together."""


def headline_names(scenario: Scenario) -> tuple[str, ...]:
    """Indicators that open the report, and those that somebody has set a target for."""
    return tuple(dict.fromkeys([*HEADLINES, *(target.indicator for target in scenario.targets.values())]))


def headline_year(scenario: Scenario) -> int:
    """The year whose spread is explained: 2035 where it is reported, else the last one."""
    return 2035 if 2035 in scenario.report.years else scenario.report.years[-1]


def groups(scenario: Scenario) -> dict[str, list[int]]:
    """Region ids and groups of them: every region, the focus, and all together."""
    regions = list(scenario.regions)
    out = {name: [n] for n, name in enumerate(regions)}
    out[scenario.report.focus_id] = [regions.index(name) for name in scenario.report.focus]
    out[ALL] = list(range(len(regions)))
    return out


def finish(
    scenario: Scenario,
    years: NDArray[np.int64],
    parts: Sequence[Mapping[str, tuple[Floats, Floats | None]]],
    compiled: Compiled,
    kept: int,
) -> Series:
    """All indicators as series keyed (indicator, group, year)."""
    series = Series()
    for group, members in groups(scenario).items():
        averages: dict[str, list[Floats]] = {}
        for year, held in zip(years, parts, strict=True):
            for name, (numerator, denominator) in held.items():
                value = _value(numerator, denominator, members)
                if name.startswith("_"):
                    averages.setdefault(name, []).append(value)
                else:
                    series.put((name, group, str(year)), value[:kept])
        for name, values in averages.items():
            new = content_of_new_types(np.stack(values, axis=1), compiled.type_cycle, compiled.type_ceiling)
            for at, year in enumerate(years):
                series.put((NEW_TYPES[name], group, str(year)), new[:kept, at])
    return series.closed()


def _value(numerator: Floats, denominator: Floats | None, members: list[int]) -> Floats:
    """Sum over the group; a share is the ratio of the sums, NaN where there is nothing to compare with."""
    top: Floats = numerator[members].sum(axis=0)
    if denominator is None:
        return top
    whole = denominator[members].sum(axis=0)
    share: Floats = np.where(whole > 0, top / np.where(whole > 0, whole, 1.0), np.nan)
    return share
