"""Engine B beside one SimPy process a lot, both measured in this run in processor time.

The claims are ratios. A fixed numpy kernel is timed before and after, so that a loaded machine shows.

    OMP_NUM_THREADS=1 python benchmarks/events.py [--lots 100000] [--roots 20000] [--vehicles 20000]
"""

from __future__ import annotations

import argparse
import gc
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import simpy
from machine import kernel

from cesim.events.chain.material import COLUMNS as CHAIN
from cesim.events.clock import Clock
from cesim.events.columns import Columns
from cesim.events.facility import Facility
from cesim.events.lots import Lots
from cesim.events.simulation import Simulation
from cesim.events.station import Station
from cesim.events.trial import Bay
from cesim.ledger.lot_writer import LotWriter

SUBSTANCES = ("Al", "Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti", "other", "coating", "remainder")
ORIGINS = ("primary", "post_elv")
KINDS = ("ferrous", "wrought", "cast")
PARTS = 3
CHARGE = 4


def arrivals(roots: int):
    """What arrives: times in s, compositions in mg, and the shares of the three parts by substance."""
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.integers(1, 100, roots))
    masses = rng.integers(1_000, 100_000_000, (roots, len(SUBSTANCES)))
    primary = masses.sum(axis=1) // rng.integers(2, 9, roots)
    rows = np.column_stack([masses, primary, masses.sum(axis=1) - primary])
    return times, rows, rng.integers(1, 1000, (PARTS, len(SUBSTANCES)))


class Genealogy:
    """Root lot -> 3 parts -> charges of 4 of a kind -> tapped lot."""

    def __init__(self, roots: int, folder: Path | None, every: int) -> None:
        self.clock = Clock()
        self.columns = Columns(SUBSTANCES, ORIGINS)
        self.writer = LotWriter(folder, SUBSTANCES, ORIGINS)
        self.lots = lots = Lots(self.clock, self.writer, self.columns, every=every)
        self.yard, self.furnace = lots.facilities.new("yard"), lots.facilities.new("furnace")
        self.writer.names |= {
            "account": lots.accounts.names.names,
            "facility": lots.facilities.names,
            "mark": lots.marks,
        }
        lots.accounts.source("elv")
        self.times, self.rows, weights = arrivals(roots)
        self.hulk, self.tapped = lots.mark("hulk"), lots.mark("tapped")
        self.rule = lots.splitting([lots.mark(kind) for kind in KINDS], weights)
        self.piles: list[list[int]] = [[], [], []]
        self.next = 0

    def run(self) -> Lots:
        self.times = self.times.tolist()
        self.clock.call_at(self.times[0], self.arrive)
        self.clock.run_to(10**12)
        self.lots.close_period()
        self.writer.close_period()
        return self.lots

    def arrive(self, _: object) -> None:
        root = self.lots.create(self.rows[self.next], self.hulk, "elv", self.yard, 1)
        self.clock.call_in(10, self.sort, root)
        self.next += 1
        if self.next < len(self.times):
            self.clock.call_at(self.times[self.next], self.arrive)

    def sort(self, root: int) -> None:
        for kind, part in enumerate(self.lots.split(root, self.rule, self.yard)):
            pile = self.piles[kind]
            pile.append(part)
            if len(pile) == CHARGE:
                self.piles[kind] = []
                self.clock.call_in(3600, self.tap, pile)

    def tap(self, pile: list[int]) -> None:
        self.lots.merge(pile, self.tapped, self.yard)


