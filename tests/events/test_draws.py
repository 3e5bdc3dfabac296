"""Luck by name: whoever else draws, and however often, everybody's own draws stay what they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.events.columns import Columns
from cesim.events.draws import Draws
from cesim.events.station import Station
from cesim.events.timetable import Outages, exponential
from cesim.events.trial import Trial
from cesim.quantities.streams import KeyedSource, uniforms

COLUMNS = Columns(("Al",), ("primary",))


@given(st.lists(st.integers(0, 40_000), min_size=1, max_size=60))
def test_a_draw_depends_on_its_name_and_number_alone(indices):
    stream = Draws(KeyedSource(7)).stream("shredder.seconds")
    assert [stream.at(i) for i in indices] == [uniforms(7, "shredder.seconds", i, 1)[0] for i in indices]


class Server(Station):
    """A station whose work on a lot is drawn by the serial of the vehicle it comes from."""

    kind = "server"

    def __init__(self, simulation, name, to, **given):
        super().__init__(simulation, name, **given)
        self.to, self.times, self.luck = to, {}, self.draws("seconds")

    def seconds(self, lot):
        serial = self.lots.serial_of[lot]
        self.times[serial] = exponential(self.luck.at(serial), 100)
        return self.times[serial]

    def done(self, lot):
        self.send(lot, self.to)


def plant(seed=1, more=False, twice=False, servers=1):
    """A station that breaks down, and perhaps another beside it, and perhaps twice the lots."""
    trial = Trial(COLUMNS, seed=seed)
    out = trial.bay("out")
    if more:
        beside = Server(trial, "beside", out)
        Outages(beside, 500, 50)
    server = Server(trial, "server", out, servers=servers)
    outages = Outages(server, 1000, 100)
    row = COLUMNS.row({"Al": 5}, "primary")
    arrive = trial.draws.stream("arrivals")
    time = 0
    for serial in range(200):
        time += exponential(arrive.at(serial), 110)
        trial.clock.call_at(time, bring, (trial, server, row, serial))
        if twice:
            trial.clock.call_at(time, bring, (trial, beside if more else server, row, 1000 + serial))
    assert trial.try_for(100_000).passed
    return trial, server, outages


def bring(given_):
    trial, to, row, serial = given_
    lot = trial.lots.create(row, trial.lots.mark("car"), "given", trial.gate.code, 1, serial)
    trial.gate.send(lot, to)


def test_another_facility_changes_no_draw_and_no_second_of_this_one():
    _, alone, outages = plant()
    _, together, outages_together = plant(more=True, twice=True)
    assert together.times == alone.times
    assert together.statistics() == alone.statistics()
    assert outages._count == outages_together._count


def test_twice_the_lots_upstream_change_no_draw():
    _, once, _ = plant()
    _, twice, _ = plant(twice=True)
    assert {serial: twice.times[serial] for serial in once.times} == once.times
    assert len(twice.times) == 2 * len(once.times)
    assert twice.statistics().wait_sum > once.statistics().wait_sum


@pytest.mark.slow
def test_two_scenarios_share_their_luck():
    """Common random numbers: the difference between one server and two varies less than with draws of their own."""

    def wait(seed, servers):
        return plant(seed=seed, servers=servers)[1].statistics().mean_wait

    one = np.array([wait(seed, 1) for seed in range(24)])
    two = np.array([wait(seed, 2) for seed in range(24)])
    others = np.array([wait(100 + seed, 2) for seed in range(24)])
    assert (one - two).var(ddof=1) < (one - others).var(ddof=1)
