"""Trajectories against SALib's, and the laws of the method."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from cesim.sweep.designs import Factor, Morris, MorrisDesign

SINGLES = tuple(Factor(f"x{j}", (j,)) for j in range(5))
GROUPS = (Factor("a", (0,)), Factor("shares", (1, 2, 4)), Factor("b", (3,)))


def walks(layout, count):
    """Points (trajectory, row, column), as numbers of levels."""
    rows = MorrisDesign(layout).rows(0, layout.rows_of(count))
    level = rows * layout.levels - 0.5
    assert np.allclose(level, np.rint(level), atol=1e-12)
    return np.rint(level).astype(int).reshape(count, layout.per_trajectory, layout.columns)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([SINGLES, GROUPS]), st.sampled_from([2, 4, 6, 10]), st.integers(0, 2**40))
def test_each_factor_moves_once_by_half_the_levels(factors, levels, seed):
    layout = Morris(factors, levels, seed)
    moved = np.diff(walks(layout, 6), axis=1)
    order, direction = layout.moves(0, 6)
    for walk in range(6):
        assert sorted(order[walk]) == list(range(len(factors)))
        for step, at in enumerate(order[walk]):
            columns = list(factors[at].columns)
            others = [j for j in range(layout.columns) if j not in columns]
            assert (np.abs(moved[walk, step, columns]) == levels // 2).all()
            assert not moved[walk, step, others].any()
            ways = set(np.sign(moved[walk, step, columns]))
            assert direction[walk, step] == (ways.pop() if len(ways) == 1 else 0)


@pytest.mark.parametrize("levels", [2, 4, 6])
def test_starts_orders_and_levels_are_met_equally_often(levels):
    layout = Morris(SINGLES, levels, 5)
    level = walks(layout, 3000)
    for column in range(5):
        assert chisquare(np.bincount(level[:, 0, column], minlength=levels)).pvalue > 1e-3
        assert chisquare(np.bincount(level[:, -1, column], minlength=levels)).pvalue > 1e-3
    order, direction = layout.moves(0, 3000)
    for step in range(5):
        assert chisquare(np.bincount(order[:, step], minlength=5)).pvalue > 1e-3
    assert abs(direction.mean()) < 0.03  # 3.7 standard errors


def test_columns_of_a_group_go_their_own_ways():
    """Three columns go the same way in a quarter of the trajectories."""
    same = Morris(GROUPS, 4, 1).split(np.zeros(4 * 4000)).direction[:, 1] != 0
    assert same.mean() == pytest.approx(0.25, abs=0.03)


def test_elementary_effects_of_a_straight_line_are_its_slopes():
    slopes = np.array([3.0, -1.0, 0.0, 0.5, 20.0])
    layout = Morris(SINGLES, 4, 8)
    on_their_grid = (MorrisDesign(layout).rows(0, layout.rows_of(12)) * 4 - 0.5) / 3
    before, after, direction = layout.split(on_their_grid @ slopes)
    assert layout.delta == pytest.approx(2 / 3)
    np.testing.assert_allclose(direction * (after - before) / layout.delta, np.tile(slopes, (12, 1)), atol=1e-12)


def test_split_begins_with_the_trajectory_it_is_told_and_keeps_axes():
    layout = Morris(GROUPS, 4, 8)
    values = np.random.default_rng(1).random((layout.rows_of(9), 2))
    whole, rest = layout.split(values), layout.split(values[layout.rows_of(4) :], first=4)
    assert whole.before.shape == (9, 3, 2)
    for part, late in zip(whole, rest, strict=True):
        np.testing.assert_array_equal(part[4:], late)
    with pytest.raises(ValueError, match="incomplete"):
        layout.split(values[1:])
    assert layout.trajectories(11) == 2


def test_salib_draws_the_same_measures_from_these_points():
    pytest.importorskip("SALib")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from SALib.analyze import morris

        layout = Morris(SINGLES, 6, 3)
        points = (MorrisDesign(layout).rows(0, layout.rows_of(15)) * 6 - 0.5) / 5
        y = np.sin(3 * points[:, 0]) + points[:, 1] * points[:, 2] ** 2 + points[:, 3]
        problem = {"num_vars": 5, "names": [f"x{j}" for j in range(5)], "bounds": [[0.0, 1.0]] * 5}
        theirs = morris.analyze(problem, points, y, num_levels=6)
    before, after, direction = layout.split(y)
    effects = direction * (after - before) / layout.delta
    np.testing.assert_allclose(effects.mean(axis=0), theirs["mu"], atol=1e-12)
    np.testing.assert_allclose(np.abs(effects).mean(axis=0), theirs["mu_star"], atol=1e-12)
    np.testing.assert_allclose(effects.std(axis=0, ddof=1), theirs["sigma"], atol=1e-12)


def test_salib_walks_alike():
    """Theirs and ours: as many rows, one group a step, moves of half the levels, every column its own way."""
    pytest.importorskip("SALib")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from SALib.sample import morris

        group = {column: factor.name for factor in GROUPS for column in factor.columns}
        problem = {
            "num_vars": 5,
            "names": [f"x{j}" for j in range(5)],
            "bounds": [[0.0, 1.0]] * 5,
            "groups": [group[column] for column in range(5)],
        }
        theirs = morris.sample(problem, 200, num_levels=4, seed=1).reshape(200, -1, 5)
    ours = walks(Morris(GROUPS, 4, 1), 200)
    grid = np.rint(theirs * 3).astype(int)
    assert grid.shape == ours.shape
    for level in (grid, ours):
        step = np.diff(level, axis=1)
        assert set(np.unique(step)) == {-2, 0, 2}
        assert set(np.unique((step != 0).sum(axis=(1)))) == {1}
        assert set((step != 0).sum(axis=2).ravel()) == {1, 3}
        assert np.bincount(level.ravel(), minlength=4) / level.size == pytest.approx(np.full(4, 0.25), abs=0.02)


def test_more_trajectories_and_more_columns_leave_the_starts_alone():
    few, many = Morris(SINGLES, 4, 8), Morris(tuple(Factor(f"x{j}", (j,)) for j in range(70)), 4, 8)
    np.testing.assert_array_equal(few.starts(3, 10), many.starts(3, 10)[:, :5])


@pytest.mark.parametrize("levels", [0, 1, 5, -4])
def test_levels_that_would_not_be_met_equally_often_are_refused(levels):
    with pytest.raises(ValueError, match="even"):
        Morris(SINGLES, levels, 0)


def test_effects_of_a_straight_line_are_its_slope():
    layout = Morris((("a", (0,)), ("b", (1,))), 4, 3)
    rows = MorrisDesign(layout).rows(0, layout.rows_of(20))
    before, after, direction = layout.split(3.0 * rows[:, 0] - 0.5 * rows[:, 1])
    effects = direction * (after - before) / layout.step
    np.testing.assert_allclose(effects, np.tile([3.0, -0.5], (20, 1)), rtol=1e-12)
