"""Draws of points: by their keys as in a run, by the columns of a design, or none at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.quantities import KeyedSource, Quantity, TimePath
from cesim.run.sampler import Sampler
from cesim.sweep.engines.drawing import GAP, PointSource, at_points

KEYED = KeyedSource(7)
POINTS = np.array([2, 3, 9])


def test_neighbours_without_columns_have_the_draws_of_a_run():
    source = PointSource(np.arange(5, 12), {}, KEYED)
    np.testing.assert_array_equal(source.u("a", 0, 7), KEYED.u("a", 5, 7))
    np.testing.assert_array_equal(source.u("a", 2, 3), KEYED.u("a", 7, 3))
    assert not source.holds("a")


@given(st.sets(st.integers(0, 20_000), min_size=1, max_size=12))
def test_a_point_has_the_same_draw_in_any_company(points):
    chosen = np.array(sorted(points))
    alone = [KEYED.u("a", int(point), 1)[0] for point in chosen]
    np.testing.assert_array_equal(PointSource(chosen, {}, KEYED).u("a", 0, chosen.size), alone)


def test_points_far_apart_are_asked_for_apart():
    asked = []

    def numbers(first, count):
        asked.append((first, count))
        return np.arange(first, first + count, dtype=float)

    points = np.array([0, GAP, 2 * GAP + 1, 10**12])
    np.testing.assert_array_equal(at_points(points, numbers), points)
    assert asked == [(0, GAP + 1), (2 * GAP + 1, 1), (10**12, 1)]


def test_no_points_have_no_numbers():
    assert at_points(np.array([], dtype=np.int64), lambda first, count: np.full(count, first + 0.5)).size == 0


def test_a_column_is_taken_as_it_stands():
    column = np.array([0.1, 0.2, 0.3])
    source = PointSource(POINTS, {"a": column}, KEYED, others="best")
    np.testing.assert_array_equal(source.u("a", 1, 2), [0.2, 0.3])
    assert not source.holds("a")
    assert source.holds("b")
    source.u("a", 0, 3)[:] = 0.0
    assert column[0] == 0.1


def test_what_is_kept_still_has_no_luck_even_if_it_is_asked_for():
    source = PointSource(POINTS, {}, KEYED, frozenset({"varies"}), "best")
    np.testing.assert_array_equal(source.u("rest", 0, 3), [0.5, 0.5, 0.5])
    np.testing.assert_array_equal(source.u("varies", 0, 2), KEYED.u("varies", 2, 2))
    assert [source.holds(name) for name in ("rest", "varies")] == [True, False]


def test_a_replicate_has_luck_of_its_own_in_the_rest_only():
    varied = frozenset({"varies"})
    first, second = (PointSource(POINTS, {"a": np.full(3, 0.4)}, KEYED, varied, "drawn", n) for n in (0, 1))
    for name in ("a", "varies", "varies|2031"):
        np.testing.assert_array_equal(first.u(name, 0, 3), second.u(name, 0, 3))
    assert (first.u("rest", 0, 3) != second.u("rest", 0, 3)).all()
    np.testing.assert_array_equal(first.u("rest", 0, 2), KEYED.u("rest", 2, 2))


def test_some_of_the_points():
    source = PointSource(POINTS, {"a": np.array([0.1, 0.2, 0.3])}, KEYED)
    some = source.taken(np.array([0, 2]))
    np.testing.assert_array_equal(some.u("a", 0, 2), [0.1, 0.3])
    np.testing.assert_array_equal(some.u("b", 0, 2), source.u("b", 0, 3)[[0, 2]])


@pytest.mark.parametrize("others", ["best", "drawn"])
def test_a_path_that_wanders_goes_with_its_name(others):
    quantity = Quantity(10.0, 5.0, 20.0, kind="positive", status="estimate")
    path = TimePath({2020: quantity}, "ar1", 0.5)
    years = [2019, 2020, 2021]
    wanders = PointSource(POINTS, {}, KEYED, frozenset({"path"}), others)
    np.testing.assert_array_equal(
        Sampler(wanders, 1, 3).path("path", path, years),
        np.concatenate([path.draw(years, KEYED, "path", point, 1) for point in POINTS]),
    )
    still = Sampler(PointSource(POINTS, {}, KEYED, frozenset(), others), 1, 3).path("path", path, years)
    assert (still == 10.0).all() == (others == "best")


def test_a_dated_column_makes_its_path_vary():
    source = PointSource(POINTS, {"path|2020": np.full(3, 0.9)}, KEYED, others="best")
    assert not source.holds("path")
    assert source.holds("other")
