"""Both engines made to do the same agree on every flow; with one number changed between them they do not."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cesim.balance.inputs import ELV_GRADES, REMOVED_TO, YARD
from cesim.ledger.substances import ALLOYS, ITEMS, POLYMERS
from cesim.run import lot_mirror
from cesim.run.lot_mirror import mirror
from cesim.run.lot_plan import balance_of
from cesim.scenario import open_scenario

SHIPPED = sorted(path.stem for path in (Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
QUICK = ("japan-baseline", "tutorial")
NEAR = {"tutorial": 2024}


def test_these_are_all_scenarios_that_ship():
    assert set(QUICK) < set(SHIPPED)
    assert len(SHIPPED) >= 5


def agreed(found, flows):
    assert found.agrees
    assert found.certificate.passed
    assert found.worst_mg <= found.operations
    assert found.ways > flows
    assert found.cells > 15 * found.ways
    assert 0.0 < found.worst_mg < 2e4  # mg of a year: floats of the balance are no finer


@pytest.mark.parametrize("near", [True, False], ids=["near", "2035"])
@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n in QUICK else pytest.mark.slow) for n in SHIPPED])
def test_a_shipped_scenario_is_the_same_in_both_engines(name, near):
    scenario = open_scenario(name).scenario
    year = max(scenario.years.start, NEAR.get(name, 2026)) if near else 2035
    agreed(mirror(scenario, year), 350)


@pytest.mark.parametrize("lane", [1, pytest.param(7, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n == "tutorial" else pytest.mark.slow) for n in SHIPPED])
def test_a_drawn_lane_is_the_same_in_both_engines(name, lane):
    agreed(mirror(open_scenario(name).scenario, 2030, seed=5, lane=lane), 350)


@pytest.mark.slow
def test_every_year_of_the_smallest_scenario_is_the_same_in_both_engines():
    scenario = open_scenario("tutorial").scenario
    for year in range(scenario.years.start, scenario.years.end + 1):
        agreed(mirror(scenario, year), 350)


# what is wrong is found


@pytest.fixture(scope="module")
def scenario():
    return open_scenario("tutorial").scenario


@pytest.fixture(scope="module")
def year(scenario):
    (found,) = balance_of(scenario, 0, 0, 2030, 2030, (0, 1))
    return found


@pytest.fixture
def mirrored(monkeypatch, scenario, year):
    """Return the mirror of the smallest scenario with one part of the plan or a flow of the balance, changed."""

    def changed(part=None, flows=None, **fields):
        plan = year.plan
        if part is not None:
            plan = replace(plan, **{part: replace(getattr(plan, part), **fields)})
        wrong = replace(year, plan=plan, flows=flows or year.flows)
        monkeypatch.setattr(lot_mirror, "balance_of", lambda *_: iter([wrong]))
        return mirror(scenario, 2030)

    return changed


@pytest.mark.slow
def test_unchanged_they_agree(mirrored):
    agreed(mirrored(), 900)


def shifted(array, one, other, much):
    """Move a share from one place to another."""
    found = array.copy()
    assert found[one] >= much
    found[one] -= much
    found[other] += much
    return found


A, S = ALLOYS.index("6016"), ELV_GRADES.index
MUCH = 1e-6


def of_sorting(t):
    mixed = np.flatnonzero(t.sorted_to[A] > 0.01)
    return {"sorted_to": shifted(t.sorted_to, (A, mixed[0]), (A, mixed[-1]), MUCH)}


def of_identification(t):
    known = np.flatnonzero(t.identified[A] > 0.01)
    return {"identified": shifted(t.identified, (A, known[0]), (A, known[-1]), MUCH)}


def nudged(name, place, by=MUCH):
    def change(part):
        values = getattr(part, name)
        found = np.array(values, dtype=float)
        found[place] *= 1.0 + by
        assert found[place].any()
        return {name: found if found.ndim else float(found)}

    change.__name__ = f"{name}_{by:g}"
    return change


def routed(name):
    def change(part):
        return {name: shifted(getattr(part, name), (0, 0), (0, 1), MUCH)}

    change.__name__ = name
    return change


def of_recipe(m):
    used = m.recipe.used.copy()
    grade, alloy = np.unravel_index(np.argmax(used[0]), used[0].shape)
    used[0, grade, alloy] *= 1.0 + MUCH
    return {"recipe": replace(m.recipe, used=used)}


def of_primary(m):
    primary = m.recipe.primary.copy()
    primary[0, ALLOYS.index("6061")] *= 1.0 + MUCH
    return {"recipe": replace(m.recipe, primary=primary)}


def of_parts(t):
    """Steel of engines to another sink."""
    steel = ITEMS.index("steel")
    part = int(np.argmax(t.part_share[:, steel]))
    other = t.removed_to.copy()
    assert other[part, steel] == REMOVED_TO.index("ferrous_recycling")
    other[part, steel] = REMOVED_TO.index("other_recycling")
    return {"removed_to": other}


PP = POLYMERS.index("PP")
CHANGES = [
    ("treatment", of_sorting), ("treatment", of_identification), ("treatment", of_parts),
    ("treatment", nudged("taken", slice(None))), ("treatment", nudged("reused", slice(None), 1e-4)),
    ("treatment", nudged("to_metal", ITEMS.index("6016"))), ("treatment", nudged("asr_recovered", PP, 1e-5)),
    ("treatment", nudged("asr_sorted", (), 1e-4)), ("treatment", nudged("pellet_yield", 0, 1e-5)),
    ("treatment", nudged("metal_steel", 0, 1e-3)), ("treatment", nudged("steel_to_grades", 0, 1e-2)),
    ("treatment", routed("hulk_route")), ("metal", routed("scrap_route")),
    ("metal", nudged("loss", S("shred-mixed"))), ("metal", nudged("press_scrap", A)),
    ("metal", nudged("segregated", A)),
    ("metal", of_recipe), ("metal", of_primary), ("plastics", nudged("loss", ())),
    ("plastics", routed("route")), ("plastics", nudged("made", (0, PP))),
]  # fmt: skip


QUICK_CHANGES = (of_sorting, of_recipe)


@pytest.mark.parametrize(
    ("part", "change"),
    [pytest.param(part, change, marks=[] if change in QUICK_CHANGES else pytest.mark.slow) for part, change in CHANGES],
    ids=[f"{part}-{change.__name__}" for part, change in CHANGES],
)
def test_one_number_of_the_plan_changed_is_found(mirrored, year, part, change):
    found = mirrored(part, **change(getattr(year.plan, part)))
    assert not found.agrees
    assert found.worst_mg > found.operations
    assert found.where.count(" > ") == 5
    assert found.certificate.passed  # the lots themselves keep every law


@pytest.mark.slow
def test_cars_of_another_composition_are_found(mirrored, year):
    arrivals = year.plan.arrivals
    rest = arrivals.rest.copy()
    rest[0, 0, 0] += 1_000_000
    wrong = mirrored("arrivals", rest=rest)
    assert not wrong.agrees
    assert "dismantling" in wrong.where


@pytest.mark.parametrize("number", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 8))])
def test_one_mass_of_one_flow_of_the_balance_changed_is_found(mirrored, year, number):
    """A hundred grams in a flow that both engines have: one that is not shared is not looked at."""
    flows = copy.deepcopy(year.flows)
    shared = set(lot_mirror._shared())
    mine = [
        edge for edge in flows.flows
        if (lot_mirror.kind(edge[0].process_from), lot_mirror.kind(edge[0].process_to)) in shared
    ]  # fmt: skip
    edge, origin, substance = mine[number * len(mine) // 8]
    changed = origin if number % 2 else substance
    changed[0, int(np.argmax(changed[0]))] += 1e-4
    found = mirrored(flows=flows)
    assert not found.agrees
    assert found.where.startswith(f"{edge.process_from} > {edge.process_to}")


@pytest.mark.slow
def test_a_whole_flow_left_out_is_found(mirrored, year):
    flows = copy.deepcopy(year.flows)
    gone = next(n for n, edge in enumerate(flows.flows) if edge[0].process_to == f"scrap_yard.{YARD[0]}")
    del flows.flows[gone]
    assert not mirrored(flows=flows).agrees
