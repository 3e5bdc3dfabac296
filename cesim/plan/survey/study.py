"""A survey of what is not known: the spread of the headlines and the value of knowing, for one plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError
from cesim.plan.futures import chosen
from cesim.plan.money import costs
from cesim.plan.survey.inputs import Input, inputs_of, luck
from cesim.plan.survey.knowing import Alternative, Knowing, value_of_knowing
from cesim.plan.survey.spread import FEWEST_DRAWS, Spread, spreads
from cesim.run.series import headline_names
from cesim.scenario.effects import in_effect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.plan.futures import Choice, Futures
    from cesim.plan.goals import Goal, SeriesKey

    Floats = NDArray[np.float64]

ADOPTED, NOTHING = "adopted", "nothing"
"""Names of two alternatives; the others are `without MEASURE`."""


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
    """Alternative -> expected present value, JPY."""
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

    The alternatives are the plan as adopted, without each of its measures, and nothing at all; of the money only what
    is spent on measures that move the target counts.

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
    if futures.draws < FEWEST_DRAWS:
        raise InputError([Fault("plan_few_draws", arguments={"found": futures.draws, "least": FEWEST_DRAWS})])
    choices = _choices(futures)
    scenario = in_effect(futures.scenario)
    year = 2035 if 2035 in scenario.report.years else scenario.report.years[-1]
    headlines = [(name, scenario.report.focus_id, year) for name in headline_names(scenario)]
    wanted = list(dict.fromkeys([*headlines, *(goal.series for goal in goals)]))
    lanes = futures.lanes(list(choices.values()), wanted, progress)[:, :, 1:]
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
        moving = _moving(margins)
        short = {name: np.maximum(0.0, -margins[name]) for name in (ADOPTED, *map(_without, moving), NOTHING)}
        spent = {name: _spent(futures, choices[name], moving) for name in short}
        given = (prices or {}).get(goal.id)
        price = given if given is not None else _implied(spent, short)
        if price is None:
            unpriced.append(goal)
            continue
        stakes.append(_stake(goal, price, given is None, spent, short, drawn_luck))
    return Survey(inputs, spreads(inputs, drawn_luck, drawn), tuple(stakes), tuple(unpriced), futures.draws)


def _choices(futures: Futures) -> dict[str, Choice]:
    """The plan as adopted, without each active measure (and what needs it), and nothing."""
    plan = futures.plan
    active = [name for name in plan.adopted if name in plan.active(plan.adopted)]
    if not active:
        raise InputError([Fault("plan_adopts_nothing", arguments={"allowed": tuple(plan.measures)})])
    out = {ADOPTED: chosen(active)}
    for name in active:
        out[_without(name)] = chosen(plan.active(other for other in active if other != name))
    out[NOTHING] = chosen([])
    return out


def _without(name: str) -> str:
    return f"without {name}"


def _moving(margins: Mapping[str, Floats]) -> tuple[str, ...]:
    """Measures that move the target in any future; the others are no part of a choice about it."""
    names = [name for name in margins if name not in (ADOPTED, NOTHING)]
    return tuple(name.removeprefix("without ") for name in names if not np.array_equal(margins[name], margins[ADOPTED]))


def _spent(futures: Futures, choice: Choice, moving: Sequence[str]) -> Floats:
    """Present value (draw,) of what a choice spends on measures that move the target, all payers together."""
    prepared, kept = futures.prepared, {name: how for name, how in choice.items() if name in moving}
    total = costs(futures.scenario, choice, (prepared.plan.seed, futures.draws))
    value: Floats = sum((total.present(measure=name) for name in kept), np.zeros(futures.draws + 1))
    return value[1:]


def _implied(spent: Mapping[str, Floats], short: Mapping[str, Floats]) -> float | None:
    """JPY a unit missing at which the plan as adopted is as good as nothing; None where there is no such price."""
    more = float(spent[ADOPTED].mean() - spent[NOTHING].mean())
    less = float(short[NOTHING].mean() - short[ADOPTED].mean())
    return more / less if more > 0.0 and less > 0.0 else None


def _stake(
    goal: Goal, price: float, is_implied: bool, spent: Mapping[str, Floats], short: Mapping[str, Floats],
    drawn_luck: Mapping[str, Floats],
) -> Stake:  # fmt: skip
    alternatives = tuple(Alternative(name, spent[name] + price * short[name]) for name in spent)
    return Stake(
        goal, price, is_implied, alternatives,
        {name: float(one.mean()) for name, one in spent.items()},
        {name: float(one.mean()) for name, one in short.items()},
        value_of_knowing(alternatives, drawn_luck),
    )  # fmt: skip