class ProcessALot:
    """The same, as people write it: a SimPy process a lot, a dictionary a composition, a row a list."""

    def __init__(self, roots: int, folder: Path) -> None:
        self.env = simpy.Environment()
        self.folder = folder
        self.times, rows, weights = arrivals(roots)
        self.rows = rows
        total = weights.sum(axis=0)
        self.shares = [dict(zip(SUBSTANCES, weights[part] / total, strict=True)) for part in range(PARTS)]
        self.piles: list[list] = [[], [], []]
        self.tables: dict[str, list[tuple]] = {"lot": [], "event": [], "event_in": [], "event_out": []}
        self.count = self.events = 0

    def born(self, kind, composition, origin, event):
        self.count += 1
        mass = sum(composition.values())
        row = (self.count, event, self.env.now, kind, "", "", 1, mass, *composition.values(), *origin.values())
        self.tables["lot"].append(row)
        return self.count, composition, origin, mass

    def event(self, kind, lots_in, lots_out, facility):
        event = self.events
        self.events += 1
        self.tables["event"].append((event, self.env.now, 0, kind, facility))
        for lot in lots_in:
            self.tables["event_in"].append((event, lot[0], lot[3]))
        for lot in lots_out:
            self.tables["event_out"].append((event, lot[0], lot[3]))

    def root(self, row):
        row = row.tolist()
        composition = dict(zip(SUBSTANCES, row, strict=False))
        origin = dict(zip(ORIGINS, row[len(SUBSTANCES) :], strict=True))
        lot = self.born("hulk", composition, origin, self.events)
        self.event("create", (), (lot,), "yard")
        yield self.env.timeout(10)
        parts = []
        for kind, shares in zip(KINDS, self.shares, strict=True):
            part = {name: mass * shares[name] for name, mass in composition.items()}
            share = sum(part.values()) / lot[3]
            beside = {name: mass * share for name, mass in origin.items()}
            parts.append(self.born(kind, part, beside, self.events))
        self.event("split", (lot,), parts, "yard")
        for kind, part in enumerate(parts):
            self.env.process(self.part(kind, part))

    def part(self, kind, part):
        pile = self.piles[kind]
        pile.append(part)
        if len(pile) == CHARGE:
            self.piles[kind] = []
            yield self.env.timeout(3600)
            composition = {name: sum(lot[1][name] for lot in pile) for name in SUBSTANCES}
            origin = {name: sum(lot[2][name] for lot in pile) for name in ORIGINS}
            tapped = self.born("tapped", composition, origin, self.events)
            self.event("merge", pile, (tapped,), "furnace")

    def arrive(self):
        for time_, row in zip(self.times.tolist(), self.rows, strict=True):
            yield self.env.timeout(time_ - self.env.now)
            self.env.process(self.root(row))

    def run(self) -> None:
        self.env.process(self.arrive())
        self.env.run()
        written(self.tables, self.folder)


STATIONS, SERVERS, RHO, UNIT = 5, 4, 0.8, 1_000_000


def tandem_times(lots: int):
    """Arrivals and services in s, (lot) and (station, lot)."""
    rng = np.random.default_rng(4)
    arrivals_ = np.cumsum(rng.exponential(1 / (RHO * SERVERS), lots) * UNIT).astype(int)
    return arrivals_.tolist(), (rng.exponential(1, (STATIONS, lots)) * UNIT).astype(int).tolist()


class Counter(Station):
    """A station of the tandem."""

    kind = "counter"

    def __init__(self, simulation, name, services, to):
        super().__init__(simulation, name, servers=SERVERS)
        self.services, self.to = services, to

    def seconds(self, lot: int) -> int:
        return self.services[lot]

    def done(self, lot: int) -> None:
        self.to(lot)


class Tandem:
    """Five stations one after the other; statistics of every queue included."""

    def __init__(self, lots: int) -> None:
        self.times, services = tandem_times(lots)
        self.simulation = Simulation()
        self.clock, self.next, self.total = self.simulation.clock, 0, 0
        to = self.left
        for number in reversed(range(STATIONS)):
            to = Counter(self.simulation, f"station {number}", services[number], to).receive
        self.first = to

    def run(self) -> None:
        self.clock.call_at(self.times[0], self.arrive)
        self.clock.run_to(10**18)

    def arrive(self, _: object) -> None:
        lot = self.next
        self.next += 1
        if self.next < len(self.times):
            self.clock.call_at(self.times[self.next], self.arrive)
        self.first(lot)

    def left(self, lot: int) -> None:
        self.total += self.clock.now - self.times[lot]


class TandemOfProcesses:
    """The same as one SimPy process a lot, with a Resource a station."""

    def __init__(self, lots: int) -> None:
        self.times, self.services = tandem_times(lots)
        self.env = simpy.Environment()
        self.stations = [simpy.Resource(self.env, SERVERS) for _ in range(STATIONS)]
        self.total = 0

    def lot(self, lot: int):
        for station, services in zip(self.stations, self.services, strict=True):
            with station.request() as request:
                yield request
                yield self.env.timeout(services[lot])
        self.total += self.env.now - self.times[lot]

    def arrive(self):
        for lot, time_ in enumerate(self.times):
            yield self.env.timeout(time_ - self.env.now)
            self.env.process(self.lot(lot))

    def run(self) -> None:
        self.env.process(self.arrive())
        self.env.run()


class Passing(Counter):
    """A station of the tandem whose lots are real: they are sent on, and at last leave the system."""

    def done(self, lot: int) -> None:
        if self.to is None:
            self.ship(lot, "mill")
        else:
            self.send(lot, self.to)


class Gate(Facility):
    """Where lots of the tandem begin."""

    kind = "gate"

    def __init__(self, simulation, times, rows, to):
        super().__init__(simulation, "gate")
        self.times, self.rows, self.to, self.next = times, rows, to, 0
        self.mark = self.lots.mark("scrap")
        self.clock.call_at(times[0], self.arrive)

    def arrive(self, _: object) -> None:
        number = self.next
        self.next += 1
        if self.next < len(self.times):
            self.clock.call_at(self.times[self.next], self.arrive)
        self.send(self.lots.create(self.rows[number], self.mark, "elv", self.code, 1), self.to)


