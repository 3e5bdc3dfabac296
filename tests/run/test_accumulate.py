"""Reducing draws block by block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.run.accumulate import Moments, sample


def _in_blocks(values, sizes):
    out = Moments()
    start = 0
    for n, size in enumerate(sizes):
        block = Moments()
        block.take(2030, "layout", values[start : start + size], n == 0)
        if n == 0:
            out = block
        else:
            out.add(block)
        start += size
    return out


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 99), sizes=st.lists(st.integers(1, 40), min_size=2, max_size=5), offset=st.floats(-1e6, 1e6))
def test_blocks_joined_are_the_whole_without_the_best_estimate(seed, sizes, offset):
    sizes[0] += 1
    values = np.random.default_rng(seed).normal(offset, 1.0, (sum(sizes), 3))
    held = _in_blocks(values, sizes)
    drawn = values[1:]
    np.testing.assert_allclose(held.years[2030].mean, drawn.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(held.sd(2030), drawn.std(axis=0, ddof=1), rtol=1e-8)
    np.testing.assert_array_equal(held.years[2030].best, values[0])


@pytest.mark.parametrize("lanes", [1, 5, 128])
@pytest.mark.parametrize("along_cells", [True, False])
def test_what_is_reduced_stays_as_it_was(lanes, along_cells):
    values = np.random.default_rng(1).normal(5.0, 1.0, (2000, lanes)).T
    if not along_cells:
        values = np.ascontiguousarray(values)
    before = values.copy()
    for first in (True, False):
        Moments().take(2030, "layout", values, first)
    np.testing.assert_array_equal(values, before)


def test_a_single_lane_has_no_spread():
    held = Moments()
    held.take(2030, "layout", np.array([[1.0, 2.0]]), True)
    np.testing.assert_array_equal(held.years[2030].mean, [1.0, 2.0])
    np.testing.assert_array_equal(held.sd(2030), [0.0, 0.0])


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_the_sample_is_all_lanes_but_the_first_along_any_axis(axis):
    lanes = np.arange(60.0).reshape(3, 4, 5)
    drawn = sample(lanes, axis)
    np.testing.assert_array_equal(drawn, np.delete(lanes, 0, axis))
    assert drawn.base is not None  # a view


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_best_estimate_alone_is_the_sample_of_itself(axis):
    lanes = np.ones([1 if at == axis else 3 for at in range(3)])
    assert sample(lanes, axis) is lanes
