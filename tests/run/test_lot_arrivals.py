"""Cars of a year are whole cars of the balance, and their mass is its mass, to the milligram."""

from __future__ import annotations

import sys
from calendar import monthrange
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from made_up_region import TINY

from cesim.balance.chain import Chain
from cesim.balance.fleet import solve_fleet
from cesim.ledger.flows import Edges
from cesim.ledger.substances import ITEMS, PAIRS
from cesim.quantities import KeyedSource
from cesim.run.compile import compile_block
from cesim.run.compile_cars import late_exits
from cesim.run.compile_fleet import VEHICLES, fleet_inputs, vehicle_mix
from cesim.run.lot_arrivals import CarTypes, dealt, running_shares, whole_shares
from cesim.run.lot_plan import balance_of
from cesim.run.sampler import Sampler
from cesim.scenario import open_scenario

MG = 1e9


class Year:
    """Arrivals of a year, and what the balance has of it."""

    def __init__(self, lane: int = 0, year: int = 2030, **changes):
        self.scenario = open_scenario("tutorial", TINY | changes).scenario
        self.sampler = Sampler(KeyedSource(7), lane, 1)
        system = compile_block(self.scenario, self.sampler).system
        types = CarTypes(self.scenario, self.sampler, system.cars)
        chain = Chain(system, Edges(), detailed=True)
        for result in chain.years():
            if result.flows.year == year:
                self.scrapped = result.details.scrapped[0]
                self.route = system.treatment.elv_route[0]
                self.number = year - int(system.cars.years[0])
                self.arrivals = types.arrivals(chain.memory, self.number, self.scrapped, self.route)
                break
        self.types, self.memory = types, chain.memory

    def fleet(self):
        """Cars scrapped by (cohort, vehicle) in the balance's fleet of the year."""
        mix = vehicle_mix(self.scenario, self.sampler)
        fleet = solve_fleet(fleet_inputs(self.scenario, self.sampler, mix), keep_from=self.scenario.years.start - 1)
        return late_exits(fleet.exits["scrap"], fleet.years, self.scenario.years.fleet_from)[0, self.number]


@pytest.fixture(scope="module", params=[0, 3], ids=["best", "drawn"])
def year(request):
    return Year(request.param)


def test_counts_are_whole_and_those_of_the_balance(year):
    counts, fleet = year.arrivals.counts, year.fleet()
    assert counts.dtype == np.int64
    assert counts.min() >= 0
    assert counts.sum() == np.rint(fleet.sum())


def test_each_region_has_its_share_to_within_a_car_and_sends_it_along_the_routes(year):
    counts = year.arrivals.counts.sum(axis=(2, 3))
    age = np.clip(2030 - np.arange(len(year.fleet())) - 1990, 0, len(year.types._age_share) - 1)
    exact = (year.fleet().sum(axis=1)[:, None] * year.types._age_share[age]).sum(axis=0)
    assert np.abs(counts.sum(axis=1) - exact).max() < 1.0
    assert np.abs(counts - counts.sum(axis=1, keepdims=True) * year.route).max() < 1.0


def test_types_are_those_of_the_fleet_to_within_a_car_a_region(year):
    fleet = year.fleet().ravel()
    counts = year.arrivals.counts
    assert np.abs(counts.sum(axis=(0, 1, 2)) - fleet[fleet > 0]).max() < len(counts)


def test_rare_types_are_as_many_as_they_are(year):
    """A tenth of a car of each of many types is a car of one of them, not none of all: hybrids carry the magnets."""
    fleet = year.fleet()
    cohort, vehicle = np.nonzero(fleet > 0)
    counts = year.arrivals.counts.sum(axis=(0, 1, 2))
    for number in np.unique(vehicle):
        exact = fleet[:, number].sum()
        assert abs(counts[vehicle == number].sum() - exact) < len(year.route), number
    early = cohort < np.median(cohort)
    assert counts[early].sum() == pytest.approx(fleet[cohort[early], vehicle[early]].sum(), abs=16 * 2)


def test_there_is_a_name_for_every_type(year):
    assert len(year.arrivals.types) == year.arrivals.counts.shape[-1] == len(set(year.arrivals.types))
    assert {name.split()[0] for name in year.arrivals.types} <= {str(one) for one in range(1989, 2031)}


def test_months_are_by_their_days(year):
    counts = year.arrivals.counts.sum(axis=(0, 1, 3))
    days = np.array([monthrange(2030, month)[1] for month in range(1, 13)])
    pairs = (year.arrivals.counts.sum(axis=(2, 3)) > 0).sum()
    assert np.abs(counts - counts.sum() * days / 365).max() < pairs


