"""Where heats fall: closed forms for one lot, nothing for what is certain."""

import numpy as np
import pytest
from scipy.stats import norm

from cesim.charge import AlloyLimits, Belief, Charge, Energy, Furnace, Lot
from cesim.charge.heat_spread import spread_of_heats


def one_lot(spread):
    belief = Belief(np.ones(1), np.array([[0.010]]), np.array([[[spread**2]]]), "normal", ("Si",))
    alloy = AlloyLimits("wide", ("Si",), np.array([0.0]), np.array([0.05]))
    pure = Lot.known("pure", {"Si": 0.0}, stock=None, price=2.0, co2=1.0, recycled="none")
    return Charge(
        alloy, [Lot("scrap", None, 1.0, 0.5, belief, "post"), pure], Furnace(10.0, Energy(0, 0, 0), yields=1.0)
    )


def test_the_middle_of_one_bell_is_that_of_the_table():
    low, high = spread_of_heats(one_lot(0.001).sheet, {"scrap": 5.0, "pure": 5.0}, heats=200_000)["Si"]
    half = norm.ppf(0.995) * 0.0005
    assert low == pytest.approx(0.005 - half, abs=2e-5)
    assert high == pytest.approx(0.005 + half, abs=2e-5)


def test_what_is_certain_does_not_spread():
    low, high = spread_of_heats(one_lot(0.0).sheet, {"scrap": 2.0, "pure": 8.0}, heats=100)["Si"]
    assert low == pytest.approx(0.002, rel=1e-12)
    assert high == pytest.approx(0.002, rel=1e-12)


def test_a_wider_middle_holds_a_narrower_one():
    sheet, mix = one_lot(0.002).sheet, {"scrap": 10.0}
    wide, narrow = (spread_of_heats(sheet, mix, heats=2_000, inside=inside)["Si"] for inside in (0.99, 0.5))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
