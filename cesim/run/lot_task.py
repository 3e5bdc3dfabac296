"""One lot-by-lot run: a lane of a scenario over some years, with some limits switched off."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.events.chain.build import Chain, resumed
from cesim.events.chain.plan import Capacities, ChainPlan
from cesim.events.laws import laws
from cesim.events.simulation import CHECKPOINT
from cesim.quantities import KeyedSource
from cesim.run.compile import compile_factors
from cesim.run.compile_facilities import compile_facilities
from cesim.run.lot_outcome import outcome_of
from cesim.run.lot_plan import balance_of, names_of
from cesim.run.sampler import Sampler

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.charge.dilution import AlloyWindow
    from cesim.events.chain.plan import YearPlan
    from cesim.run.lot_plan import BalanceYear
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

LIMITS: Final = ("capacity", "knowledge", "standard")
"""What stands between the potential and what is realised, in the order in which it is switched off."""
DONE: Final = "outcome.json"
"""The file that a task leaves when it is done."""


@dataclass(frozen=True)
class LotTask:
    """What is run.

    Attributes
    ----------
    lane
        0 is the best estimate, then come the draws.
    regions
        Numbers of the regions that are simulated lot by lot.
    batch
        Cars that come as one lot.
    off
        Limits that are switched off.
    """

    scenario: Scenario
    seed: int
    lane: int
    first: int
    last: int
    regions: tuple[int, ...]
    batch: int = 1
    off: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the folder of the task is called."""
        return "-".join([f"lane-{self.lane:05}", *(f"without-{limit}" for limit in self.off)])


@dataclass(frozen=True)
class Lane:
    """The luck of a lane: the same for all limits, another for another lane."""

    source: KeyedSource
    lane: int

    def u(self, name: str, first: int, count: int) -> Floats:
        """Return draws of a stream."""
        return self.source.u(f"lots {self.lane} {name}", first, count)


def planned(task: LotTask) -> tuple[ChainPlan, tuple[BalanceYear, ...]]:
    """Return what the chain is given, and the years of the balance that it comes from.

    Raises
    ------
    InputError
        ``no_facilities``
    NoAnswer
        See `cesim.run.solve`.
    """
    scenario = task.scenario
    sampler = Sampler(KeyedSource(task.seed), task.lane, 1)
    works = [compile_facilities(scenario, sampler, year) for year in range(task.first, task.last + 1)]
    years = tuple(balance_of(scenario, task.seed, task.lane, task.first, task.last, task.regions))
    plan = ChainPlan(
        names_of(scenario), task.regions, tuple(year.plan for year in years), tuple(one.capacities for one in works),
        works[0].practice, works[0].knowledge, works[0].distance_km,
    )  # fmt: skip
    return without(plan, task.off), years


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


def work(task: LotTask, folder: Path, step: Callable[[], None] | None = None) -> dict[str, Any]:
    """Run a task in a folder and return its outcome; one that was begun there is gone on with.

    Parameters
    ----------
    folder
        Where its tables lie.
    step
        Called at the end of every month.
    """
    done = folder / DONE
    if done.is_file():
        found: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
        return found
    plan, balance = planned(task)
    if (folder / CHECKPOINT).is_file():
        chain = resumed(folder)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        chain = Chain(plan, Lane(KeyedSource(task.seed), task.lane), folder, task.batch)
    chain.run(save=True, step=step)
    certificate = laws(chain.simulation)
    factors = compile_factors(task.scenario, Sampler(KeyedSource(task.seed), task.lane, 1))
    told: dict[str, Any] = outcome_of(task, chain, balance, folder, factors) | {"laws": certificate.as_dict()}
    staged = done.with_suffix(".part")
    staged.write_text(json.dumps(told), encoding="utf-8")
    staged.replace(done)
    return told
