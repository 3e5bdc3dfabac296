"""Failed runs left out with their base points: published indices where failing is chance, told where it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from published import ISHIGAMI_FIRST, ISHIGAMI_TOTAL, g_function, g_indices, ishigami

from cesim.errors import InputError
from cesim.sweep.designs import Morris, MorrisDesign, Saltelli, SaltelliDesign
from cesim.sweep.designs.design import Factor
from cesim.sweep.sensitivity import Resampling, left_out, morris, parts_from_others, sobol_indices
from cesim.sweep.sensitivity.leaving_out import MOST_LEFT_OUT

FACTORS = tuple(Factor(name, (j,)) for j, name in enumerate("xyz"))
SURE = Resampling(resamples=200, level=0.999)
POINTS = 2**12


def swept(function=ishigami, points=POINTS, factors=FACTORS, seed=2):
    """A Saltelli layout, its rows, and what they come to."""
    layout = Saltelli(factors)
    rows = SaltelliDesign(layout, seed).rows(0, layout.rows_of(points))
    return layout, rows, function(rows)


def indices_without_failed(layout, values):
    kept = left_out(values, layout.per_base)
    return kept, sobol_indices(*layout.split(values[kept.rows()]), SURE)


def within(estimated, wanted):
    return ((estimated.low <= wanted) & (wanted <= estimated.high)).all()


@pytest.mark.parametrize("seed", range(5))
def test_one_run_in_a_hundred_failing_by_chance_leaves_the_published_indices(seed):
    layout, _, values = swept()
    failed = np.random.default_rng(seed).random(values.size) < 0.01
    values[failed] = np.nan
    kept, told = indices_without_failed(layout, values)
    assert kept.failed == failed.sum()
    assert (kept.groups, kept.runs, told.points) == (POINTS, 5 * POINTS, POINTS - kept.count)
    assert kept.count == failed.reshape(-1, 5).any(axis=1).sum()
    assert 0.04 < kept.count / POINTS < 0.06
    np.testing.assert_allclose(told.first.value, ISHIGAMI_FIRST, atol=0.02)
    np.testing.assert_allclose(told.total.value, ISHIGAMI_TOTAL, atol=0.02)
    assert within(told.first, np.array(ISHIGAMI_FIRST))
    assert within(told.total, np.array(ISHIGAMI_TOTAL))


CORNERS = {
    "x": lambda u: u[:, 0] > 0.955,
    "x and y": lambda u: (u[:, 0] > 0.7) & (u[:, 1] > 0.905),
    "x and z": lambda u: (u[:, 0] > 0.8) & (u[:, 2] > 0.9),
}


@pytest.mark.parametrize("corner", CORNERS)
def test_a_corner_that_fails_moves_no_index_by_more_than_is_said(corner):
    four = tuple(Factor(str(j), (j,)) for j in range(4))
    a = (0.0, 1.0, 4.5, 9.0)
    for function, factors, wanted in (
        (ishigami, FACTORS, (ISHIGAMI_FIRST, ISHIGAMI_TOTAL)),
        (lambda u: g_function(u, a), four, g_indices(a)[:2]),
    ):
        layout, rows, values = swept(function, 2**14, factors)
        values[CORNERS[corner](rows)] = np.nan
        kept, told = indices_without_failed(layout, values)
        assert 0.06 < kept.count / kept.groups <= MOST_LEFT_OUT
        np.testing.assert_allclose(told.first.value, wanted[0], atol=0.035)  # 0.03 and what 2^14 points leave open
        np.testing.assert_allclose(told.total.value, wanted[1], atol=0.035)


def test_the_inputs_of_a_corner_are_named_and_those_of_chance_are_not():
    layout, rows, values = swept()
    a, b = (np.arange(values.size) % 5 == step for step in (0, 4))
    broken = np.where((rows[:, 0] > 0.7) & (rows[:, 2] > 0.9), np.nan, values)
    assert set(parts_from_others(rows[a | b], broken[a | b])) == {0, 2}
    assert layout.per_base == 5
    named = 0
    for seed in range(100):
        failed = np.random.default_rng(seed).random(values.size) < 0.01
        named += bool(parts_from_others(rows[a | b], np.where(failed, np.nan, values)[a | b]))
    assert named <= 12  # 5 expected by chance; more in 3 of 1,000 tries


def test_rows_that_lend_each_other_their_numbers_would_name_what_is_chance():
    """Why only A and B are asked: over all rows one base point of an odd model run counts many times."""
    _, rows, values = swept(points=200)
    bases = np.random.default_rng(1).choice(200, 4, replace=False)
    failed = np.isin(np.arange(values.size) // 5, bases)
    ends = np.isin(np.arange(values.size) % 5, (0, 4))
    broken = np.where(failed, np.nan, values)
    assert parts_from_others(rows, broken) != ()
    assert parts_from_others(rows[ends], broken[ends]) == ()


def test_whole_trajectories_are_left_out():
    layout = Morris(FACTORS, 4, 1)
    rows = MorrisDesign(layout).rows(0, layout.rows_of(40))
    values = 2.0 * rows[:, 0] - rows[:, 1]
    values[4 * 7 + 2] = np.nan
    values[[4 * 31, 4 * 31 + 3]] = np.inf
    kept = left_out(values, layout.per_trajectory)
    assert np.flatnonzero(~kept.answered).tolist() == [7, 31]
    assert (kept.count, kept.groups, kept.failed, kept.runs) == (2, 40, 3, 160)
    before, after, direction = layout.split(values)
    told = morris(before[kept.answered], after[kept.answered], direction[kept.answered], layout.step)
    np.testing.assert_allclose(told.mu.value, [2.0, -1.0, 0.0], atol=1e-12)
    assert told.trajectories == 38


def test_more_than_a_tenth_is_refused():
    values = np.arange(100.0)
    values[:10] = np.nan
    assert left_out(values).count == 10
    values[10] = np.nan
    with pytest.raises(InputError) as caught:
        left_out(values)
    (fault,) = caught.value.faults
    assert (fault.code, fault.arguments) == (
        "sweep_too_many_left_out", {"found": 11, "total": 100, "most": "10 %"}
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        left_out(values[11:99], 5)
    assert caught.value.faults[0].code == "sweep_values_shape"


@given(st.integers(1, 6), st.integers(1, 3), st.integers(20, 60), st.data())
@settings(max_examples=60, deadline=None)
def test_a_group_stays_exactly_where_all_of_it_has_a_value(per_group, replicates, groups, data):
    values = np.zeros((groups * per_group, replicates))
    bad = data.draw(st.lists(st.tuples(st.integers(0, groups - 1), st.integers(0, per_group - 1),
                                       st.integers(0, replicates - 1)), max_size=groups // 10))  # fmt: skip
    for group, row, replicate in bad:
        values[group * per_group + row, replicate] = np.nan
    kept = left_out(values, per_group)
    assert set(np.flatnonzero(~kept.answered).tolist()) == {group for group, _, _ in bad}
    assert np.isfinite(values[kept.rows()]).all()
    assert kept.rows().sum() == (groups - kept.count) * per_group
    assert kept.failed == len(set(bad))
