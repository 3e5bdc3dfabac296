"""Compounds: rules of the melt flow, substances in feeds, and recipes against a search by hand."""

import doctest
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.charge import PolymerBlend, alloys, polymers
from cesim.charge.compounds import CompoundLimits, Feed
from cesim.charge.melt_flow import LINEAR, Arrhenius, Cragoe, Power, blended, rule_named, steady_melt_flow, window
from cesim.errors import InputError, NoAnswer

RULES = (Arrhenius(), Cragoe(), Power(-0.3), Power(0.5), LINEAR)
BR = {"Br": 0.0003}


def feed(name, mfr, price, recycled, stock=100.0, bromine=0.0, **properties):
    stated = {"mfr": mfr, "impact": 5.0, "modulus": 1.5, "ash": 0.1, "density": 1.0, **properties}
    return Feed(name, price, stock, recycled, stated, {"Br": bromine}, 1.5)


FEEDS = (
    feed("virgin", 6.0, 220e3, 0.0, impact=7.5),
    feed("elv", 11.0, 150e3, 1.0, impact=4.8),
    feed("flowing", 45.0, 240e3, 0.0, impact=4.0),
    feed("packaging", 30.0, 130e3, 1.0, impact=3.0, stock=20.0),
)


def blend(rule=Arrhenius(), mass=50.0, feeds=FEEDS, **windows):  # noqa: B008 -- frozen
    return PolymerBlend(feeds, CompoundLimits("test", windows or {"mfr": (15.0, 30.0)}, BR), rule, mass)


@pytest.mark.parametrize("rule", RULES)
@given(st.floats(0.1, 100), st.floats(0.1, 100))
def test_a_rule_undoes_itself_and_knows_its_direction(rule, one, other):
    there = rule.to(np.array([one, other]))
    np.testing.assert_allclose(rule.back(there), [one, other], rtol=1e-9)
    if abs(one - other) > 1e-6 * one:
        assert (there[0] < there[1]) == ((one < other) == rule.rises)


@pytest.mark.parametrize("rule", RULES)
@given(st.floats(0.1, 100), st.floats(0.1, 100), st.floats(0, 1))
def test_a_blend_lies_between_its_parts_and_in_a_window_exactly_when_its_transform_does(rule, one, other, share):
    found = blended(rule, "mfr", [share, 1 - share], [one, other])
    assert min(one, other) * (1 - 1e-9) <= found <= max(one, other) * (1 + 1e-9)
    low, high = window(rule, "mfr", 2.0, 20.0)
    assert low < high
    inside = low <= rule.to(np.array(found)) <= high
    if min(abs(found - 2.0), abs(found - 20.0)) > 1e-6:
        assert inside == (2.0 <= found <= 20.0)


def test_open_windows_change_sides_with_the_rule():
    assert window(Arrhenius(), "mfr", 2.0, None) == (pytest.approx(np.log(2.0)), np.inf)
    assert window(Cragoe(), "mfr", 2.0, None) == (-np.inf, pytest.approx(1 / np.log(4000.0)))
    assert window(Power(-1), "mfr", None, 4.0) == (0.25, np.inf)


def test_the_same_blend_by_different_rules():
    found = {rule: blended(rule, "mfr", [0.5, 0.5], [1.0, 50.0]) for rule in RULES}
    assert found[LINEAR] > found[Power(0.5)] > found[Arrhenius()] > found[Cragoe()]


def test_a_rule_says_how_well_it_did():
    assert Arrhenius().published.largest == 0.12
    assert LINEAR.published.r_squared == (0.73, 0.90)
    assert Cragoe().published is None
    assert Power(-0.3).published is None


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("arrhenious", None), "charge_unknown_name"),
        (("power", None), "charge_unnamed"),
        (("cragoe", 0.5), "charge_both"),
    ],
)
def test_rules_by_name(asked, code):
    with pytest.raises(InputError) as caught:
        rule_named(*asked)
    assert caught.value.faults[0].code == code
    assert rule_named("power", 0.5) == Power(0.5)
    assert rule_named("linear") == LINEAR


def test_cragoe_ends_where_its_logarithm_does():
    with pytest.raises(InputError) as caught:
        blended(Cragoe(), "mfr", [1.0], [1 / 2000])
    assert caught.value.faults[0].code == "charge_rule_range"


def by_hand(question, objective, step=0.05):
    """The best of a grid of recipes, each tried in the rule's own words."""
    best = None
    names = [f.name for f in question.feeds]
    count = round(1 / step)
    for cut in itertools.product(range(count + 1), repeat=len(names) - 1):
        if sum(cut) > count:
            continue
        shares = np.array([*cut, count - sum(cut)]) * step
        if any(s * question.mass > f.stock + 1e-9 for s, f in zip(shares, question.feeds, strict=True)):
            continue
        if any(s > 0 and f.substances["Br"] > BR["Br"] for s, f in zip(shares, question.feeds, strict=True)):
            continue
        used = shares > 0
        kept = True
        for name, (low, high) in question.limits.windows.items():
            rule = question.rule if name == "mfr" else (Power(-1.0) if name == "density" else LINEAR)
            values = np.array([f.properties[name] for f in question.feeds])
            value = blended(rule, name, shares[used], values[used])
            kept &= (low is None or value >= low) and (high is None or value <= high)
        if kept:
            reached = objective(shares)
            best = reached if best is None else min(best, reached)
    return best


