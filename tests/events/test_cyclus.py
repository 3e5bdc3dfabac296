"""Regression cases of Cyclus and Cycamore, rebuilt with small facilities and a market that is cleared step by step.

They are rebuilt from the numbers of the case alone. What a case does not say, and the numbers of its result do, is an
input here, and is said at the test.
"""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.events.clock import DAY
from cesim.events.columns import Columns
from cesim.events.facility import Facility
from cesim.events.furnace import Furnace
from cesim.events.sharing import weights
from cesim.events.trial import Bay, Trial
from cesim.ledger.lot_tables import EVENT_KINDS

CASES = json.loads((Path(__file__).parents[1] / "cases" / "events.json").read_text("utf-8"))["cyclus_regression"]
KG = 1_000_000
COLUMNS = Columns(("mox", "uox", "rest"), ("primary",))


class Source(Facility):
    """A source that can give so much of one commodity a step, from some step on; what is not asked for is not made."""

    kind = "source"

    def __init__(self, trial, name, what, rate, since=0):
        super().__init__(trial, name)
        self.what, self.rate, self.since = what, rate, since

    def offers(self, step):
        return self.rate if step >= self.since else 0

    def give(self, mass, to):
        row = self.simulation.columns.row({self.what: mass}, "primary")
        self.send(self.lots.create(row, self.lots.mark(self.what), "given", self.code), to)


class Customer(Bay):
    """A customer that takes so much in each step in which it is there, of what it prefers first."""

    kind = "customer"

    def __init__(self, trial, name, wants, steps, prefers):
        super().__init__(trial, name)
        self.mass, self.steps, self.prefers = wants, steps, prefers

    def wants(self, step):
        return self.mass if step in self.steps else 0


class Market:
    """A market that is cleared once a step: customers in the order in which they came, sources in theirs."""

    def __init__(self, trial, sources, customers, steps):
        self.sources, self.customers = sources, customers
        for step in steps:
            trial.clock.call_at(step * DAY, self.clear, step)

    def clear(self, step):
        left = {source: source.offers(step) for source in self.sources}
        for customer in self.customers:
            need = customer.wants(step)
            for what in customer.prefers(step):
                for source in self.sources:
                    mass = min(need, left[source]) if source.what == what else 0
                    if mass:
                        source.give(mass, customer)
                        left[source] -= mass
                        need -= mass


