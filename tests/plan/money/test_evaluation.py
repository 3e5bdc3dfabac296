"""Effects, targets, unit costs and regret, against hand-made draws and against two runs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cesim.plan.money import (
    COST,
    NoUnitCost,
    UnitCost,
    compare_plans,
    evaluation,
    hours,
    person_years,
    regret_of,
    regrets,
)
from cesim.plan.money.chances import Chance, all_met, chances, short_of
from cesim.plan.money.differences import difference
from cesim.plan.money.unit_costs import unit_cost
from cesim.run import Evaluated
from cesim.run.goals import goals_of
from cesim.scenario.effects import Decision, in_effect
from cesim.text import has

# ---- effects ---------------------------------------------------------------------------------------------------------


def test_a_difference_is_that_of_the_same_draws(held_ready, evaluated):
    after = held_ready.base
    before = held_ready.solve(in_effect(held_ready.plan.scenario, {}))
    told = {(e.indicator, e.region, e.year): e for e in evaluated.effects()}
    own = told["aluminium_returned", "all", 2028]
    drawn = after.draws("aluminium_returned", "all", 2028) - before.draws("aluminium_returned", "all", 2028)
    assert own.difference[1:] == pytest.approx(np.quantile(drawn, [0.05, 0.5, 0.95]))
    assert own.chosen.best == after.lanes("aluminium_returned", "all", 2028)[0]
    assert own.direction == "up"
    assert told["primary_demand", "all", 2028].direction == "down"
    assert told["elv_6xxx", "all", 2028].direction == "none"
    assert told["elv_6xxx", "all", 2028].difference == (0, 0, 0, 0)


def test_every_indicator_is_told_or_named_as_not_told(evaluated):
    told, not_told = evaluated.effects(), evaluated.not_told()
    everything = len(evaluated.chosen.names) * len(evaluated.chosen.regions) * 2
    assert len(told) + len(not_told) == everything
    assert {e.year for e in told} == {2026, 2028}
    assert not evaluated.frame("ja").isna().any(axis=None)
    assert evaluated.frame("en", ["all"], [2028])["indicator_name"].str.isascii().any()


def test_measures_in_effect_stay_as_they_are_carried_out(trial):
    from cesim.plan.money.chosen import with_measures

    held = in_effect(trial.scenario, {"hoods": Decision(0.5, 2027)})
    assert with_measures(held, None).parts["hood"].taken == held.parts["hood"].taken
    assert with_measures(held, {}).parts["hood"].taken == trial.scenario.unsteered.parts["hood"].taken
    adopted = with_measures(trial.scenario.unsteered, None).parts["hood"].taken
    assert adopted == trial.scenario.parts["hood"].taken != held.parts["hood"].taken


def test_a_share_of_nothing_has_no_effect(evaluated):
    from dataclasses import replace

    values = evaluated.chosen.values.copy()
    values[3, 0, -1, 5] = np.nan
    broken = replace(evaluated, chosen=replace(evaluated.chosen, values=values))
    where = (evaluated.chosen.names[3], evaluated.chosen.regions[0], evaluated.chosen.years[-1])
    assert where in [tuple(one) for one in broken.not_told()]
    assert where not in [tuple(one[:3]) for one in broken.effects()]


@given(arrays(float, 5, elements=st.floats(-1e6, 1e6)), arrays(float, 5, elements=st.floats(-1e-10, 1e-10)))
def test_rounding_is_no_effect(values, noise):
    values[0] = 1.0
    assert not difference(values * (1 + noise), values).any()
    assert difference(values + 1e6, values) == pytest.approx(np.full(5, 1e6))


# ---- targets ---------------------------------------------------------------------------------------------------------


def known(trial):
    return goals_of(trial.scenario)


def answer(drawn, region="east_focus", year=2028, indicator="h1_horizontal_rate_6xxx"):
    values = np.array(drawn, dtype=float)[None, None, None, :]
    return Evaluated((indicator,), (region,), (year,), values, (None, None), 0, 0.0)


def test_a_target_is_met_from_its_value_on(trial):
    """Lane 0 is the best estimate and does not count."""
    short = short_of(known(trial)["first"], answer([9.0, 0.02, 0.019, 0.05, 0.0]))
    assert short == pytest.approx([0, 0.001, -0.03, 0.02])
    assert Chance.of(short <= 0) == Chance(0.5, 4)
    assert Chance(0.5, 4).error == 0.25


def test_a_future_at_the_target_meets_it(trial):
    told = chances([known(trial)["first"]], answer([9.0, 0.02, 0.0]), answer([9.0, 0.0, 0.02]))
    (goal,) = told
    assert (goal.chosen.share, goal.without.share, goal.gained.share, goal.lost.share) == (0.5, 0.5, 0.5, 0.5)
    assert goal.shortfall == (pytest.approx(0.01), pytest.approx(0.01))


def test_a_target_at_most_turns_round(trial):
    short = short_of(known(trial)["ghg"], answer([9.0, 0.5, 1.0, 3.0], "all", 2028, "ghg"))
    assert short.tolist() == [-0.5, 0.0, 2.0]


def test_what_is_not_computed_is_not_compared(trial):
    assert short_of(known(trial)["ghg"], answer([1.0, 2.0])) is None
    assert "late" not in known(trial)


def test_a_share_of_nothing_meets_no_target_and_misses_none(trial):
    assert short_of(known(trial)["first"], answer([1.0, 0.5, np.nan])) is None


def test_all_targets_together_are_met_where_each_is(trial):
    both = Evaluated(
        ("h1_horizontal_rate_6xxx", "ghg"), ("east_focus", "all"), (2028,),
        np.array([[[[0, 1, 1, 0, 0]], [[0, 0, 0, 0, 0]]], [[[9, 9, 9, 9, 9]], [[9, 0, 5, 0, 5]]]], dtype=float),
        (None, None), 0, 0.0,
    )  # fmt: skip
    assert all_met(known(trial).values(), both) == Chance(0.25, 4)
    assert all_met([known(trial)["first"]], both) == Chance(0.5, 4)
    assert all_met([], both) is None


def test_goals_agree_with_the_table_of_a_run(trial, evaluated):
    from cesim.run import simulate

    run = simulate(trial, draws=30, seed=3, workers=1)
    table = run.tables["targets"].set_index(["target", "region"])["probability"]
    assert [goal.goal.id for goal in evaluated.goals if (goal.goal.id, goal.goal.region) in table.index]
    for goal in evaluated.goals:
        if (goal.goal.id, goal.goal.region) in table.index:
            assert goal.chosen.share == pytest.approx(table[goal.goal.id, goal.goal.region])
    first = next(goal for goal in evaluated.goals if goal.goal.id == "first")
    assert first.gained.share - first.lost.share == pytest.approx(first.chosen.share - first.without.share)
    assert first.shortfall[0] <= first.shortfall[1]


# ---- cost per tonne --------------------------------------------------------------------------------------------------


def test_a_unit_cost_is_a_ratio_draw_by_draw():
    spent, tonnes = np.array([100.0, 10.0, 20.0, 30.0]), np.array([10.0, 1.0, 1.0, 1.0])
    told = unit_cost("aluminium", "levelised", spent, tonnes)
    assert told == UnitCost("aluminium", "levelised", 10.0, 10.0, 20.0, 30.0, 20.0)


@pytest.mark.parametrize(
    ("tonnes", "reason"),
    [
        (np.zeros(101), "nothing"),
        (np.full(101, -1.0), "fewer"),
        (np.r_[1.0, np.full(94, 1.0), np.full(6, -1.0)], "not_resolvable"),
        (np.r_[1.0, np.full(94, 1.0), np.full(6, 0.0)], "not_resolvable"),
        (np.r_[-1.0, np.full(100, 1.0)], "not_resolvable"),
    ],
)
def test_what_cannot_be_told_has_its_reason(tonnes, reason):
    told = unit_cost("co2", "levelised", np.ones(101), tonnes)
    assert told == NoUnitCost("co2", "levelised", reason)
    assert has(f"plan_money.none.{reason}", "ja")


def test_a_few_futures_without_return_cost_without_end_and_blur_nothing():
    tonnes = np.r_[1.0, np.full(95, 2.0), np.full(5, -3.0)]
    told = unit_cost("plastics", "undiscounted", np.full(101, 6.0), tonnes)
    assert (told.best, told.p05, told.p50, told.p95) == (6.0, 3.0, 3.0, 3.0)
    assert told.of_means == pytest.approx(6.0 / (0.95 * 2 - 0.05 * 3))


def test_costs_per_tonne_are_those_of_the_material(evaluated):
    """Vehicles are shared half and half; years are those of the run, here three of the plan's fifteen."""
    told = {(one.per, one.variant): one for one in evaluated.unit_costs()}
    held, worth = evaluated.costs, evaluated.costs.discounting[1:4, 0]
    years = (2026, 2027, 2028)

    def best(measure):
        return float((held.by_year(measure=measure)[1:4, 0] * worth).sum())

    def more(indicator):
        gained = [
            evaluated.chosen.lanes(indicator, "all", y)[0] - evaluated.without.lanes(indicator, "all", y)[0]
            for y in years
        ]
        return np.array(gained)

    aluminium = best("hoods") + best("line") + best("pool") / 2
    plastics = best("bumpers") + best("pool") / 2
    assert told["aluminium", "levelised"].best == pytest.approx(aluminium / (more("aluminium_returned") * worth).sum())
    assert told["aluminium", "undiscounted"].best == pytest.approx(aluminium / more("aluminium_returned").sum())
    assert told["plastics", "levelised"].best == pytest.approx(plastics / (more("plastics_returned") * worth).sum())
    both = more("aluminium_returned") + more("plastics_returned")
    assert told["together", "undiscounted"].best == pytest.approx((aluminium + plastics) / both.sum())
    used = more("recycled_plastics_sustainable")
    assert told["recycled_plastics", "levelised"].best == pytest.approx(plastics / (used * worth).sum())
    assert told["co2", "levelised"].best == pytest.approx((aluminium + plastics) / -(more("ghg") * worth).sum())