def test_a_type_comes_all_through_the_year(year):
    days = np.array([monthrange(2030, month)[1] for month in range(1, 13)])
    counts = year.arrivals.counts[0, 0]
    exact = counts.sum(axis=0) * days[:, None] / 365
    assert counts.sum(axis=0).max() > 20
    assert np.abs(counts - exact).max() <= 2.0


def test_a_leap_year_has_a_longer_february():
    days = Year(year=2028, **{"years.start": 2027}).arrivals.counts.sum(axis=(0, 1, 3))
    assert abs(days[1] - days.sum() * 29 / 366) < abs(days[1] - days.sum() * 28 / 365)


def test_masses_are_those_of_the_balance_to_the_milligram_for_every_column(year):
    arrivals, whole = year.arrivals, np.rint(year.scrapped * MG).astype(np.int64)
    held = np.einsum("ort,ortp->orp", arrivals.counts.sum(axis=2), arrivals.rows) + arrivals.rest
    assert np.array_equal(held.sum(axis=1), whole)
    assert arrivals.rest.min() >= 0
    assert arrivals.rows.min() >= 0


def test_masses_go_by_the_routes_for_every_pair_of_regions(year):
    arrivals, whole = year.arrivals, np.rint(year.scrapped * MG).astype(np.int64)
    held = np.einsum("ort,ortp->orp", arrivals.counts.sum(axis=2), arrivals.rows) + arrivals.rest
    assert np.abs(held - whole[:, None] * year.route[..., None]).max() < 1.0 + 1e-9 * whole.max()


def test_what_the_last_car_carries_is_rounding(year):
    """A milligram a car and column, beside what floats of a year's mass leave."""
    cars = year.arrivals.counts.sum(axis=(2, 3))[..., None]
    whole = np.rint(year.scrapped * MG)[:, None]
    assert (year.arrivals.rest <= cars + 4e-12 * whole + 2).all()


def test_a_car_of_a_type_is_one_of_its_time(year):
    """Kei cars are lighter than standard cars, and every car weighs what a car may weigh."""
    arrivals = year.arrivals
    rows = arrivals.rows[0, 0]
    there = arrivals.counts[0, 0].sum(axis=0) > 0
    kg = rows.sum(axis=1) / 1e6
    assert 500 < kg[there].min() < kg[there].max() < 3500
    kei = np.array([" kei" in name for name in arrivals.types])
    standard = np.array([" standard" in name for name in arrivals.types])
    assert kg[there & kei].mean() < 0.8 * kg[there & standard].mean()
    assert not rows[~there].sum() or rows[~there].min() >= 0


def test_types_differ_in_composition_and_not_in_mass_alone(year):
    rows = year.arrivals.rows[0, 0][year.arrivals.counts[0, 0].sum(axis=0) > 0].astype(float)
    shares = rows / rows.sum(axis=1, keepdims=True)
    assert np.ptp(shares, axis=0).max() > 0.02
    hybrid = [" small-hev" in n for n in np.array(year.arrivals.types)[year.arrivals.counts[0, 0].sum(axis=0) > 0]]
    copper, magnet = PAIRS.index(("copper", "Cu")), PAIRS.index(("magnet", "magnet"))
    assert shares[hybrid, copper].mean() > shares[np.invert(hybrid), copper].mean()
    assert shares[hybrid, magnet].min() > 1e-4


def test_the_types_together_hold_nearly_what_the_balance_has(year):
    """Before rows are scaled to it, whole cars of whole types miss no column by much."""
    arrivals = year.arrivals
    kept = arrivals.counts[0, 0].sum(axis=0)
    rows = arrivals.rows[0, 0]
    first = rows[kept > 0]
    cohort = np.array([int(name[:4]) - year.types.cars.first_cohort for name in arrivals.types])
    vehicle = np.array([VEHICLES.index(name[5:]) for name in arrivals.types])
    memory = year.memory
    one = year.types._one(memory, cohort, vehicle)[kept > 0]
    factor = first.sum(axis=0) / np.where(one.sum(axis=0) > 0, one.sum(axis=0), 1.0)
    heavy = first.sum(axis=0) > 0.002 * first.sum()
    assert heavy.sum() > 15
    assert np.abs(factor[heavy] - 1.0).max() < 0.05


def test_a_region_without_dismantlers_gets_no_car_and_loses_none():
    found = Year(**{"regions.east.dismantling": 0})
    assert found.arrivals.counts[:, 0].sum() == 0
    assert not found.arrivals.rest[:, 0].any()
    held = np.einsum("ort,ortp->op", found.arrivals.counts.sum(axis=2), found.arrivals.rows)
    assert np.array_equal(held + found.arrivals.rest.sum(axis=1), np.rint(found.scrapped * MG).astype(np.int64))


