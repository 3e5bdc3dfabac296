"""The plan of a scenario as the search sees it, against every choice run by hand; and what is refused."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.plan.backcast import (
    AS_PLANNED,
    Effort,
    Leeway,
    PlanAnswers,
    Question,
    Solution,
    Unreachable,
    backcast,
    front,
    road_map,
)
from cesim.plan.futures import open_futures
from cesim.plan.money import costs
from cesim.run.goals import goals_named
from cesim.scenario import open_scenario
from cesim.scenario.effects import Decision, in_effect
from cesim.text import keys

HEAD = """extends: EXTENDED
name: {ja: 計画, en: plan}
years: {end: 2033}
report: {years: [2030, 2033]}
plan:
  base_year: 2025
  until: 2040
  discount: 0.04
  adopted: [libs, hoods]
  measures:
"""
MEASURES = {  # id: pillar, horizon, actor, start, path, how, amount (value, low, high), investment, more
    "libs": ("chain", "mid", "shredders", 2028, "sorting.share", "set", (0.5, 0.3, 0.7), 5e9, "excludes: [libs_trial]"),
    "libs_trial": ("chain", "short", "shredders", 2027, "sorting.share", "set", (0.15, 0.1, 0.2), 1e9, ""),
    "data": ("chain", "mid", "platforms", 2029, "dismantling.identified", "fill", (0.6, 0.3, 0.8), 3e9, ""),
    "hoods": ("chain", "mid", "dismantlers", 2028, "parts.hood.taken", "set", (0.7, 0.45, 0.85), 2.5e9, ""),
    "doors": ("chain", "mid", "dismantlers", 2028, "parts.doors_and_fenders.taken", "set", (0.45, 0.2, 0.7), 3.5e9, ""),
    "heats": (
        "making",
        "mid",
        "metal",
        2026,
        "remelting.alloys.6016.approved",
        "set",
        (0.3, 0.1, 0.4),
        2e9,
        "needs: [data]",
    ),
    "extrusion": ("making", "long", "metal", 2031, "remelting.alloys.6063.approved", "set", (0.6, 0.4, 0.7), 1.5e9, ""),
    "bumpers": ("design", "short", "oem", 2027, "parts.bumpers.taken", "set", (0.5, 0.3, 0.7), 1.2e9, ""),
}


def written(folder, extended):
    lines = [HEAD.replace("EXTENDED", extended)]
    for name, (pillar, horizon, actor, start, path, how, (value, low, high), money, more) in MEASURES.items():
        lines.append(
            f"    {name}: {{name: {{ja: {name}, en: {name}}}, pillar: {pillar}, horizon: {horizon}, "
            f"material: aluminium, actor: {actor}, start: {start}, ramp: {{years: 3}}, published: false, "
            f"investment: {{value: {money}, low: {money / 2}, high: {money * 2}, unit: JPY, status: estimate}}, "
            f"subsidy: {{rate: 0.5}}, changes: {{it: {{path: {path}, how: {how}, "
            f"amount: {{value: {value}, low: {low}, high: {high}, status: estimate}}}}}}, "
            f"{more}}}\n"
        )
    file = folder / "plan.yaml"
    file.write_text("".join(lines), encoding="utf-8")
    return file


def futures_of(folder, extended, draws):
    return open_futures(open_scenario(written(folder, extended)), draws=draws, seed=3, workers=1)


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory):
    with futures_of(tmp_path_factory.mktemp("plan"), "tutorial", 4) as futures:
        yield futures


def every_choice():
    """All sets of measures that can stand and act side by side."""
    names = sorted(MEASURES)
    for size in range(len(names) + 1):
        for some in combinations(names, size):
            if not ("heats" in some and "data" not in some) and not {"libs", "libs_trial"} <= set(some):
                yield some


def by_hand(futures, goals):
    """(cost, set, margins (goal, draw)) of every choice, each run and priced by itself."""
    out = []
    for some in every_choice():
        choice = {name: Decision() for name in some}
        told = futures.prepared.solve(in_effect(futures.scenario, choice))
        margins = np.array([goal.margin(told.lanes(*goal.series)[1:]) for goal in goals])
        out.append((costs(futures.scenario, choice).present()[0], set(some), margins))
    return out


def agrees(futures, goals, confidence, told):
    good = [(cost, some) for cost, some, margins in told if (margins >= 0).all(axis=0).mean() >= confidence - 1e-9]
    assert 0 < len(good) < len(told)
    cost, some = min(good, key=lambda one: one[0])
    found = backcast(PlanAnswers(futures), Question(goals, confidence))
    assert isinstance(found, Solution)
    assert (set(found.choice), found.proof) == (some, "exhaustive")
    assert found.cost == pytest.approx(cost, rel=1e-12)
    assert found.evaluations < len(told)


def middle(futures, series, share):
    """A target that some choices reach and others do not."""
    bare, full = (
        futures.of(choice) for choice in ({}, {name: Decision() for name in MEASURES if name != "libs_trial"})
    )
    low, high = (np.median(told.lanes(*series)[1:]) for told in (bare, full))
    return f"{':'.join(map(str, series))}>={low + share * (high - low)}"


def test_the_tutorial_against_every_choice(tutorial):
    """The cheapest of all that reach a target, and the nearest to one that none reaches."""
    focus = tutorial.scenario.report.focus_id
    goals = goals_named(tutorial.scenario, [middle(tutorial, ("h1_horizontal_rate_6xxx", focus, 2033), 0.5)])
    told = by_hand(tutorial, goals)
    agrees(tutorial, goals, 0.5, told)
    far = goals_named(tutorial.scenario, [f"h1_horizontal_rate_6xxx:{focus}:2033>=0.99"])
    found = backcast(PlanAnswers(tutorial), Question(far, 0.5))
    assert isinstance(found, Unreachable)
    assert (found.cause, found.proof, found.impossible_if_never_hurt) == ("targets", "exhaustive", True)
    best = max(np.sort(margins[0])[-2] for _, _, margins in told) + goals[0].value
    assert found.nearest.each[far[0].id].best == pytest.approx(best)
    assert found.nearest.relaxed[far[0].id] == pytest.approx(best)


@pytest.mark.slow
def test_chubu_against_every_choice(tmp_path):
    with futures_of(tmp_path, "chubu-baseline", 20) as futures:
        h1 = middle(futures, ("h1_horizontal_rate_6xxx", "chubu", 2033), 0.5)
        content = middle(futures, ("recycled_content_6xxx_post", "chubu", 2033), 0.4)
        goals = goals_named(futures.scenario, [h1, content])
        agrees(futures, goals, 0.5, by_hand(futures, goals))


def test_money_is_that_of_the_costs_room_and_adds_up_over_payers(tutorial):
    answers = PlanAnswers(tutorial)
    choice = {name: answers.options[name][0] for name in ("libs", "doors")}
    told = costs(tutorial.scenario, choice)
    paid = answers.cost(choice)
    assert {payer: yen for payer, yen in paid.items() if yen} == {
        actor: pytest.approx(told.present(actor)[0]) for actor in ("state", "dismantlers", "shredders")
    }
    assert sum(paid.values()) == pytest.approx(told.present()[0])


def test_a_budget_of_one_payer_leads_round_him(tutorial):
    focus = tutorial.scenario.report.focus_id
    goals = goals_named(tutorial.scenario, [middle(tutorial, ("h1_horizontal_rate_6xxx", focus, 2033), 0.3)])
    answers = PlanAnswers(tutorial)
    free = backcast(answers, Question(goals, 0.5))
    payer = max(answers.payers, key=lambda name: (name != "state") * free.paid[name])
    bound = Question(goals, 0.5, budgets={payer: free.paid[payer] * 0.9})
    found = backcast(answers, bound)
    if isinstance(found, Solution):
        assert found.paid[payer] <= free.paid[payer] * 0.9
        assert found.cost > free.cost
    else:
        assert found.cause == "budgets"


def test_options_are_levels_times_starts(tutorial):
    answers = PlanAnswers(tutorial, Leeway(levels=(0.5, 1.0), delays=(0, 3, 6), earliest=2027))
    assert set(answers.options["libs"]) == {
        Decision(level, start) for level in (0.5, 1.0) for start in (2028, 2031, 2027)
    }
    assert set(answers.options["libs_trial"]) == {
        Decision(level, start) for level in (0.5, 1.0) for start in (2027, 2030, 2033)
    }
    assert PlanAnswers(tutorial).options["libs"] == (Decision(1.0, 2028),)


def test_a_measure_waits_for_what_it_needs_but_for_what_the_plan_allows(tutorial):
    answers = PlanAnswers(tutorial, Leeway(delays=(0, 3)))
    early, late = Decision(1.0, 2026), Decision(1.0, 2029)
    assert answers.fits("heats", early, "data", Decision(1.0, 2029))  # as written: three years ahead
    assert not answers.fits("heats", early, "data", Decision(1.0, 2032))
    assert answers.fits("heats", late, "data", Decision(1.0, 2032))


def test_levels_and_starts_cost_less_than_the_plan_as_written(tutorial):
    focus = tutorial.scenario.report.focus_id
    goals = goals_named(tutorial.scenario, [middle(tutorial, ("h1_horizontal_rate_6xxx", focus, 2033), 0.3)])
    fixed = backcast(PlanAnswers(tutorial), Question(goals, 0.5))
    some = Question(goals, 0.5, never=frozenset(MEASURES) - set(fixed.choice) - {"data"})
    free = backcast(PlanAnswers(tutorial, Leeway(levels=(0.6, 1.0), delays=(0, 2))), some, Effort(300))
    assert free.cost < fixed.cost
    assert free.proof == "exhaustive"


def test_the_front_rises(tutorial):
    focus = tutorial.scenario.report.focus_id
    goals = goals_named(tutorial.scenario, [middle(tutorial, ("h1_horizontal_rate_6xxx", focus, 2033), 0.5)])
    found = front(PlanAnswers(tutorial), Question(goals), (0.2, 0.5, 1.0))
    costs_found = [point.solution.cost for point in found.points if point.solution]
    assert costs_found == sorted(costs_found)
    assert all(point.complete for point in found.points)


def test_the_road_map_puts_both_plans_side_by_side(tutorial):
    choice = {
        "data": Decision(0.5, 2030),
        "heats": Decision(1.0, 2030),
        "hoods": Decision(1.0, 2028),
        "bumpers": Decision(1.0, 2027),
    }
    told = road_map(tutorial, choice)
    assert [row.measure for row in told.rows] == ["bumpers", "hoods", "libs", "data", "heats"]
    rows = {row.measure: row for row in told.rows}
    assert [(row.forecast is None, row.backcast is None) for row in told.rows] == [
        (True, False),
        (False, False),
        (False, True),
        (True, False),
        (True, False),
    ]
    bar = rows["data"].backcast
    assert (bar.start, bar.full, bar.level, bar.waits) == (2030, 2032, 0.5, False)
    assert bar.cost == pytest.approx(costs(tutorial.scenario, choice).present(measure="data")[0])
    assert bar.low < bar.cost < bar.high
    assert (told.first, told.last) == (2025, 2040)
    frame = told.frame()
    assert list(frame["plan"]) == ["backcast", "forecast", "backcast", "forecast", "backcast", "backcast"]
    assert frame["cost_jpy"].sum() == pytest.approx(
        costs(tutorial.scenario, choice).present()[0] + costs(tutorial.scenario, tutorial.adopted).present()[0]
    )


def test_what_waits_in_the_road_map_costs_nothing(tutorial):
    bar = road_map(tutorial, {"heats": Decision(1.0, 2030)}).rows[-1].backcast
    assert (bar.waits, bar.cost, bar.low, bar.high) == (True, 0.0, 0.0, 0.0)


GOALS = goals_named(open_scenario("tutorial").scenario, ["h1_horizontal_rate_6xxx:all:2033>=0.1"])


@pytest.mark.parametrize(
    ("question", "effort", "codes"),
    [
        (Question(()), None, {"backcast_no_goal"}),
        (Question(GOALS * 2), None, {"backcast_goal_twice"}),
        (Question(GOALS, 0.0), None, {"backcast_confidence"}),
        (Question(GOALS, 1.01), None, {"backcast_confidence"}),
        (Question(GOALS, float("nan")), None, {"backcast_confidence"}),
        (Question(GOALS, budgets={"ome": 1.0, "oem": -1.0}), None, {"backcast_payer_unknown", "backcast_budget"}),
        (Question(GOALS, budgets={"oem": float("inf")}), None, {"backcast_budget"}),
        (Question(GOALS, must=frozenset({"lib"}), never=frozenset({"door"})), None, {"backcast_measure_unknown"}),
        (Question(GOALS, must=frozenset({"heats"}), never=frozenset({"data"})), None, {"backcast_must_and_never"}),
        (Question(GOALS, must=frozenset({"libs", "libs_trial"})), None, {"backcast_must_rivals"}),
        (Question(GOALS), Effort(evaluations=0), {"backcast_effort"}),
        (Question(GOALS), Effort(seconds=0.0, batch=0), {"backcast_effort"}),
    ],
)
def test_questions_that_cannot_be_asked(tutorial, question, effort, codes):
    with pytest.raises(InputError) as caught:
        backcast(PlanAnswers(tutorial), question, effort)
    assert {fault.code for fault in caught.value.faults} == codes
    assert all(f"fault.{code}.message" in keys("ja") for code in codes)
    assert all(str(fault) for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("leeway", "code"),
    [
        (Leeway(levels=(0.0,)), "backcast_level"),
        (Leeway(levels=(1.5,)), "backcast_level"),
        (Leeway(earliest=1990), "backcast_start"),
    ],
)
def test_leeways_that_cannot_be_given(tutorial, leeway, code):
    with pytest.raises(InputError) as caught:
        PlanAnswers(tutorial, leeway)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert f"fault.{code}.message" in keys("en")


def test_the_value_of_a_goal_is_a_number(tutorial):
    from dataclasses import replace

    with pytest.raises(InputError) as caught:
        backcast(PlanAnswers(tutorial, AS_PLANNED), Question((replace(GOALS[0], value=float("nan")),)))
    assert "nan" in str(caught.value)
