"""The scrambled Sobol' sequence against scipy's, and what makes it worth having."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest, qmc

from cesim.sweep.designs import MonteCarlo, Sobol
from cesim.sweep.designs.sobol import BITS, WIDEST


def boxes(points, digits):
    """How many points lie in each elementary interval with so many binary digits in each column."""
    cells = np.floor(points * 2.0 ** np.array(digits)).astype(int)
    at = np.ravel_multi_index(cells.T, [2**d for d in digits])
    return np.bincount(at, minlength=2 ** sum(digits))


def quality(points):
    """The t of a (t, m, s)-net: the least for which every elementary interval of volume 2**(t - m) has 2**t points."""
    m, s = len(points).bit_length() - 1, points.shape[1]
    for t in range(m + 1):
        splits = [d for d in product(range(m - t + 1), repeat=s) if sum(d) == m - t]
        if all((boxes(points, d) == 2**t).all() for d in splits):
            return t
    raise AssertionError("never: one box holds all points")


@pytest.mark.parametrize("columns", [1, 2, 7, 1111])
def test_without_a_scramble_it_is_the_sequence_of_scipy(columns):
    theirs = qmc.Sobol(columns, scramble=False, bits=30).random(1024)
    np.testing.assert_array_equal(Sobol(columns, None).rows(0, 1024), theirs + 2.0**-31)


def test_a_point_far_on_is_that_of_scipy():
    engine = qmc.Sobol(3, scramble=False, bits=30)
    engine.random(1)
    engine.fast_forward(3_000_000 - 1)
    np.testing.assert_array_equal(Sobol(3, None).rows(3_000_000, 1)[0], engine.random(1)[0] + 2.0**-31)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 10), st.integers(0, 3))
def test_every_column_meets_each_stratum_once(seed, m, block):
    points = Sobol(9, seed).rows(block << m, 1 << m)
    for column in points.T:
        assert sorted(np.floor(column * 2**m).astype(int)) == list(range(1 << m))


@pytest.mark.parametrize("seed", range(5))
def test_the_first_two_columns_are_a_net_that_nothing_can_better(seed):
    assert quality(Sobol(2, seed).rows(0, 256)) == 0
    assert quality(Sobol(2, seed).rows(256, 256)) == 0


@pytest.mark.parametrize("columns", [3, 4, 5])
@pytest.mark.parametrize("seed", range(3))
def test_the_scramble_keeps_the_quality_of_the_net(columns, seed):
    plain = Sobol(5, None).rows(0, 128)[:, :columns]
    scrambled = Sobol(5, seed).rows(0, 128)[:, :columns]
    assert quality(scrambled) == quality(plain)
    assert (scrambled != plain).all(axis=0).all()


def test_over_the_seeds_every_point_is_uniform():
    made = [Sobol(2, seed) for seed in range(1000)]
    for point in (0, 1, 77, 1000):
        drawn = np.array([design.rows(point, 1)[0] for design in made])
        assert kstest(drawn[:, 0], "uniform").pvalue > 1e-4
        assert kstest(drawn[:, 1], "uniform").pvalue > 1e-4
        assert abs(np.corrcoef(drawn.T)[0, 1]) < 0.145  # 4.6 standard errors


def test_the_matrix_moves_digits_that_a_shift_would_leave():
    """Under a shift alone the exclusive or of two points would be the same for every seed."""
    apart = {tuple(np.bitwise_xor(*(Sobol(2, seed).rows(1, 2) * 2.0**BITS).astype(int))) for seed in range(50)}
    assert len(apart) == 50


def smooth(points):
    return np.prod(1.0 + 0.8 * (points - 0.5), axis=1)  # its mean is 1


def error(make, points, seeds=30):
    return np.sqrt(np.mean([(smooth(make(6, seed).rows(0, points)).mean() - 1.0) ** 2 for seed in range(seeds)]))


def test_means_converge_faster_than_by_chance():
    few, many = error(Sobol, 256), error(Sobol, 4096)
    assert many < error(MonteCarlo, 4096) / 20
    assert few / many > 8  # by chance it would be 4


def test_it_integrates_as_well_as_the_scramble_of_scipy():
    theirs = [qmc.Sobol(6, scramble=True, rng=seed).random(1024) for seed in range(30)]
    rival = np.sqrt(np.mean([(smooth(points).mean() - 1.0) ** 2 for points in theirs]))
    assert error(Sobol, 1024) < 1.6 * rival


def test_the_points_of_a_seed_are_these_for_ever():
    assert (Sobol(3, 2035).rows(5, 1) * 2.0**31).tolist() == [[1522536807.0, 1931240063.0, 1844429835.0]]


def test_what_it_cannot_give_is_refused():
    for columns in (0, WIDEST + 1):
        with pytest.raises(ValueError, match=f"1 to {WIDEST}"):
            Sobol(columns, 0)
    with pytest.raises(ValueError, match="2\\*\\*30"):
        Sobol(1, 0).rows(2**BITS, 1)
