"""Facilities: schedules worked out by hand, room, shifts, outages, loads; each tried alone on the bench."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.events.clock import DAY
from cesim.events.columns import Columns
from cesim.events.furnace import Furnace
from cesim.events.haulage import Haulage
from cesim.events.station import Station
from cesim.events.timetable import Outages, Shifts
from cesim.events.trial import Trial
from cesim.events.waiting import Waiting

CASES = json.loads((Path(__file__).parents[1] / "cases" / "events.json").read_text("utf-8"))
COLUMNS = Columns(("Al", "Fe"), ("primary", "post_elv"))


class Bench(Station):
    """A station that is told how long each lot takes, in the order in which they are begun."""

    kind = "bench"

    def __init__(self, simulation, name, services, to, **given):
        super().__init__(simulation, name, **given)
        self.services, self.to = iter(services), to

    def seconds(self, _):
        return next(self.services)

    def done(self, lot):
        self.send(lot, self.to)


def bench(services, arrivals, **given):
    trial = Trial(COLUMNS)
    out = trial.bay("out")
    station = Bench(trial, "bench", services, out, **given)
    for when in arrivals:
        trial.give(station, when, {"Al": 1000, "Fe": 7})
    return trial, station, out


def test_two_servers_three_lots():
    case = CASES["deterministic_small"][0]
    trial, _, out = bench(case["service"], case["arrivals"], servers=case["c"])
    assert trial.try_for(100).passed
    assert [when for when, _ in out.caught] == case["departures"]


class Pot(Furnace):
    """A furnace that holds each charge for so many seconds and taps it."""

    kind = "pot"

    def __init__(self, simulation, name, hold, to, **given):
        super().__init__(simulation, name, **given)
        self.hold, self.to, self.taps = hold, to, []

    def seconds(self, _):
        return self.hold

    def done(self, batch):
        self.taps.append(self.clock.now)
        self.send(self.lots.merge(batch, self.lots.mark("ingot"), self.code), self.to)


def test_a_furnace_of_four():
    case = CASES["deterministic_small"][1]
    trial = Trial(COLUMNS)
    pot = Pot(trial, "pot", case["hold"], trial.bay("out"), capacity=case["batch"])
    for when in case["arrivals"]:
        trial.give(pot, when, {"Al": 10})
    assert trial.try_for(100).passed
    assert pot.taps == case["taps"]
    seen = pot.statistics()
    assert seen.busy_area == 20
    assert seen.wait_sum == (3 + 2 + 1 + 0) + (9 + 8 + 7 + 6)


class HeavyPot(Pot):
    """A furnace of milligrams, one alloy at a time."""

    kind = "heavy pot"

    def size(self, lot):
        return int(self.lots.masses([lot])[0])

    def grade(self, lot):
        return self.lots.mark_of[lot].grade


def test_a_furnace_of_so_many_milligrams_takes_what_fits_and_keeps_alloys_apart():
    trial = Trial(COLUMNS)
    out = trial.bay("out")
    pot = HeavyPot(trial, "pot", 5, out, capacity=100, patience_s=50)
    for when, mass, grade in ((0, 60, "6016"), (1, 90, "5xxx"), (2, 30, "6016"), (3, 20, "6016"), (4, 10, "5xxx")):
        trial.give(pot, when, {"Al": mass}, grade=grade)
    assert trial.try_for(200).passed
    masses = [int(trial.lots.masses([lot])[0]) for _, lot in out.caught]
    # 60 + 30 + 20 is above 100: the third waits until its patience is over
    assert list(zip(pot.taps, masses, strict=True)) == [(8, 90), (13, 100), (58, 20)]


def test_a_lot_that_fits_in_no_batch_is_refused():
    trial = Trial(COLUMNS)
    pot = HeavyPot(trial, "pot", 5, trial.bay("out"), capacity=100)
    trial.give(pot, 0, {"Al": 101})
    with pytest.raises(InputError, match="101"):
        trial.try_for(10)


def test_where_there_is_no_room_the_lot_holds_its_server():
    trial = Trial(COLUMNS)
    out = trial.bay("out")
    second = Bench(trial, "second", [10, 10, 10], out, limit=1)
    first = Bench(trial, "first", [1, 1, 1], second)
    for _ in range(3):
        trial.give(first, 0, {"Al": 1})
    assert trial.try_for(100).passed
    assert [when for when, _ in out.caught] == [11, 21, 31]
    # the first server: 0-1; 1-2 then held to 11; 11-12 then held to 21
    assert first.statistics().busy_area == 21
    assert first.statistics().utilisation == 0.21


def test_an_exchange_of_places_is_in_the_order_of_coming():
    trial = Trial(COLUMNS)
    out = trial.bay("out")
    station = Bench(trial, "bench", [5] * 4, out, limit=1)
    for when in range(4):
        trial.give(station, when, {"Al": when + 1})
    assert trial.try_for(100).passed
    assert [int(trial.lots.masses([lot])[0]) for _, lot in out.caught] == [1, 2, 3, 4]
    assert [when for when, _ in out.caught] == [5, 10, 15, 20]


def test_a_shift_begins_no_more_when_it_is_over_and_finishes_what_is_begun():
    trial, station, out = bench([3600] * 4, [0] * 4)
    Shifts(station, [(8 * 3600, 9 * 3600 + 1800)])
    assert trial.try_for(3 * DAY).passed
    hours = [when / 3600 for when, _ in out.caught]
    assert hours == [9, 10, 33, 34]


def test_shifts_that_overlap_are_refused():
    _, station, _ = bench([1], [0])
    with pytest.raises(InputError, match="overlap"):
        Shifts(station, [(0, 10), (5, 20)])


def test_a_halt_stops_the_work_and_it_goes_on_afterwards():
    trial, station, out = bench([10, 10], [0, 0], servers=1)
    trial.clock.call_at(4, station.halt)
    trial.clock.call_at(9, station.resume)
    trial.clock.call_at(9, station.halt)
    trial.clock.call_at(10, station.resume)
    assert trial.try_for(100).passed
    assert [when for when, _ in out.caught] == [16, 26]
    with pytest.raises(InputError):
        station.resume()


def test_outages_take_the_share_of_time_they_should():
    trial, station, _ = bench([100] * 2000, [100 * n for n in range(2000)])
    Outages(station, 2000, 500)
    assert trial.try_for(200_000).passed
    assert station.left == pytest.approx(2000 * 0.8, rel=0.1)


def test_a_load_is_one_event_and_one_row_with_its_own_distance():
    """CELAVI 1.3.4 books the tonne-km of two routes that one facility uses in a step to the last of them."""
    trial = Trial(COLUMNS)
    near, far = trial.bay("near"), trial.bay("far")
    routes = {("gate", "near"): (100, 5000), ("gate", "far"): (300, 20_000)}
    haulage = Haulage(trial, "trucks", routes, capacity=2, trucks=1, patience_s=1000)
    for number in range(5):
        lot_row = COLUMNS.row({"Al": 10 + number}, "primary")
        trial.clock.call_at(number, carried, (trial, haulage, near if number % 2 else far, lot_row))
    certificate = trial.try_for(5000)
    assert certificate.passed
    table = trial.ledger.table("shipment")
    assert table["departed_s"].tolist() == [2, 602, 1004]
    assert table["arrived_s"].tolist() == [302, 702, 1304]
    assert table["distance_m"].tolist() == [20_000, 5000, 20_000]
    assert table["lots"].tolist() == [2, 2, 1]
    masses = {}
    for event, mass in zip(*(trial.ledger.column("event_out", n) for n in ("event", "mass_mg")), strict=True):
        masses[int(event)] = masses.get(int(event), 0) + int(mass)
    assert [masses[event] for event in table["event"].tolist()] == [10 + 12, 11 + 13, 14]
    assert len(near.caught) == 2
    assert len(far.caught) == 3


def carried(given):
    trial, haulage, to, row = given
    lot = trial.lots.create(row, trial.lots.mark("scrap"), "given", trial.gate.code)
    haulage.carry(lot, trial.gate, to)


def test_a_facility_that_no_route_leads_to_is_named():
    trial = Trial(COLUMNS)
    haulage = Haulage(trial, "trucks", {}, capacity=2)
    trial.clock.call_at(0, carried, (trial, haulage, trial.bay("island"), COLUMNS.row({"Al": 1}, "primary")))
    with pytest.raises(InputError, match="island"):
        trial.try_for(10)


@pytest.mark.parametrize("given", [{"servers": 0}, {"servers": 1.5}, {"limit": -1}])
def test_capacities_are_whole_and_positive(given):
    with pytest.raises(InputError) as caught:
        bench([1], [0], **given)
    assert caught.value.faults[0].code == "facility_number"


def test_ten_tenths_make_one():
    """SimPy's Container, filled ten times with 0.1, never gives the 1.0: its level is 0.9999999999999999."""
    trial = Trial(COLUMNS)
    out = trial.bay("out")
    pot = HeavyPot(trial, "pot", 1, out, capacity=1_000_000)
    for _ in range(10):
        trial.give(pot, 0, {"Al": 100_000})
    assert trial.try_for(10).passed
    assert len(out.caught) == 1


