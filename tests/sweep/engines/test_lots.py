"""A run of a sweep lot by lot is a lane of `cesim lots`, bit for bit, and a failure costs nothing but its own run."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cesim.errors import Fault, InputError, NoAnswer
from cesim.quantities import KeyedSource
from cesim.run import simulate_lots
from cesim.run.lot_outcome import RETURNED, SHARED
from cesim.run.lot_task import LotTask, planned, work
from cesim.run.sampler import Sampler
from cesim.scenario import open_scenario
from cesim.sweep.engines import lots
from cesim.sweep.engines.balance import BalanceRecipe, Choice
from cesim.sweep.engines.both import BothRecipe
from cesim.sweep.engines.lot_figures import LOT_FIGURES
from cesim.sweep.engines.lots import LotsRecipe
from cesim.sweep.engines.reasons import NotProvedError

_SPEC = importlib.util.spec_from_file_location(
    "made_up_region", Path(__file__).parents[2] / "run" / "made_up_region.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
_REGION = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_REGION)

FEW = {"market.sales": 430, "market.production": 830, "fleet.base_stock": 7500, "sorting.share": 0.5}
LEVERS = {"as it is": {}, "more sorting": {"facilities.sorting.capacity": 0.03}}
SEED, BATCH = 3, 5
NAMES = tuple(LOT_FIGURES)
REGIONS, YEARS = ("east", "west", "east_focus"), (2029, 2030)
LAST, FOCUS = 5, (1, 5)
"""Rows: that of the focus in 2030, and those of the region that is the focus."""


@pytest.fixture(scope="module")
def scenarios():
    return {name: open_scenario("tutorial", _REGION.TINY | FEW | lever).scenario for name, lever in LEVERS.items()}


@pytest.fixture(scope="module")
def recipe(scenarios):
    alternatives = {name: (held,) for name, held in scenarios.items()}
    return LotsRecipe(alternatives, NAMES, REGIONS, YEARS, SEED, first=2030, last=2030, batch=BATCH, replicates=2)


@pytest.fixture(scope="module")
def answered(recipe):
    """Point 0: both alternatives, and the first of them in another replicate."""
    solver = recipe.solver()
    batch = solver.solve(np.array([2, 0, 1]))
    assert not list((solver._scratch.folder / "runs").iterdir())
    return batch


def of(batch, run, name, row=LAST):
    return batch.values[batch.runs.tolist().index(run), row, NAMES.index(name)]


def shared(rows, year=2030):
    return {row["indicator"]: row["lots"] for row in rows if row["year"] == year and row["indicator"] != RETURNED}


def test_a_run_has_the_bits_of_a_lane(scenarios, answered, tmp_path):
    """Against the door of `cesim lots`, which saves every month and draws by the number of the lane."""
    told = work(LotTask(scenarios["as it is"], SEED, 1, 2030, 2030, (0,), BATCH), tmp_path / "lane")
    lots_of = shared(told["indicators"])
    assert {name: of(answered, 0, f"lots_{name}") for name in lots_of} == lots_of
    assert of(answered, 0, "lots_returned_6xxx") == told["returned_t"] > 0
    assert of(answered, 0, "lots_heats") == sum(row["heats"] for row in told["heats"]) > 50
    assert of(answered, 0, "lots_lost_other_alloy") == told["family_t"]["other_alloy"] > 0
    assert of(answered, 0, "lots_truck_km") == told["transport"]["km"]
    assert of(answered, 0, "lots_truck_co2") == told["transport"]["co2_kg"] / 1000
    works = {row["kind"]: row for row in told["works"] if row["place"] == "east"}
    for kind in ("dismantling", "shredding", "alloy_sorting", "furnaces"):
        assert of(answered, 0, f"lots_{kind}_use") == works[kind]["utilisation"] > 0
    waiting = works["shredding"]["waiting_area"] / works["shredding"]["seconds"]
    assert of(answered, 0, "lots_shredding_queue") == waiting > 0
    balance = next(row["balance"] for row in told["indicators"] if row["indicator"] == RETURNED)
    assert of(answered, 0, "lots_returned_6xxx_by_balance") == balance > 0


def test_rows_of_other_regions_and_years_are_empty(answered):
    assert answered.failures == {}
    filled = ~np.isnan(answered.values).all(axis=2)
    assert [np.flatnonzero(one).tolist() for one in filled] == [list(FOCUS)] * 3
    np.testing.assert_array_equal(answered.values[:, FOCUS[0]], answered.values[:, FOCUS[1]])
    bad = np.isnan(answered.values[:, LAST])
    assert all(LOT_FIGURES[NAMES[column]].unit == "share" for column in np.flatnonzero(bad.any(axis=0)))


def test_replicates_share_what_is_uncertain_and_differ_in_luck(answered):
    """Which cars come is the point's; what comes off them is luck."""
    for name in ("lots_elv_count", "lots_elv_6xxx", "lots_returned_6xxx_by_balance"):
        assert of(answered, 0, name) == of(answered, 2, name) > 0
    for name in ("lots_lost_other_alloy", "lots_truck_km", "lots_recycled_content_6xxx_post"):
        assert of(answered, 0, name) != of(answered, 2, name)


