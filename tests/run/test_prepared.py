"""A prepared scenario gives the bits of a run of the changed one, whatever the change and however much was kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.run import prepare, prepared
from cesim.run.evaluated import NAMES
from cesim.run.solve import Plan, all_blocks
from cesim.scenario import open_scenario

YEARS = {
    "years.start": 2024, "years.end": 2029, "report.years": [2026, 2029],
    "sorting.share": {"2024": 0.03, "2025": 0.03, "2029": 0.3},
    "parts.hood.taken": {"2024": 0.02, "2026": 0.02, "2029": 0.3},
    "parts.bumpers.taken": {"2024": 0.008, "2026": 0.008, "2029": 0.1},
    "compounding.cap.PP": {"2024": 0.05, "2029": 0.1},
    "remelting.alloys.6061.approved": {"2024": 0.02, "2029": 0.1},
}  # fmt: skip
DRAWS, BLOCK = 10, 8
"""Few draws; a run solves them in two blocks, as a run of ordinary width solves 130."""
MANY = 130
SEED = 4

CHANGES = {
    "sorting": {"sorting.share.2029": 0.6},
    "its accuracy, from the first year": {"sorting.error_factor": 2.0},
    "parts taken off": {"parts.hood.taken.2029": 0.7},
    "parts of plastics taken off": {"parts.bumpers.taken": {"2024": 0.008, "2026": 0.008, "2029": 0.4}},
    "parts reused": {"parts.engine.reused": 0.4},
    "an incentive": {"dismantling.incentive": {"2024": 0, "2027": 30}},
    "data in place of assays": {"dismantling.identified": 0.9, "dismantling.accuracy": 0.99},
    "wider limits of an alloy": {"remelting.alloys.6016.widen.Fe": 1.4},
    "primary metal": {"remelting.primary.Fe": 0.002},
    "approved heats": {"remelting.alloys.6061.approved.2029": 0.5},
    "prices": {"remelting.price.wheels": 10, "remelting.primary_price": 900},
    "old window frames": {"remelting.sash": 90000},
    "residue sorting": {"residue.sorted": 0.5},
    "where residue goes": {"residue.heat.combustible": 0.3},
    "compounds": {"compounding.cap.PP.2029": 0.3},
    "recyclate": {"compounding.recyclates.packaging-po.supply": 90000},
    "new types": {"compounding.type_cycle": 3.5},
    "gases": {"gases.remelting": 0.9},
    "fewer exports": {"fleet.export.hazard_scale": 0.5},
    "paint": {"content.paint.6016": 0.03},
    "where shredders stand": {"regions.east.shredding": 5},
    "where sheet is made": {"regions.west.sheet": 0},
    "several at once": {"sorting.share": 0.7, "compounding.cap.PP": 0.4, "gases.addition": 9.0},
    "nothing": {},
}


@pytest.fixture(scope="module")
def held():
    with prepare(open_scenario("tutorial", YEARS), draws=DRAWS, seed=SEED, workers=2) as held:
        yield held


def run_values(name, overrides, draws=DRAWS, block=BLOCK):
    """The indicators of a full run (indicator, region, year, lane), solved in blocks of so many lanes."""
    plan = replace(Plan(open_scenario(name, overrides).scenario, SEED, draws + 1), block=block)
    run = all_blocks(plan, 1, None)
    names, regions, years = (list(dict.fromkeys(key[n] for key in run.series.keys)) for n in range(3))
    years.sort()
    values = [[[run.series.lanes((n, r, y)) for y in years] for r in regions] for n in NAMES]
    assert set(names) == set(NAMES)
    return np.array(values)


QUICK = (
    "sorting",
    "parts taken off",
    "wider limits of an alloy",
    "compounds",
    "fewer exports",
    "several at once",
    "nothing",
)
"""Changes of each part of the chain; the others take as long again and are slow tests."""


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(changes, id=name, marks=() if name in QUICK else pytest.mark.slow)
        for name, changes in CHANGES.items()
    ],
)
def test_bits_are_those_of_a_run_of_the_changed_scenario(held, changes):
    answer = held.evaluate(changes)
    np.testing.assert_array_equal(answer.values, run_values("tutorial", {**YEARS, **changes}))


@pytest.mark.slow
def test_bits_of_many_draws_are_those_of_a_run_of_ordinary_width():
    with prepare(open_scenario("tutorial", YEARS), draws=MANY, seed=SEED, workers=2) as many:
        for name in ("nothing", *QUICK[:-1]):
            changes = CHANGES[name]
            run = run_values("tutorial", {**YEARS, **changes}, MANY, Plan.block)
            np.testing.assert_array_equal(many.evaluate(changes).values, run, err_msg=name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["chubu-2035", "japan-baseline"])
@pytest.mark.parametrize(
    "changes",
    [
        {"sorting.share": 0.4},
        {"parts.hood.taken": 0.5},
        {"remelting.alloys.6016.widen.Fe": 1.3},
        {"fleet.export.hazard_scale": 0.9},
    ],
    ids=["sorting", "parts", "limits", "fleet"],
)
def test_bits_of_scenarios_that_ship(name, changes):
    with prepare(name, draws=3, seed=SEED) as held:
        np.testing.assert_array_equal(held.evaluate(changes).values, run_values(name, changes, draws=3))


def test_the_scenario_itself(held):
    np.testing.assert_array_equal(held.base.values, run_values("tutorial", YEARS))
    assert np.isfinite(held.base.lanes("ghg", "all", 2029)).all()


def test_one_draw_is_the_best_estimate():
    with prepare(open_scenario("tutorial", YEARS), draws=1) as alone:
        assert alone.base.values.shape[-1] == 1
        one = alone.evaluate(CHANGES["sorting"])
    with prepare(open_scenario("tutorial", YEARS), draws=3, seed=9) as some:
        np.testing.assert_array_equal(one.values[..., 0], some.evaluate(CHANGES["sorting"]).values[..., 0])


def test_a_draw_is_the_same_in_any_company(held):
    """Of four lanes, of eleven, and of more than fill a block."""
    asked = {}
    for draws, workers in ((3, 1), (MANY, 2)):
        with prepare(open_scenario("tutorial", YEARS), draws=draws, seed=SEED, workers=workers) as other:
            asked[draws] = other.evaluate(CHANGES["sorting"]).values
    np.testing.assert_array_equal(asked[3], held.evaluate(CHANGES["sorting"]).values[..., :4])
    np.testing.assert_array_equal(asked[MANY][..., : DRAWS + 1], held.evaluate(CHANGES["sorting"]).values)


def test_a_change_leaves_no_trace(held):
    first = held.evaluate(CHANGES["an incentive"]).values
    for name in ("fewer exports", "wider limits of an alloy", "several at once"):
        held.evaluate(CHANGES[name])
    np.testing.assert_array_equal(held.evaluate(CHANGES["an incentive"]).values, first)
    np.testing.assert_array_equal(held.evaluate({}).values, held.base.values)


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("sorting", (2026, None)),
        ("its accuracy, from the first year", (2024, None)),
        ("parts taken off", (2027, None)),
        ("parts of plastics taken off", (None, 2027)),
        ("compounds", (None, 2025)),
        ("approved heats", (2025, None)),
        ("gases", (None, None)),
        ("wider limits of an alloy", (2024, None)),
        ("fewer exports", (2024, 2024)),
        ("nothing", (None, None)),
    ],
)
def test_only_what_a_change_touches_is_solved_again(held, name, years):
    held.forget()
    answer = held.evaluate(CHANGES[name])
    assert answer.solved_from == years
    assert (answer.heats > 0) == (years != (None, None))
    before = held.base.years.index(min(year or 2030 for year in years)) if years != (None, None) else 0
    aluminium = NAMES.index("aluminium_returned")
    np.testing.assert_array_equal(
        answer.values[aluminium, ..., :before, :], held.base.values[aluminium, ..., :before, :]
    )


def test_heats_are_held_against_what_was_asked(held):
    held.forget()
    answer = held.evaluate(CHANGES["sorting"])
    assert 0.0 < answer.gap < 1e-12
    assert answer.certificate is None


def test_a_proof_is_a_run_beside(held):
    answer = held.evaluate(CHANGES["sorting"], prove=True)
    assert answer.certificate is not None
    assert answer.certificate.passed


def test_a_proof_notices_other_bits(held, monkeypatch):
    monkeypatch.setattr(prepared, "run_values", lambda *_: np.zeros_like(held.base.values))
    with pytest.raises(ArithmeticError, match="other bits"):
        held.evaluate({}, prove=True)


@pytest.mark.slow
def test_without_numba_the_engine_that_writes_flows_answers(held, monkeypatch):
    monkeypatch.setattr(prepared, "can_hold", lambda _: False)
    with prepare(open_scenario("tutorial", YEARS), draws=3, seed=SEED, workers=1) as plain:
        answer = plain.evaluate(CHANGES["sorting"])
    np.testing.assert_array_equal(answer.values, held.evaluate(CHANGES["sorting"]).values[..., :4])


def test_lanes_and_draws_by_name(held):
    answer = held.base
    lanes = answer.lanes("h1_horizontal_rate_6xxx", "east_focus", 2029)
    assert lanes.size == DRAWS + 1
    np.testing.assert_array_equal(answer.draws("h1_horizontal_rate_6xxx", "east_focus", 2029), lanes[1:])


@pytest.mark.parametrize("changes", [{"sorting.shares": 0.3}, {"sorting.share": 1.3}, {"nowhere": 1}])
def test_what_cannot_be_set_is_refused(held, changes):
    with pytest.raises(InputError):
        held.evaluate(changes)
