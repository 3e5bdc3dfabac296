"""A small casthouse to try things on: one region, three alloys, a handful of grades, made-up numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cesim.charge.dilution import AlloyWindow
from cesim.events.chain.material import COLUMNS, COUNT, METALS, own_pairs
from cesim.events.chain.metal import SINKS, SOURCES, casthouses
from cesim.events.chain.plan import Capacities, ChainPlan, KnowledgePlan, MetalPlan, Names, Practice, YearPlan
from cesim.events.clock import DAY
from cesim.events.facility import Facility
from cesim.events.informants import NoRecords
from cesim.events.simulation import Simulation
from cesim.ledger.substances import ALLOYS, ORIGINS, PAIRS

YARD = ("part-6016", "part-6061", "part-mixed", "shred-cast", "new-mixed", "sash", "secondary")
YEAR = 365 * DAY
T = 10**9
A, G, S = len(ALLOYS), len(YARD), len(METALS)
POST_ELV = COUNT + ORIGINS.index("post_elv")


def metal_row(**shares):
    """Return mass fractions of the metals, aluminium the rest; values are wt%."""
    row = np.array([shares.get(element, 0.0) / 100 for element in METALS])
    row[0] = 1.0 - row.sum()
    return row


PRIMARY = metal_row(Si=0.05, Fe=0.12)
MIX = {
    "6016": metal_row(Si=1.15, Fe=0.28, Cu=0.08, Mn=0.09, Mg=0.45, Cr=0.03, Zn=0.05, Ti=0.03),
    "6061": metal_row(Si=0.7, Fe=0.35, Cu=0.28, Mn=0.1, Mg=0.95, Cr=0.15, Zn=0.1, Ti=0.05),
    "ADC12": metal_row(Si=10.5, Fe=0.9, Cu=2.5, Mn=0.3, Mg=0.2, Cr=0.05, Zn=0.8, Ti=0.05, other=0.1),
}


LIMITS = {
    "6016": {
        "Si": (1.0, 1.5), "Fe": (0, 0.35), "Cu": (0, 0.15), "Mn": (0, 0.15), "Mg": (0.3, 0.6), "Cr": (0, 0.1),
        "Zn": (0, 0.1),
    },
    "6061": {
        "Si": (0.5, 0.9), "Fe": (0, 0.5), "Cu": (0.15, 0.4), "Mn": (0, 0.15), "Mg": (0.8, 1.2), "Cr": (0, 0.3),
    },
    "ADC12": {"Si": (9.6, 12), "Fe": (0, 1.3), "Cu": (1.5, 3.5), "Mn": (0, 0.5), "Mg": (0, 0.3), "Zn": (0, 1.0)},
}  # fmt: skip


def window(alloy):
    lower, upper = np.zeros(S), np.ones(S)
    limits = LIMITS.get(alloy, {})
    for element, (low, high) in limits.items():
        lower[METALS.index(element)], upper[METALS.index(element)] = low / 100, high / 100
    return AlloyWindow(lower, upper, PRIMARY)


def belief():
    """Return the mean composition of each grade, with its free iron."""
    rows = np.zeros((1, G, S))
    rows[0, 0], rows[0, 1], rows[0, 3] = MIX["6016"], MIX["6061"], MIX["ADC12"]
    rows[0, 2] = (MIX["6016"] + MIX["6061"]) / 2
    rows[0, :4] *= 0.985 / 0.9855
    rows[0, :4, METALS.index("Fe")] += 0.0005 / 0.9855
    rows[0, 4] = (2.0 * MIX["6016"] + 1.5 * MIX["6061"] + 2.5 * MIX["ADC12"]) / 6
    return rows


ROUNDS = (
    ("6016", (0, 2, 4), "first"),
    ("6061", (1, 2, 4), "first"),
    ("6016", (1,), "again"),
    ("6061", (0,), "again"),
    ("ADC12", (0, 1, 2, 3, 4, 6), "casting"),
)


def metal_plan(**changed):
    finished = np.zeros((1, A))
    for alloy, mass in (("6016", 2000.0), ("6061", 1500.0), ("ADC12", 2500.0)):
        finished[0, ALLOYS.index(alloy)] = mass
    product = np.zeros((1, A, S))
    opening = np.zeros((1, A, S))
    for alloy, row in MIX.items():
        product[0, ALLOYS.index(alloy)] = row
    opening[0, ALLOYS.index("6016")] = 20.0 * MIX["6016"]
    origin = np.zeros((2, len(ORIGINS)))
    origin[:, ORIGINS.index("post_other")] = 0.7
    origin[:, ORIGINS.index("pre_other")] = 0.3
    plan = MetalPlan(
        melters=(0,), scrap_route=np.ones((1, 1)), windows=tuple(window(alloy) for alloy in ALLOYS), rounds=ROUNDS,
        loss=np.array([0.04, 0.04, 0.05, 0.06, 0.03, 0.05, 0.02]), new_loss=0.02, mill_return=np.full(A, 0.25),
        press_scrap=np.full(A, 0.3), segregated=np.full(A, 0.6), approved=np.full(A, 0.8),
        price=np.array([200e3, 190e3, 150e3, 120e3, 140e3, 210e3, 260e3]), primary_price=350e3,
        addition_price=np.full(S, 300e3), sash_supply=np.zeros(1),
        market_composition=np.array([MIX["6016"], MIX["ADC12"]]), market_origin=origin, finished=finished,
        belief=belief(), wanted=np.array([[1.0, 1.0, 1.0, 0.1, 0.6, 1.0, 0.0]]), opening=opening,
        product=product,
    )  # fmt: skip
    return replace(plan, **changed)


def chain_plan(metal=None, capacities=None, practice=None, knowledge=None, years=1, instant=False):
    """Return a plan of which only the metal is looked at."""
    metals = [metal or metal_plan()] * years if not isinstance(metal, list) else metal
    names = Names(("Aichi",), (), (), YARD[:3], YARD[3:4], YARD, (), ())
    heat_t = dict.fromkeys(ALLOYS, 20.0)
    return ChainPlan(
        names, (0,),
        tuple(YearPlan(2030 + n, None, None, one, None, None) for n, one in enumerate(metals)),
        ((capacities or Capacities(),),) * years, practice or Practice(heat_t=heat_t),
        knowledge or KnowledgePlan(spread=np.full((G, S), 0.15)), np.full((1, 1), 30.0), instant,
    )  # fmt: skip


SCRAP_T = {"part-6016": 700.0, "part-6061": 500.0, "part-mixed": 600.0, "shred-cast": 900.0}


class Gate(Facility):
    """Where bales arrive: so many of each grade a year, each with its own composition around that of its items."""

    kind = "gate"

    def __init__(self, simulation, to, tonnes, bale_t=5.0, cv=0.15, seed=1, years=1, every=1):
        super().__init__(simulation, "gate", "Aichi")
        self.to = to
        for number, (grade, mass) in enumerate(tonnes.items()):
            rng = np.random.default_rng([seed, number])
            count = round(mass / bale_t)
            for year in range(years):
                for bale in range(count):
                    when = year * YEAR + int((bale + 0.5) / count * YEAR)
                    row = bale_row(grade, bale_t, cv, rng)
                    self.clock.call_at(when // every * every, self.arrive, (row, grade))

    def arrive(self, given):
        row, grade = given
        lot = self.lots.create(row, self.lots.mark("scrap", grade, "Aichi"), "arrivals", self.code)
        self.send(lot, self.to)


def bale_row(grade, tonnes, cv, rng):
    """Return a bale: its items with composition off by lognormal luck, a little paint, free iron and copper."""
    items = {"part-6016": {"6016": 1.0}, "part-6061": {"6061": 1.0}, "shred-cast": {"ADC12": 1.0}}.get(
        grade, {"6016": 0.5, "6061": 0.5}
    )
    row = np.zeros(COLUMNS.width, dtype=np.int64)
    for item, share in items.items():
        wide = np.sqrt(np.log1p(cv**2))
        mix = MIX[item] * np.exp(wide * rng.standard_normal(S) - wide**2 / 2)
        mix[0] = 1.0 - mix[1:].sum()
        columns = own_pairs(item)
        row[columns[:S]] = np.rint(mix * share * tonnes * T * 0.985)
        row[columns[S]] = round(share * tonnes * T * 0.01)
    row[PAIRS.index(("steel", "Fe"))] = round(tonnes * T * 0.0005)
    row[POST_ELV] = row[:COUNT].sum()
    return row


def bench(plan=None, tonnes=None, informant=None, seed=3, cv=0.15, bale_t=5.0, folder=None, every=4096, gate_seed=1):
    """Return a run with a casthouse and bales on their way to it."""
    plan = plan or chain_plan()
    simulation = Simulation(seed, COLUMNS, folder, every)
    for source in (*SOURCES, "arrivals"):
        simulation.lots.accounts.source(source)
    for sink in SINKS:
        simulation.lots.accounts.sink(sink)
    years = len(plan.years)
    starts = [YEAR * year for year in range(years + 1)]
    informant = informant(simulation) if informant else NoRecords()
    house = casthouses(simulation, plan, starts, informant)[0]
    Gate(simulation, house, SCRAP_T if tonnes is None else tonnes, bale_t, cv, gate_seed, years)
    return simulation, house


def run(simulation, years=1):
    simulation.run([YEAR * (year + 1) for year in range(years)])
    return simulation