def test_alternatives_share_luck(answered):
    """More room at sorting lines changes nothing before them."""
    for name in ("lots_elv_6xxx", "lots_dismantling_use", "lots_dismantling_queue"):
        assert of(answered, 0, name) == of(answered, 1, name)
    assert of(answered, 0, "lots_alloy_sorting_use") > of(answered, 1, "lots_alloy_sorting_use")


def test_the_luck_of_a_replicate_is_that_of_no_lane(recipe):
    task = recipe.solver()._task(2)
    first, again = (replace(task, replicate=number).luck.u("x", 0, 4) for number in (0, 1))
    np.testing.assert_array_equal(first, KeyedSource(SEED).u("lots 1 x", 0, 4))
    others = [replace(task, replicate=number, lane=lane).luck.u("x", 0, 4) for number in range(3) for lane in (1, 2)]
    assert len({row.tobytes() for row in others}) == 6
    assert again.tobytes() != first.tobytes()


class Middle:
    """A design whose point p stands at p + 1 of ten in every column."""

    def rows(self, first, count):
        return np.repeat((np.arange(first, first + count)[:, None] + 1.0) / 10, 2, axis=1)


PEOPLE = {"value": 6, "low": 2, "high": 10, "range": "bounds", "dist": "uniform"}


def test_columns_drive_what_works_can_do_and_the_rest_stays_still():
    scenario = open_scenario("tutorial", _REGION.TINY | FEW | {"facilities.dismantling.workers": PEOPLE}).scenario
    columns = {"facilities.dismantling.workers": 0}
    recipe = LotsRecipe(
        {"one": (scenario,)}, NAMES, REGIONS, YEARS, SEED, 2, Middle(), columns, others="best",
        first=2030, last=2030, batch=BATCH,
    )  # fmt: skip
    solver = recipe.solver()
    plans = [planned(solver._task(run))[0] for run in (0, 1, 8)]
    best = planned(LotTask(scenario, SEED, 0, 2030, 2030, (0,), BATCH))[0]
    share = best.capacities[0][0].workers / 6
    assert [plan.capacities[0][0].workers for plan in plans] == [round((2 + 8 * u) * share) for u in (0.1, 0.1, 0.5)]
    for plan in plans:  # all else is the best estimate
        assert plan.practice == best.practice
        np.testing.assert_array_equal(plan.years[0].treatment.taken, best.years[0].treatment.taken)
        np.testing.assert_array_equal(plan.years[0].arrivals.counts, best.years[0].arrivals.counts)


def test_the_balance_of_a_point_takes_its_columns(scenarios):
    plain = scenarios["as it is"]
    stream = "dismantling.parts.wheels.taken"
    told = [planned(LotTask(plain, SEED, lane, 2030, 2030, (0,), BATCH))[1][0] for lane in (1, 2)]
    recipe = LotsRecipe({"one": (plain,)}, NAMES, REGIONS, YEARS, SEED, first=2030, last=2030, batch=BATCH)
    again = [planned(recipe.solver()._task(run))[1][0] for run in (0, 1)]
    for one, other in zip(told, again, strict=True):
        np.testing.assert_array_equal(one.plan.metal.wanted, other.plan.metal.wanted)
        np.testing.assert_array_equal(one.plan.arrivals.rows, other.plan.arrivals.rows)
    assert not np.array_equal(told[0].plan.metal.wanted, told[1].plan.metal.wanted)
    assert Sampler(recipe.solver()._task(1).draws, 1, 1).uniform(stream) == KeyedSource(SEED).u(stream, 1, 1)


