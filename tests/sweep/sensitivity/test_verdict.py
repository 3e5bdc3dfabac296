"""Whether indices are settled: what is told of indices made up for it, and that the number told is enough."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from published import crossed, g_function, ishigami

from cesim.errors import InputError
from cesim.sweep.sensitivity import Estimated, Goal, Resampling, SobolIndices, sobol_indices, verdict


def made_up(first, total, half, points=1024):
    """Indices with intervals of the halves told (of a total index; half as much of a first), drawn independently."""
    random = np.random.default_rng(0)

    def of(values, halves):
        values, halves = np.array(values), np.array(halves)
        luck = random.normal(size=(2000, values.size))
        luck = (luck - luck.mean(axis=0)) / luck.std(axis=0, ddof=1)
        return Estimated(values, values - halves, values + halves, values + luck * halves / 1.959964)

    halves = np.broadcast_to(half, len(total))
    return SobolIndices(of(first, halves / 2), of(total, halves), None, (), points, Resampling(2000))


def test_narrow_intervals_in_a_clear_order_are_settled():
    told = verdict(made_up([0.5, 0.3, 0.1], [0.5, 0.3, 0.1], 0.02))
    assert (told.code, told.needed, told.more) == ("converged", 1024, 0)
    assert told.matter == (0, 1, 2)
    assert told.widest == pytest.approx(0.04)
    assert told.open_pair is None


@pytest.mark.parametrize(("half", "needed"), [(0.026, 2048), (0.0353, 2048), (0.0354, 4096), (0.1, 16384)])
def test_intervals_narrow_with_the_root_of_the_points(half, needed):
    # (2 x 0.1 / 0.05)^2 = 16 times the points
    told = verdict(made_up([0.1, 0.3, 0.5], [0.1, 0.3, 0.5], [0.01, 0.01, half]))
    assert (told.code, told.needed, told.more) == ("too_wide", needed, needed - 1024)
    assert (told.widest, told.widest_factor, told.widest_kind) == (pytest.approx(2 * half), 2, "total")


def test_points_that_are_no_power_of_two_are_raised_to_one():
    assert verdict(made_up([0.5], [0.5], 0.03, points=1000)).needed == 2048


def test_a_first_order_index_may_be_the_widest():
    indices = made_up([0.5, 0.3], [0.5, 0.3], 0.02)
    wide = replace(indices.first, high=indices.first.high + np.array([0.0, 0.05]))
    told = verdict(replace(indices, first=wide))
    assert (told.code, told.widest_factor, told.widest_kind) == ("too_wide", 1, "first")


def test_factors_that_cannot_matter_are_left_out():
    # the third has the widest interval, but lies with all of it below the limit
    indices = made_up([0.5, 0.4, 0.0], [0.5, 0.4, -0.1], [0.02, 0.02, 0.1])
    assert verdict(indices).code == "converged"
    assert verdict(indices).matter == (0, 1)
    assert verdict(indices, Goal(matters=0.0)).code == "too_wide"


def test_nothing_that_matters_is_settled():
    told = verdict(made_up([0.0], [0.01], 0.01))
    assert (told.code, told.matter, told.widest, told.widest_factor) == ("converged", (), 0.0, None)


def test_two_that_may_change_places_are_named():
    # halves of 0.02 each: half the interval of their difference is 0.0283. Told apart at a gap of 0.02 takes
    # (0.0283 / 0.02)^2 = 2 times the points; told to be as good as equal (0.0283 / 0.03)^2, less than there are.
    goal = Goal(width=0.05)
    assert verdict(made_up([0.5, 0.48], [0.5, 0.48], 0.02), goal).code == "converged"
    indices = made_up([0.3, 0.527, 0.5], [0.3, 0.527, 0.5], 0.0249)
    # gap 0.027, half 0.0352: told apart takes 1.3^2 = 1.7 times the points, as good as equal 1.53^2 = 2.3 times
    told = verdict(indices, goal)
    assert (told.code, told.open_pair, told.needed) == ("order_open", (1, 2), 2048)
    assert verdict(indices, Goal(ranked=1)).code == "converged"
    assert verdict(indices, Goal(ranked=0)).code == "converged"


def test_an_interval_as_wide_as_the_goal_will_do():
    assert verdict(made_up([0.5], [0.5], 0.03125), Goal(width=0.0625)).code == "converged"
    assert verdict(made_up([0.5], [0.5], 0.03125), Goal(width=0.0624)).code == "too_wide"


def test_a_gap_as_wide_as_the_goal_is_one():
    told = verdict(made_up([0.5, 0.4375], [0.5, 0.4375], 0.03125), Goal(width=0.0625))
    assert (told.code, told.open_pair) == ("converged", None)


def test_only_the_first_ones_have_to_stand_in_order():
    indices = made_up([0.6, 0.33, 0.3], [0.6, 0.33, 0.3], 0.0249)
    assert verdict(indices, Goal(ranked=2)).code == "converged"
    assert verdict(indices, Goal(ranked=3)).open_pair == (1, 2)


def test_equal_factors_do_not_ask_for_points_without_end():
    told = verdict(sobol_indices(*crossed(lambda u: u.sum(axis=1), 2**13, 3), Resampling(200)))
    assert told.code == "converged"


@pytest.mark.parametrize(("function", "columns"), [(ishigami, 3), (g_function, 8)])
def test_the_points_told_are_enough(function, columns):
    def asked(points):
        a, b, ab, _ = crossed(function, points, columns)
        return verdict(sobol_indices(a, b, ab, resampling=Resampling(200)))

    told = asked(512)
    assert told.code == "too_wide"
    assert asked(told.needed).code == "converged"
    assert asked(told.needed // 8).code != "converged"  # and not many times too many


@pytest.mark.parametrize("goal", [{"width": 0.0}, {"width": 1.0}, {"ranked": -1}, {"matters": 1.0}, {"matters": -0.1}])
def test_goals_that_mean_nothing_are_refused(goal):
    with pytest.raises(InputError) as caught:
        Goal(**goal)
    assert caught.value.faults[0].code == "sweep_goal"
