"""First-order shares from the points there are."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc

sys.path.insert(0, str(Path(__file__).parent))

from published import g_function, g_indices, ishigami

from cesim.errors import InputError
from cesim.run.spread import noise_floor
from cesim.sweep.sensitivity import Unvarying, delta_indices, given_shares, pawn_indices

U = np.random.default_rng(0).random((4000, 3))


def test_a_line_has_the_shares_of_its_squared_slopes():
    told = given_shares(U, U @ np.array([3.0, 0.0, -1.0]))
    np.testing.assert_allclose(told.share, [0.9, 0.0, 0.1], atol=0.01)
    assert told.told == (0, 2)
    assert told.points == 4000
    assert told.floor == noise_floor(4000, 3)


def test_the_g_function_has_its_published_shares():
    # |4 u - 2| = 2 |x| with x = 2 u - 1 is even, so that of three Legendre polynomials only P2 holds of it: the mean of
    # 2 |x| P2(x) is 1/4, which explains 5 / 16 of a variance of 1 / 3, or 15 in 16
    a = (0.0, 1.0, 4.5)
    u = np.random.default_rng(1).random((20_000, 3))
    first, *_ = g_indices(a)
    told = given_shares(u, g_function(u, a))
    np.testing.assert_allclose(told.share, first * 15 / 16, atol=0.015)


PARTS = (0.0, 1.0, 4.5)
KNOWN = {
    "line": (lambda u: u @ np.sqrt([0.9, 0.08, 0.02]), [0.9, 0.08, 0.02]),
    "G-function": (lambda u: g_function(u, PARTS), g_indices(PARTS)[0] * 15 / 16),
}
"""Functions with the shares that three polynomials can have of them."""


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("points", [128, 512])
def test_intervals_hold_the_true_shares_as_often_as_they_say(name, points):
    function, wanted = KNOWN[name]
    held, even = np.zeros(3), np.zeros(3)
    for seed in range(200):
        for way, u in ((held, np.random.default_rng(seed).random((points, 3))),
                       (even, qmc.Sobol(3, rng=seed).random(points))):  # fmt: skip
            told = given_shares(u, function(u))
            way += (told.low <= wanted) & (wanted <= told.high)
    assert (held / 200 >= 0.88).all()
    assert abs(held.mean() / 200 - 0.95) < 0.035
    assert (even / 200 >= 0.99).all()  # a Sobol' sequence does better than its intervals say


def test_intervals_are_those_that_a_bootstrap_tends_to():
    u = np.random.default_rng(5).random((3000, 3))
    y = g_function(u, PARTS)
    told = given_shares(u, y)
    random = np.random.default_rng(6)
    again = np.array([given_shares(u[rows], y[rows]).share for rows in random.integers(3000, size=(300, 3000))])
    np.testing.assert_allclose((told.high - told.low) / 2 / 1.959964, again.std(axis=0), rtol=0.15)
    np.testing.assert_allclose((told.high + told.low) / 2, told.share, rtol=1e-12)
    wide = given_shares(u, y, level=0.99)
    np.testing.assert_allclose((wide.high - wide.low) / (told.high - told.low), 2.575829 / 1.959964, rtol=1e-6)


def test_few_levels_have_intervals_too():
    u = np.tile([0.25, 0.75], 100)[:, None]
    y = np.where(u[:, 0] > 0.5, 1.0, 0.0) + np.random.default_rng(0).normal(size=200)
    told = given_shares(u, y)
    assert 0.05 < told.low[0] < told.share[0] < told.high[0] < 0.4


def test_a_level_that_is_none_is_refused():
    with pytest.raises(InputError) as caught:
        given_shares(U, U[:, 0], level=1.0)
    assert caught.value.faults[0].code == "sweep_level"


def test_inputs_of_no_effect_stay_below_the_floor():
    values = np.random.default_rng(2).normal(size=4000)
    assert given_shares(U, values).told == ()


def test_a_result_that_does_not_vary_has_no_shares():
    still = np.full(4000, 2.5)
    for ask in (given_shares, pawn_indices, delta_indices):
        assert ask(U, still) == Unvarying("does_not_vary", 2.5, 4000)


@pytest.mark.parametrize("ask", [given_shares, pawn_indices, delta_indices])
def test_bad_input_is_refused(ask):
    def code(inputs, values):
        with pytest.raises(InputError) as caught:
            ask(inputs, values)
        return caught.value.faults[0].code

    y = ishigami(U)
    assert code(U, np.where(np.arange(4000) == 3, np.nan, y)) == "sweep_values_not_finite"
    assert code(np.where(U[5, 1] == U, np.inf, U), y) == "sweep_values_not_finite"
    assert code(U[:99], y[:99]) == "sweep_too_few_points"
    assert code(U, y[:-1]) == "sweep_values_shape"


@pytest.mark.parametrize("edge", [0.0, 1.0, 37.5])
def test_values_instead_of_columns_are_refused(edge):
    x = U.copy()
    x[3, 1] = edge
    with pytest.raises(InputError) as caught:
        given_shares(x, ishigami(U))
    assert caught.value.faults[0].code == "sweep_not_of_the_design"
    assert caught.value.faults[0].arguments == {"found": 1}


def test_pawn_and_delta_see_what_the_mean_does_not():
    # the second input changes the spread alone: no first-order share, but another distribution
    random = np.random.default_rng(3)
    values = (0.1 + U[:, 1]) * random.normal(size=4000)
    assert given_shares(U, values).told == ()
    assert pawn_indices(U, values).figures["median"].argmax() == 1
    told = delta_indices(U[:300], values[:300], resamples=2).figures
    assert told["delta_raw" if "delta_raw" in told else "delta"].argmax() == 1