@pytest.mark.parametrize("rule", RULES)
def test_the_cheapest_recipe_is_no_dearer_than_any_of_a_grid(rule):
    question = blend(rule, mfr=(15.0, 20.0), impact=(4.0, None), density=(0.9, 1.1))
    prices = np.array([f.price for f in FEEDS])
    found = question.least_cost()
    grid = by_hand(question, lambda shares: float(shares @ prices) * question.mass)
    assert found.cost <= grid * (1 + 1e-9)
    assert found.cost >= grid * 0.93
    assert sum(found.masses.values()) == pytest.approx(50.0)
    assert 15.0 - 1e-6 <= found.properties["mfr"] <= 20.0 + 1e-6
    assert found.properties["impact"] >= 4.0 - 1e-9
    assert found.masses["packaging"] <= 20.0 + 1e-9


def test_the_most_recycled_recipe_is_the_cheapest_of_its_kind():
    question = blend(mfr=(15.0, 30.0))
    most = question.most_recycled()
    assert most.recycled >= question.least_cost().recycled - 1e-9
    grid = by_hand(question, lambda shares: -float(shares @ [f.recycled for f in FEEDS]))
    assert most.recycled >= -grid - 1e-9
    assert question.least_cost(most.recycled - 1e-9).cost <= most.cost * (1 + 1e-6)


def test_a_recycled_share_that_is_asked_for_is_reached():
    dear = tuple(feed(f.name, f.properties["mfr"], f.price * (2.0 if f.recycled else 1.0), f.recycled) for f in FEEDS)
    question = blend(feeds=dear)
    assert question.least_cost().recycled == pytest.approx(0.0, abs=1e-9)
    assert question.least_cost(0.25).recycled == pytest.approx(0.25)


def test_a_dirty_feed_may_not_be_thinned_until_it_passes():
    dirty = feed("dirty", 18.0, 1.0, 1.0, bromine=0.000301)
    question = blend(feeds=(*FEEDS, dirty))
    assert [(r.feed, r.substance, r.ceiling) for r in question.left_out] == [("dirty", "Br", 0.0003)]
    assert question.least_cost().masses["dirty"] == 0.0
    assert question.least_cost().left_out == question.left_out
    clean = feed("dirty", 18.0, 1.0, 1.0, bromine=0.0003)
    assert blend(feeds=(*FEEDS, clean)).least_cost().masses["dirty"] == pytest.approx(50.0)


def test_what_is_approximate_is_said():
    found = blend().least_cost()
    assert set(found.approximate) == {"impact", "modulus", "ash"}
    assert found.rule == "arrhenius"
    low, high = found.melt_flow_range
    assert (low, high) == (pytest.approx(0.88 * found.properties["mfr"]), pytest.approx(1.12 * found.properties["mfr"]))
    assert blend(Cragoe()).least_cost().melt_flow_range is None


def test_densities_mix_by_volume():
    question = blend(
        feeds=(feed("a", 10, 1.0, 0.0, stock=25.0, density=0.9), feed("b", 10, 2.0, 0.0, density=1.2)), mfr=(5, 20)
    )
    assert question.least_cost().properties["density"] == pytest.approx(2 / (1 / 0.9 + 1 / 1.2))


def test_no_blend_names_its_windows_and_what_was_left_out():
    with pytest.raises(NoAnswer) as caught:
        blend(feeds=(*FEEDS, feed("dirty", 90.0, 1.0, 1.0, bromine=0.01)), mfr=(60.0, 80.0)).least_cost()
    fault = caught.value.faults[0]
    assert fault.arguments["field"] == "mfr"
    assert fault.arguments["left_out"] == ["dirty (Br)"]


def test_windows_of_the_table():
    limits = CompoundLimits.named("interior_td20", BR)
    assert limits.windows["mfr"] == (15.0, 30.0)
    assert limits.windows["impact"] == (5.0, None)
    assert limits.windows["ash"] == (pytest.approx(0.18), pytest.approx(0.22))
    assert {row.status for row in limits.rows} == {"unverified"}
    assert CompoundLimits.named("undercover", {}).windows["modulus"] == (1.0, None)


@given(st.floats(0.05, 1.0), st.floats(0.05, 1.0))
def test_more_virgin_material_keeps_a_loop_younger(one, other):
    low, high = sorted((one, other))
    assert steady_melt_flow(12.0, 0.15, high) <= steady_melt_flow(12.0, 0.15, low)
    assert steady_melt_flow(12.0, 0.15, 1.0) == 12.0


@pytest.mark.parametrize("module", [polymers, alloys])
def test_the_examples_in_the_words_run(module):
    told = doctest.testmod(module)
    assert told.attempted > 0
    assert told.failed == 0
