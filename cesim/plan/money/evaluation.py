"""A plan evaluated: its effect on every indicator, its targets, its costs and what a tonne costs.

Both sides share their luck, so the spread of a difference is that of the difference and not of two unrelated runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cesim.indicators import INDICATORS
from cesim.plan.money.chances import all_met, chances
from cesim.plan.money.chosen import with_measures
from cesim.plan.money.costs import costs
from cesim.plan.money.differences import difference
from cesim.plan.money.unit_costs import SHARED, unit_costs
from cesim.run.accumulate import sample
from cesim.run.goals import goals_of
from cesim.scenario.effects import in_effect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.plan.money.chances import Chance, GoalChances
    from cesim.plan.money.costs import Costs
    from cesim.plan.money.unit_costs import NoUnitCost, UnitCost
    from cesim.run import Evaluated, Prepared
    from cesim.scenario.effects import Decision
    from cesim.scenario.model import Scenario
    from cesim.text.catalogue import Language

    Floats = NDArray[np.float64]


class Spread(NamedTuple):
    """A figure over the draws."""

    best: float
    p05: float
    p50: float
    p95: float


class IndicatorEffect(NamedTuple):
    """What a plan does to one indicator."""

    indicator: str
    region: str
    year: int
    without: Spread
    chosen: Spread
    difference: Spread
    """Zero where it is no more than rounding (`ROUNDING`)."""

    @property
    def direction(self) -> Literal["up", "down", "none", "not_resolvable"]:
        """Where it goes: told where 5th and 95th percentile of the difference agree."""
        if self.difference.p05 > 0:
            return "up"
        if self.difference.p95 < 0:
            return "down"
        return "not_resolvable" if any(self.difference) else "none"


class NotTold(NamedTuple):
    """An indicator that is a share of nothing in some draw, with the plan or without it."""

    indicator: str
    region: str
    year: int


@dataclass(frozen=True)
class Evaluation:
    """A choice of measures and the scenario without any, draw by draw."""

    scenario: Scenario
    """With the measures in effect."""
    chosen: Evaluated
    without: Evaluated
    costs: Costs

    @cached_property
    def goals(self) -> list[GoalChances]:
        """Each target of the scenario, with the plan and without it."""
        return chances(goals_of(self.scenario).values(), self.chosen, self.without)

    def all_met(self) -> tuple[Chance | None, Chance | None]:
        """Share of futures in which all targets are met at once: with the plan, without it."""
        known = tuple(goals_of(self.scenario).values())
        return all_met(known, self.chosen), all_met(known, self.without)

    def unit_costs(self, shared: float = SHARED) -> list[UnitCost | NoUnitCost]:
        """Cost per tonne returned and per t CO2e avoided."""
        assert self.scenario.plan is not None
        materials = {name: held.material for name, held in self.scenario.plan.measures.items()}
        return unit_costs(self.costs, self.chosen, self.without, materials, shared)

    def effects(
        self, regions: Sequence[str] | None = None, years: Sequence[int] | None = None
    ) -> list[IndicatorEffect]:
        """Effect on every indicator, by default in all regions and groups and in the report years."""
        return [found for found in self._compared(regions, years) if isinstance(found, IndicatorEffect)]

    def not_told(self, regions: Sequence[str] | None = None, years: Sequence[int] | None = None) -> list[NotTold]:
        """What has no effect to tell, because there is nothing to compare."""
        return [found for found in self._compared(regions, years) if isinstance(found, NotTold)]

    def effect(self, indicator: str, region: str, year: int) -> IndicatorEffect | NotTold:
        """Effect on one indicator."""
        return _effect(self.chosen, self.without, indicator, region, year)

    def _compared(
        self, regions: Sequence[str] | None, years: Sequence[int] | None
    ) -> Iterator[IndicatorEffect | NotTold]:
        asked = [year for year in (years or self.scenario.report.years) if year in self.chosen.years]
        for indicator in self.chosen.names:
            for region in regions or self.chosen.regions:
                for year in asked:
                    yield self.effect(indicator, region, year)

    def frame(
        self, lang: Language = "ja", regions: Sequence[str] | None = None, years: Sequence[int] | None = None
    ) -> pd.DataFrame:
        """Tidy rows of `effects`; those of `not_told` are left out.

        Columns ``indicator, indicator_name, unit, region, year``, then ``without_``, ``with_`` and ``difference_`` each
        with ``best, p05, p50, p95``, and ``direction``.
        """
        import pandas as pd

        rows = []
        for one in self.effects(regions, years):
            info = INDICATORS[one.indicator]
            name = info.name_ja if lang == "ja" else info.name_en
            figures = (*one.without, *one.chosen, *one.difference)
            rows.append((one.indicator, name, info.unit, one.region, one.year, *figures, one.direction))
        figures_of = [f"{side}_{figure}" for side in ("without", "with", "difference") for figure in Spread._fields]
        columns = ["indicator", "indicator_name", "unit", "region", "year", *figures_of, "direction"]
        return pd.DataFrame(rows, columns=columns)


def evaluation(
    prepared: Prepared, choice: Mapping[str, Decision] | None = None, without: Evaluated | None = None
) -> Evaluation:
    """Evaluate a choice of measures, by default those adopted, against the scenario without any.

    Parameters
    ----------
    prepared
        the scenario held ready: its draws are those of the costs
    without
        indicators without any measure, where they are at hand; otherwise they are solved

    Raises
    ------
    InputError
        as `costs`
    NoAnswer
        when the model has no answer with these measures
    """
    scenario = prepared.plan.scenario
    lanes = prepared.plan.lanes
    paid = costs(scenario, choice, (prepared.plan.seed, 1 if lanes == 1 else lanes - 1))
    steered = with_measures(scenario, choice)
    before = prepared.solve(in_effect(scenario, {})) if without is None else without
    return Evaluation(steered, prepared.solve(steered), before, paid)


def _effect(chosen: Evaluated, without: Evaluated, indicator: str, region: str, year: int) -> IndicatorEffect | NotTold:
    after, before = chosen.lanes(indicator, region, year), without.lanes(indicator, region, year)
    if not (np.isfinite(after).all() and np.isfinite(before).all()):
        return NotTold(indicator, region, year)
    spreads = (_spread(lanes) for lanes in (before, after, difference(after, before)))
    return IndicatorEffect(indicator, region, year, *spreads)


def _spread(lanes: Floats) -> Spread:
    p05, p50, p95 = np.quantile(sample(lanes), [0.05, 0.5, 0.95]).tolist()
    return Spread(float(lanes[0]), p05, p50, p95)
