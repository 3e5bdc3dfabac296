"""A survey of what is not known: the spread of the headlines and the value of knowing, for one plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError
from cesim.plan.futures import ADOPTED, NOTHING, chosen
from cesim.plan.money import costs
from cesim.plan.survey.inputs import MONEY, Input, inputs_of, luck
from cesim.plan.survey.knowing import Alternative, Knowing, value_of_knowing
from cesim.plan.survey.spread import FEWEST_DRAWS, Spread, spreads
from cesim.run.accumulate import sample
from cesim.run.series import headline_names, headline_year
from cesim.scenario.effects import in_effect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.plan.futures import Choice, Futures
    from cesim.run.goals import Goal, SeriesKey

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stake:
    """What a choice between plans is about: money against what is missing to a target."""

    goal: Goal
    price: float
    """JPY that a unit missing to the target counts for."""
    is_implied: bool
    """Whether the price is the one at which the plan is just worth its cost, for want of another."""
    alternatives: tuple[Alternative, ...]
    cost: Mapping[str, float]
    """Alternative -> expected present value, JPY; one is named `adopted`, `nothing` or `without A, B, C`."""
    missing: Mapping[str, float]
    """Alternative -> expected shortfall from the target, in its unit."""
    knowing: Knowing | None


@dataclass(frozen=True)
class Survey:
    """What is not known, and what it would bring to know it."""

    inputs: tuple[Input, ...]
    spreads: tuple[Spread, ...]
    stakes: tuple[Stake, ...]
    unpriced: tuple[Goal, ...]
    """Targets for which no price follows: the plan costs nothing, or changes nothing that is missing."""
    draws: int


def survey(
    futures: Futures,
    goals: Sequence[Goal],
    prices: Mapping[str, float] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Survey:
    """Say what makes headlines uncertain and what knowing each number is worth for the choice between plans.

    The alternatives are the plan as adopted, without each of its measures, without the two, three and more that bring
    least for their cost, and nothing at all. Of the money only what is spent on measures that move the target counts.

    Parameters
    ----------
    goals
        targets that plans are judged by, one after the other
    prices
        target -> JPY that a unit missing to it counts for; where it is left out, the price at which the plan as a
        whole is just worth its cost: there the choice is most in doubt

    Raises
    ------
    InputError
        for fewer than 100 draws, of which no share of a spread can be told, or where nothing is adopted
    """
    check_draws(futures.draws)
    choices = _choices(futures)
    scenario = in_effect(futures.scenario)
    headlines = [(name, scenario.report.focus_id, headline_year(scenario)) for name in headline_names(scenario)]
    wanted = list(dict.fromkeys([*headlines, *(goal.series for goal in goals)]))
    lanes = sample(futures.lanes(list(choices.values()), wanted, progress), axis=2)
    inputs = inputs_of(scenario)
    drawn_luck = luck(futures, inputs)
    adopted = list(choices).index(ADOPTED)
    drawn: dict[SeriesKey, Floats] = {
        series: lanes[adopted, at] for at, series in enumerate(wanted)
        if series in headlines and np.isfinite(lanes[adopted, at]).all()
    }  # fmt: skip
    stakes, unpriced = [], []
    for goal in goals:
        margins = {name: goal.margin(lanes[n, wanted.index(goal.series)]) for n, name in enumerate(choices)}
        stake = _stake(futures, goal, _Table(futures, choices, margins), (prices or {}).get(goal.id), drawn_luck)
        stakes += [stake] if stake is not None else []
        unpriced += [goal] if stake is None else []
    return Survey(inputs, spreads(inputs, drawn_luck, drawn), tuple(stakes), tuple(unpriced), futures.draws)


def check_draws(draws: int) -> None:
    """Raise `InputError` for fewer draws than a share of a spread can be told of."""
    if draws < FEWEST_DRAWS:
        raise InputError([Fault("plan_few_draws", arguments={"found": draws, "least": FEWEST_DRAWS})])


def _choices(futures: Futures) -> dict[str, Choice]:
    """The plan as adopted, without each active measure (and what needs it), and nothing."""
    plan = futures.plan
    active = [name for name in plan.adopted if name in plan.active(plan.adopted)]
    if not active:
        raise InputError([Fault("plan_adopts_nothing", arguments={"allowed": tuple(plan.measures)})])
    out = {ADOPTED: chosen(active)}
    out |= {_without([name]): _left(futures, active, [name]) for name in active}
    return {**out, NOTHING: chosen([])}


def _without(names: Sequence[str]) -> str:
    return f"without {', '.join(names)}"


def _left(futures: Futures, active: Sequence[str], dropped: Sequence[str]) -> Choice:
    """What is left of a plan without some measures and what needs them."""
    return chosen(futures.plan.active(name for name in active if name not in dropped))


class _Table:
    """What each alternative spends and what is missing then, for one target."""

    def __init__(self, futures: Futures, choices: Mapping[str, Choice], margins: Mapping[str, Floats]) -> None:
        self.futures, self.active = futures, list(choices[ADOPTED])
        self.moving = [name for name in self.active if not np.array_equal(margins[_without([name])], margins[ADOPTED])]
        """Measures that move the target in any future; the others are no part of a choice about it."""
        names = (ADOPTED, *(_without([name]) for name in self.moving), NOTHING)
        self.short = {name: np.maximum(0.0, -margins[name]) for name in names}
        self._worth = self._by_measure()
        self.spent = {name: self._spends(choices[name]) for name in names}

    def _by_measure(self) -> dict[str, Floats]:
        """Present value (draw,) of each measure, all payers together."""
        seed = self.futures.prepared.plan.seed
        total = costs(self.futures.scenario, chosen(self.active), (seed, self.futures.draws))
        return {name: sample(total.present(measure=name)) for name in self.moving}

    def _spends(self, choice: Choice) -> Floats:
        none = np.zeros(self.futures.draws)
        value: Floats = sum((self._worth[name] for name in choice if name in self._worth), none)
        return value

    def reads(self, path: str) -> bool:
        """Whether a number may matter here: costs of measures that do not move the target are no part of the choice."""
        parts = path.split(".")
        is_cost = parts[:2] == ["plan", "measures"] and parts[3] in MONEY
        return not is_cost or parts[2] in self.moving

    def implied(self) -> float | None:
        """JPY a unit missing at which the plan is as good as nothing; None where there is no such price."""
        more = float(self.spent[ADOPTED].mean() - self.spent[NOTHING].mean())
        less = float(self.short[NOTHING].mean() - self.short[ADOPTED].mean())
        return more / less if more > 0.0 and less > 0.0 else None

    def drop(self, goal: Goal, price: float) -> None:
        """Add the plan without the two, three and more measures that bring least for their cost."""
        gains = {
            name: float((price * (self.short[_without([name])] - self.short[ADOPTED]) - self._worth[name]).mean())
            for name in self.moving
        }
        ordered = sorted(gains, key=lambda name: gains[name])
        dropped = [ordered[:count] for count in range(2, len(ordered))]
        left = [_left(self.futures, self.active, names) for names in dropped]
        if not left:
            return
        lanes = sample(self.futures.lanes(left, [goal.series])[:, 0], axis=1)
        for names, choice, own in zip(dropped, left, lanes, strict=True):
            self.short[_without(names)] = np.maximum(0.0, -goal.margin(own))
            self.spent[_without(names)] = self._spends(choice)


def _stake(
    futures: Futures, goal: Goal, table: _Table, given: float | None, drawn_luck: Mapping[str, Floats]
) -> Stake | None:
    """What knowing is worth for one target; None where it has no price."""
    price = given if given is not None else table.implied()
    if price is None:
        return None
    table.drop(goal, price)
    alternatives = tuple(Alternative(name, table.spent[name] + price * table.short[name]) for name in table.spent)
    told = {path: u for path, u in drawn_luck.items() if table.reads(path)}
    return Stake(
        goal, price, given is None, alternatives,
        {name: float(one.mean()) for name, one in table.spent.items()},
        {name: float(one.mean()) for name, one in table.short.items()},
        value_of_knowing(alternatives, told, futures.prepared.plan.seed),
    )  # fmt: skip
