"""What is at stake in a small plan: alternatives, what they cost and lack, the price implied, and what may matter."""

from pathlib import Path

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.plan.futures import chosen, open_futures
from cesim.plan.money import costs
from cesim.plan.survey import check_draws, inputs_of, survey
from cesim.plan.survey.frames import stands_out, survey_frames
from cesim.run.goals import goals_named
from cesim.scenario import open_scenario
from cesim.scenario.effects import in_effect

FILE = Path(__file__).parents[1] / "tiny-plan.yaml"
DRAWS = 100
FOUR = ["line", "known", "hoods", "never"]


@pytest.fixture(scope="module")
def ready():
    with open_futures(open_scenario(FILE, {"plan.adopted": FOUR}), DRAWS, 5, 1) as futures:
        yield futures


@pytest.fixture(scope="module")
def goals(ready):
    return goals_named(ready.scenario, ["h1_2035", "moe_2035"])


@pytest.fixture(scope="module")
def found(ready, goals):
    return survey(ready, goals)


@pytest.fixture(scope="module")
def stake(found):
    (only,) = found.stakes
    return only


def short(ready, goal, names):
    lanes = ready.of(chosen(names)).draws(*goal.series)
    return np.maximum(0.0, goal.value - lanes)


def spent(ready, *names):
    held = costs(ready.scenario, chosen(FOUR), (5, DRAWS))
    return sum(held.present(measure=name)[1:] for name in names)


def test_the_alternatives(stake):
    names = [one.name for one in stake.alternatives]
    assert names[:5] == ["adopted", "without line", "without known", "without hoods", "nothing"]
    assert len(names) == 6
    assert names[5].startswith("without ")
    assert len(names[5].removeprefix("without ").split(", ")) == 2


def test_the_two_that_bring_least_for_their_cost_are_dropped(ready, stake):
    goal = stake.goal
    gains = {}
    whole = short(ready, goal, FOUR).mean()
    for name in ("line", "known", "hoods"):
        less = short(ready, goal, [other for other in FOUR if other != name]).mean() - whole
        gains[name] = stake.price * less - spent(ready, name).mean()
    least = sorted(gains, key=gains.get)[:2]
    assert stake.alternatives[5].name == f"without {', '.join(least)}"
    kept = next(name for name in gains if name not in least)
    assert stake.missing[stake.alternatives[5].name] == pytest.approx(short(ready, goal, [kept]).mean(), rel=1e-12)
    assert stake.cost[stake.alternatives[5].name] == pytest.approx(spent(ready, kept).mean(), rel=1e-12)


def test_the_price_is_that_at_which_the_plan_is_just_worth_its_cost(ready, stake):
    goal = stake.goal
    more = spent(ready, "line", "known", "hoods").mean()
    less = short(ready, goal, []).mean() - short(ready, goal, FOUR).mean()
    assert stake.is_implied
    assert stake.price == pytest.approx(more / less, rel=1e-12)
    loss = stake.knowing.expected
    assert loss["adopted"] == pytest.approx(loss["nothing"], rel=1e-12)


def test_the_loss_is_cost_and_what_is_missing_at_its_price(stake):
    for one in stake.alternatives:
        expected = stake.cost[one.name] + stake.price * stake.missing[one.name]
        assert one.loss.mean() == pytest.approx(expected, rel=1e-12)
        assert stake.knowing.expected[one.name] == pytest.approx(expected, rel=1e-12)
    assert stake.knowing.best == min(stake.knowing.expected, key=stake.knowing.expected.get)
    assert sum(stake.knowing.least_often.values()) == pytest.approx(1.0)


def test_what_costs_but_does_not_move_the_target_is_no_part_of_the_choice(found, stake):
    assert "plan.measures.never.running" in {one.path for one in found.inputs}
    assert "plan.measures.never.running" not in stake.knowing.worth
    assert "plan.measures.line.investment" in stake.knowing.worth
    assert all("never" not in one.name for one in stake.alternatives)


def test_numbers_that_cannot_move_the_loss_are_not_looked_into(found, ready):
    money = {one.path for one in found.inputs if one.is_money}
    assert money == {
        "plan.discount", "plan.measures.line.investment", "plan.measures.known.running",
        "plan.measures.hoods.running", "plan.measures.never.running",
    }  # fmt: skip
    waiting = inputs_of(in_effect(ready.scenario, chosen(["known", "late"])))
    assert {one.path for one in waiting if one.is_money} == {"plan.discount", "plan.measures.known.running"}


def test_a_number_that_is_looked_into_moves_the_cost_it_is_of(found, ready):
    whole = costs(ready.scenario, chosen(FOUR), (5, DRAWS))
    luck = ready.prepared.plan.source()
    for name, path in (("line", "investment"), ("known", "running")):
        stream = f"plan.measures.{name}.{path}"
        u = luck.u(stream, 0, DRAWS)
        assert abs(np.corrcoef(u, whole.present(measure=name)[1:])[0, 1]) > 0.5


def test_a_target_that_the_plan_does_not_help_has_no_price(found):
    assert [goal.id for goal in found.unpriced] == ["moe_2035"]


def test_a_price_may_be_given(ready, goals):
    told = survey(ready, goals, {"h1_2035": 1e9, "moe_2035": 2.0})
    assert [(one.price, one.is_implied) for one in told.stakes] == [(1e9, False), (2.0, False)]
    assert told.unpriced == ()
    assert told.stakes[0].knowing.best == "nothing"  # a point is worth ten million, and the plan costs billions


def test_the_spread_by_status_is_that_of_the_inputs(found):
    held = {one.path: one.quantity.status for one in found.inputs}
    assert found.spreads
    for one in found.spreads:
        assert all(share > one.floor for share in one.shares.values())
        for status, told in one.by_status.items():
            assert told == pytest.approx(sum(share for path, share in one.shares.items() if held[path] == status))
        assert one.unexplained == pytest.approx(max(0.0, 1.0 - sum(one.shares.values())))
        assert not any(path.endswith((".investment", ".running")) for path in one.shares)


def test_the_tables_hold_what_was_found(found, stake):
    frames = survey_frames(found)
    assert set(frames) == {"inputs", "spreads", "spread_by_status", "stakes", "alternatives", "worth"}
    assert len(frames["inputs"]) == len(found.inputs)
    worth = frames["worth"].set_index("path")
    assert dict(worth["worth_jpy"]) == dict(stake.knowing.worth)
    assert list(worth.index[worth["stands_out"]]) == [path for path in stake.knowing.worth if stands_out(stake, path)]
    assert worth.loc[worth["stands_out"], "is_above_floor"].all()
    others = frames["alternatives"]
    assert list(others["alternative"]) == [one.name for one in stake.alternatives]
    assert list(others.loc[others["is_best"], "alternative"]) == [stake.knowing.best]
    price = float(frames["stakes"]["price_jpy"][0])
    assert others["loss_jpy"].to_numpy() == pytest.approx(others["cost_jpy"] + price * others["missing"])
    assert frames["spread_by_status"].groupby(["indicator"])["share"].sum().min() >= 1.0 - 1e-9


def test_too_few_draws_are_refused():
    check_draws(100)
    with pytest.raises(InputError) as caught:
        check_draws(99)
    assert caught.value.faults[0].code == "plan_few_draws"


def test_nothing_adopted_is_no_choice(goals):
    with (
        open_futures(open_scenario(FILE, {"plan.adopted": ["late"]}), DRAWS, 5, 1) as futures,
        pytest.raises(InputError) as caught,
    ):
        survey(futures, goals)
    assert caught.value.faults[0].code == "plan_adopts_nothing"