def test_the_share_of_vehicle_measures_can_be_said(evaluated):
    told = {(one.per, one.variant): one.best for one in evaluated.unit_costs(shared=0.5)}
    other = {(one.per, one.variant): one.best for one in evaluated.unit_costs(shared=0.0)}
    assert other["aluminium", "levelised"] < told["aluminium", "levelised"]
    assert other["plastics", "levelised"] > told["plastics", "levelised"]
    assert other["together", "levelised"] == told["together", "levelised"]


def test_a_plan_that_returns_nothing_has_no_cost_per_tonne(held_ready):
    alone = evaluation(held_ready, {"pool": Decision()})
    assert {type(one) for one in alone.unit_costs()} == {NoUnitCost}
    assert {one.reason for one in alone.unit_costs()} == {"nothing"}
    assert (alone.costs.present() > 0).all()


# ---- regret ----------------------------------------------------------------------------------------------------------


def test_regret_by_hand():
    told = regrets({"a": np.array([1.0, 5.0, 3.0]), "b": np.array([2.0, 2.0, 3.0])}, "more")
    assert (told["a"].mean, told["a"].most, told["a"].best) == (pytest.approx(1 / 3), 1.0, pytest.approx(2 / 3))
    assert (told["b"].mean, told["b"].most, told["b"].best) == (1.0, 3.0, pytest.approx(2 / 3))
    assert told["b"].p95 == pytest.approx(np.quantile([0, 3, 0], 0.95))
    less = regrets({"a": np.array([1.0, 5.0, 3.0]), "b": np.array([2.0, 2.0, 3.0])}, "less")
    assert (less["a"].most, less["b"].most) == (3.0, 1.0)
    assert regrets({}, "more") == {}