def test_a_choice_takes_the_scenario_of_its_point(scenarios):
    ways = tuple(scenarios.values())
    recipe = LotsRecipe(
        {"one": ways}, NAMES, REGIONS, YEARS, SEED, 1, Middle(), {"which": 1}, choices=(Choice("which", 2),),
        first=2030, last=2030, batch=BATCH,
    )  # fmt: skip
    solver = recipe.solver()
    assert [solver._task(run).scenario is ways[1] for run in range(9)] == [False] * 4 + [True] * 5


FAILING = {
    0: (NoAnswer([Fault("no_optimum", arguments={"found": "x"})]), "no_answer", "no_optimum found=x"),
    1: (InputError([Fault("no_facilities")]), "raised", "no_facilities"),
    2: (InputError([Fault("mass_not_kept", arguments={"found": 2})]), "not_proved", "laws: mass_not_kept found=2"),
    3: (NotProvedError("laws: melting Cu 3.0e+00"), "not_proved", "laws: melting Cu 3.0e+00"),
    4: (ZeroDivisionError("by\nnothing"), "raised", "ZeroDivisionError: by nothing"),
    5: (OSError(28, "No space left on device"), "raised", "OSError: [Errno 28] No space left on device"),
}


def test_failures_are_data_and_folders_are_left_clean(recipe, monkeypatch):
    errors = iter(error for error, _, _ in FAILING.values())

    def failing(task, folder):
        assert not list(folder.iterdir())
        (folder / "lot").mkdir()
        (folder / "lot" / "part").write_text("half", encoding="ascii")
        raise next(errors)

    monkeypatch.setattr(lots, "simulated", failing)
    solver = recipe.solver()
    batch = solver.solve(np.arange(6))
    found = {run: (why.status, why.reason) for run, why in batch.failures.items()}
    assert found == {run: (status, reason) for run, (_, status, reason) in FAILING.items()}
    assert np.isnan(batch.values).all()
    assert (batch.seconds > 0).all()
    assert not list((solver._scratch.folder / "runs").iterdir())


def test_an_interrupted_run_leaves_no_folder(recipe, monkeypatch):
    def interrupted(task, folder):
        (folder / "lot").mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(lots, "simulated", interrupted)
    solver = recipe.solver()
    with pytest.raises(KeyboardInterrupt):
        solver.solve(np.arange(1))
    assert not list((solver._scratch.folder / "runs").iterdir())


def test_a_run_is_the_same_beside_one_that_fails(recipe, answered, monkeypatch):
    simulated = lots.simulated

    def at_times(task, folder):
        if task.scenario is recipe.alternatives["as it is"][0]:
            raise NoAnswer([Fault("no_optimum", arguments={"found": "x"})])
        return simulated(task, folder)

    monkeypatch.setattr(lots, "simulated", at_times)
    batch = recipe.solver().solve(np.array([0, 1]))
    assert list(batch.failures) == [0]
    np.testing.assert_array_equal(batch.values[1], answered.values[1])


def test_broken_laws_are_named():
    checks = [{"name": "lot", "cells": 1, "worst": 0.0, "where": ""}]
    lots._check({"passed": True, "tolerance": 0.0, "checks": checks})
    bad = {"name": "melting", "cells": 1, "worst": 2.0, "where": "Cu"}
    lost = {"name": "edge", "cells": 1, "worst": float("nan"), "where": "x"}
    with pytest.raises(NotProvedError, match=r"^laws: melting Cu 2.0e\+00; edge x nan$"):
        lots._check({"passed": False, "tolerance": 0.0, "checks": [*checks, bad, lost]})


def test_a_recipe_without_a_scenario_for_each_choice_is_refused(recipe):
    with pytest.raises(ValueError, match="2 combinations"):
        replace(recipe, choices=(Choice("which", 2),))
    with pytest.raises(ValueError, match="without a design"):
        replace(recipe, columns={"x": 0})


@pytest.mark.slow
def test_lanes_of_simulate_lots(scenarios):
    """The door of `cesim lots` itself, two draws; point p is draw p."""
    run = simulate_lots(
        "tutorial", 2030, seed=SEED, draws=2, batch=BATCH, workers=1, with_losses=False, overrides=_REGION.TINY | FEW
    )
    recipe = LotsRecipe(
        {"a": (scenarios["as it is"],)}, NAMES, REGIONS, YEARS, SEED, first=2030, last=2030, batch=BATCH
    )
    batch = recipe.solver().solve(np.arange(2))
    table = run.tables["indicators"].set_index(["draw", "indicator"])["lots"]
    for point in range(2):
        for name in SHARED:
            assert of(batch, point, f"lots_{name}") == table[point + 1, name]
        assert of(batch, point, "lots_returned_6xxx") == table[point + 1, RETURNED]
    transport = run.tables["transport"].set_index("draw")
    assert [of(batch, point, "lots_truck_km") for point in range(2)] == transport.loc[[1, 2], "km"].tolist()


