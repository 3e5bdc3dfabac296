"""Runs of the made-up region lot by lot, kept in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from made_up_region import TINY

from cesim.events.chain.build import Chain
from cesim.quantities import KeyedSource
from cesim.run.lot_outcome import _returned
from cesim.run.lot_plan import in_focus
from cesim.run.lot_task import Lane, LotTask, planned
from cesim.scenario import open_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.events.chain.plan import ChainPlan
    from cesim.run.lot_plan import BalanceYear

_PLANS: dict[str, tuple[ChainPlan, tuple[BalanceYear, ...]]] = {}


def plan_of(
    changes: dict[str, Any] | None = None,
    off: tuple[str, ...] = (),
    years: tuple[int, int] = (2030, 2030),
    regions: tuple[int, ...] | None = None,
) -> tuple[ChainPlan, tuple[BalanceYear, ...]]:
    """Return a plan and the balance it comes from; the same question is worked out once."""
    key = repr((changes, off, years, regions))
    if key not in _PLANS:
        scenario = open_scenario("tutorial", TINY | (changes or {})).scenario
        _PLANS[key] = planned(LotTask(scenario, 0, 0, *years, regions or in_focus(scenario), 5, off))
    return _PLANS[key]


class Returned(NamedTuple):
    """t of 6000-series metal of scrapped cars in finished 6000-series parts."""

    lots: float
    balance: float

    @property
    def share(self) -> float:
        return self.lots / self.balance


def ran(plan: ChainPlan, seed: int = 0, batch: int = 5, source: Any = None) -> Chain:
    chain = Chain(plan, source or Lane(KeyedSource(seed), 0), None, batch)
    chain.run()
    return chain


def returned(chain: Chain, balance: tuple[BalanceYear, ...]) -> Returned:
    there = sum(_returned(chain, year.plan.metal) for year in balance)
    return Returned(chain.metal().family_mg["finished"] / 1e9, there)


def with_practice(plan: ChainPlan, heat: float = 1.0, **changes: Any) -> ChainPlan:
    """The same plan with other customs, and heats so many times as heavy."""
    masses = {alloy: mass * heat for alloy, mass in plan.practice.heat_t.items()}
    return replace(plan, practice=replace(plan.practice, heat_t=masses, **changes))


def with_capacity(plan: ChainPlan, region: int, **changes: Callable[[Any], Any]) -> ChainPlan:
    """The same plan where the works of a region can do something else in every year."""
    years = []
    for year in plan.capacities:
        own = replace(year[region], **{name: change(getattr(year[region], name)) for name, change in changes.items()})
        years.append((*year[:region], own, *year[region + 1 :]))
    return replace(plan, capacities=tuple(years))
