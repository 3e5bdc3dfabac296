"""Queues with a known answer: within the sampling error, which is measured beside them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cesim.events.facility import Facility
from cesim.events.laws import queue_laws
from cesim.events.simulation import Simulation
from cesim.events.station import Station

CASES = json.loads((Path(__file__).parents[1] / "cases" / "events.json").read_text("utf-8"))
CLOSED = CASES["queueing_closed_form"]
UNIT = 1_000_000
"""Seconds of one unit of time, so that rounding to the second does not show."""
BATCHES = 20


class Counter(Station):
    """A station that is told how long each lot takes, and notes its waits and sojourns."""

    kind = "counter"

    def __init__(self, simulation, name, services, to=None, **given):
        super().__init__(simulation, name, **given)
        self.services, self.to = services, to
        self.came_at, self.waits, self.sojourns = {}, [], []
        self.lost = 0

    def receive(self, lot):
        if not self.has_room():
            self.lost += 1
            return
        self.came_at[lot] = self.clock.now
        super().receive(lot)

    def seconds(self, lot):
        self.waits.append(self.clock.now - self.came_at[lot])
        return self.services[lot]

    def done(self, lot):
        self.sojourns.append(self.clock.now - self.came_at.pop(lot))
        if self.to is not None:
            self.to.receive(lot)


class Arrivals:
    def __init__(self, clock, times, to):
        self.clock, self.times, self.to, self.next = clock, times, to, 0
        clock.call_at(times[0], self.arrive)

    def arrive(self, _):
        lot = self.next
        self.next += 1
        if self.next < len(self.times):
            self.clock.call_at(self.times[self.next], self.arrive)
        self.to.receive(lot)


def seconds(rng, mean, count):
    return np.rint(rng.exponential(mean, count) * UNIT).astype(int)


def agrees(sample, wanted, closest=0.15, sigmas=4.0):
    """Mean within so many standard errors by batch means, and that error small enough to say something."""
    kept = np.asarray(sample, dtype=float)[len(sample) // 10 :]
    means = kept[: len(kept) // BATCHES * BATCHES].reshape(BATCHES, -1).mean(axis=1)
    error = means.std(ddof=1) / np.sqrt(BATCHES)
    assert error < closest * wanted
    assert abs(kept.mean() - wanted) < sigmas * error, (kept.mean(), wanted, error)


def queue(lam, services, count, rng, **given):
    simulation = Simulation()
    counter = Counter(simulation, "counter", services.tolist(), **given)
    times = np.cumsum(seconds(rng, 1 / lam, count))
    Arrivals(simulation.clock, times.tolist(), counter)
    simulation.clock.run_to(int(times[-1]))
    assert all(check.worst == 0 for check in queue_laws([counter.statistics()]))
    return counter


@pytest.mark.parametrize("case", CLOSED["mm1"] + CLOSED["mmc"], ids=lambda c: f"{c['lam']}-{c['mu']}-{c['c']}")
def test_servers_and_one_line(case):
    rng = np.random.default_rng(1)
    count = 200_000 if case["rho"] >= 0.9 else 60_000
    counter = queue(case["lam"], seconds(rng, 1 / case["mu"], count), count, rng, servers=case["c"])
    agrees(np.array(counter.waits) / UNIT, case["Wq"], 0.3)
    agrees(np.array(counter.sojourns) / UNIT, case["W"], 0.3)
    agrees(np.array(counter.waits) > 0, case["P_wait"])
    seen = counter.statistics()
    assert seen.utilisation == pytest.approx(case["rho"], rel=0.02)
    assert seen.mean_inside == pytest.approx(case["L"], rel=0.2)


@pytest.mark.parametrize("case", CLOSED["mmck"], ids=lambda c: f"{c['c']}-{c['K']}")
def test_who_finds_no_room_is_turned_away(case):
    rng = np.random.default_rng(2)
    count = 60_000
    counter = queue(case["lam"], seconds(rng, 1 / case["mu"], count), count, rng, servers=case["c"], limit=case["K"])
    assert counter.lost / count == pytest.approx(case["P_block"], abs=0.01)
    agrees(np.array(counter.sojourns) / UNIT, case["W"])
    seen = counter.statistics()
    assert seen.mean_inside == pytest.approx(case["L"], rel=0.03)
    assert seen.came / seen.seconds * UNIT == pytest.approx(case["throughput"], rel=0.03)


@pytest.mark.parametrize(
    ("case", "draw"),
    [
        *((case, lambda _, n: np.full(n, UNIT)) for case in CLOSED["md1_pk"]),
        *((case, lambda rng, n: np.rint(rng.gamma(2, 0.5, n) * UNIT)) for case in CLOSED["mg1_pk_erlang2"]),
        *(
            (case, lambda rng, n: np.rint(rng.lognormal(-np.log(5) / 2, np.sqrt(np.log(5)), n) * UNIT))
            for case in CLOSED["mg1_pk_lognormal_cv2"]
        ),
    ],
)
def test_pollaczek_khinchine(case, draw):
    rng = np.random.default_rng(3)
    count = 150_000
    counter = queue(case["lam"], draw(rng, count).astype(int), count, rng)
    agrees(np.array(counter.waits) / UNIT, case["Wq"], 0.3)
    agrees(np.array(counter.sojourns) / UNIT, case["W"], 0.3)


def test_five_stations_one_after_the_other():
    case = CLOSED["jackson_tandem_5x(M/M/4, rho=.8)"]
    one, count, rng = case["per_station"], 60_000, np.random.default_rng(4)
    simulation = Simulation()
    services = seconds(rng, 1 / one["mu"], (case["stations"], count))
    to = None
    stations = []
    for number in reversed(range(case["stations"])):
        to = Counter(simulation, f"station {number}", services[number].tolist(), to, servers=one["c"])
        stations.append(to)
    Arrivals(simulation.clock, np.cumsum(seconds(rng, 1 / one["lam"], count)).tolist(), to)
    simulation.clock.run_to(10**15)
    total = sum(np.mean(station.sojourns[count // 10 :]) for station in stations) / UNIT
    assert total == pytest.approx(case["mean_sojourn"], rel=0.05)
    seen = [station.statistics() for station in stations]
    assert all(check.worst == 0 for check in queue_laws(seen))
    assert [one.left for one in seen] == [count] * 5
    assert all(one.inside_area == sum(s.sojourns) for one, s in zip(seen, stations, strict=True))  # drained: exactly


class ByClass(Counter):
    """A counter with two lines."""

    def __init__(self, simulation, services, urgent):
        super().__init__(simulation, "counter", services, order=("urgent",))
        self.urgent = urgent
        self.by_class = {"urgent": [], "other": []}

    def grade(self, lot):
        return "urgent" if self.urgent[lot] else "other"

    def done(self, lot):
        super().done(lot)
        self.by_class[self.grade(lot)].append(self.sojourns[-1] / UNIT)


def test_the_urgent_are_served_first_and_nobody_is_interrupted():
    case = CLOSED["priority_nonpreemptive_M/M/1"]
    rng, count, lam = np.random.default_rng(5), 200_000, sum(case["lam"])
    simulation = Simulation()
    urgent = rng.random(count) < case["lam"][0] / lam
    counter = ByClass(simulation, seconds(rng, 1 / case["mu"], count).tolist(), urgent.tolist())
    Arrivals(simulation.clock, np.cumsum(seconds(rng, 1 / lam, count)).tolist(), counter)
    simulation.clock.run_to(10**15)
    agrees(counter.by_class["urgent"], case["W"][0])
    agrees(counter.by_class["other"], case["W"][1], 0.3)


class Repair(Counter):
    """Repairers; a machine that is mended runs for a while and breaks down again."""

    def __init__(self, simulation, rng, case):
        super().__init__(simulation, "repair", {}, servers=case["repairers"])
        self.rng, self.case = rng, case
        self.mended = 0
        for machine in range(case["machines"]):
            self.run(machine)

    def run(self, machine):
        self.clock.call_in(int(self.rng.exponential(1 / self.case["failure_rate_each"]) * UNIT), self.receive, machine)

    def seconds(self, _):
        return int(self.rng.exponential(1 / self.case["repair_rate"]) * UNIT)

    def done(self, lot):
        self.mended += 1
        self.run(lot)


@pytest.mark.parametrize("case", CLOSED["machine_repair"], ids=lambda c: str(c["machines"]))
def test_machines_and_repairers(case):
    simulation = Simulation()
    repair = Repair(simulation, np.random.default_rng(6), case)
    time = 60_000
    simulation.clock.run_to(time * UNIT)
    seen = repair.statistics()
    assert seen.mean_inside == pytest.approx(case["mean_down"], rel=0.03)
    assert repair.mended / time == pytest.approx(case["throughput"], rel=0.02)
    assert 1 - seen.mean_inside / case["machines"] == pytest.approx(case["availability"], rel=0.01)


class Sharing(Facility):
    """One server that works on all lots at once, each the slower: what somebody might add."""

    kind = "sharing"

    def __init__(self, simulation, services):
        super().__init__(simulation, "sharing")
        self.services, self.left_over, self.at, self.turn = services, {}, 0, 0
        self.came_at, self.sojourns = {}, []

    def receive(self, lot):
        self._work()
        self.left_over[lot], self.came_at[lot] = float(self.services[lot]), self.clock.now
        self._next()

    def _work(self):
        if self.left_over:
            each = (self.clock.now - self.at) / len(self.left_over)
            for lot in self.left_over:
                self.left_over[lot] -= each
        self.at = self.clock.now

    def _next(self):
        self.turn += 1
        if self.left_over:
            ahead = min(self.left_over.values()) * len(self.left_over)
            self.clock.call_in(max(0, round(ahead)), self._finish, self.turn)

    def _finish(self, turn):
        if turn == self.turn:
            self._work()
            lot = min(self.left_over, key=self.left_over.get)
            del self.left_over[lot]
            self.sojourns.append(self.clock.now - self.came_at.pop(lot))
            self._next()


@pytest.mark.parametrize("case", CLOSED["mm1_processor_sharing"], ids=lambda c: str(c["lam"]))
def test_a_shared_server(case):
    rng, count = np.random.default_rng(7), 60_000
    simulation = Simulation()
    sharing = Sharing(simulation, seconds(rng, 1 / case["mu"], count).tolist())
    Arrivals(simulation.clock, np.cumsum(seconds(rng, 1 / case["lam"], count)).tolist(), sharing)
    simulation.clock.run_to(10**15)
    agrees(np.array(sharing.sojourns) / UNIT, case["mean_sojourn"])