def carried(trial):
    """Loads as the tables have them: (step, from, to, mg)."""
    column, names = trial.ledger.column, trial.lots.facilities.names
    moves = np.flatnonzero(column("event", "kind") == EVENT_KINDS.index("move"))
    mass = np.zeros(len(column("event", "event")), dtype=np.int64)
    np.add.at(mass, column("event_out", "event"), column("event_out", "mass_mg"))
    columns = (column("event", name)[moves].tolist() for name in ("time_s", "facility", "facility_to"))
    return [
        (second // DAY, names[at], names[to], weight)
        for second, at, to, weight in zip(*columns, mass[moves].tolist(), strict=True)
    ]


def test_as_many_transactions_as_sources_and_sinks_allow():
    """Cycamore, TestDynamicCapacitated: three sources of one a step, sinks that come and go."""
    case = CASES["dynamic_capacitated"]
    trial = Trial(COLUMNS)
    sources = [Source(trial, f"source {number}", "mox", KG, since=1) for number in range(3)]
    lives = [range(1, 3), range(1, 3), range(2, 4), range(2, 4)]
    sinks = [Customer(trial, f"sink {n}", KG, life, lambda _: ("mox",)) for n, life in enumerate(lives)]
    Market(trial, sources, sinks, range(6))
    assert trial.try_for(10 * DAY).passed
    loads = carried(trial)
    assert len(loads) == case["total"]
    by_step = {str(step): sum(load[0] == step for load in loads) for step in {load[0] for load in loads}}
    assert by_step == case["transactions"]
    assert all(mass == KG for *_, mass in loads)
    at_2 = [source for step, source, _, _ in loads if step == 2]
    assert len(set(at_2)) == 3


def test_two_sources_and_three_reactors():
    """Cycamore, _PhysorSources: what each reactor gets of each fuel, step by step.

    The case says neither what the source of MOX can give nor what a reactor prefers. Its numbers do: 2.5 a step (the
    third reactor gets a half of each fuel in step 3), MOX first, and UOX first for reactor 1 in step 4, where it takes
    UOX though a half of MOX is left.
    """
    case = CASES["two_sources_three_reactors"]
    trial = Trial(COLUMNS)
    sources = [Source(trial, "mox", "mox", 5 * KG // 2), Source(trial, "uox", "uox", 100 * KG)]

    def prefers(name):
        return lambda step: ("uox", "mox") if (name, step) == ("r1", 4) else ("mox", "uox")

    reactors = [
        Customer(trial, name, KG, range(since, 5), prefers(name))
        for name, since in zip(("r1", "r2", "r3"), case["deploy"], strict=True)
    ]
    Market(trial, sources, reactors, range(5))
    assert trial.try_for(10 * DAY).passed
    found = {what: {reactor.name: [0.0] * 5 for reactor in reactors} for what in ("mox", "uox")}
    for step, source, reactor, mass in carried(trial):
        found[source][reactor][step] += mass / KG
    assert found == {"mox": case["mox"], "uox": case["uox"]}


class Works(Facility):
    """Works that make as much as they can in every step, and sell it."""

    kind = "works"

    def __init__(self, simulation, name, capacity):
        super().__init__(simulation, name)
        self.capacity = capacity
        self.make()

    def make(self, _=None):
        row = self.simulation.columns.row({"rest": self.capacity}, "primary")
        self.ship(self.lots.create(row, self.lots.mark("product"), "given", self.code), "market")
        self.clock.call_in(DAY, self.make)


class Region:
    """A region that builds works where demand is above capacity: those that exceed it by least."""

    def __init__(self, trial, demand, capacities, begin):
        self.trial, self.demand, self.capacities, self.begin = trial, demand, capacities, begin
        self.built = {}
        trial.clock.call_at(begin * DAY, self.look, begin)

    def look(self, step):
        missing = self.demand(step - self.begin) - sum(works.capacity for one in self.built.values() for works in one)
        if missing > 0:
            most = [range(int(-(-missing // capacity)) + 1) for capacity in self.capacities]
            sets = [(np.dot(counts, self.capacities), counts) for counts in product(*most)]
            _, counts = min(one for one in sets if one[0] >= missing)
            chosen = [c for count, c in zip(counts, self.capacities, strict=True) for _ in range(count)]
            self.built[step] = [Works(self.trial, f"works {step}.{n}", c) for n, c in enumerate(chosen)]
        self.trial.clock.call_in(DAY, self.look, step + 1)


def test_a_region_grows_with_its_demand():
    """Cycamore, TestGrowth1: y = t + 2, t from the step in which demand begins; works are built while it runs.

    That t is counted from there, and that the least that suffices is built, is what the numbers of the case say.
    """
    case = CASES["growth"]
    trial = Trial(COLUMNS, sinks=("market",))
    region = Region(trial, lambda t: (t + 2) * KG, (2 * KG, 11 * KG // 10), begin=1)
    assert trial.try_for(4 * DAY).passed
    found = {str(step): [works.capacity / KG for works in built] for step, built in region.built.items()}
    assert found == {step: [float(text.removeprefix("capacity "))] for step, text in case["builds"].items()}
    column, sold = trial.ledger.column, np.zeros(4, dtype=np.int64)
    ships = column("event_out", "sink") >= 0
    np.add.at(sold, column("event", "time_s")[column("event_out", "event")[ships]] // DAY,
              column("event_out", "mass_mg")[ships])  # fmt: skip
    assert sold.tolist() == [0, 2 * KG, 31 * KG // 10, 42 * KG // 10]
    entered = [trial.lots.facilities.names[code] for code in column("facility", "facility")]
    assert entered == ["gate", "works 1.0", "works 2.0", "works 3.0"]


class Reactor(Facility):
    """A reactor that discharges at the end of every cycle: to separations, now and then straight to the repository."""

    kind = "reactor"

    def __init__(self, trial, cycle, first, straight, masses, separations, repository):
        super().__init__(trial, "reactor")
        self.cycle, self.straight, self.masses = cycle, straight, masses
        self.separations, self.repository, self.count = separations, repository, 0
        self.clock.call_at(first * DAY, self.discharge)

    def discharge(self, _):
        straight = self.count in self.straight
        row = self.simulation.columns.row({"Pu239": self.masses[straight]}, "primary")
        lot = self.lots.create(row, self.lots.mark("spent"), "given", self.code)
        self.send(lot, self.repository if straight else self.separations)
        self.count += 1
        self.clock.call_in(self.cycle * DAY, self.discharge)


class Separations(Furnace):
    """A plant that takes a step and sends what it does not recover to the repository."""

    kind = "separations"

    def __init__(self, trial, recovered, lost, repository):
        super().__init__(trial, "separations")
        self.rule = self.lots.splitting([self.lots.mark("recovered"), self.lots.mark("lost")], [recovered, lost])
        self.repository = repository

    def seconds(self, _):
        return DAY

    def done(self, batch):
        recovered, lost = self.lots.split(batch[0], self.rule, self.code)
        self.ship(recovered, "fuel")
        self.send(lost, self.repository)


def test_what_greedy_recycling_brings_to_the_repository():
    """Cycamore, _Recycle: when plutonium reaches the repository, from where, and how much.

    The physics is not in the case: the recipes of fresh and spent fuel, the efficiency of separations, and why the
    market takes three of the 31 discharges past them. So masses and those three are inputs. What is tried is the
    schedule (a discharge every 19 steps, a step in separations: that is where 28 + 3 times come from), the split, and
    that every milligram arrives.
    """
    case = CASES["greedy_recycle_pu239"]
    cycle = 19
    straight = [(step - 17) // cycle for step in case["reactor_times"]]
    assert all((step - 17) % cycle == 0 for step in case["reactor_times"])
    whole, lost = (round(case[f"{name}_to_repo_kg_each"] * KG) for name in ("reactor", "separations"))
    trial = Trial(Columns(("Pu239",), ("primary",)), sinks=("fuel",))
    repository = trial.bay("repository")
    spent = whole + lost
    separations = Separations(trial, spent - lost, lost, repository)
    Reactor(trial, cycle, 17, straight, {False: spent, True: whole}, separations, repository)
    assert trial.try_for(600 * DAY).passed
    loads = [load for load in carried(trial) if load[2] == "repository"]
    for facility, times, mass in (("separations", "times", lost), ("reactor", "reactor_times", whole)):
        own = [(step, weight) for step, at, _, weight in loads if at == facility]
        assert own == [(step, mass) for step in case[times]]
    lying = [lot for _, lot in repository.caught]
    assert int(trial.lots.masses(lying).sum()) == 28 * lost + 3 * whole


class Mixer(Furnace):
    """A mixer that makes batches of streams by their ratios; without ratios all have the same share."""

    kind = "mixer"

    def __init__(self, trial, streams, ratios=None):
        super().__init__(trial, "mixer", capacity=streams)
        self.ratios = ratios or [1] * streams
        self.mix, self.kept = self.lots.mark("mix"), self.lots.mark("kept")

    def seconds(self, _):
        return 1

    def done(self, batch):
        masses = [int(mass) for mass in self.lots.masses(batch)]
        most = min(mass // ratio for mass, ratio in zip(masses, self.ratios, strict=True))
        parts = []
        for lot, mass, ratio in zip(batch, masses, self.ratios, strict=True):
            rule = self.lots.splitting([self.mix, self.kept], [most * ratio, mass - most * ratio])
            parts.append(self.lots.split(lot, rule, self.code)[0])
        self.made = self.lots.merge(parts, self.mix, self.code)


@pytest.mark.parametrize("ratios", [None, [2, 1, 5], [1, 2, 5]])
def test_a_mixer_keeps_its_ratios(ratios):
    """Cycamore, mixer_tests: without ratios 1/N each; ratios that do not add up to one count by their sum."""
    case = CASES["mixer"]
    assert case["default_ratio"] == "1/N each"
    names = ("mox", "uox", "rest")
    trial = Trial(COLUMNS)
    mixer = Mixer(trial, 3, ratios)
    for name in names:
        trial.give(mixer, 0, {name: 1000 * KG})
    assert trial.try_for(10).passed
    made = trial.lots.look(mixer.made)
    wanted = [Fraction(ratio, sum(mixer.ratios)) for ratio in mixer.ratios]
    assert [Fraction(made.substances[name], made.mass_mg) for name in names] == wanted


def test_ratios_that_are_shares_must_add_up_to_one():
    """Cycamore renormalises 0.1 : 0.2 : 0.5 and goes on. Ours: whole numbers are ratios; shares that are not a whole
    are refused, because a share that was forgotten looks just the same."""  # fmt: skip
    whole, shares = CASES["mixer"]["renormalise"]
    assert whole == [2, 1, 5]
    with pytest.raises(InputError) as caught:
        weights(shares)
    assert caught.value.faults[0].code == "shares_not_one"
    total = sum(Fraction(str(share)) for share in shares)
    assert weights([Fraction(str(share)) / total for share in shares]) == (1, 2, 5)
