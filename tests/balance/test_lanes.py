"""The compiled loops give the bits of their numpy twins, and know truly what depends on what."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.balance.again import Again, Rooms, empty_course, resumed
from cesim.balance.chain import Chain
from cesim.balance.lane_cars import car_lanes
from cesim.balance.lane_heat import new_desk, optimum
from cesim.balance.lane_pivots import ROWS
from cesim.balance.lane_sums import long_sum, short_sum
from cesim.balance.unlike import BY_YEAR, METAL_ONLY, first_unlike
from cesim.charge.lexicographic import maximise
from cesim.ledger.flows import Edges
from tests.balance.made_up_system import make

YEARS = 4
ROOMS = ("treatment", "metal", "plastics")


def rooms_of(system):
    system = system.along_axes()
    return Rooms(car_lanes(system.cars), system.treatment, system.metal, system.plastics)


def solved(rooms, metal=0, plastics=0, before=None):
    course = empty_course(rooms) if before is None else resumed(before, rooms, metal, plastics)
    Again(rooms, course).solve(metal, plastics)
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
        again = solved(rooms, first, first, course)
        for field in fields(course):
            if field.name != "gap":
                np.testing.assert_array_equal(
                    getattr(again, field.name), getattr(course, field.name), err_msg=field.name
                )


def arrays():
    """Every array of treatment, metal and plastics."""
    system = make(years=YEARS)
    for room in ROOMS:
        for field in fields(getattr(system, room)):
            if isinstance(getattr(getattr(system, room), field.name), np.ndarray):
                yield room, field.name


def touched(rooms, room, name, year):
    """The rooms with one array a little smaller, from a year on where it has years."""
    array = getattr(getattr(rooms, room), name).copy()
    part = array[:, year:] if name in BY_YEAR[room] else array
    if array.dtype == bool:
        part[...] = ~part
    elif array.dtype.kind == "i":
        part[...] = part[..., ::-1].copy()
    else:
        part *= 0.99
    return replace(rooms, **{room: replace(getattr(rooms, room), **{name: array})})


@pytest.mark.parametrize(("room", "name"), list(arrays()))
def test_what_is_said_to_depend_on_an_array_is_all_that_does(rooms, course, room, name):
    """Solved from the years that may differ, everything is as if it were solved from the first."""
    changed = touched(rooms, room, name, 2)
    same = np.array_equal(getattr(getattr(changed, room), name), getattr(getattr(rooms, room), name))
    metal, plastics = first_unlike(rooms, changed)
    if same:  # nothing but zeros, or a mirrored list that reads the same
        assert (metal, plastics) == (YEARS, YEARS)
        return
    first = 2 if name in BY_YEAR[room] else 0
    assert metal == (YEARS if room == "plastics" else first)
    assert plastics == (YEARS if room == "metal" or name in METAL_ONLY else first)
    if array_counts(name):
        whole, again = solved(changed), solved(changed, metal, plastics, course)
        for part in ("memory", "treated", "melted", "compounded"):
            np.testing.assert_array_equal(getattr(again, part), getattr(whole, part), err_msg=part)


def test_limits_of_a_year_count_from_it_on_and_only_in_metal(rooms, course):
    windows = list(rooms.metal.windows)
    windows[2] = tuple(
        replace(one, upper=np.where(one.lower > 0, one.upper, np.maximum(one.upper * 0.9, one.primary)))
        for one in windows[2]
    )
    changed = replace(rooms, metal=replace(rooms.metal, windows=tuple(windows)))
    assert first_unlike(rooms, changed) == (2, YEARS)
    again, whole = solved(changed, 2, YEARS, course), solved(changed)
    for part in ("memory", "treated", "melted", "compounded"):
        np.testing.assert_array_equal(getattr(again, part), getattr(whole, part), err_msg=part)
    differs = [bool((a != b).any()) for a, b in zip(whole.melted, course.melted, strict=True)]
    assert differs[:3] == [False, False, True]


def test_limits_that_several_years_share_are_compared_once(rooms):
    shared = (rooms.metal.windows[0],) * YEARS
    one = replace(rooms, metal=replace(rooms.metal, windows=shared))
    equal = replace(rooms, metal=replace(rooms.metal, windows=(tuple(map(replace, shared[0])),) * YEARS))
    assert first_unlike(one, equal) == (YEARS, YEARS)
    last = replace(rooms, metal=replace(rooms.metal, windows=(*shared[:-1], rooms.metal.windows[-1])))
    assert first_unlike(one, last) == (YEARS - 1, YEARS)
    assert first_unlike(one, replace(one, metal=replace(one.metal, windows=shared[:-1]))) == (0, YEARS)


def array_counts(name):
    """Whether another value of it still makes a system: places of works and outlets are fixed by their lists."""
    return name not in {"melters", "compounders", "removed_to"}


def test_new_cars_are_seen(rooms):
    assert first_unlike(rooms, replace(rooms, cars=replace(rooms.cars, plastics=rooms.cars.plastics * 2))) == (0, 0)
    assert first_unlike(rooms, replace(rooms, cars=replace(rooms.cars, composition=rooms.cars.composition * 2))) == (
        0,
        YEARS,
    )
