"""Draws belong to things: what is changed elsewhere in the chain leaves the luck of all others as it was."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_up_runs import plan_of, ran, returned, with_capacity

from cesim.events.chain.dismantling import Dismantler
from cesim.events.draws import Stream
from cesim.quantities import KeyedSource
from cesim.run.lot_task import Lane

SORTED = {
    "sorting.share": 0.5, "dismantling.identified": 0.5, "facilities.sorting.capacity": 0.00025,
    "market.sales": 1075, "market.production": 2075, "fleet.base_stock": 18750,
}  # fmt: skip
EAST, WEST = 0, 1
COMMON = ("case", "known", "order", "hulk way", "scrap way", "line", "graded")


class Log:
    """Every draw that a run asks for, by stream and identity; and how every car is taken apart."""

    def __init__(self, monkeypatch, plan, source=None):
        self.draws, self.cars = {}, {}
        at, some, stripping = Stream.at, Stream.some, Dismantler._stripping

        def one(stream, index):
            self.draws[stream.name, index] = found = at(stream, index)
            return found

        def many(stream, first, count):
            found = some(stream, first, count)
            self.draws.update(((stream.name, first + n), float(value)) for n, value in enumerate(found))
            return found

        def stripped(works, serial, short):
            found = stripping(works, serial, short)
            self.cars[works.name, serial] = (found.what, found.minutes)
            return found

        with monkeypatch.context() as patched:
            patched.setattr(Stream, "at", one)
            patched.setattr(Stream, "some", many)
            patched.setattr(Dismantler, "_stripping", stripped)
            self.chain = ran(plan, source=source)

    def of(self, *parts):
        return {key: value for key, value in self.draws.items() if any(part in key[0] for part in parts)}


@pytest.fixture(scope="module")
def plan():
    return plan_of(SORTED, regions=(EAST, WEST))[0]


@pytest.fixture(scope="module")
def plain(plan):
    with pytest.MonkeyPatch.context() as monkeypatch:
        return Log(monkeypatch, plan)


def alike(one, other):
    """Every draw that both runs ask for is the same, and most are asked for in both."""
    both = one.draws.keys() & other.draws.keys()
    assert all(one.draws[key] == other.draws[key] for key in both)
    assert len(both) > 0.6 * len(one.draws)
    return both


def test_luck_is_asked_for_by_all_kinds_of_things(plain):
    purposes = {name.partition(".")[2] for name, _ in plain.draws}
    for wanted in COMMON:
        assert any(purpose.startswith(wanted) for purpose in purposes), wanted
    assert any(name.startswith("casthouse") for name, _ in plain.draws)
    assert len(plain.cars) > 200


def test_more_capacity_somewhere_changes_no_luck(plan, plain, monkeypatch):
    more = Log(monkeypatch, with_capacity(plan, EAST, sorter_t_per_h=lambda rate: rate * 2))
    alike(plain, more)
    for whose in ("dismantlers east", "dismantlers west", "owners", "hulk way", "alloy sorter east.line"):
        assert plain.of(whose) == more.of(whose) != {}
    assert plain.cars == more.cars
    assert more.chain.sorters[EAST].turned_away < plain.chain.sorters[EAST].turned_away


def test_twice_the_cars_of_one_region_leave_the_cars_of_the_other(plan, plain, monkeypatch):
    year = plan.years[0]
    counts = year.arrivals.counts.copy()
    counts[:, WEST] *= 2
    twice = replace(plan, years=(replace(year, arrivals=replace(year.arrivals, counts=counts)),))
    more = Log(monkeypatch, twice)
    alike(plain, more)
    for whose in ("dismantlers east", "owners east"):
        assert plain.of(whose) == more.of(whose) != {}
    east = {key: value for key, value in plain.cars.items() if "east" in key[0]}
    assert east == {key: value for key, value in more.cars.items() if "east" in key[0]}
    west = [next(site.gate.cars for site in log.chain.sites if site.region == WEST) for log in (plain, more)]
    assert west[1] == 2 * west[0]


@pytest.mark.slow
def test_a_part_taken_more_often_changes_only_that_part(plan, plain, monkeypatch):
    year = plan.years[0]
    wheels = plan.names.parts.index("wheels")
    taken = year.treatment.taken.copy()
    taken[wheels] *= 0.2
    fewer = replace(plan, years=(replace(year, treatment=replace(year.treatment, taken=taken)),))
    less = Log(monkeypatch, fewer)
    alike(plain, less)
    assert plain.cars.keys() == less.cars.keys()
    for key, (what, _) in plain.cars.items():
        assert [one for one in what if one[1] != "wheels"] == [one for one in less.cars[key][0] if one[1] != "wheels"]
    assert plain.cars != less.cars


class OtherLuck(Lane):
    """The same luck, but for the streams of one thing."""

    def u(self, name, first, count):
        if "alloy sorter east.line" in name:
            return KeyedSource(99).u(name, first, count)
        return super().u(name, first, count)


@pytest.mark.slow
def test_another_seed_for_one_thing_changes_no_other(plan, plain, monkeypatch):
    other = Log(monkeypatch, plan, OtherLuck(KeyedSource(0), 0))
    both = plain.draws.keys() & other.draws.keys()
    changed = {key[0] for key in both if plain.draws[key] != other.draws[key]}
    assert changed == {"alloy sorter east.line"}
    assert plain.cars == other.cars


@pytest.mark.slow
def test_another_seed_changes_all_luck(plan, plain, monkeypatch):
    other = Log(monkeypatch, plan, Lane(KeyedSource(1), 0))
    both = plain.draws.keys() & other.draws.keys()
    assert not any(plain.draws[key] == other.draws[key] for key in both)


@pytest.mark.slow
def test_the_same_again_is_the_same_to_the_bit(plan, plain, monkeypatch):
    again = Log(monkeypatch, plan)
    assert again.draws == plain.draws
    assert again.cars == plain.cars
    assert again.chain.metal().family_mg == plain.chain.metal().family_mg


@pytest.mark.slow
def test_the_difference_of_two_scenarios_varies_less_with_the_same_luck():
    plan, balance = plan_of(SORTED, regions=(EAST, WEST))
    double = plan
    for region in (EAST, WEST):
        double = with_capacity(double, region, sorter_t_per_h=lambda rate: rate * 2)
    seeds = range(10)
    one = np.array([returned(ran(plan, seed), balance).lots for seed in seeds])
    two = np.array([returned(ran(double, seed), balance).lots for seed in seeds])
    apart = np.roll(two, 1) - one
    assert np.mean(two - one) == pytest.approx(np.mean(apart))
    assert np.any(two != one)
    assert np.var(two - one) < 0.8 * np.var(apart)
