"""With everything at once and by the same recipes, lots of plastics are the flows of the balance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_up_plastics import POST_ELV, TONNE, YEAR, Bench, births, by_component

from cesim.balance.inputs import ELV_RECYCLATES, RECYCLATES, Plastics
from cesim.balance.plastics import Compounding
from cesim.events.chain import compounding
from cesim.events.chain.blending import blend_law
from cesim.events.chain.compounding import Compounder
from cesim.events.chain.material import COLUMNS, COUNT, own_pairs
from cesim.events.chain.pelletising import Pelletiser, maker
from cesim.events.chain.plan import Names, PlasticsPlan
from cesim.events.laws import laws
from cesim.ledger.substances import ALLOYS, ELEMENTS, ORIGINS, PAIRS, POLYMERS

REGIONS = ("Aichi", "Mie", "Gifu")
SITES = (0, 2)
ROUTE = np.array([[0.7, 0.3], [0.45, 0.55], [0.0, 1.0]])


class Edges:
    """Keeps what the balance writes, by its two processes."""

    def edge(self, process_from, process_to, *_):
        return process_from, process_to

    def __init__(self):
        self.flows = {}

    def add(self, edge, origin, _):
        self.flows[edge] = self.flows.get(edge, 0) + origin.reshape(1, -1).sum()


@pytest.fixture(scope="module")
def given():
    """Inputs of the balance of one draw and year, pellets (R, n, pairs) t, and the demand (K,) t."""
    rng = np.random.default_rng(4)
    count, polymers = len(RECYCLATES), len(POLYMERS)
    admitted = np.zeros((polymers, count), dtype=bool)
    for polymer, ends in (("PP", "pp"), ("PP-T", "pp"), ("PE", "pe"), ("ABS", "abs"), ("other", "po")):
        admitted[POLYMERS.index(polymer)] = [name.endswith(ends) for name in RECYCLATES]
    origin = np.zeros((count, len(ORIGINS)))
    origin[np.arange(count), rng.integers(0, len(ORIGINS), count)] = 1.0
    supply = np.zeros((1, 1, count))
    supply[0, 0, 4:] = rng.uniform(5, 60, count - 4)
    composition = rng.dirichlet((90, 5, 3), count)[None]
    plastics = Plastics(
        np.array(SITES), ROUTE[None], np.array([[0.6, 0.4]]), supply, composition, origin,
        rng.uniform(0, 0.05, (1, count)), np.full((1, polymers), 0.008), np.full((1, 1, polymers), 0.25),
        np.array([[0.1]]), admitted, rng.uniform(100e3, 300e3, (1, count)), np.array([220e3]), np.array([0.017]),
    )  # fmt: skip
    recipe = rng.dirichlet((80, 12, 4), polymers)
    nominal = np.zeros((1, len(PAIRS)))
    start = len(ALLOYS) * len(ELEMENTS)
    nominal[0, start : start + 3 * polymers] = recipe.ravel()
    pellets = np.zeros((1, len(REGIONS), 4, len(PAIRS)))
    for n, items in enumerate((("PP", "PP-T"), ("PE",), ("PP", "PE"), ("ABS",))):
        for item in items:
            pellets[0, :, n, own_pairs(item)] = rng.uniform(0, 9, (3, len(REGIONS)))
    demand = np.zeros((1, polymers))
    demand[0] = rng.uniform(30, 300, polymers)
    return plastics, nominal, recipe, pellets, demand


def balanced(given, pellets):
    """What the balance writes, t, by its two processes, and the plan for the lots with its recipes."""
    plastics, nominal, recipe, _, demand = given
    edges = Edges()
    balance = Compounding(plastics, nominal, REGIONS, edges)
    used = []
    make = balance._write_compounds
    balance._write_compounds = lambda flows, made, taken, own: (used.append(taken), make(flows, made, taken, own))[1]
    compounds = balance.run(edges, 0, pellets, demand)
    balance.parts(edges, compounds, np.array([[1.0, 0.0, 0.0]]))
    made = demand[0] * plastics.share[0][:, None] / (1.0 - plastics.loss[0])
    plan = PlasticsPlan(
        SITES, ROUTE, made, recipe, plastics.supply[0, 0] * plastics.share[0][:, None], plastics.composition[0],
        plastics.origin, plastics.foreign[0], plastics.foreign_limit[0], plastics.cap[0, 0], 0.1, plastics.admitted,
        plastics.price[0], 220e3, 0.017, recipe_used=used[0][0],
    )  # fmt: skip
    return edges.flows, plan


@pytest.fixture(scope="module")
def mirrored(given):
    flows, plan = balanced(given, given[3])
    return flows, simulated(plan, given[3][0])


def simulated(plan, pellets):
    """Everything at once: pellets by region from a pelletiser each to the compounders."""
    names = Names(REGIONS, (), (), (), (), (), RECYCLATES, ())
    bench = Bench()
    sites = [Compounder(bench, f"compounder {m}", REGIONS[r], names, m, instant=True) for m, r in enumerate(SITES)]
    for site in sites:
        site.begin_year(plan, 0, YEAR)
    for number, region in enumerate(REGIONS):
        pelletiser = Pelletiser(bench, f"pelletiser {region}", region, names, sites, instant=True)
        pelletiser.begin_year(np.array([1.0, 1.0]), ROUTE[number])
        for n, grade in enumerate(ELV_RECYCLATES):
            row = np.zeros(COLUMNS.width, dtype=np.int64)
            row[:COUNT] = np.rint(pellets[number, n] * TONNE)
            row[POST_ELV] = row[:COUNT].sum()
            bench.give(YEAR // 2, row, grade, pelletiser, "plastic", region)
    bench.run([YEAR])
    assert laws(bench).passed
    assert blend_law(bench).worst == 0.0
    assert [site.inside for site in sites] == [0, 0]
    return bench


def flows_of(bench):
    """What lots and losses say, t, by the two processes."""
    total = {}

    def book(edge, kind, grade, owner, row):
        edge = tuple(one.format(grade=grade, owner=owner, maker=maker(grade)) for one in edge)
        total[edge] = total.get(edge, 0.0) + int(row[:COUNT].sum()) / TONNE

    for _, _, kind, grade, owner, row in births(bench):
        if kind in compounding.FLOWS:
            book(compounding.FLOWS[kind], kind, grade, owner, row)
    lots, lost = bench.ledger.table("lot"), bench.ledger.table("exchange")
    burnt = lost["account"] == bench.lots.accounts.names.code("energy_recovery")
    for event, row in zip(lost["event"][burnt], lost["composition"][burnt], strict=True):
        mark = bench.lots.marks[lots["mark"][np.searchsorted(lots["event"], event)]]
        book(compounding.LOSSES[mark.kind, "energy_recovery"], mark.kind, mark.grade, mark.owner, row)
    return total


def test_by_the_recipes_of_the_balance_lots_are_its_flows_to_the_milligram(mirrored):
    balance, bench = mirrored
    found = flows_of(bench)
    assert {edge for edge, mass in balance.items() if mass > 1e-6} == {e for e, mass in found.items() if mass > 1e-6}
    for edge, mass in balance.items():
        assert found.get(edge, 0.0) == pytest.approx(mass, abs=20 / TONNE), edge
    assert balance["recyclate.part-pp", "compounding.PP"] > 1
    assert sum(mass for (_, to), mass in balance.items() if to == "recyclate_export") > 1


def test_over_pellets_that_are_all_alike_the_recipes_of_the_balance_are_found(given):
    alike = given[3].sum(axis=1, keepdims=True) * np.array([0.5, 0.2, 0.3])[:, None, None]
    balance, plan = balanced(given, alike)
    found = flows_of(simulated(replace(plan, recipe_used=None), alike[0]))
    for edge, mass in balance.items():
        assert found.get(edge, 0.0) == pytest.approx(mass, abs=1e-5), edge  # `ROUNDING` is held back


def test_regions_send_what_they_send_in_the_balance(mirrored, given):
    _, bench = mirrored
    lots = [(grade, owner, row) for _, _, kind, grade, owner, row in births(bench) if kind in compounding.FROM_OWNER]
    for n, grade in enumerate(ELV_RECYCLATES):
        for r, region in enumerate(REGIONS):
            parts = np.sum([by_component(row) for g, owner, row in lots if (g, owner) == (grade, region)], axis=0)
            assert parts.tolist() == by_component(np.rint(given[3][0, r, n] * TONNE).astype(np.int64))
