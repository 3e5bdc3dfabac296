"""What stands between the potential and what is realised, switched off one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.plan import Capacities

if TYPE_CHECKING:
    from cesim.charge.dilution import AlloyWindow
    from cesim.events.chain.plan import ChainPlan, YearPlan

LIMITS: Final = ("capacity", "knowledge", "standard")
"""What stands between the potential and what is realised, in the order in which it is switched off."""


def without(plan: ChainPlan, off: tuple[str, ...]) -> ChainPlan:
    """Return the plan with some limits switched off."""
    if "capacity" in off:
        plan = replace(plan, capacities=tuple(tuple(map(_unlimited, year)) for year in plan.capacities))
    if "knowledge" in off:
        plan = replace(plan, knowledge=replace(plan.knowledge, records="perfect"))
    if "standard" in off:
        practice = replace(plan.practice, approval_months=0.0)
        plan = replace(plan, years=tuple(map(_without_standard, plan.years)), practice=practice)
    return plan


def _unlimited(works: Capacities) -> Capacities:
    return Capacities(base_minutes=works.base_minutes)


def _without_standard(year: YearPlan) -> YearPlan:
    """The same year with every alloy open to everything."""
    metal = year.metal
    open_ = tuple(_open(window) for window in metal.windows)
    return replace(year, metal=replace(metal, windows=open_, approved=np.ones_like(metal.approved)))


def _open(window: AlloyWindow) -> AlloyWindow:
    return replace(window, lower=np.zeros_like(window.lower), upper=np.ones_like(window.upper))
