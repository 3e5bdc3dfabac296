"""Blends of other people first; then what a user gets wrong."""

import numpy as np
import pytest

from cesim.charge import blend
from cesim.errors import InputError


def ibm(case):
    """Limits are pounds in a load of 10,000 lb; the first scrap is limited."""
    given = case["inputs"]
    lower, upper = (
        [None if limit is None else limit / given["load_lb"] for limit in given[side]]
        for side in ("lower_lb", "upper_lb")
    )
    stock = [given["scrap1_max_lb"] if name == "SC1" else None for name in given["materials"]]
    return given["cost_usd_per_lb"], given["composition"], lower, upper, stock, given["load_lb"]


def test_the_alloy_of_ibm(cases):
    case = cases["ibm_alloy"]
    cost, composition, lower, upper, stock, load = ibm(case)
    told = blend(cost, composition, lower, upper, stock, load)
    assert told.cost == pytest.approx(case["expected"]["objective"], abs=5e-7)
    mix = {name: mass for name, mass in zip(case["inputs"]["materials"], told.mix, strict=True) if mass > 0}
    assert mix == pytest.approx(case["expected"]["mix_lb"], abs=5e-5)
    prices = dict(zip(case["inputs"]["elements"], told.shadow_prices, strict=True))
    expected = dict(case["expected"]["shadow_prices_usd_per_lb"])
    assert told.batch_price == pytest.approx(expected.pop("load"), abs=5e-5)
    assert {name: price for name, price in prices.items() if price != 0} == pytest.approx(expected, abs=5e-5)


def test_a_shadow_price_is_what_moving_the_limit_costs(cases):
    case = cases["ibm_alloy"]
    cost, composition, lower, upper, stock, load = ibm(case)
    told = blend(cost, composition, lower, upper, stock, load)
    silicon = case["inputs"]["elements"].index("Si")
    upper[silicon] += 0.01 / load
    wider = blend(cost, composition, lower, upper, stock, load)
    assert (wider.cost - told.cost) / 0.01 == pytest.approx(told.shadow_prices[silicon], rel=1e-6)


def test_the_lead_zinc_tin_blend_of_dantzig(cases):
    given, expected = cases["dantzig_blend"]["inputs"], cases["dantzig_blend"]["expected"]
    composition = np.array([given["lead"], given["zinc"], given["tin"]]).T / 100
    target = np.array([given["target"][metal] for metal in ("lead", "zinc", "tin")]) / 100
    told = blend(given["price"], composition, target, target, None, 1.0)
    assert told.cost == pytest.approx(expected["objective"], abs=1e-12)
    assert dict(zip("abcdefghi", told.mix, strict=True)) == pytest.approx(
        {"b": 0.6, "d": 0.4} | dict.fromkeys("acefghi", 0)
    )


def test_the_shadow_price_of_a_dilution(cases):
    given, expected = cases["dilution_shadow_price"]["inputs"], cases["dilution_shadow_price"]["expected"]
    told = blend([1.0 - given["price_difference"], 1.0], [[given["mu"]], [given["p"]]], None, [given["u"]], None, 1.0)
    assert told.mix[0] == pytest.approx(expected["scrap"])
    assert told.shadow_prices[0] == pytest.approx(expected["shadow_price"])


def test_with_yields_the_batch_is_the_melt():
    told = blend([1.0, 3.0], [[0.01], [0.0]], None, [0.008], None, 10.0, yields=[0.8, 1.0])
    assert told.mix @ [0.8, 1.0] == pytest.approx(10.0)
    assert told.mix[0] * 0.01 == pytest.approx(0.08)
    assert told.mix == pytest.approx([8.0, 3.6])


def test_a_blend_that_cannot_be_names_the_properties_in_conflict():
    told = blend([1.0, 1.0], [[0.1, 0.0], [0.3, 0.2]], [None, 0.15], [0.15, None], None, 1.0)
    assert told.status == "infeasible"
    assert told.conflict == (0, 1)
    assert np.isnan(told.cost)
    assert np.isnan(told.mix).all()


def test_too_little_stock_is_in_conflict_with_no_property():
    told = blend([1.0], [[0.1]], None, None, [0.5], 1.0)
    assert (told.status, told.conflict) == ("infeasible", ())


def test_the_price_of_a_stock():
    told = blend([1.0, 3.0], [[0.0], [0.0]], None, None, [0.25, None], 1.0)
    assert told.stock_prices == pytest.approx([-2.0, 0.0])
    assert told.batch_price == pytest.approx(3.0)


WRONG = {
    "crossed limits": ({"lower": [0.2, None], "upper": [0.1, None]}, "array_limits_crossed", "lower[0]"),
    "composition over one": ({"composition": [[0.1, 0.0], [1.3, 0.2]]}, "array_above_one", "composition[1][0]"),
    "composition below zero": ({"composition": [[0.1, 0.0], [0.3, -0.2]]}, "array_below_zero", "composition[1][1]"),
    "negative stock": ({"stock": [1.0, -1.0]}, "array_below_zero", "stock[1]"),
    "stock of minus infinity": ({"stock": [1.0, -np.inf]}, "array_not_finite", "stock[1]"),
    "NaN cost": ({"cost": [np.nan, 1.0]}, "array_not_finite", "cost[0]"),
    "NaN composition": ({"composition": [[0.1, np.nan], [0.3, 0.2]]}, "array_not_finite", "composition[0][1]"),
    "NaN limit": ({"upper": [np.nan, None]}, "array_not_finite", "upper[0]"),
    "NaN stock": ({"stock": [np.nan, None]}, "array_not_finite", "stock[0]"),
    "a limit infinite the wrong way": ({"lower": [np.inf, None]}, "array_not_finite", "lower[0]"),
    "NaN batch": ({"batch": np.nan}, "array_not_finite", "batch"),
    "no batch": ({"batch": 0.0}, "array_not_above_zero", "batch"),
    "two batches": ({"batch": [1.0, 2.0]}, "array_wrong_shape", "batch"),
    "costs too many": ({"cost": [1.0, 2.0, 3.0]}, "array_wrong_shape", "cost"),
    "limits too few": ({"lower": [0.1]}, "array_wrong_shape", "lower"),
    "a flat composition": ({"composition": [0.1, 0.2]}, "array_wrong_shape", "composition"),
    "words": ({"cost": ["cheap", "dear"]}, "array_not_numbers", "cost"),
    "no yield": ({"yields": [0.0, 1.0]}, "array_not_above_zero", "yields[0]"),
    "more than all": ({"yields": [0.9, 1.1]}, "array_above_one", "yields[1]"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_input_is_refused_at_its_place(wrong):
    change, code, where = WRONG[wrong]
    given = {
        "cost": [1.0, 2.0],
        "composition": [[0.1, 0.0], [0.3, 0.2]],
        "lower": None,
        "upper": None,
        "stock": None,
        "batch": 1.0,
    }
    with pytest.raises(InputError) as refused:
        blend(**(given | change))
    assert [(fault.code, fault.arguments["where"]) for fault in refused.value.faults] == [(code, where)]


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as refused:
        blend([np.nan, 1.0], [[0.1], [1.2]], [0.5], [0.4], [-1.0, 1.0], 1.0)
    assert {fault.arguments["where"] for fault in refused.value.faults} == {
        "cost[0]", "composition[1][0]", "lower[0]", "stock[0]",
    }  # fmt: skip