class WrittenTandem:
    """Five stations one after the other: compositions, edges and events written to Parquet, statistics kept."""

    def __init__(self, lots: int, folder: Path) -> None:
        times, services = tandem_times(lots)
        self.simulation = Simulation(0, Columns(SUBSTANCES, ORIGINS), folder)
        self.simulation.lots.accounts.source("elv")
        self.simulation.lots.accounts.sink("mill")
        to = None
        for number in reversed(range(STATIONS)):
            to = Passing(self.simulation, f"station {number}", services[number], to)
        self.gate = Gate(self.simulation, times, arrivals(lots)[1], to)

    def run(self) -> None:
        self.simulation.run([10**18])


class WrittenTandemOfProcesses(TandemOfProcesses):
    """The same as one SimPy process a lot, with a dictionary a composition and a row a list."""

    def __init__(self, lots: int, folder: Path) -> None:
        super().__init__(lots)
        self.folder, self.rows, self.events = folder, arrivals(lots)[1], 0
        self.tables: dict[str, list[tuple]] = {"lot": [], "event": [], "event_in": [], "event_out": []}

    def event(self, kind, where, to, lots_in, lots_out):
        event = self.events
        self.events += 1
        self.tables["event"].append((event, self.env.now, 0, kind, where, to))
        for lot, account, mass in lots_in:
            self.tables["event_in"].append((event, lot, account, mass))
        for lot, account, mass in lots_out:
            self.tables["event_out"].append((event, lot, account, mass))
        return event

    def lot(self, lot: int):
        row = self.rows[lot].tolist()
        composition = dict(zip(SUBSTANCES, row, strict=False))
        origin = dict(zip(ORIGINS, row[len(SUBSTANCES) :], strict=True))
        mass = sum(composition.values())
        edge = ((lot, "", mass),)
        event = self.event("create", "gate", "", ((-1, "elv", mass),), edge)
        born = (lot, event, self.env.now, "scrap", "", "", 1, -1, mass)
        self.tables["lot"].append((*born, *composition.values(), *origin.values()))
        at = "gate"
        for number, (station, services) in enumerate(zip(self.stations, self.services, strict=True)):
            to = f"station {number}"
            self.event("move", at, to, edge, edge)
            at = to
            with station.request() as request:
                yield request
                yield self.env.timeout(services[lot])
        self.event("ship", at, "", edge, ((-1, "mill", mass),))
        self.total += self.env.now - self.times[lot]

    def run(self) -> None:
        super().run()
        written(self.tables, self.folder)


def written(tables: dict[str, list[tuple]], folder: Path) -> None:
    """Write rows as people do: a list of tuples a table, turned into columns."""
    for name, rows in tables.items():
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
        columns = [one.dictionary_encode() if pa.types.is_string(one.type) else one for one in columns]
        table = pa.table(columns, names=[str(number) for number in range(len(columns))])
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd", compression_level=1)


def tandem(lots: int) -> None:
    peer, other = spent(lambda _: TandemOfProcesses(lots))
    own, made = spent(lambda _: Tandem(lots))
    assert made.total == other.total
    print(f"tandem: {lots:,} lots, {STATIONS} stations of {SERVERS} servers, rho {RHO}, the same mean sojourn")
    print(f"  SimPy, a process a lot and Resource       {peer:7.2f} s {peer / lots * 1e6:8.1f} us a lot")
    print(f"  cesim.events, with statistics             {own:7.2f} s {own / lots * 1e6:8.1f} us   {peer / own:5.1f} x")
    peer, other = spent(lambda folder: WrittenTandemOfProcesses(lots, folder))
    own, made = spent(lambda folder: WrittenTandem(lots, folder))
    stations = [facility.statistics() for facility in made.simulation.facilities[:STATIONS]]
    assert sum(one.sojourn_sum for one in stations) == other.total
    assert made.simulation.lots._next_event == other.events
    print(f"the same, with compositions, {other.events:,} events and their edges, written to Parquet")
    print(f"  SimPy, a process and a dictionary a lot   {peer:7.2f} s {peer / lots * 1e6:8.1f} us a lot")
    print(f"  cesim.events, with statistics             {own:7.2f} s {own / lots * 1e6:8.1f} us   {peer / own:5.1f} x")
    gc.disable()  # it goes over rows that are kept in lists again and again, and people do not switch it off
    peer, _ = spent(lambda folder: WrittenTandemOfProcesses(lots, folder), 1)
    own, _ = spent(lambda folder: WrittenTandem(lots, folder), 1)
    gc.enable()
    print(f"  both without Python's garbage collector   {peer:7.2f} s {own:8.2f} s         {peer / own:5.1f} x")


