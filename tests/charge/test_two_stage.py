"""Charge, analyse, correct: one lot by hand, and what must always hold."""

import numpy as np
import pytest
from made_up_yards import yard_charge

from cesim.charge import Addition, AlloyLimits, Belief, Charge, Energy, Furnace, Lot
from cesim.errors import InputError, NoAnswer


def silicon(spread=0.002, room=0.05):
    """Scrap of 0.8 +- 0.2 % silicon to at least 1 %, and silicon to add: the correction is what is missing."""
    belief = Belief(np.ones(1), np.array([[0.008]]), np.array([[[spread**2]]]), "normal", ("Si",))
    alloy = AlloyLimits("silicon", ("Si",), np.array([0.01]), np.array([0.03]))
    furnace = Furnace(1.0, Energy(0.0, 0.0, 0.0), yields=1.0, additions=(Addition("Si", {"Si": 1.0}, 5.0, 5.0),))
    return Charge(alloy, [Lot("scrap", None, 1.0, 0.5, belief, "post")], furnace).two_stage(room=room, miss_price=100.0)


def test_without_doubt_there_is_nothing_to_learn_and_nothing_to_plan():
    plan = silicon(spread=0.0)
    added = 0.002 / 0.992
    assert plan.cost == pytest.approx(1.0 + 4.0 * added, rel=1e-6)
    assert plan.evpi == pytest.approx(0.0, abs=1e-6)
    assert plan.vss == pytest.approx(0.0, abs=1e-6)
    assert plan.not_mended == 0.0
    assert plan.recycled_content == pytest.approx(1.0 - added, abs=1e-4)


def test_what_can_be_mended_later_costs_no_more_than_the_bound():
    plan = silicon()
    assert plan.bound <= plan.cost <= plan.bound + 1e-5
    assert plan.cost == pytest.approx(plan.charge_cost + plan.correction_cost)
    assert plan.evpi >= -1e-9
    assert plan.vss >= -1e-9


def test_the_policy_adds_what_the_analysis_says_is_missing():
    plan = silicon()
    melt = plan.mix["scrap"] + plan.mix.get("Si", 0.0)
    told = (0.01 - 0.5 * (1.0 - melt)) / melt
    added = plan.correct({"Si": told})
    assert told * melt + added["Si"] >= 0.01 - 1e-9
    assert melt + sum(added.values()) == pytest.approx(1.0)
    with pytest.raises(NoAnswer, match="Si"):
        plan.correct({"Si": 0.5})
    with pytest.raises(InputError):
        plan.correct({"Fe": 0.1})


@pytest.mark.parametrize("alloy", ["6063", "6016"])
def test_a_yard_of_records_is_worth_knowing(alloy):
    charge = yard_charge(3, alloy)
    plan = charge.two_stage(scenarios=300)
    assert plan.evpi > 0.0
    assert plan.vss > 0.0
    assert plan.bound <= plan.cost * (1 + 1e-12)
    assert plan.cost - plan.bound <= 2e-6 * plan.cost
    assert plan.cost > charge.least_cost().cost
    assert 0.0 < plan.recycled_content < charge.least_cost().recycled_content
    assert set(plan.corrections) <= {"P1020", "Si", "Mg", "Cu"}


def test_more_room_never_costs_more():
    costs = [silicon(room=room).cost for room in (0.003, 0.01, 0.1)]
    assert costs[0] + 1e-6 >= costs[1]
    assert costs[1] + 1e-6 >= costs[2]


@pytest.mark.parametrize("given", [{"scenarios": 0}, {"room": 0.0}, {"room": 1.5}, {"miss_price": -1.0}])
def test_bad_questions_name_the_field(given):
    with pytest.raises(InputError) as caught:
        yard_charge(0).two_stage(**given)
    assert caught.value.faults[0].arguments["field"] in given


def test_nothing_to_correct_with_is_told():
    belief = Belief(np.ones(1), np.array([[0.008]]), np.array([[[1e-6]]]), "normal", ("Si",))
    alloy = AlloyLimits("silicon", ("Si",), np.array([0.01]), np.array([0.03]))
    lot = Lot("scrap", None, 1.0, 0.5, belief, "post")
    with pytest.raises(InputError, match="additions"):
        Charge(alloy, [lot], Furnace(1.0, Energy(0.0, 0.0, 0.0), yields=1.0)).two_stage()


@pytest.mark.parametrize(("seed", "alloy"), [(10, "6063"), (28, "6063"), (38, "6063")])
def test_yards_whose_dear_misses_once_hid_the_prices_of_metal(seed, alloy):
    """A tonne off its limit costs 500 times a tonne of metal: ties between metals must still be told apart."""
    told = yard_charge(seed, alloy).two_stage()
    assert told.bound <= told.cost <= told.bound + 1e-5 * abs(told.cost)
    assert told.evpi >= 0.0
    assert told.vss >= -1e-6 * told.cost
