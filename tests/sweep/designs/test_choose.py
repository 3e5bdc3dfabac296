"""Discrete factors, and shares that are drawn from columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, kstest

from cesim.quantities import dirichlet
from cesim.sweep.designs import MonteCarlo, Sobol, choose

INSIDE = st.floats(0.0, 1.0, exclude_min=True, exclude_max=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 50), INSIDE)
def test_one_of_n_is_always_chosen(n, u):
    assert 0 <= int(choose(u, n)) < n


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 10])
def test_each_of_n_has_an_equal_part_of_the_probabilities(n):
    chosen = choose(Sobol(1, 4).rows(0, 4096)[:, 0], n)
    np.testing.assert_allclose(np.bincount(chosen, minlength=n), np.full(n, 4096 / n), atol=1.5)
    assert choose([1e-300, 1.0 - 2.0**-53], n).tolist() == [0, n - 1]
    middles = (np.arange(n) + 0.5) / n
    assert choose(middles, n).tolist() == list(range(n))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=8).filter(any), st.lists(INSIDE, min_size=1, max_size=20))
def test_what_weighs_nothing_is_never_chosen_and_order_follows_probability(weights, u):
    chosen = choose(sorted(u), len(weights), weights)
    assert all(weights[one] > 0.0 for one in chosen)
    assert (np.diff(chosen) >= 0).all()


def test_weights_are_how_often():
    weights = (1.0, 0.0, 3.0, 4.0)
    assert np.bincount(choose(Sobol(1, 4).rows(0, 4096)[:, 0], 4, weights)).tolist() == [512, 0, 1536, 2048]
    assert choose([[0.05], [0.2]], 2, (1, 9)).tolist() == [[0], [1]]


@pytest.mark.parametrize(
    ("u", "n", "weights"),
    [
        (0.0, 2, None),
        (1.0, 2, None),
        (float("nan"), 2, None),
        (0.5, 0, None),
        (0.5, -1, None),
        (0.5, 2, (1.0,)),
        (0.5, 2, (1.0, -1.0)),
        (0.5, 2, (0.0, 0.0)),
        (0.5, 2, (1.0, float("nan"))),
        (0.5, 2, (1.0, float("inf"))),
    ],
)
def test_what_cannot_be_chosen_from_is_refused(u, n, weights):
    with pytest.raises(ValueError, match=r"probability|alternatives|weights"):
        choose(u, n, weights)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_equal_shares_of_concentration_k_are_uniform_on_the_simplex(k):
    """Then every share is Beta(1, k - 1), and so is every part of what the shares before it leave, with fewer left."""
    shares = dirichlet(np.full(k, 1.0 / k), MonteCarlo(k, 12).rows(0, 4000), concentration=k)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-12)
    left = np.ones(len(shares))
    for at in range(k - 1):
        assert kstest(shares[:, at], beta(1, k - 1).cdf).pvalue > 1e-3
        assert kstest(shares[:, at] / left, beta(1, k - 1 - at).cdf).pvalue > 1e-3
        left = left - shares[:, at]


def test_shares_from_a_sobol_sequence_fill_the_simplex_more_evenly_than_chance():
    """The cells into which the medians of three shares cut the triangle."""

    def miss(design):
        shares = dirichlet(np.full(3, 1 / 3), design.rows(0, 1024), concentration=3)
        return np.abs(shares.mean(axis=0) - 1 / 3).max()

    assert np.mean([miss(Sobol(3, seed)) for seed in range(10)]) < 0.2 * np.mean(
        [miss(MonteCarlo(3, seed)) for seed in range(10)]
    )