def spent(make, repeat: int = 3) -> tuple[float, object]:
    """Least processor seconds of a run; what is made is made outside the clock."""
    best = np.inf
    for _ in range(repeat):
        folder = Path(tempfile.mkdtemp())
        made = make(folder)
        begun = time.process_time()
        made.run()
        best = min(best, time.process_time() - begun)
        shutil.rmtree(folder)
    return best, made


def genealogy(roots: int) -> None:
    peer, made = spent(lambda folder: ProcessALot(roots, folder))
    lots = made.count
    print(f"genealogy: {roots:,} roots, {lots:,} lots, {6 * roots:,} edges, everything written to Parquet")
    print(f"  SimPy, a process and dictionaries a lot   {peer:7.2f} s {lots / peer:10,.0f} lots/s")
    for every in (256, 1024, 4096):
        own, made = spent(lambda folder, every=every: Genealogy(roots, folder, every))
        assert made.lots._next_lot == lots
        speed = f"{lots / own:10,.0f} lots/s   {peer / own:5.1f} x"
        print(f"  cesim.events, worked out every {every:5,} events {own:5.2f} s {speed}")


class Vehicles:
    """Vehicles with the columns of the chain: one loss, five parts, bales of 200; everything written."""

    def __init__(self, vehicles: int, folder: Path) -> None:
        self.count, self.simulation = vehicles, Simulation(0, CHAIN, folder)
        lots, rng, pairs = self.simulation.lots, np.random.default_rng(0), len(CHAIN.substances)
        Bay(self.simulation, "yard")
        lots.accounts.source("taken_back")
        lots.accounts.sink("ferrous")
        self.rows = np.zeros((300, CHAIN.width), dtype=np.int64)
        self.rows[:, :pairs] = rng.integers(1000, 5_000_000, (300, pairs))
        self.rows[:, pairs + 4] = self.rows.sum(axis=1)
        self.vehicle, self.bale = lots.mark("vehicle"), lots.mark("bale")
        self.loss = lots.reaction(lots.mark("stripped"), {"ferrous": {"steel.Fe": "1/10"}})
        parts = [lots.mark(f"part {number}") for number in range(5)]
        weights = rng.integers(0, 3, (200, 5, pairs))
        weights[:, 0] += 1
        self.rules = [lots.splitting(parts, one) for one in weights]

    def run(self) -> None:
        lots, pile = self.simulation.lots, []
        for serial in range(self.count):
            lot = lots.create(self.rows[serial % 300], self.vehicle, "taken_back", 0, 1, serial)
            pile += lots.split(lots.react(lot, self.loss, 0), self.rules[serial % 200], 0)
            if len(pile) >= 200:
                lots.merge(pile[:200], self.bale, 0)
                del pile[:200]
        self.simulation.run([1])


class OnlyWritten:
    """The limit: as many lots with as many columns, written and nothing else."""

    def __init__(self, lots: int, folder: Path) -> None:
        self.writer = LotWriter(folder, CHAIN.substances, CHAIN.origins)
        self.writer.names["mark"] = [(0, "lot", "", "")]
        composition = np.random.default_rng(0).integers(0, 5_000_000, (9_000, CHAIN.width))
        zeros = dict.fromkeys(
            ("lot", "event", "time_s", "mark", "vehicles", "serial", "mass_mg"), composition[:, 0] * 0
        )
        self.rows, self.times = zeros | {"composition": composition}, lots // 9_000

    def run(self) -> None:
        for _ in range(self.times):
            self.writer.add("lot", self.rows)
        self.writer.close_period()


def columns_of_the_chain(vehicles: int) -> None:
    own, made = spent(lambda folder: Vehicles(vehicles, folder), 2)
    lots = made.simulation.lots._next_lot
    limit, _ = spent(lambda folder: OnlyWritten(lots, folder), 2)
    print(f"{CHAIN.width} columns: {vehicles:,} vehicles, {lots:,} lots, everything written to Parquet")
    print(f"  the limit: so many lots, only written     {limit:7.2f} s {limit / vehicles * 1e6:8.1f} us a vehicle")
    print(f"  cesim.events                              {own:7.2f} s {own / vehicles * 1e6:8.1f} us   "
          f"{own / limit:5.1f} x the limit")  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lots", type=int, default=100_000)
    parser.add_argument("--roots", type=int, default=20_000)
    parser.add_argument("--vehicles", type=int, default=20_000)
    given = parser.parse_args()
    print(f"fixed kernel: {kernel(10):.2f} s")
    tandem(given.lots)
    genealogy(given.roots)
    columns_of_the_chain(given.vehicles)
    print(f"fixed kernel: {kernel(10):.2f} s")
