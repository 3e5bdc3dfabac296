"""With everything at once and by the same recipes, lots of aluminium are the flows of the balance."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from made_up_balance import REGIONS, balanced
from made_up_metal import YEAR, T

from cesim.balance.inputs import ELV_GRADES, PART_GRADES, SHRED_GRADES, YARD
from cesim.errors import InputError
from cesim.events.chain.material import COLUMNS, COUNT, FAMILY, by_substance
from cesim.events.chain.metal import FLOWS, LOSSES, SINKS, SOURCES, casthouses
from cesim.events.chain.plan import Capacities, ChainPlan, KnowledgePlan, Names, Practice, YearPlan
from cesim.events.facility import Facility
from cesim.events.informants import NoRecords
from cesim.events.laws import laws
from cesim.events.simulation import Simulation
from cesim.ledger.substances import ORIGINS, SUBSTANCES

YEARS = 2
ELSEWHERE = {"alloy_sorting", "dismantling"}
POST_ELV = COUNT + ORIGINS.index("post_elv")


class Yards(Facility):
    """The yards of the regions, from which lots go to the casthouses by the route of the balance."""

    kind = "yards"

    def __init__(self, simulation, houses, plans, grades):
        super().__init__(simulation, "yards", "everywhere")
        for year, (plan, scrap) in enumerate(zip(plans, grades, strict=True)):
            for region, name in enumerate(REGIONS):
                for n, grade in enumerate(ELV_GRADES):
                    given = (np.rint(scrap[region, n] * T), plan.scrap_route[region], grade, name, houses)
                    self.clock.call_at(year * YEAR + YEAR // 2, self.arrive, given)

    def arrive(self, given):
        masses, route, grade, region, houses = given
        row = np.zeros(COLUMNS.width, dtype=np.int64)
        row[:COUNT] = masses
        row[POST_ELV] = row[:COUNT].sum()
        lot = self.lots.create(row, self.lots.mark("gathered", grade, region), "arrivals", self.code)
        weights = np.rint(route * 1e12).astype(np.int64).tolist()
        marks = [self.lots.mark("scrap", grade, region)] * len(weights)
        for part, house in zip(
            self.lots.split(lot, self.lots.splitting(marks, weights), self.code), houses, strict=True
        ):
            self.send(part, house)


def simulated(plans, grades):
    names = Names(REGIONS, (), (), PART_GRADES, SHRED_GRADES, YARD, (), ())
    years = tuple(YearPlan(2030 + n, None, None, metal, None, None) for n, metal in enumerate(plans))
    plan = ChainPlan(
        names, (0, 1, 2), years, ((Capacities(yard_t=1.0, melting_t_per_day=0.1),) * 3,) * len(years), Practice(),
        KnowledgePlan(),
        np.zeros((3, 3)), instant=True,
    )  # fmt: skip
    simulation = Simulation(1, COLUMNS)
    for source in (*SOURCES, "arrivals"):
        simulation.lots.accounts.source(source)
    for sink in SINKS:
        simulation.lots.accounts.sink(sink)
    houses = casthouses(simulation, plan, [YEAR * n for n in range(YEARS + 1)], NoRecords())
    Yards(simulation, [houses[region] for region in plans[0].melters], plans, grades)
    simulation.run([YEAR * (n + 1) for n in range(YEARS)])
    return simulation


@pytest.fixture(scope="module")
def mirrored():
    flows, plans, grades = balanced()
    return flows, simulated(plans, grades)


def written(flows):
    """What the balance wrote, mg, by year, the two processes and substance or origin."""
    total = defaultdict(float)
    for year, one in enumerate(flows):
        for edge, origin, substance in one.flows:
            if edge.process_from in ELSEWHERE:
                continue
            for cells, masses in ((edge.by_origin, origin[0]), (edge.by_substance, substance[0])):
                for cell, mass in zip(cells, masses, strict=True):
                    total[year, edge.process_from, edge.process_to, cell[3]] += mass * T
    return total


def flows_of(simulation):
    """What lots and the losses of reactions say, the same."""
    total = defaultdict(int)
    marks, lots = simulation.lots.marks, simulation.ledger.table("lot")
    accounts = simulation.lots.accounts.names.names

    def book(edge, mark, time, rows):
        edge = tuple(one.format(grade=mark.grade, owner=mark.owner) for one in edge)
        found = by_substance(rows[None])[0], rows[COUNT:].copy()
        found[1][ORIGINS.index("post_elv")] += found[1][-1]
        for name, mass in (*zip(SUBSTANCES, found[0], strict=True), *zip(ORIGINS, found[1][:-1], strict=True)):
            total[(time // YEAR, *edge, name)] += int(mass)

    for mark, time, row in zip(lots["mark"], lots["time_s"], lots["composition"], strict=True):
        if marks[mark].kind in FLOWS:
            book(FLOWS[marks[mark].kind], marks[mark], time, row)
    lost = simulation.ledger.table("exchange")
    for event, account, row in zip(lost["event"], lost["account"], lost["composition"], strict=True):
        born = np.searchsorted(lots["event"], event)
        mark = marks[lots["mark"][born]]
        if (mark.kind, accounts[account]) in LOSSES:
            book(LOSSES[mark.kind, accounts[account]], mark, lots["time_s"][born], row)
    return total


def test_by_the_recipes_of_the_balance_lots_are_its_flows_to_the_milligram(mirrored):
    flows, simulation = mirrored
    wanted, found = written(flows), flows_of(simulation)
    operations = len(simulation.ledger.table("event")["event"])
    assert sum(mass > 1.0 for mass in wanted.values()) > 2000
    for key in wanted.keys() | found.keys():
        assert found.get(key, 0) == pytest.approx(wanted.get(key, 0.0), abs=operations / 20), key


def test_nothing_is_lost_on_the_way(mirrored):
    assert laws(mirrored[1]).passed


def test_what_is_melted_is_what_is_molten(mirrored):
    simulation = mirrored[1]
    lots, accounts = simulation.lots, simulation.lots.accounts.names
    lost, gained = (lots.accounts.total[side, accounts.code(name)] for side, name in ((1, "melted"), (0, "molten")))
    assert lost.sum() > 0
    assert (by_substance((gained - lost)[None]) == 0).all()
    origins = (gained - lost)[COUNT:]
    family = COLUMNS.names.index(FAMILY) - COUNT
    assert origins[family] > 0
    origins[ORIGINS.index("post_elv")] += origins[family]
    origins[family] = 0
    assert not origins.any()


def test_a_recipe_that_is_missing_or_finds_no_scrap_is_refused():
    _, plans, grades = balanced()
    with pytest.raises(InputError) as caught:
        simulated([replace(plans[0], recipe=None), plans[1]], grades)
    assert caught.value.faults[0].code == "recipe_missing"
    with pytest.raises(InputError) as caught:
        simulated(plans, [np.zeros_like(scrap) for scrap in grades])
    assert caught.value.faults[0].code == "recipe_without_scrap"
