"""What newly approved types hold when older types keep what they were approved with."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cesim.indicators.population import content_of_new_types


def of(average, cycle=6.0, ceiling=1.0):
    return content_of_new_types(np.array([average], dtype=float), np.array([cycle]), np.array([ceiling]))[0]


def fleet(new, first, cycle):
    """The average of all cars built that these types give: the mean over the running types."""
    longest = int(np.ceil(cycle))
    weights = np.clip(cycle - np.arange(longest), 0, 1) / cycle
    past = np.concatenate([np.full(longest - 1, first), new])
    return np.array([weights @ past[year : year + longest][::-1] for year in range(len(new))])


def test_a_constant_average_is_what_every_type_holds():
    assert of([0.12] * 10) == pytest.approx(np.full(10, 0.12), rel=1e-12)


def test_with_a_cycle_of_a_year_new_types_are_the_average():
    average = [0.1, 0.2, 0.05, 0.4]
    assert of(average, cycle=1.0) == pytest.approx(average)


def test_a_step_goes_into_the_new_types():
    """Average 10 %, then 12 %: with four years a type, a quarter is new and must hold 10 % + 4 x 2 %."""
    assert of([0.10, 0.12], cycle=4.0) == pytest.approx([0.10, 0.18])


def test_after_a_step_the_next_types_need_no_more_than_the_average():
    """The step types hold 18 %; the year after, (10 + 10 + 18 + x) / 4 = 12 gives 10 %."""
    assert of([0.10, 0.12, 0.12], cycle=4.0) == pytest.approx([0.10, 0.18, 0.10])


def test_what_the_parts_cannot_hold_is_left_out():
    assert of([0.10, 0.20], cycle=4.0, ceiling=0.3) == pytest.approx([0.10, 0.30])


def test_a_shortage_is_shared_by_all():
    """Running types would need 3/4 x 10 %, there is 4 %: new types get none."""
    assert of([0.10, 0.04], cycle=4.0) == pytest.approx([0.10, 0.0])


def test_a_cycle_that_is_no_whole_number_counts_pro_rata():
    """2.5 years: weights 1, 1 and 0.5 of 2.5; new = (0.12 - 0.6 x 0.10) / 0.4."""
    assert of([0.10, 0.12], cycle=2.5) == pytest.approx([0.10, (0.12 - 0.06) / 0.4])


def test_each_draw_has_its_own_cycle_and_ceiling():
    average = np.array([[0.10, 0.12], [0.10, 0.12], [0.10, 0.20]])
    found = content_of_new_types(average, np.array([4.0, 2.0, 4.0]), np.array([1.0, 1.0, 0.3]))
    assert found == pytest.approx(np.array([[0.10, 0.18], [0.10, 0.14], [0.10, 0.30]]))


paths = arrays(float, st.integers(1, 15), elements=st.floats(0, 0.6))


@settings(max_examples=200, deadline=None)
@given(paths, st.floats(1, 10), st.floats(0.05, 1))
def test_new_types_hold_between_nothing_and_the_ceiling(average, cycle, ceiling):
    new = of(average, cycle, ceiling)
    assert np.isfinite(new).all()
    assert (new >= 0).all()
    assert (new <= ceiling + 1e-12).all()


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 0.4), arrays(float, st.integers(1, 12), elements=st.floats(0, 0.01)), st.floats(1, 6))
def test_a_rising_average_is_used_up_by_its_types(first, rises, cycle):
    """As long as the running types leave room, the types together hold what was supplied."""
    average = first + np.cumsum(np.concatenate([[0.0], rises]))
    new = of(average, cycle, 1.0)
    assume((new > 0).all() and (new < 1).all())
    assert fleet(new, average[0], cycle) == pytest.approx(average, abs=1e-12)


def test_a_long_cycle_of_another_draw_changes_no_bit():
    rng = np.random.default_rng(0)
    average, cycle = rng.uniform(0.1, 0.4, (30, 20)), rng.uniform(1, 9, 30)
    cycle[7] = 19.5
    ceiling = rng.uniform(0.3, 1, 30)
    together = content_of_new_types(average, cycle, ceiling)
    for n in range(30):
        alone = content_of_new_types(average[n : n + 1], cycle[n : n + 1], ceiling[n : n + 1])
        np.testing.assert_array_equal(alone[0], together[n])


@settings(max_examples=100, deadline=None)
@given(paths, st.floats(1, 8), st.integers(1, 14))
def test_the_future_does_not_reach_back(average, cycle, years):
    years = min(years, average.size)
    np.testing.assert_array_equal(of(average, cycle)[:years], of(average[:years], cycle))
