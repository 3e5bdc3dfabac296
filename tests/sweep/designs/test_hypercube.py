"""Latin hypercubes: every stratum once, in any order as likely as another."""

from __future__ import annotations

from collections import Counter
from math import factorial

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare, kstest, qmc

from cesim.sweep.designs import Hypercube
from cesim.sweep.designs.hypercube import MOST


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 5), st.integers(0, 2**40))
@example(1, 1, 0)
@example(2, 3, 0)
def test_every_stratum_is_met_once_in_every_column(points, columns, seed):
    design = Hypercube(columns, points, seed)
    for strata, u in zip(design.strata(0, points).T, design.rows(0, points).T, strict=True):
        assert sorted(strata) == list(range(points))
        np.testing.assert_array_equal(np.floor(u * points), strata)


@pytest.mark.parametrize("points", [2, 3, 4, 5, 6])
def test_every_order_is_as_likely_as_another(points):
    """5 and 6 stand on an odd base, where the rounds alone make even orders likelier than odd ones."""
    orders = Counter(map(tuple, Hypercube(30_000, points, 11).strata(0, points).T))
    counts = list(orders.values()) + [0] * (factorial(points) - len(orders))
    assert chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize("points", [10, 81, 150])
def test_longer_orders_rise_and_invert_as_often_as_by_chance(points):
    columns = 1500
    strata = Hypercube(columns, points, 3).strata(0, points)
    ascents = (np.diff(strata, axis=0) > 0).sum(axis=0)
    below = np.triu_indices(points, 1)
    inversions = (strata[below[0]] > strata[below[1]]).sum(axis=0)
    for found, mean, variance in (  # Knuth, The Art of Computer Programming 3, 5.1.1 and 5.1.3
        (ascents, (points - 1) / 2, (points + 1) / 12),
        (inversions, points * (points - 1) / 4, points * (points - 1) * (2 * points + 5) / 72),
    ):
        assert abs(found.mean() - mean) < 4 * np.sqrt(variance / columns)
        assert found.var() == pytest.approx(variance, rel=0.17)  # 4.6 standard errors


def test_columns_are_uncorrelated():
    points = 101
    found = np.corrcoef(Hypercube(120, points, 5).strata(0, points).T)[np.triu_indices(120, 1)]
    assert found.std() * np.sqrt(points - 1) == pytest.approx(1.0, abs=0.05)
    assert abs(found.mean()) < 4 * found.std() / np.sqrt(found.size)


def test_points_lie_anywhere_in_their_stratum():
    design = Hypercube(40, 100, 9)
    within = design.rows(0, 100) * 100 - design.strata(0, 100)
    assert kstest(within.ravel(), "uniform").pvalue > 1e-3


def test_what_adds_up_is_found_far_better_than_by_chance_and_as_well_as_with_scipy():
    def spread(make):
        return np.std([np.exp(make(seed)).sum(axis=1).mean() for seed in range(60)])

    ours = spread(lambda seed: Hypercube(4, 200, seed).rows(0, 200))
    theirs = spread(lambda seed: qmc.LatinHypercube(4, rng=seed).random(200))
    chance = spread(lambda seed: np.random.default_rng(seed).random((200, 4)))
    assert ours < chance / 50
    assert ours == pytest.approx(theirs, rel=0.5)


def test_a_large_one_makes_a_few_of_its_points():
    design = Hypercube(3, MOST, 1)
    assert design.rows(MOST - 4, 4).shape == (4, 3)
    assert design.strata(MOST - 4, 4).max() < MOST


@pytest.mark.parametrize("points", [0, -1, MOST + 1])
def test_what_cannot_be_is_refused(points):
    with pytest.raises(ValueError, match="Latin"):
        Hypercube(2, points, 0)
