"""Luck by name: whoever else draws, and however often, everybody's own draws stay what they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.events.columns import Columns
from cesim.events.draws import Draws, Stream
from cesim.events.simulation import Simulation
from cesim.events.station import Station
from cesim.events.timetable import Outages, exponential
from cesim.events.trial import Bay, Trial
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


@pytest.mark.parametrize("change", [{"more": True}, {"more": True, "twice": True}, {"twice": True}], ids=str)
def test_every_draw_of_everybody_else_is_bit_equal(change, monkeypatch):
    """Another facility, or twice the lots: whatever was drawn before is drawn again, and is the same number."""
    before, after = drawn(monkeypatch), drawn(monkeypatch, **change)
    assert {key: after.get(key) for key in before} == before
    new = set(after) - set(before)
    theirs = {("server.seconds", serial) for serial in range(1000, 1200)}
    assert new
    assert all(name.startswith("beside.") or (name, index) in theirs for name, index in new)


def drawn(monkeypatch, **change):
    """Everything that is drawn in a run of the plant: draws by stream and identity."""
    found, at = {}, Stream.at

    def noted(stream, index):
        found[stream.name, index] = at(stream, index)
        return found[stream.name, index]

    with monkeypatch.context() as patch:
        patch.setattr(Stream, "at", noted)
        plant(**change)
    return found


class Step(Station):
    """A step of a line; the work on a lot is drawn by its serial."""

    kind = "step"

    def __init__(self, simulation, name, to, mean, beside=None):
        super().__init__(simulation, name)
        self.to, self.mean, self.beside, self.luck = to, mean, beside, self.draws("seconds")

    def seconds(self, lot):
        return exponential(self.luck.at(self.lots.serial_of[lot]), self.mean)

    def done(self, lot):
        aside = self.beside is not None and self.lots.serial_of[lot] % 3 == 0
        self.send(lot, self.beside if aside else self.to)


def mean_sojourn(seed, mean=1000, inspected=False):
    """Mean seconds of 150 lots in a line of two steps, and perhaps an inspection between them for every third."""
    simulation = Simulation(seed, COLUMNS)
    simulation.lots.accounts.source("given")
    out, gate = Bay(simulation, "out"), Bay(simulation, "gate")
    last = Step(simulation, "last", out, 900)
    first = Step(simulation, "first", last, mean, Step(simulation, "inspection", last, 500) if inspected else None)
    row, time, arrive = COLUMNS.row({"Al": 5}, "primary"), 0, simulation.draws.stream("arrivals")
    car, came = simulation.lots.mark("car"), 0

    def bring(serial):
        gate.send(simulation.lots.create(row, car, "given", gate.code, 1, serial), first)

    for serial in range(150):
        time += exponential(arrive.at(serial), 1200)
        came += time
        simulation.clock.call_at(time, bring, serial)
    simulation.run([10**7])
    assert len(out.caught) == 150
    return (sum(when for when, _ in out.caught) - came) / 150


@pytest.mark.parametrize(
    ("change", "sign", "share"),
    [({"mean": 900}, -1, 0.3), ({"inspected": True}, 1, 0.1)],
    ids=["a tenth faster", "one facility more"],
)
def test_the_difference_of_two_scenarios_varies_less_than_with_luck_of_their_own(change, sign, share):
    """Common random numbers: every seed shows the effect, and its variance is a fraction of what it would be."""
    seeds = range(30)
    before = np.array([mean_sojourn(seed) for seed in seeds])
    after = np.array([mean_sojourn(seed, **change) for seed in seeds])
    others = np.array([mean_sojourn(100 + seed, **change) for seed in seeds])
    assert (sign * (after - before) > 0).all()
    assert not (sign * (others - before) > 0).all()
    assert (after - before).var(ddof=1) < share * (others - before).var(ddof=1)
