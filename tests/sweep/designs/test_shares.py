"""Shares that add to one, drawn from a column each."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta, kstest

from cesim.quantities import dirichlet
from cesim.sweep.designs import MonteCarlo, Sobol


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
