"""What is said to depend on nothing but what a trail marks depends on nothing else, and on all of that."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.balance.again import STRANDS, Again, Rooms, empty_course
from cesim.balance.lane_cars import car_lanes
from cesim.balance.reads import car_marks, metal_marks, plastics_marks, trails, treatment_marks
from cesim.balance.unlike import BY_YEAR
from cesim.ledger.substances import ALLOYS, ELEMENTS, ITEMS, PAIRS, POLYMERS
from tests.balance.made_up_system import make

YEARS = 4
METAL_PAIRS = len(ALLOYS) * len(ELEMENTS)
ROOMS = ("treatment", "metal", "plastics")
CARS_BY_YEAR = {
    "past": 1, "recent": 1, "rest": 0, "finished": 0, "paint": 0, "kept": 0, "imported": 0, "plastics": 0,
}  # fmt: skip
CARS = (
    *("scrapped.past", "scrapped.recent", "exported.past", "exported.recent", "other.past", "other.recent"),
    *("rest", "age_share", "split", "composition", "finished", "paint", "kept", "imported", "plastics", "recipe"),
    "assembly",
)
PLASTICS_NOT = {"identified", "sorted_to", "part_steel", "shred_steel", "shred_copper", "to_metal", "asr_to"}
METAL_NOT = {"asr_sorted", "asr_recovered", "asr_to", "pellet_yield"}


OF_METAL, OF_PLASTICS = 0, 3
"""Parts that hold no plastics, and no metal."""


@pytest.fixture(scope="module")
def rooms():
    system = make(years=YEARS).along_axes()
    share = system.treatment.part_share.copy()
    share[:, OF_PLASTICS, : len(ALLOYS)] = 0.0
    return Rooms(car_lanes(system.cars), replace(system.treatment, part_share=share), system.metal, system.plastics)


def solved(rooms):
    course = empty_course(rooms)
    Again(rooms, course).solve()
    return course


@pytest.fixture(scope="module")
def course(rooms):
    return solved(rooms)


def trails_of(rooms):
    own = [
        car_marks(rooms.cars), treatment_marks(rooms.treatment), metal_marks(rooms.metal),
        plastics_marks(rooms.plastics),
    ]  # fmt: skip
    return trails(rooms.cars.years, own)


def arrays():
    """Every array of treatment, metal and plastics."""
    system = make(years=YEARS)
    for room in ROOMS:
        for field in fields(getattr(system, room)):
            if isinstance(getattr(getattr(system, room), field.name), np.ndarray):
                yield room, field.name


def smaller(array, axis, year):
    """An array a little smaller, from a year on where it has years."""
    array = array.copy()
    part = array if axis is None else np.moveaxis(array, axis, 0)[year:]
    if array.dtype == bool:
        part[...] = ~part
    elif array.dtype.kind == "i":
        part[...] = part[..., ::-1].copy()
    else:
        part *= 0.99
    return array


def by_year(rooms, room, name):
    """Whether an array has the year as its second axis; a name may stand for one with and one without years."""
    array = getattr(getattr(rooms, room), name)
    return name in BY_YEAR and array.ndim > 1 and array.shape[1] == YEARS


def touched(rooms, room, name, year):
    array = smaller(getattr(getattr(rooms, room), name), 1 if by_year(rooms, room, name) else None, year)
    return replace(rooms, **{room: replace(getattr(rooms, room), **{name: array})})


def other_cars(rooms, name, year):
    part, _, inner = name.rpartition(".")
    held = getattr(rooms.cars, part) if part else rooms.cars
    changed = replace(held, **{inner: smaller(getattr(held, inner), CARS_BY_YEAR.get(inner), year)})
    return replace(rooms, cars=replace(rooms.cars, **{part: changed}) if part else changed)


def in_common(one, other):
    """How many years two systems have in common, by strand; -1 where they differ before the first."""
    out = {}
    for strand, ours, theirs in zip(STRANDS, trails_of(one), trails_of(other), strict=True):
        same = [a == b for a, b in zip(ours, theirs, strict=True)]
        out[strand] = (same.index(False) if False in same else len(same)) - 1
    return out


def check_course(before, after, common):
    """What has a mark in common has the same bits."""
    for strand, year in common.items():
        for name in STRANDS[strand]:
            old, new = getattr(before, name), getattr(after, name)
            if name == "memory":
                np.testing.assert_array_equal(new[:, : year + 1], old[:, : year + 1], err_msg=name)
            elif year >= 0:
                till = year + old.shape[0] - YEARS
                np.testing.assert_array_equal(new[:till], old[:till], err_msg=name)


@pytest.mark.parametrize(("room", "name"), list(arrays()))
def test_every_array_is_read_by_those_strands_and_from_that_year(rooms, course, room, name):
    changed = touched(rooms, room, name, 2)
    if np.array_equal(getattr(getattr(changed, room), name), getattr(getattr(rooms, room), name)):
        assert trails_of(changed) == trails_of(rooms)  # nothing but zeros, or a mirrored list that reads the same
        return
    common = in_common(rooms, changed)
    first = 2 if by_year(rooms, room, name) else -1
    assert common["metal"] == (YEARS if room == "plastics" or name in METAL_NOT else first)
    assert common["plastics"] == (YEARS if room == "metal" or name in PLASTICS_NOT else first)
    if room == "treatment":
        assert common["treated"] == first
    if name not in {"melters", "compounders", "removed_to"}:  # places of works and outlets are fixed by their lists
        check_course(course, solved(changed), common)


@pytest.mark.parametrize("name", CARS)
def test_every_array_of_the_cars_is_read_from_that_year(rooms, course, name):
    changed = other_cars(rooms, name, 2)
    common = in_common(rooms, changed)
    inner = name.rpartition(".")[2]
    first = 2 if inner in CARS_BY_YEAR else -1
    assert common["metal"] == (YEARS if name in {"plastics", "recipe"} else first)
    assert common["plastics"] == (first if name in {"rest", "plastics", "recipe", "assembly"} else YEARS)
    assert common["treated"] == first
    check_course(course, solved(changed), common)


LISTS = {"melters", "compounders", "removed_to", "admitted", "origin"}
"""Which works, outlets and recyclates there are: another number in them makes no system."""
SINGLE = [own for own in arrays() if own[1] not in LISTS] + [("cars", name) for name in CARS if "." not in name]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_one_number_anywhere_is_marked_or_changes_nothing(rooms, course, data):
    """Parts and items one by one: a bumper taken off is no matter of the metal, nor a hood one of the plastics."""
    room, name = data.draw(st.sampled_from(SINGLE))
    array = getattr(getattr(rooms, room), name).copy()
    at = tuple(data.draw(st.integers(0, size - 1)) for size in array.shape)
    array[at] = array[at] * 0.9 + 0.01
    changed = replace(rooms, **{room: replace(getattr(rooms, room), **{name: array})})
    common = in_common(rooms, changed)
    check_course(course, solved(changed), common)


@pytest.mark.parametrize("pair", range(len(PAIRS) - METAL_PAIRS))
def test_of_the_rest_of_a_car_each_strand_reads_its_own(rooms, course, pair):
    rest = rooms.cars.rest.copy()
    rest[2:, ..., pair] *= 1.1
    changed = replace(rooms, cars=replace(rooms.cars, rest=rest))
    item, common = PAIRS[METAL_PAIRS + pair][0], in_common(rooms, changed)
    assert common["plastics"] == (2 if item in POLYMERS else YEARS)
    assert common["metal"] == (2 if item in ("steel", "copper") else YEARS)
    assert common["treated"] == 2
    check_course(course, solved(changed), common)


@pytest.mark.parametrize("part", [OF_METAL, OF_PLASTICS])
@pytest.mark.parametrize("item", ITEMS)
def test_of_a_part_each_strand_reads_its_own_items(rooms, course, part, item):
    share = rooms.treatment.part_share.copy()
    share[:, part, ITEMS.index(item)] += 0.1
    changed = replace(rooms, treatment=replace(rooms.treatment, part_share=share))
    common = in_common(rooms, changed)
    assert (common["plastics"] < 0) == (item in POLYMERS)
    assert (common["metal"] < 0) == (item in (*ALLOYS, "steel", "copper"))
    check_course(course, solved(changed), common)


def test_a_part_of_plastics_is_no_matter_of_the_metal(rooms):
    """The other way round too: what is held decides, not what a part is called."""
    for part, untouched in ((OF_PLASTICS, "metal"), (OF_METAL, "plastics")):
        for name in ("taken", "reused"):
            array = getattr(rooms.treatment, name).copy()
            array[:, :, part] *= 0.5
            changed = replace(rooms, treatment=replace(rooms.treatment, **{name: array}))
            touched = [
                strand for strand, a, b in zip(STRANDS, trails_of(rooms), trails_of(changed), strict=True) if a != b
            ]
            assert touched == [strand for strand in STRANDS if strand != untouched]


def test_what_differed_once_is_never_the_same_again(rooms):
    """The metal of a year goes into the cars of the next."""
    for name in ("identified", "asr_sorted"):
        array = getattr(rooms.treatment, name).copy()
        array[:, 1] *= 0.5
        changed = replace(rooms, treatment=replace(rooms.treatment, **{name: array}))
        touched = {strand: common for strand, common in in_common(rooms, changed).items() if common < YEARS}
        assert touched == dict.fromkeys(("metal" if name == "identified" else "plastics", "treated"), 1)
        for strand in touched:
            ours, theirs = getattr(trails_of(rooms), strand), getattr(trails_of(changed), strand)
            assert not set(ours[2:]) & set(theirs[2:])


def test_another_number_of_years_has_nothing_in_common(rooms):
    system = make(years=YEARS - 1).along_axes()
    fewer = Rooms(car_lanes(system.cars), system.treatment, system.metal, system.plastics)
    for ours, theirs in zip(trails_of(rooms), trails_of(fewer), strict=True):
        assert not set(ours) & set(theirs)


def test_limits_of_a_year_are_read_from_it_on_and_by_the_metal_alone(rooms, course):
    windows = list(rooms.metal.windows)
    windows[2] = tuple(
        replace(one, upper=np.where(one.lower > 0, one.upper, np.maximum(one.upper * 0.9, one.primary)))
        for one in windows[2]
    )
    changed = replace(rooms, metal=replace(rooms.metal, windows=tuple(windows)))
    common = in_common(rooms, changed)
    assert (common["metal"], common["plastics"]) == (2, YEARS)
    check_course(course, solved(changed), common)
