"""The compiled loops give the bits of their numpy twins, and know truly what depends on what."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.balance.again import STRANDS, Again, Rooms, empty_course, resumed
from cesim.balance.chain import Chain
from cesim.balance.lane_cars import car_lanes
from cesim.balance.lane_heat import new_desk, optimum
from cesim.balance.lane_pivots import ROWS
from cesim.balance.lane_sums import long_sum, short_sum
from cesim.charge.lexicographic import maximise
from cesim.ledger.flows import Edges
from tests.balance.made_up_system import make

YEARS = 4


def rooms_of(system):
    system = system.along_axes()
    return Rooms(car_lanes(system.cars), system.treatment, system.metal, system.plastics)


def solved(rooms, before=None, **first):
    if before is None:
        course = empty_course(rooms)
    else:
        course = resumed(rooms, {strand: (vars(before), year) for strand, year in first.items()})
    Again(rooms, course).solve(**first)
    return course


@pytest.fixture(scope="module")
def rooms():
    return rooms_of(make(years=YEARS))


@pytest.fixture(scope="module")
def course(rooms):
    return solved(rooms)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=256))
@settings(max_examples=300, deadline=None)
def test_a_row_is_added_up_as_numpy_does(values):
    row = np.array(values)
    assert long_sum(row, row.size) == row.sum()
    if row.size <= 128:
        assert short_sum(row, 0, row.size) == row.sum()


@given(st.integers(1, 24), st.integers(1, ROWS), st.integers(0, 10**6))
@settings(max_examples=400, deadline=None)
def test_a_programme_has_the_answer_of_the_dictionaries(columns, rows, seed):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(0.3, 1.0, (rows, columns)).round(rng.integers(0, 3))
    limits = np.where(rng.random(rows) < 0.2, 0.0, rng.uniform(0, 3, rows).round(2))
    upper = np.where(rng.random(columns) < 0.3, 0.0, rng.uniform(0, 2, columns).round(2))
    objectives = np.stack(
        [rng.normal(0.5, 1.0, columns).round(1), rng.normal(0, 1, columns), -np.arange(1.0, columns + 1)]
    )
    desk = new_desk(columns)
    desk.effect[:, :rows], desk.limits[:rows], desk.upper[:] = matrix.T, limits, upper
    desk.objectives[:, :3] = objectives.T
    assert optimum(desk, columns, 0, 3)
    twin = maximise(objectives[None], matrix[None], limits[None], upper[None]).x[0]
    np.testing.assert_array_equal(desk.total[:columns], twin)


@pytest.mark.parametrize(
    "size", [{"regions": ("a",), "melters": 1}, {"melters": 3}, {"regions": tuple("abcdefgh"), "melters": 8}]
)
def test_cohorts_are_made_of_what_the_chain_makes_them(size):
    system = make(years=YEARS, **size)
    chain = Chain(system, Edges())
    for _ in chain.years():
        pass
    course = solved(rooms_of(system))
    np.testing.assert_array_equal(course.memory, chain.memory.composition)
    np.testing.assert_array_equal(course.waiting_items[-1], chain.melting.new_items)
    np.testing.assert_array_equal(course.waiting_elements[-1], chain.melting.new_elements)


def test_resuming_gives_what_solving_all_years_does(rooms, course):
    for first in range(YEARS + 1):
        for strand in ({"metal": first}, {"plastics": first}, {"treated": first}, dict.fromkeys(STRANDS, first)):
            again = solved(rooms, course, **{"metal": YEARS, "plastics": YEARS, "treated": YEARS, **strand})
            for field in fields(course):
                np.testing.assert_array_equal(
                    getattr(again, field.name), getattr(course, field.name), err_msg=field.name
                )
