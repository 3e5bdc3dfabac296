"""The aluminium of a made-up balance, and the plan by which lots do the same."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from made_up_metal import T

from cesim.balance.inputs import ELV_GRADES, YARD
from cesim.balance.metal import Melting, brought, grade_stock, rounds
from cesim.balance.metal_flows import MetalFlows
from cesim.events.chain.material import METAL_PAIRS, own_pairs
from cesim.events.chain.plan import MetalPlan, Recipe
from cesim.ledger.flows import Edges, YearFlows
from cesim.ledger.substances import ALLOYS, PAIRS

sys.path.insert(0, str(Path(__file__).parents[2] / "balance"))

from made_up_system import make

REGIONS = ("a", "b", "c")


def anything(rng, windows):
    """Return scrap of each region and grade by pair, t, with something of everything in it."""
    del windows
    scrap = np.zeros((1, len(REGIONS), len(ELV_GRADES), len(PAIRS)))
    scrap[..., METAL_PAIRS] = rng.gamma(0.3, 3.0, (1, len(REGIONS), len(ELV_GRADES), METAL_PAIRS.size))
    return scrap


def by_alloy(rng, windows):
    """Return scrap in which each grade is mostly what its name says, a tenth off the middle of its limits."""
    scrap = np.zeros((1, len(REGIONS), len(ELV_GRADES), len(PAIRS)))
    for number, grade in enumerate(ELV_GRADES):
        maker, _, name = grade.partition("-")
        held = {name: 0.9, "6061" if name != "6061" else "6016": 0.1} if name in ALLOYS else HELD[name or maker]
        for region in range(len(REGIONS)):
            mass = rng.uniform(20, 120)
            for item, share in held.items():
                mix = windows[ALLOYS.index(item)].middle * np.exp(0.1 * rng.standard_normal(10))
                mix[0] = 1.0 - mix[1:].sum()
                scrap[0, region, number, own_pairs(item)] += mass * share * np.append(0.99 * mix, 0.01)
    return scrap


HELD = {
    "mixed": {"6016": 0.3, "6061": 0.3, "6063": 0.2, "ADC12": 0.2},
    "wrought": {"6016": 0.4, "6061": 0.3, "6063": 0.2, "5xxx": 0.1},
    "cast": {"ADC12": 0.6, "AC2B": 0.4},
    "wheels": {"AC4CH": 1.0},
}


def balanced(scrap_of=anything, years=2, **of_metal):
    """Return what the balance wrote year by year, the plans for the lots with its recipes, and the scrap, t."""
    metal = replace(make(draws=1, years=years, regions=REGIONS, melters=2, seed=5).metal, **of_metal)
    rng = np.random.default_rng(8)
    melting, edges = Melting(metal), Edges()
    writing = MetalFlows(metal, REGIONS, edges)
    flows, plans, grades = [], [], []
    sites = len(metal.melters)
    for year in range(years):
        scrap = np.rint(scrap_of(rng, metal.windows[year]) * T) / T
        finished = rng.uniform(100, 900, (1, len(ALLOYS)))
        written = YearFlows(year, 1)
        at_regions = grade_stock(scrap)
        waiting = melting.new_items, melting.new_elements
        products, stock, used, _ = melting.run(year, brought(at_regions, metal.scrap_route), finished)
        writing.scrap(written, year, at_regions, stock, used)
        writing.new_mixed(written, year, *waiting, used)
        for alloy, product in products.items():
            writing.product(written, year, alloy, product, used)
            writing.parts(written, year, alloy, product, np.array([[1.0, 0.0, 0.0]]))
        melting.carry_over(year, products)

        def by_site(of, products=products):
            return np.stack([of(products[alloy]) for alloy in ALLOYS], axis=1)

        recipe = Recipe(
            used[0], by_site(lambda p: p.charge.primary.reshape(sites)),
            by_site(lambda p: p.charge.additions.reshape(sites, -1)),
            by_site(lambda p: p.returned[0]), by_site(lambda p: p.need[0]),
        )  # fmt: skip
        nominal = np.array([window.middle for window in metal.windows[year]])
        plans.append(
            MetalPlan(
                tuple(metal.melters.tolist()),
                metal.scrap_route[0],
                metal.windows[year],
                rounds(),
                metal.loss[0, year],
                float(metal.new_loss[0]),
                metal.mill_return[0],
                metal.press_scrap[0],
                metal.segregated[0, year],
                metal.approved[0, year],
                metal.price[0],
                float(metal.primary_price[0]),
                metal.addition_price[0],
                metal.sash_supply[0, year],
                metal.market_composition[0],
                metal.market_origin[0],
                finished[0] * metal.share[0].T,
                np.ones((sites, len(YARD), 10)),
                np.zeros((sites, len(YARD))),
                metal.new_mixed_start[0][..., None] * nominal,
                by_site(lambda p: p.composition[0]),
                recipe=recipe,
            )
        )  # fmt: skip
        flows.append(written)
        grades.append(scrap[0])
    return flows, plans, grades