def test_a_period_sum_is_the_total_though_all_comes_at_its_edge():
    """CELAVI 1.3.4 books 200 components of 7 t that come in month 12 in two years: 2800 t."""
    (trap,) = (trap for trap in CASES["traps_seen_in_peers"] if "des.py" in trap["peer"])
    trial = Trial(COLUMNS)
    bay = trial.bay("yard")
    for _ in range(200):
        trial.give(bay, 12, {"Al": 7_000_000_000})
    trial.run([12, 24, 36])
    account = trial.ledger.table("account")
    came = account["mass_mg"][(account["side"] == 0) & (account["column"] == 0)]
    assert came.tolist() == [trap["true_t"] * 10**9]
    assert account["period"][(account["side"] == 0)].tolist() == [1, 1]


def test_lines_by_grade():
    line = Waiting(("a",))
    for who, grade in ((1, "b"), (2, "a"), (3, "c"), (4, "a"), (5, "b")):
        line.put(who, grade)
    assert list(line) == [1, 2, 3, 4, 5]
    assert line.grades() == ["a", "b", "c"]
    assert line.of("b") == [1, 5]
    assert [line.take() for _ in range(3)] == [2, 4, 1]
    assert line.take_of("b") == 5
    assert len(line) == 1
    assert line.take() == 3
    with pytest.raises(IndexError):
        line.take()
    with pytest.raises(IndexError):
        line.take_of("nobody's")


def test_utilisation_and_means_are_of_the_whole_time():
    trial, station, _ = bench([10, 30], [0, 5])
    assert trial.try_for(100).passed
    seen = station.statistics()
    assert (seen.busy_area, seen.waiting_area, seen.inside_area) == (40, 5, 45)
    assert (seen.utilisation, seen.mean_inside, seen.mean_waiting, seen.mean_wait) == (0.4, 0.45, 0.05, 2.5)
    assert np.isclose(seen.sojourn_sum, 45)
