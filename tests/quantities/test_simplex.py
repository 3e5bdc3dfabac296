"""Shares that add to one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv, gammaincinv

from cesim.quantities import QuantityError, dirichlet, matching_concentration, uniforms
from cesim.quantities.simplex import _log_gamma_quantile

SHARES = [0.5, 0.3, 0.0, 0.2]


def table(draws, k, seed=1):
    return np.stack([uniforms(seed, f"share {place}", 0, draws) for place in range(k)], axis=1)


weights = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)


@given(weights, st.floats(1e-4, 1e9), st.integers(0, 1000))
def test_q11_rows_add_to_one_and_zeros_stay_zero(whole, concentration, seed):
    values = np.array(whole) / sum(whole)
    x = dirichlet(values, table(20, len(values), seed), concentration=concentration)
    assert x.shape == (20, len(values))
    assert np.abs(x.sum(axis=1) - 1.0).max() <= 1e-15 * len(values)
    assert (x >= 0.0).all()
    assert (x[:, values == 0.0] == 0.0).all()
    assert np.isfinite(x).all()


def test_q11_the_best_shares_are_the_means_and_the_spread_is_dirichlets():
    x = dirichlet(SHARES, table(20_000, 4), concentration=30.0)
    v = np.array(SHARES)
    sd = np.sqrt(v * (1 - v) / 31.0)
    assert (np.abs(x.mean(axis=0) - v) <= 4 * sd / np.sqrt(20_000)).all()
    np.testing.assert_allclose(x.std(axis=0)[v > 0], sd[v > 0], rtol=0.02)


def test_each_draw_is_gammas_by_inversion_over_their_sum():
    u = table(50, 4)
    g = gammaincinv(30.0 * np.array([0.5, 0.3, 0.2]), u[:, [0, 1, 3]])
    wanted = g / g.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(dirichlet(SHARES, u, concentration=30.0)[:, [0, 1, 3]], wanted, rtol=1e-12)


def test_a_share_has_the_quantiles_of_its_beta():
    x = np.sort(dirichlet([0.3, 0.7], table(20_000, 2), concentration=8.0)[:, 0])
    for p in (0.05, 0.5, 0.95):
        assert x[int(p * 20_000)] == pytest.approx(betaincinv(2.4, 5.6, p), rel=0.03)


def test_q9_each_row_is_independent_of_the_others_bit_for_bit():
    u = table(200, 11)
    values = np.arange(11) / 55.0
    together = dirichlet(values, u, concentration=12.0)
    alone = np.concatenate([dirichlet(values, u[i : i + 1], concentration=12.0) for i in range(200)])
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(dirichlet(values, np.asfortranarray(u), concentration=12.0), together)


def test_tiny_concentrations_pick_one_share_and_never_fail():
    u = table(5000, 3)
    x = dirichlet([0.2, 0.3, 0.5], u, concentration=1e-4)
    assert (x.max(axis=1) > 0.99).mean() > 0.99
    np.testing.assert_allclose((x > 0.5).mean(axis=0), [0.2, 0.3, 0.5], atol=0.03)


def test_the_far_left_tail_of_a_gamma_has_a_closed_form():
    # gamma with shape one half, probability u: (u sqrt(pi) / 2)**2 while that is small
    for u in (1e-30, 1e-150):
        wanted = 2.0 * (math.log(u) + 0.5 * math.log(math.pi) - math.log(2.0))
        assert _log_gamma_quantile(0.5, np.array([u]))[0] == pytest.approx(wanted, rel=1e-13)


def test_q11_the_matched_concentration_gives_back_the_declared_width():
    c = 40.0
    v = np.array([0.2, 0.3, 0.5])
    half = 1.6448536269514722 * np.sqrt(v * (1 - v) / (c + 1))
    assert matching_concentration(v, v - half, v + half) == pytest.approx(c)
    u = table(40, 3)
    np.testing.assert_allclose(
        dirichlet(v, u, low=v - half, high=v + half), dirichlet(v, u, concentration=c), rtol=1e-9
    )


def test_q11_the_median_share_decides_and_shares_without_range_have_no_say():
    v = np.array([0.25, 0.25, 0.25, 0.25])
    width = np.array([0.02, 0.10, 0.30, 0.0])
    middling = matching_concentration(v, v - 0.05, v + 0.05)
    assert matching_concentration(v, v - width / 2, v + width / 2) == pytest.approx(middling)


@pytest.mark.parametrize(("values", "low", "high"), [(SHARES, SHARES, SHARES), ([0.0, 1.0], [0.0, 1.0], [0.0, 1.0])])
def test_shares_without_any_range_stay_as_they_are(values, low, high):
    assert matching_concentration(values, low, high) == np.inf
    x = dirichlet(values, table(3, len(values)), low=low, high=high)
    np.testing.assert_array_equal(x, [values] * 3)


def test_shares_written_with_rounding_are_divided_by_their_sum():
    values = [1 / 3, 1 / 3, 0.3333333333]
    x = dirichlet(values, table(2000, 3), low=values, high=values)
    assert abs(x[0].sum() - 1.0) < 1e-15


OK = {"values": [0.5, 0.5], "u": [[0.5, 0.5]], "concentration": 3.0}
HALF = [0.5, 0.5]
REFUSED = [
    ("shares_not_flat", {"values": [[0.5, 0.5]]}),
    ("shares_not_flat", {"values": [], "u": np.empty((1, 0))}),
    ("share_out_of_range", {"values": [1.5, -0.5]}),
    ("share_out_of_range", {"values": [np.nan, 0.5]}),
    ("shares_do_not_add_to_one", {"values": [0.5, 0.5 + 1e-8]}),
    ("wrong_shape", {"u": [0.5, 0.5]}),
    ("wrong_shape", {"u": [[0.5, 0.5, 0.5]]}),
    ("u_out_of_range", {"u": [[0.5, 1.0]]}),
    ("u_out_of_range", {"u": [[0.5, 0.0]]}),
    ("concentration_or_range", {"concentration": None}),
    ("concentration_or_range", {"concentration": None, "low": HALF}),
    ("concentration_or_range", {"low": HALF}),
    ("concentration_or_range", {"low": HALF, "high": HALF}),
    ("concentration_out_of_range", {"concentration": 0.0}),
    ("concentration_out_of_range", {"concentration": np.inf}),
    ("concentration_out_of_range", {"concentration": np.nan}),
    ("wrong_shape", {"concentration": None, "low": [0.5], "high": HALF}),
    ("share_out_of_range", {"concentration": None, "low": [-0.1, 0.5], "high": HALF}),
    ("share_out_of_range", {"concentration": None, "low": HALF, "high": [1.005, 0.5]}),
    ("low_above_value", {"concentration": None, "low": [0.5, 0.6], "high": [0.5, 0.7]}),
    ("value_above_high", {"concentration": None, "low": [0.3, 0.5], "high": [0.4, 0.5]}),
    ("range_at_zero", {"values": [1.0, 0.0], "concentration": None, "low": [1.0, 0.0], "high": [1.0, 0.1]}),
    ("ranges_too_wide", {"values": [0.9, 0.1], "concentration": None, "low": [0, 0], "high": [1, 1]}),
]


@pytest.mark.parametrize(("code", "change"), REFUSED)
def test_what_cannot_be_shares_is_refused(code, change):
    with pytest.raises(QuantityError) as fault:
        dirichlet(**{**OK, **change})
    assert fault.value.code == code
