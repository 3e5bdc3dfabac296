"""A small plant with everything in it: shifts, outages, a truck, a furnace, a full yard, a plug-in."""

from __future__ import annotations

from cesim.events.columns import Columns
from cesim.events.facility import Facility
from cesim.events.furnace import Furnace
from cesim.events.haulage import Haulage
from cesim.events.simulation import Simulation
from cesim.events.station import Station
from cesim.events.timetable import Outages, Shifts, exponential

COLUMNS = Columns(("Al", "Fe", "remainder"), ("primary", "post_elv"), balance="remainder")
HOUR = 3600
DAY = 24 * HOUR


class Gate(Facility):
    """Where cars arrive, by the luck of their own serials."""

    kind = "gate"

    def __init__(self, simulation, to):
        super().__init__(simulation, "gate", "Aichi")
        self.to, self.serial = to, 0
        self.gaps, self.masses = self.draws("gap"), self.draws("mass")
        self.clock.call_at(0, self.arrive)

    def arrive(self, _):
        serial = self.serial
        self.serial += 1
        mass = round(1_000_000_000 * (1 + self.masses.at(serial)))
        row = COLUMNS.row(
            {"Al": mass // 10, "Fe": mass * 3 // 5}, {"primary": mass // 3, "post_elv": mass - mass // 3}, mass
        )
        car = self.lots.create(row, self.lots.mark("car", owner="user"), "in_use", self.code, 1, serial)
        car = self.lots.reclassify(car, self.lots.mark("elv"), self.code, "take_back")
        self.send(car, self.to)
        self.clock.call_in(exponential(self.gaps.at(serial), HOUR // 2), self.arrive)


class Shredder(Station):
    """Cars in; steel out of the system, light metal to the truck."""

    kind = "shredder"

    def __init__(self, simulation, haulage, melting):
        super().__init__(simulation, "shredder", "Aichi", limit=20)
        self.haulage, self.melting = haulage, melting
        self.minutes = self.draws("minutes")
        lots = self.lots
        self.rule = lots.splitting([lots.mark("light"), lots.mark("rest")], [[9, 1, 1], [1, 19, 9]])

    def seconds(self, lot):
        return exponential(self.minutes.at(self.lots.serial_of[lot]), 600)

    def done(self, lot):
        light, rest = self.lots.split(lot, self.rule, self.code)
        self.ship(rest, "ferrous")
        self.haulage.carry(light, self, self.melting)


class Melting(Furnace):
    """Charges of five; dross is lost, silicon comes as primary, ingots leave."""

    kind = "melting"

    def __init__(self, simulation):
        super().__init__(simulation, "melting", "Mie", limit=8, capacity=5)
        lots = self.lots
        self.rule = lots.reaction(lots.mark("ingot", "AC4CH"), {"dross": {"Al": "1/50", "Fe": "1/3"}})
        self.addition = COLUMNS.row({"Al": 12_345}, "primary")

    def seconds(self, _):
        return 2 * HOUR

    def done(self, batch):
        self.simulation.decided("charge", self.code, batch, batch[:3], "assay", list(range(len(batch))))
        charge = self.lots.merge(batch, self.lots.mark("charge"), self.code)
        self.ship(self.lots.react(charge, self.rule, self.code, [("alloying", self.addition)]), "mill")


class Inspector:
    """A plug-in: a process that closes the shredder for a minute now and then."""

    def __init__(self, station):
        self.station, self.next = station, 5 * HOUR

    def process(self, clock):
        while True:
            yield clock.timeout(self.next - clock.now)
            self.next = clock.now + 7 * HOUR
            self.station.halt()
            clock.call_in(60, self.station.resume)

    restart = process


def plant(folder=None, seed=3, every=64):
    """Return the plant with its first events put down."""
    simulation = Simulation(seed, COLUMNS, folder, every)
    accounts = simulation.lots.accounts
    for source in ("in_use", "alloying"):
        accounts.source(source)
    for sink in ("ferrous", "dross", "mill"):
        accounts.sink(sink)
    melting = Melting(simulation)
    routes = {("shredder", "melting"): (HOUR, 60_000)}
    haulage = Haulage(simulation, "haulage", routes, "Aichi", capacity=4, trucks=2, patience_s=5 * HOUR)
    shredder = Shredder(simulation, haulage, melting)
    Gate(simulation, shredder)
    Shifts(shredder, [(8 * HOUR, 12 * HOUR), (13 * HOUR, 22 * HOUR)])
    Outages(shredder, 20 * HOUR, HOUR)
    simulation.clock.start(Inspector(shredder))
    return simulation
