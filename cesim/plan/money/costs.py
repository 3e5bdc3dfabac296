"""What measures cost, who pays and when: draw by draw, with the luck of the flows they change.

The rules stand in docs/plan-costs.md. Money is that of one year: real JPY, discounted with a real rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from cesim.plan.money.chosen import chosen_plan
from cesim.plan.money.subsidies import granted
from cesim.plan.money.timing import timing
from cesim.quantities import KeyedSource
from cesim.run.asked import check_asked
from cesim.run.sampler import Sampler
from cesim.scenario.plan import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.plan.money.timing import Timing
    from cesim.scenario.effects import Decision
    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import ActionPlan
    from cesim.text.catalogue import Language

    Floats = NDArray[np.float64]

Kind = Literal["investment", "renewal", "running", "subsidy_received", "subsidy_paid"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""What money is for. Subsidies received are below zero; they come out of those paid."""

ACTORS: Final[tuple[Actor, ...]] = get_args(Actor)


@dataclass(frozen=True)
class MeasureCosts:
    """What one measure costs."""

    name: str
    actor: Actor
    timing: Timing
    investment: Floats
    """(lane,) JPY, to carry it out in full."""
    running: Floats
    """(lane,) JPY a year, once it is full."""
    subsidy: Floats
    """(year, lane) JPY of public money."""

    def of(self, kind: Kind) -> Floats:
        """JPY (year, lane) of one kind."""
        if kind == "investment":
            return np.multiply.outer(self.timing.bought, self.investment)
        if kind == "renewal":
            return np.multiply.outer(self.timing.renewed, self.investment)
        if kind == "running":
            return np.multiply.outer(self.timing.carried, self.running)
        return -self.subsidy if kind == "subsidy_received" else self.subsidy

    def entries(self) -> Iterator[tuple[Actor, Kind, Floats]]:
        """Yield who pays what: JPY (year, lane), below zero what is received."""
        for kind in KINDS:
            yield ("state" if kind == "subsidy_paid" else self.actor), kind, self.of(kind)


@dataclass(frozen=True)
class Costs:
    """What a set of measures costs, by measure, actor, kind, year and lane.

    Lanes are those of a run with the same seed: lane 0 the best estimate, lane i draw i - 1. What an actor receives is
    below zero, so that the sum over the actors is the cost to all together.
    """

    measures: tuple[MeasureCosts, ...]
    years: tuple[int, ...]
    """From the base year of the plan to its last."""
    discount: Floats
    """(lane,) real rate a year."""
    first: int = 0
    """First lane; 0 is the best estimate."""

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Those who pay or receive anything, in the order of the scenario's list."""
        there = {actor for held in self.measures for actor, _, money in held.entries() if money.any()}
        return tuple(actor for actor in ACTORS if actor in there)

    @property
    def lanes(self) -> int:
        """Number of lanes."""
        return self.discount.size

    @cached_property
    def discounting(self) -> Floats:
        """(year, lane) what a JPY of each year is worth in the base year: ``(1 + r) ** -(t - base)``."""
        ahead = np.arange(len(self.years), dtype=np.float64)[:, None]
        return np.power(1.0 + self.discount, -ahead)

    def entries(self) -> Iterator[tuple[str, Actor, Kind, Floats]]:
        """Yield (measure, actor, kind, JPY (year, lane)) of everything that is paid."""
        for held in self.measures:
            for actor, kind, money in held.entries():
                yield held.name, actor, kind, money

    def by_year(
        self, actor: Actor | None = None, measure: str | None = None, kinds: tuple[Kind, ...] | None = None
    ) -> Floats:
        """JPY (year, lane) of an actor, of a measure, of some kinds; of all where they are left out."""
        total = np.zeros((len(self.years), self.lanes))
        for name, payer, kind, money in self.entries():
            if (actor in (None, payer)) and measure in (None, name) and (kinds is None or kind in kinds):
                total += money
        return total

    def by_actor(self) -> dict[Actor, Floats]:
        """JPY (year, lane) of each actor."""
        return {actor: self.by_year(actor) for actor in self.actors}

    def present(
        self, actor: Actor | None = None, measure: str | None = None, kinds: tuple[Kind, ...] | None = None
    ) -> Floats:
        """Present value (lane,), JPY of the base year: each year's money divided by ``(1 + r) ** (t - base)``."""
        value: Floats = (self.by_year(actor, measure, kinds) * self.discounting).sum(axis=0)
        return value

    def frame(self, lang: Language = "ja", by: tuple[str, ...] = ("measure", "actor", "kind", "year")) -> pd.DataFrame:
        """Tidy rows with best estimate, median and 5-95 %; see `cesim.plan.money.frames.costs_frame`."""
        from cesim.plan.money.frames import costs_frame

        return costs_frame(self, lang, by)


def costs(
    scenario: Scenario, choice: Mapping[str, Decision] | None = None, luck: Sampler | tuple[int, int] = (0, 1)
) -> Costs:
    """Return what a choice of measures costs.

    Parameters
    ----------
    scenario
        a scenario with a plan
    choice
        measure -> how it is carried out; None for those adopted. One without what it needs waits, and costs nothing
    luck
        a sampler of the run's lanes, or its (seed, draws); with one draw the best estimate alone

    Raises
    ------
    InputError
        see `chosen_plan`; for a seed or a number of draws that cannot be used
    """
    plan, active = chosen_plan(scenario, choice)
    sampler = sampler_of(luck)
    held = tuple(_measure_costs(plan, name, sampler) for name in active)
    discount = sampler.value("plan.discount", plan.discount)
    return Costs(held, tuple(range(plan.base_year, plan.until + 1)), discount, sampler.first)


def sampler_of(luck: Sampler | tuple[int, int]) -> Sampler:
    """Return a sampler of all lanes of a run with this (seed, draws)."""
    if isinstance(luck, Sampler):
        return luck
    asked = check_asked(seed=luck[0], draws=luck[1])
    return Sampler(KeyedSource(asked["seed"]), 0, 1 if asked["draws"] == 1 else asked["draws"] + 1)


def _measure_costs(plan: ActionPlan, name: str, sampler: Sampler) -> MeasureCosts:
    measure, drawn = plan.measures[name], sampler.under(f"plan.measures.{name}")
    investment = drawn.value("investment", measure.investment)
    when = timing(measure, plan.base_year, plan.until)
    running = drawn.value("running", measure.running)
    return MeasureCosts(name, measure.actor, when, investment, running, granted(measure, when, investment, drawn))
