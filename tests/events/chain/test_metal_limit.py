"""Left to decide by themselves, casthouses that know everything return no more than the balance says is possible."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_up_balance import REGIONS, balanced, by_alloy
from made_up_metal import YEAR, T

from cesim.balance.inputs import ELV_GRADES, PART_GRADES, SHRED_GRADES, YARD
from cesim.balance.metal import HELD, brought, grade_stock
from cesim.events.chain.material import COLUMNS, COUNT
from cesim.events.chain.metal import SINKS, SOURCES, casthouses, outcome
from cesim.events.chain.outcome import FINISHED, GOOD
from cesim.events.chain.plan import Capacities, ChainPlan, KnowledgePlan, Names, Practice, YearPlan
from cesim.events.facility import Facility
from cesim.events.informants import PerfectRecords
from cesim.events.laws import laws
from cesim.events.simulation import Simulation
from cesim.ledger.substances import ALLOYS, ORIGINS, SIX_THOUSAND

POST_ELV = COUNT + ORIGINS.index("post_elv")
SIX = [ALLOYS.index(alloy) for alloy in SIX_THOUSAND]


@pytest.fixture(scope="module")
def given():
    """The plan of a year with what is expected of each grade, the scrap by region, and the return of the balance, t."""
    everything_kept_apart = {
        "segregated": np.ones((1, 1, len(ALLOYS))),
        "new_mixed_start": np.zeros((1, 2, len(ALLOYS))),
    }
    _, (plan,), (scrap,) = balanced(by_alloy, 1, **everything_kept_apart)
    stock = brought(grade_stock(scrap[None]), plan.scrap_route[None])
    items = stock.items[0]
    belief, wanted = np.zeros((2, len(YARD), 10)), np.zeros((2, len(YARD)))
    belief[:, : len(ELV_GRADES)] = stock.elements[0]
    wanted[:, : len(ELV_GRADES)] = items[..., [HELD.index(a) for a in SIX_THOUSAND]].sum(axis=2) / items.sum(axis=2)
    wanted[:, YARD.index("sash")] = 1.0
    belief /= np.maximum(belief.sum(axis=2, keepdims=True), 1e-12)
    melted = (1 - plan.mill_return * (1 - plan.new_loss)) / (1 - plan.mill_return) / (1 - plan.press_scrap)
    used = plan.recipe.used[:, : len(ELV_GRADES), SIX] / melted[SIX]
    returned = (used.sum(axis=2) * wanted[:, : len(ELV_GRADES)]).sum()
    return replace(plan, belief=belief, wanted=wanted, recipe=None), scrap, returned


class Drip(Facility):
    """Scrap of all regions, so many bales of each grade a year."""

    kind = "drip"

    def __init__(self, simulation, houses, plan, scrap, bales):
        super().__init__(simulation, "drip", "everywhere")
        for region, name in enumerate(REGIONS):
            for melter, house in enumerate(houses):
                for number, grade in enumerate(ELV_GRADES):
                    row = np.zeros(COLUMNS.width, dtype=np.int64)
                    row[:COUNT] = np.rint(scrap[region, number] * T * plan.scrap_route[region, melter] / bales)
                    row[POST_ELV] = row[:COUNT].sum()
                    for bale in range(bales):
                        self.clock.call_at(bale * YEAR // bales, self.arrive, (row, grade, name, house))

    def arrive(self, given):
        row, grade, region, house = given
        lot = self.lots.create(row, self.lots.mark("scrap", grade, region), "arrivals", self.code)
        self.send(lot, house)


def returned(given, days):
    """What a year of clearings every so many days returns, t."""
    metal, scrap, _ = given
    names = Names(REGIONS, (), (), PART_GRADES, SHRED_GRADES, YARD, (), ())
    plan = ChainPlan(
        names, (0, 1, 2), (YearPlan(2030, None, None, metal, None, None),), ((Capacities(),) * 3,),
        Practice(clearing_days=days, heat_t=dict.fromkeys(ALLOYS, 20.0)), KnowledgePlan("perfect"), np.zeros((3, 3)),
    )  # fmt: skip
    simulation = Simulation(1, COLUMNS)
    for source in (*SOURCES, "arrivals"):
        simulation.lots.accounts.source(source)
    for sink in SINKS:
        simulation.lots.accounts.sink(sink)
    houses = casthouses(simulation, plan, [0, YEAR], PerfectRecords())
    Drip(simulation, [houses[region] for region in metal.melters], metal, scrap, 12)
    simulation.run([YEAR])
    assert laws(simulation).passed
    found = outcome(houses.values())
    assert set(found.by_outcome()) == {GOOD}
    return found.family_mg[FINISHED] / T


def test_the_return_is_below_that_of_the_balance_and_nears_it(given):
    found = [returned(given, days) for days in (90, 30)]
    assert found[0] < found[1] < given[2]
    assert found[1] > 0.9 * given[2]  # at the first clearing there is no scrap yet