@pytest.mark.slow
def test_years_of_a_run_add_up_and_the_first_is_not_changed_by_the_next(scenarios, tmp_path):
    plain = scenarios["as it is"]
    recipe = LotsRecipe({"a": (plain,)}, NAMES, ("east_focus",), (2030, 2031), SEED, first=2030, last=2031, batch=BATCH)
    batch = recipe.solver().solve(np.array([0]))
    told = work(LotTask(plain, SEED, 1, 2030, 2031, (0,), BATCH), tmp_path / "lane")
    for row, year in enumerate((2030, 2031)):
        for name, value in shared(told["indicators"], year).items():
            assert of(batch, 0, f"lots_{name}", row) == value

    def both(name):
        return [of(batch, 0, name, row) for row in (0, 1)]

    assert sum(both("lots_heats")) == sum(row["heats"] for row in told["heats"])
    assert sum(both("lots_returned_6xxx")) == pytest.approx(told["returned_t"], rel=1e-12)
    assert sum(both("lots_truck_km")) == pytest.approx(told["transport"]["km"], rel=1e-12)
    waiting = next(row for row in told["works"] if row["kind"] == "shredding")
    assert np.mean(both("lots_shredding_queue")) == pytest.approx(waiting["waiting_area"] / waiting["seconds"])
    assert np.mean(both("lots_furnaces_use")) == pytest.approx(
        next(row for row in told["works"] if row["kind"] == "furnaces")["utilisation"]
    )
    assert min(both("lots_heats")) > 0


@pytest.mark.slow
def test_both_engines_stand_side_by_side(recipe, answered):
    one = replace(recipe, regions=("east", "west"), indicators=("lots_heats",))
    balance = BalanceRecipe(
        one.alternatives, ("h1_horizontal_rate_6xxx", "elv_count"), one.regions, one.years, SEED, proofs="none"
    )
    both = BothRecipe(balance, one)
    batch = both.solver().solve(np.array([0, 1, 2]))
    alone = balance.solver().solve(np.array([0, 1]))
    assert batch.failures == {}
    np.testing.assert_array_equal(batch.values[..., :2], alone.values[[0, 1, 0]])  # the same in every replicate
    np.testing.assert_array_equal(batch.values[:, 1, 2], answered.values[:, LAST, NAMES.index("lots_heats")])
    assert np.isnan(batch.values[:, [0, 2, 3], 2]).all()
    assert json.dumps(both.units) == json.dumps({"h1_horizontal_rate_6xxx": "share", "elv_count": "vehicles",
                                                "lots_heats": "heats"})  # fmt: skip
    other = replace(both, balance=replace(balance, regions=REGIONS, seed=SEED + 1), lots=replace(one, regions=REGIONS))
    failures = other.solver().solve(np.array([0])).failures
    assert failures[0].status == "not_proved"
    assert failures[0].reason.startswith("lots: another balance: elv_6xxx ")


@pytest.mark.slow
def test_records_are_those_of_a_traced_lane(tmp_path):
    """Point 1 and lane 2 hear the same network, and both hear something."""
    path = tmp_path / "few.yaml"
    changes = {name.replace(".", "__"): value for name, value in FEW.items()}
    traced = _REGION.text(**changes).replace("extends: tutorial", "extends: [tutorial, library/reporting]")
    path.write_text(traced, encoding="utf-8")
    scenario = open_scenario(path).scenario
    recipe = LotsRecipe(
        {"a": (scenario,)}, NAMES, ("east_focus",), (2030,), SEED, first=2030, last=2030, batch=BATCH, traced=True
    )
    batch = recipe.solver().solve(np.array([1]))
    told = work(LotTask(scenario, SEED, 2, 2030, 2030, (0,), BATCH, traced=True), tmp_path / "lane")
    assert batch.failures == {}
    assert of(batch, 1, "lots_bales_recorded", 0) == told["network"]["covered"] / told["network"]["bales"] > 0
    assert of(batch, 1, "lots_returned_6xxx", 0) == told["returned_t"]
    assert of(batch, 1, "lots_heats", 0) == sum(row["heats"] for row in told["heats"])
