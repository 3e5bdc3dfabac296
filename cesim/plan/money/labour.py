"""Work that a plan asks for: people, and hours at the scrapped cars. It is told, and paid for in the accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.plan.money.chosen import chosen_plan
from cesim.plan.money.costs import sampler_of
from cesim.plan.money.timing import timing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.run.sampler import Sampler
    from cesim.scenario.effects import Decision
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]


def person_years(
    scenario: Scenario, choice: Mapping[str, Decision] | None = None, luck: Sampler | tuple[int, int] = (0, 1)
) -> dict[str, Floats]:
    """Return people at work on each measure (year, lane), base year to last year of the plan."""
    plan, active = chosen_plan(scenario, choice)
    sampler = sampler_of(luck)
    return {
        name: np.multiply.outer(
            timing(plan.measures[name], plan.base_year, plan.until).carried,
            sampler.value(f"plan.measures.{name}.jobs", plan.measures[name].jobs),
        )
        for name in active
    }


def hours(
    scenario: Scenario,
    scrapped: Floats,
    choice: Mapping[str, Decision] | None = None,
    luck: Sampler | tuple[int, int] = (0, 1),
) -> dict[str, Floats]:
    """Return hours of work at the scrapped cars for each measure (year, lane).

    Parameters
    ----------
    scrapped : (year, lane)
        cars scrapped in the country (`elv_count`), base year to last year of the plan
    """
    plan, active = chosen_plan(scenario, choice)
    sampler = sampler_of(luck)
    out = {}
    for name in active:
        minutes = sampler.value(f"plan.measures.{name}.minutes", plan.measures[name].minutes)
        carried = timing(plan.measures[name], plan.base_year, plan.until).carried
        out[name] = np.multiply.outer(carried, minutes) * scrapped / 60.0
    return out
