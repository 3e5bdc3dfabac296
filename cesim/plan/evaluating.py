"""A plan evaluated against doing nothing and against itself without each pillar, in the same futures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

import numpy as np

from cesim.plan.futures import ADOPTED, NOTHING
from cesim.plan.money import COST, Evaluation, accounts, chances, costs, evaluation, hours, person_years, regret_of
from cesim.plan.money.differences import difference
from cesim.run.accumulate import sample
from cesim.run.goals import goals_of
from cesim.run.series import ALL
from cesim.scenario.effects import in_effect
from cesim.scenario.plan import Pillar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.plan.futures import Choice, Futures
    from cesim.plan.money import Accounts, GoalChances, Regret
    from cesim.run.goals import Goal
    from cesim.scenario.plan import Actor

    Floats = NDArray[np.float64]

WITHOUT: Final = "without_"
"""Before the name of the pillar that is left out."""
HOURS: Final = "hours"


class Work(NamedTuple):
    """Work that the plan asks for in a year: person-years at an actor, or hours at the scrapped cars."""

    year: int
    what: str
    """`person_years` or `hours`."""
    actor: Actor
    best: float
    mean: float


class Standing(NamedTuple):
    """How one of the plans compared does in one respect."""

    plan: str
    what: str
    """Id of a target, `cost`, or `cost_and_target`."""
    target: str
    """The target that is compared, or that goes with the cost; empty for the cost alone."""
    best: float
    """Share of futures in which no other plan is better."""
    regret: Regret | None
    """None where it is an order and no number: `cost_and_target`."""


@dataclass(frozen=True)
class PlanEvaluation:
    """Everything that is told of a plan."""

    evaluation: Evaluation
    goals: tuple[Goal, ...]
    """The main targets, or those asked for."""
    plans: Mapping[str, Evaluation]
    """`adopted`, `without_<pillar>`, `nothing`."""
    accounts: Accounts
    work: tuple[Work, ...]
    waiting: tuple[str, ...]
    """Adopted measures without what they need."""
    draws: int
    seed: int

    @property
    def is_single(self) -> bool:
        """Whether there is the best estimate alone."""
        return self.draws == 1

    def chances(self) -> list[GoalChances]:
        """Every target of the scenario and those asked for, with the plan and without it."""
        known = {**goals_of(self.evaluation.scenario), **{goal.id: goal for goal in self.goals}}
        return chances(known.values(), self.evaluation.chosen, self.evaluation.without)

    def untold(self) -> list[Goal]:
        """Targets whose indicator has no value in some future."""
        told = {one.goal.id for one in self.chances()}
        return [goal for key, goal in goals_of(self.evaluation.scenario).items() if key not in told]

    def standings(self) -> list[Standing]:
        """How the plans compare in each main target, in cost, and in both."""
        out = []
        for goal in self._comparable():
            better = "less" if goal.at_most else "more"
            found = regret_of(self.plans, goal.indicator, better, goal.region, goal.year)  # type: ignore[arg-type]
            out += [Standing(name, goal.id, goal.id, one.best, one) for name, one in found.items()]
        out += [Standing(name, COST, "", one.best, one) for name, one in regret_of(self.plans, COST, "less").items()]
        for goal in self._comparable():
            best = cheapest_that_meets(
                {name: sample(one.costs.present()) for name, one in self.plans.items()},
                {name: goal.margin(one.chosen.draws(*goal.series)) for name, one in self.plans.items()},
            )
            out += [Standing(name, "cost_and_target", goal.id, share, None) for name, share in best.items()]
        return out

    def _comparable(self) -> list[Goal]:
        """The main targets whose indicator has a value in every future of every plan."""
        return [
            goal for goal in self.goals
            if all(np.isfinite(one.chosen.draws(*goal.series)).all() for one in self.plans.values())
        ]  # fmt: skip


def cheapest_that_meets(spent: Mapping[str, Floats], margins: Mapping[str, Floats]) -> dict[str, float]:
    """Return in what share of futures each plan is the cheapest of those that meet a target.

    Where none meets it in a future, the plan that comes nearest counts. No price is put on a target.

    Parameters
    ----------
    spent, margins
        plan -> present value (draw,), and by how much the target is met (draw,), below zero where it is missed
    """
    money, margin = np.stack(list(spent.values())), np.stack(list(margins.values()))
    met = margin >= 0.0
    priced = np.where(met, money, np.inf)
    lowest = np.where(met.any(axis=0), priced.min(axis=0), 0.0)
    cheapest = met & (difference(np.where(met, money, 0.0), np.where(met, lowest, 0.0)) == 0.0)
    nearest = difference(margin.max(axis=0), margin) == 0.0
    best = np.where(met.any(axis=0), cheapest, nearest)
    return dict(zip(spent, best.mean(axis=1).tolist(), strict=True))


def evaluate_plan(
    futures: Futures, goals: Sequence[Goal], progress: Callable[[int, int], None] | None = None
) -> PlanEvaluation:
    """Evaluate what the plan of a scenario has adopted.

    Parameters
    ----------
    goals
        the main targets; every target of the scenario is counted beside them
    progress
        called with (solved, to be solved)

    Raises
    ------
    InputError
        as `costs`
    NoAnswer
        when the model has no answer
    """
    prepared, seed = futures.prepared, futures.prepared.plan.seed
    choices = alternatives(futures)
    total, done = len(choices) + 1, 0

    def tell() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    bare = in_effect(futures.scenario, {})
    without = prepared.solve(bare)
    plans: dict[str, Evaluation] = {}
    for name, choice in choices.items():
        tell()
        plans[name] = evaluation(prepared, choice, without)
    luck = (seed, futures.draws)
    plans[NOTHING] = Evaluation(bare, without, without, costs(futures.scenario, {}, luck))
    own = plans[ADOPTED]
    paid = accounts(futures.scenario, futures.adopted)
    tell()
    active = {held.name for held in own.costs.measures}
    waiting = tuple(name for name in futures.plan.adopted if name not in active)
    return PlanEvaluation(own, tuple(goals), plans, paid, _work(futures, own), waiting, futures.draws, seed)


def alternatives(futures: Futures) -> dict[str, Choice]:
    """Return the plans compared but for the one that adopts nothing: all adopted, and all but one pillar each."""
    adopted, measures = futures.adopted, futures.plan.measures
    out = {ADOPTED: adopted}
    for pillar in get_args(Pillar):
        kept = {name: how for name, how in adopted.items() if measures[name].pillar != pillar}
        if 0 < len(kept) < len(adopted):
            out[f"{WITHOUT}{pillar}"] = kept
    return out


def _work(futures: Futures, own: Evaluation) -> tuple[Work, ...]:
    """Person-years and hours in the report years, by actor."""
    luck = (futures.prepared.plan.seed, futures.draws)
    people = person_years(futures.scenario, futures.adopted, luck)
    scrapped = np.zeros((len(own.costs.years), own.costs.lanes))
    for at, year in enumerate(own.costs.years):
        if year in own.chosen.years:
            scrapped[at] = own.chosen.lanes("elv_count", ALL, year)
    at_cars = hours(futures.scenario, scrapped, futures.adopted, luck)
    out = []
    for year in futures.scenario.report.years:
        if year not in own.costs.years:
            continue
        at = own.costs.years.index(year)
        for what, held in (("person_years", people), (HOURS, at_cars)):
            if what == HOURS and year not in own.chosen.years:
                continue
            sums: dict[Actor, Floats] = {}
            for name, amounts in held.items():
                actor = futures.plan.measures[name].actor
                sums[actor] = sums.get(actor, np.zeros(own.costs.lanes)) + amounts[at]
            out += [
                Work(year, what, actor, float(lanes[0]), float(sample(lanes).mean()))
                for actor, lanes in sums.items() if lanes.any()
            ]  # fmt: skip
    return tuple(out)
