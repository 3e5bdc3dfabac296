"""Answers on the small plan with numbers one can check by hand."""

from pathlib import Path

import numpy as np

from cesim.plan.attribution import Divided, PlanAttribution
from cesim.plan.games import Players, Target, attribute, coalitions, pairs
from cesim.plan.survey import Alternative, Knowing, Spread, Stake, Survey, inputs_of
from cesim.plan.survey.spread import STATUSES
from cesim.run.goals import goals_of
from cesim.scenario import open_scenario
from cesim.scenario.effects import in_effect

FILE = Path(__file__).parents[2] / "plan" / "tiny-plan.yaml"
LUCK = np.linspace(-0.01, 0.01, 20)
"""A future's luck, common to all sets: it leaves differences alone."""
LINE, KNOWN, DISCOUNT = "plan.measures.line.investment", "plan.measures.known.running", "plan.discount"
LEVEL = "plan.measures.line.changes.share.amount"
SOLD = "market.sales.2024"


def scenario():
    return in_effect(open_scenario(FILE).scenario)


def attribution(held):
    """The line brings 10 points alone, the marks nothing alone and 4 with the line: 12 and 2."""
    goal = goals_of(held)["h1_2035"]
    sets = coalitions(Players(("line", "known")))
    wave = 0.002 * np.tile([1.0, -1.0], 10)
    value = {frozenset(): 0.05 + LUCK, frozenset({"line"}): 0.15 + LUCK + wave, frozenset({"known"}): 0.05 + LUCK,
             frozenset({"line", "known"}): 0.19 + LUCK + wave}  # fmt: skip
    lanes = np.stack([value[one] for one in sets.sets])
    told = attribute(sets, lanes, Target(goal.value, "at_least"))
    divided = Divided(goal, told, pairs(sets, lanes, "at_least"), (0.05, 0.19))
    players = {"line": ("line",), "known": ("known",)}
    return PlanAttribution((divided,), players, (), ("late",), True, 4, 20, None)


def survey(held, kind):
    """Knowing what the line costs is worth 700 million JPY, 12 standard errors and more than the floor."""
    goals = goals_of(held)
    known = {one.path: one for one in inputs_of(held)}
    inputs = tuple(known[path] for path in (LINE, KNOWN, DISCOUNT, LEVEL, SOLD))
    goal = goals["h1_2035"]
    spreads = (
        Spread(goal.series, {LEVEL: 0.5, SOLD: 0.125}, dict(zip(STATUSES, (0.0, 0.125, 0.5, 0.0), strict=True)), 0.375,
               0.03),
    )  # fmt: skip
    if kind == "no_price":
        return Survey(inputs, (), (), (goal,), 600)
    worth = {DISCOUNT: 8e8, LINE: 7e8, KNOWN: 6e8, LEVEL: 2e8, SOLD: 1e6}
    floor = 5e8 if kind == "something" else 9e8
    costs = {"adopted": 5e9, "without line": 2e9, "without known": 3e9, "nothing": 0.0, "without known, line": 0.0}
    missing = {
        "adopted": 0.11,
        "without line": 0.25,
        "without known": 0.15,
        "nothing": 0.25,
        "without known, line": 0.25,
    }
    price = 4e10
    expected = {name: costs[name] + price * missing[name] for name in costs}
    often = {"adopted": 0.2, "without line": 0.0, "without known": 0.7, "nothing": 0.1, "without known, line": 0.0}
    knowing = Knowing("without known", expected, often, 1.5e9, worth,
                      {DISCOUNT: 1e8, LINE: 5.5e7, KNOWN: 4e8, LEVEL: 1e8}, floor)  # fmt: skip
    alternatives = tuple(Alternative(name, np.full(600, expected[name])) for name in costs)
    stake = Stake(goal, price, True, alternatives, costs, missing, knowing)
    return Survey(inputs, spreads, (stake,), (goals["moe_2035"],), 600 if kind == "something" else 400)