def test_a_value_that_is_none_has_no_regret():
    with pytest.raises(ValueError, match="finite"):
        regrets({"a": np.array([1.0, np.nan])}, "more")


@given(
    st.integers(1, 5).flatmap(lambda n: arrays(float, (n, 6), elements=st.integers(-9, 9))),
    st.sampled_from(["more", "less"]),
)
def test_in_every_future_somebody_has_no_regret(table, better):
    told = regrets(dict(enumerate(table)), better)
    assert all(0 <= one.mean <= one.most and one.p95 <= one.most for one in told.values())
    assert sum(one.best for one in told.values()) >= 1 - 1e-12
    shifted = regrets(dict(enumerate(table + np.arange(6.0))), better)  # what all share is no regret
    assert [one.mean for one in shifted.values()] == pytest.approx([one.mean for one in told.values()])


def test_plans_are_compared_in_the_same_futures(held_ready, evaluated):
    plans = compare_plans(held_ready, {"all": None, "none": {}, "line": {"line": Decision(0.5)}})
    assert np.array_equal(plans["all"].chosen.values, evaluated.chosen.values, equal_nan=True)
    cheap = regret_of(plans, COST, "less")
    assert (cheap["none"].mean, cheap["none"].best) == (0.0, 1.0)
    assert cheap["all"].mean == pytest.approx(plans["all"].costs.present()[1:].mean())
    returned = regret_of(plans, "aluminium_returned", "more", "all", 2028)
    assert returned["none"].mean > returned["line"].mean > returned["all"].mean


def test_costs_and_flows_share_their_draws(held_ready, evaluated):
    """The lanes of the costs are those of the run: as many, with its seed."""
    from cesim.plan.money import costs

    assert evaluated.costs.lanes == evaluated.chosen.values.shape[-1] == 31
    assert evaluated.costs.present().tolist() == costs(held_ready.plan.scenario, None, (3, 30)).present().tolist()


# ---- labour ----------------------------------------------------------------------------------------------------------


def test_hours_are_minutes_times_cars(trial):
    scrapped = np.full((16, 1), 3.0e6)
    assert hours(trial.scenario, scrapped)["hoods"][:, 0].tolist() == [0.0, *[3.0e5] * 15]


def test_people_follow_the_ramp(trial):
    people = person_years(trial.scenario, {"hoods": Decision(0.5, 2030)})
    assert people["hoods"][:, 0].tolist() == [0.0] * 5 + [20.0] * 11
