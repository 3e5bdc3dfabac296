"""Cars of all years in compiled loops: the bits of their readable twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.balance import fleet
from cesim.balance.fleet import EXITS, NegativeSalesError, over_vehicles, solve_fleet
from cesim.balance.lane_cars import car_lanes
from cesim.balance.masses import Memory
from cesim.ledger.substances import ALLOYS, ELEMENTS
from tests.balance.made_up_system import make
from tests.balance.test_fleet import FIRST, some_inputs, stock_driven

pytest.importorskip("numba")
METAL = len(ALLOYS) * len(ELEMENTS)


def in_numpy(job):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fleet, "_fits_loops", lambda *_: False)
        return job()


def test_loops_are_used_where_they_add_as_numpy_does():
    fits = [fleet._fits_loops(vehicles, np.float64) for vehicles in (1, 2, 16, 128, 129)]
    assert fits == [False, True, True, True, False]
    assert not fleet._fits_loops(16, np.float32)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(2, 18), st.integers(0, 10**6), st.booleans())
def test_a_fleet_has_the_bits_of_its_twin(draws, vehicles, seed, driven):
    inputs = some_inputs(draws, vehicles, seed)
    if driven:
        inputs = stock_driven(inputs, 2010, 1e9)
    found, twin = solve_fleet(inputs, 2018), in_numpy(lambda: solve_fleet(inputs, 2018))
    for name in ("stock", "sales"):
        np.testing.assert_array_equal(getattr(found, name), getattr(twin, name))
    for name in ("stock", *EXITS):
        np.testing.assert_array_equal(found.totals[name], twin.totals[name])
    for name in EXITS:
        np.testing.assert_array_equal(found.exits[name], twin.exits[name])


def test_a_target_that_cannot_be_met_is_told_alike():
    inputs = stock_driven(some_inputs(5, 4), 2010, 20e6)
    with pytest.raises(NegativeSalesError) as found:
        solve_fleet(inputs, FIRST)
    with pytest.raises(NegativeSalesError) as twin:
        in_numpy(lambda: solve_fleet(inputs, FIRST))
    assert vars(found.value) == vars(twin.value)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=3, max_size=3), st.integers(1, 140), st.integers(0, 10**6))
def test_vehicles_are_added_as_numpy_does(shape, vehicles, seed):
    cars = np.random.default_rng(seed).uniform(0, 1e6, (*shape, vehicles))
    np.testing.assert_array_equal(over_vehicles(cars), cars.sum(axis=3))
    np.testing.assert_array_equal(over_vehicles(cars[:, 1:]), cars[:, 1:].sum(axis=3))


@pytest.mark.parametrize("regions", [("a",), ("a", "b"), ("a", "b", "c")])
@pytest.mark.parametrize("draws", [1, 3])
def test_scrapped_cars_have_the_bits_of_the_flows(draws, regions):
    years = 14  # more than eight cohorts, from where on numpy adds neighbours otherwise
    cars = make(draws=draws, years=years, regions=regions, melters=1).along_axes().cars
    rest, memory = car_lanes(cars).rest, Memory(cars)
    memory.composition[:], memory.origin[:] = memory.composition[:, :1], memory.origin[:, :1]
    for year in range(years):
        pairs = memory.masses(cars.scrapped[:, year], year, year - 1, cars.age_share).pairs
        np.testing.assert_array_equal(rest[year], pairs[..., METAL:])
