"""With everything at once and by the same recipes, lots of plastics are the flows of the balance."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_plastics import POST_ELV, TONNE, YEAR, Bench, births, by_component

from cesim.balance.inputs import ELV_RECYCLATES, RECYCLATES, Plastics
from cesim.balance.plastics import Compounding
from cesim.events.chain import compounding
from cesim.events.chain.blending import blend_law
from cesim.events.chain.compounding import Compounder
from cesim.events.chain.material import COLUMNS, COUNT, own_pairs
from cesim.events.chain.pelletising import LOSSES, Pelletiser, maker
from cesim.events.chain.plan import Names, PlasticsPlan
from cesim.events.laws import laws
from cesim.ledger.substances import ALLOYS, ELEMENTS, ORIGINS, PAIRS, POLYMERS

REGIONS = ("Aichi", "Mie", "Gifu")
SITES = (0, 2)
ROUTE = np.array([[0.7, 0.3], [0.45, 0.55], [0.0, 1.0]])


class Edges:
    """Keeps what the balance writes, by its two processes."""

    def edge(self, process_from, process_to, *cells):
        return process_from, process_to

    def __init__(self):
        self.flows = {}

    def add(self, edge, origin, components):
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
        np.array([0.1]), admitted, rng.uniform(100e3, 300e3, (1, count)), np.array([220e3]), np.array([0.017]),
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


@pytest.fixture(scope="module")
def both(given):
    plastics, nominal, recipe, pellets, demand = given
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
    names = Names(REGIONS, (), (), (), (), (), RECYCLATES, ())
    return edges.flows, {follow: simulated(plan, names, pellets[0], follow) for follow in (True, False)}


def simulated(plan, names, pellets, follow):
    """Everything at once, by the recipes of the balance or by those worked out over the same pellets."""
    if not follow:
        plan = PlasticsPlan(**{**plan.__dict__, "recipe_used": None})
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
    return bench


def flows_of(bench):
    """What lots and losses say, t, by the two processes."""
    total = {}
    for _, _, kind, grade, owner, row in births(bench):
        if kind in compounding.FLOWS:
            edge = tuple(one.format(grade=grade, owner=owner) for one in compounding.FLOWS[kind])
            total[edge] = total.get(edge, 0) + int(row[:COUNT].sum())
        if kind == "plastic":
            assert maker(grade) in ("dismantling", "asr_sorting")
    for _, _, kind, grade, _, row in births(bench):
        loss = compounding.LOSSES.get((kind, "energy_recovery"))
        if loss:
            edge = tuple(one.format(grade=grade) for one in loss)
            mixed = row[:COUNT].sum() / (1.0 - 0.017)
            total[edge] = total.get(edge, 0) + mixed * 0.017
    assert LOSSES
    return {edge: mass / TONNE for edge, mass in total.items()}


def test_by_the_recipes_of_the_balance_lots_are_its_flows_to_the_milligram(both):
    balance, runs = both
    found = flows_of(runs[True])
    assert {edge for edge, mass in balance.items() if mass > 1e-6} == {e for e, mass in found.items() if mass > 1e-6}
    for edge, mass in balance.items():
        assert found.get(edge, 0.0) == pytest.approx(mass, abs=200 / TONNE), edge
    assert balance["recyclate.part-pp", "compounding.PP"] > 1
    assert sum(mass for (_, to), mass in balance.items() if to == "recyclate_export") > 1


def test_over_the_same_pellets_the_same_recipes_are_found(both):
    balance, runs = both
    found = flows_of(runs[False])
    for edge, mass in balance.items():
        assert found.get(edge, 0.0) == pytest.approx(mass, abs=1e-5), edge  # `ROUNDING` is held back


def test_regions_send_what_they_send_in_the_balance(both, given):
    balance, runs = both
    pellets = given[3][0]
    for n, grade in enumerate(ELV_RECYCLATES):
        for r, region in enumerate(REGIONS):
            rows = [
                row for _, _, kind, g, owner, row in births(runs[True])
                if kind in compounding.FROM_OWNER and (g, owner) == (grade, region)
            ]  # fmt: skip
            parts = np.sum([by_component(row) for row in rows], axis=0)
            expected = by_component(np.rint(pellets[r, n] * TONNE).astype(np.int64))
            assert parts.tolist() == expected
