"""Curves between none and all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.quantities import QuantityError, ramp, share_curve

money = st.floats(-1e7, 1e7)


@given(money, st.floats(1e-3, 1e7))
def test_q16_the_share_is_the_normal_probability_of_a_margin_above_zero(margin, spread):
    wanted = 0.5 * math.erfc(-margin / spread / math.sqrt(2.0))
    assert float(share_curve(margin, spread)) == pytest.approx(wanted, rel=1e-9, abs=1e-300)


@given(money, st.floats(0.0, 1e7))
def test_q16_gain_and_loss_mirror_each_other(margin, spread):
    assert float(share_curve(margin, spread) + share_curve(-margin, spread)) == pytest.approx(1.0, abs=1e-15)


def test_q16_without_spread_it_is_a_step():
    np.testing.assert_array_equal(share_curve([-1e-9, -0.0, 0.0, 1e-9], 0.0), [0.0, 0.5, 0.5, 1.0])
    np.testing.assert_array_equal(share_curve([-1.0, 1.0], 5e-324), [0.0, 1.0])


def test_shapes_broadcast_and_elements_do_not_mix():
    margin = np.linspace(-300.0, 500.0, 7)[:, None]
    spread = np.array([0.0, 50.0, 400.0])
    x = share_curve(margin, spread)
    assert x.shape == (7, 3)
    for i in range(7):
        for j in range(3):
            assert x[i, j] == share_curve(margin[i, 0], spread[j])
    assert (np.diff(x, axis=0) >= 0.0).all()
    assert share_curve(1.0, 1.0).shape == ()


@pytest.mark.parametrize(
    ("code", "margin", "spread"),
    [("negative_spread", 1.0, [1.0, -1.0]), ("not_finite", math.nan, 1.0), ("not_finite", 1.0, math.inf)],
)
def test_impossible_margins_are_refused(code, margin, spread):
    with pytest.raises(QuantityError) as fault:
        share_curve(margin, spread)
    assert fault.value.code == code


def test_a_linear_ramp():
    years = [2024, 2025, 2027, 2030, 2035, 2036]
    np.testing.assert_allclose(ramp(years, 2025, 2035), [0.0, 0.0, 0.2, 0.5, 1.0, 1.0], rtol=1e-15)


def test_an_s_curve_is_slow_at_both_ends():
    x = ramp([2024, 2025, 2027, 2030, 2033, 2035, 2040], 2025, 2035, "s-curve")
    np.testing.assert_allclose(x, [0.0, 0.0, 0.104, 0.5, 0.896, 1.0, 1.0], rtol=1e-12)


def test_a_ramp_of_no_length_is_a_step_full_in_its_year():
    for shape in ("linear", "s-curve"):
        np.testing.assert_array_equal(ramp([[2029, 2030], [2031, 2028]], 2030, 2030, shape), [[0.0, 1.0], [1.0, 0.0]])


@given(st.integers(1990, 2060), st.integers(1, 40), st.sampled_from(["linear", "s-curve"]))
def test_ramps_rise_from_none_to_all(start, length, shape):
    x = ramp(np.arange(1980, 2110), start, start + length, shape)
    assert (np.diff(x) >= 0.0).all()
    assert (x[: start - 1980 + 1] == 0.0).all()
    assert (x[start + length - 1980 :] == 1.0).all()
    assert ((x > 0.0) & (x < 1.0)).sum() == length - 1


def test_a_ramp_leaves_its_argument_alone():
    years = np.array([2020.0, 2030.0])
    ramp(years, 2025, 2035)[:] = 7.0
    np.testing.assert_array_equal(years, [2020.0, 2030.0])


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("start_after_full", ([2030], 2031, 2030)),
        ("unknown_ramp", ([2030], 2030, 2031, "logistic")),
        ("not_finite", ([math.nan], 2030, 2031)),
        ("not_finite", ([2030], math.nan, 2031)),
        ("not_finite", ([2030], 2030, math.inf)),
    ],
)
def test_impossible_ramps_are_refused(code, given):
    with pytest.raises(QuantityError) as fault:
        ramp(*given)
    assert fault.value.code == code
