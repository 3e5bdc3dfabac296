"""Cars and coefficients of the made-up region, and benches on which dismantlers and shredders are tried alone."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "run"))

from made_up_region import TINY

from cesim.events.chain import dismantling, shredding
from cesim.events.chain.dismantling import Dismantler
from cesim.events.chain.material import COLUMNS, COUNT
from cesim.events.chain.plan import Capacities
from cesim.events.facility import Facility
from cesim.events.simulation import Simulation
from cesim.ledger.substances import ORIGINS
from cesim.run.lot_plan import balance_of, names_of
from cesim.scenario import open_scenario

POST_ELV = COUNT + ORIGINS.index("post_elv")


@cache
def year_plan():
    """The year 2030 of the made-up region, all regions inside."""
    (found,) = balance_of(open_scenario("tutorial", TINY).scenario, 0, 0, 2030, 2030, (0, 1))
    return found.plan


@cache
def names():
    return names_of(open_scenario("tutorial", TINY).scenario)


def treatment():
    return year_plan().treatment


def car_rows(count=1):
    """Compositions of cars as they come: the commonest types of the first region, one after the other."""
    arrivals = year_plan().arrivals
    common = np.argsort(arrivals.counts[0, 0].sum(axis=0))[::-1]
    return [row_of(arrivals.rows[0, 0, common[n % 40]]) for n in range(count)]


def row_of(pairs):
    row = np.zeros(COLUMNS.width, dtype=np.int64)
    row[:COUNT] = pairs
    row[POST_ELV] = pairs.sum()
    return row


class Heap(Facility):
    """Where what comes off is caught."""

    kind = "heap"

    def __init__(self, simulation, name):
        super().__init__(simulation, name, "east")
        self.caught = []

    def receive(self, lot):
        self._tally()
        self.inside += 1
        self.came += 1
        self._came_sum += self.clock._now
        self.caught.append((self.clock._now, lot))


class Bench(Simulation):
    """A run with a heap for whatever leaves, and a door through which lots are given."""

    def __init__(self, seed=0, folder=None):
        super().__init__(seed, COLUMNS, folder)
        self.lots.accounts.source("given")
        for sink in dict.fromkeys((*dismantling.SINKS, *shredding.SINKS, "elsewhere")):
            self.lots.accounts.sink(sink)
        self.door = Heap(self, "door")
        self.heap = Heap(self, "heap")

    def give(self, second, row, to, kind="car", serial=-1, count=1):
        self.clock.call_at(second, self._arrive, (row, to, kind, serial, count))

    def _arrive(self, given):
        row, to, kind, serial, count = given
        lot = self.lots.create(row, self.lots.mark(kind), "given", self.door.code, count, serial)
        if count > 1 and hasattr(to, "cars_of"):
            to.cars_of[lot] = count
        self.door.send(lot, to)


def dismantler(bench, plan=None, batch=1, instant=False, cars=10_000, name="dismantlers east", **can):
    """Return dismantlers whose pieces are written down as (lot, what) in `off`, and go to the heap."""
    made = Dismantler(bench, name, "east", 0, Capacities(**can), names(), batch, instant)
    made.off = []

    def catch(what, lot):
        made.off.append((bench.clock._now, what, lot, composition(bench, lot)))
        made.send(lot, bench.heap)

    made.send_piece = made.send_plastic = catch
    made.send_hulk = lambda lot, _serial, _cars: catch("hulk", lot)
    made.open_year(plan or treatment())
    made.open_serials(0, cars)
    return made


def composition(bench, lot):
    """A composition (column), mg."""
    return bench.lots.rows([lot])[0].copy()


def gone(bench, name):
    """What a sink took, mg (column)."""
    accounts = bench.lots.accounts
    return accounts.total[1, accounts.names.code(name)]