def test_so_few_cars_that_most_types_have_none_still_hold_the_mass_of_the_balance():
    found = Year(**{"market.sales": 6, "market.production": 12, "fleet.base_stock": 100})
    counts = found.arrivals.counts
    assert 0 < counts.sum() < 10
    held = np.einsum("ort,ortp->op", counts.sum(axis=2), found.arrivals.rows) + found.arrivals.rest.sum(axis=1)
    assert np.array_equal(held, np.rint(found.scrapped * MG).astype(np.int64))


def test_the_plan_of_a_year_has_these_arrivals(year):
    scenario = year.scenario
    lane = 0 if year.sampler.first == 0 else 3
    (balance,) = balance_of(scenario, 7, lane, 2030, 2030, (0,))
    assert np.array_equal(balance.plan.arrivals.counts, year.arrivals.counts)
    assert np.array_equal(balance.plan.arrivals.rest, year.arrivals.rest)
    edges = [edge for edge in balance.flows.flows if edge[0].process_to == "dismantling"]
    by_item = dict.fromkeys(ITEMS, 0.0)
    for edge, origin, _ in edges:
        for cell, mass in zip(edge.by_origin, origin[0], strict=True):
            by_item[cell.alloy] += float(mass)
    assert sum(by_item.values()) == pytest.approx(year.scrapped.sum(), rel=1e-12)


weights = st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=40).map(np.array)


@given(total=st.integers(0, 10**15), weight=weights)
def test_whole_shares_add_up_and_are_within_one(total, weight):
    parts = whole_shares(total, weight)
    assert parts.dtype == np.int64
    assert parts.min() >= 0
    if not weight.sum():
        assert not parts.any()
        return
    assert parts.sum() == total
    slack = 1.0 + total * 1e-15 * len(weight)
    assert np.abs(parts - total * (weight / weight.sum())).max() <= slack
    assert not parts[weight == 0].any() or total > 10**14


@given(total=st.integers(0, 10**6), weight=weights)
def test_who_has_more_weight_does_not_get_less(total, weight):
    parts = whole_shares(total, weight)
    order = np.lexsort((parts, weight))
    assert (np.diff(parts[order]) >= -1).all()
    exact = weight[order]
    fall = np.flatnonzero(np.diff(parts[order]) < 0)
    assert all(exact[n] == pytest.approx(exact[n + 1], abs=weight.sum() / max(total, 1)) for n in fall)


@pytest.mark.parametrize(
    ("total", "weight", "parts"),
    [
        (10, [1, 1, 1], [3, 3, 4]),  # of equal remainders the last
        (1, [1, 1, 1, 1], [0, 0, 0, 1]),
        (7, [0, 2, 1], [0, 5, 2]),
        (5, [0, 0], [0, 0]),
        (0, [1, 2], [0, 0]),
        (100, [0.333, 0.334, 0.333], [33, 34, 33]),
    ],
)
def test_whole_shares_by_the_largest_remainder(total, weight, parts):
    assert whole_shares(total, np.array(weight, dtype=float)).tolist() == parts


@given(total=st.integers(0, 10**6), weight=weights, start=st.floats(0, 1, exclude_max=True))
def test_running_shares_add_up_and_all_neighbours_together_are_within_one(total, weight, start):
    parts = running_shares(total, weight, start)
    assert parts.min() >= 0
    if not weight.sum():
        assert not parts.any()
        return
    assert parts.sum() == total
    assert not parts[weight == 0].any()
    exact = np.cumsum(weight) / weight.sum() * total
    assert np.abs(np.cumsum(parts) - exact).max() <= 1.0 + 1e-6


def test_many_small_weights_get_their_whole():
    weight = np.full(100, 0.1)
    parts = running_shares(10, weight, 0.5)
    assert parts.sum() == 10
    assert parts.max() == 1
    assert np.abs(np.diff(np.flatnonzero(parts)) - 10).max() <= 1  # floats of tenths
    assert not np.array_equal(parts, running_shares(10, weight, 0.0))


@given(
    counts=st.lists(st.integers(0, 30), min_size=1, max_size=20).map(np.array),
    weight=st.lists(st.floats(0.01, 1), min_size=1, max_size=12).map(np.array),
)
def test_what_is_dealt_adds_up_both_ways_and_is_nearly_in_proportion(counts, weight):
    places = whole_shares(int(counts.sum()), weight)
    out = dealt(places, counts)
    assert np.array_equal(out.sum(axis=1), places)
    assert np.array_equal(out.sum(axis=0), counts)
    if counts.sum():
        exact = places[:, None] * counts / counts.sum()
        assert np.abs(out - exact).max() <= 2.0 + len(places) / 12
