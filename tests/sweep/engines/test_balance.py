"""A run of a sweep is a lane of a run of the scenario, bit for bit, whatever is asked for beside it."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.quantities import KeyedSource, TableSource
from cesim.run import prepare, simulate
from cesim.run.evaluated import NAMES
from cesim.run.held import HeldBlock
from cesim.run.once import solve_once
from cesim.run.prepared import Prepared
from cesim.run.solve import Plan
from cesim.scenario import open_scenario
from cesim.sweep.engines.balance import BalanceRecipe, Choice
from cesim.sweep.engines.points import source_of, way_of

SHORT = {"years.start": 2024, "years.end": 2025, "report.years": [2025], "sorting.share": 0.05}
LEVERS = {"as it is": {}, "more sorting": {"sorting.share": 0.6}, "fewer exports": {"fleet.export.hazard_scale": 0.6}}
YEARS, SEED = (2024, 2025), 4
POINTS = 140
"""More than a block."""


@pytest.fixture(scope="module")
def loaded():
    return {name: open_scenario("tutorial", SHORT | lever) for name, lever in LEVERS.items()}


@pytest.fixture(scope="module")
def recipe(loaded):
    alternatives = {name: (held.scenario,) for name, held in loaded.items()}
    return BalanceRecipe(alternatives, NAMES, ("east", "all"), YEARS, SEED, proofs="none")


@pytest.fixture(scope="module")
def expected(loaded):
    """Values (point, alternative, region, year, indicator) by the way that `cesim run` shares its draws with."""
    with prepare(loaded["as it is"], draws=POINTS, seed=SEED, workers=1) as held:
        answers = [held.solve(other.scenario) for other in loaded.values()]
        regions = [answers[0].regions.index(name) for name in ("east", "all")]
    return np.stack([answer.values[:, regions, :, 1:].transpose(3, 1, 2, 0) for answer in answers], axis=1)


@pytest.fixture(scope="module")
def whole(recipe):
    return recipe.solver().solve(np.arange(3 * POINTS))


def flat(expected):
    """Values (run, row, indicator)."""
    return expected.reshape(-1, 2 * len(YEARS), len(NAMES))


def alone(recipe, name="as it is", **changes):
    return replace(recipe, alternatives={name: recipe.alternatives[name]}, **changes)


def test_every_run_is_a_draw_of_a_prepared_scenario(whole, expected):
    assert whole.failures == {}
    np.testing.assert_array_equal(whole.runs, np.arange(3 * POINTS))
    np.testing.assert_array_equal(whole.values, flat(expected))
    assert (whole.seconds > 0).all()


def test_a_lone_alternative_is_a_run_of_the_scenario(loaded, recipe, expected):
    batch = alone(recipe).solver().solve(np.arange(5))
    np.testing.assert_array_equal(batch.values, flat(expected[:5, 0]))
    run = simulate(loaded["as it is"], draws=5, seed=SEED, workers=1)
    told = run.indicators.set_index(["indicator", "region", "year"])["p50"]
    for at, name in enumerate(NAMES):
        found = np.median(batch.values[:, 3, at])
        assert found == pytest.approx(told[name, "all", 2025], rel=1e-12, nan_ok=True)


@settings(max_examples=8, deadline=None)
@given(st.sets(st.integers(0, 3 * POINTS - 1), min_size=1, max_size=9))
def test_a_run_has_the_same_bits_in_any_company(recipe, expected, runs):
    batch = recipe.solver().solve(np.array(sorted(runs)))
    np.testing.assert_array_equal(batch.values, flat(expected)[sorted(runs)])


@settings(max_examples=4, deadline=None)
@given(st.permutations(tuple(LEVERS)), st.integers(100, 130))
def test_the_order_of_alternatives_changes_nothing(recipe, expected, order, point):
    turned = replace(recipe, alternatives={name: recipe.alternatives[name] for name in order})
    batch = turned.solver().solve(np.arange(3 * point, 3 * point + 6))
    places = [tuple(LEVERS).index(name) for name in order]
    np.testing.assert_array_equal(batch.values, flat(expected[point : point + 2][:, places]))


def test_a_solver_is_the_same_after_other_blocks(recipe, expected):
    solver = recipe.solver()
    for runs in ([390, 4], [5], [390, 391], [4]):
        np.testing.assert_array_equal(solver.solve(np.array(runs)).values, flat(expected)[sorted(runs)])


def test_what_is_kept_is_what_was_asked_for(recipe, expected):
    names = ("ghg", "h1_horizontal_rate_6xxx")
    few = replace(recipe, indicators=names, regions=("all",), years=(2025,))
    batch = few.solver().solve(np.array([0, 7]))
    assert batch.values.shape == (2, 1, 2)
    want = flat(expected)[[0, 7], 3][:, [NAMES.index(name) for name in names]]
    np.testing.assert_array_equal(batch.values[:, 0], want)
    assert few.units == {"ghg": "t CO2e", "h1_horizontal_rate_6xxx": "share"}
    assert few.shape.rows == 1


def test_a_recipe_crosses_to_another_process(recipe, expected):
    crossed = pickle.loads(pickle.dumps(recipe))
    assert crossed.shape == recipe.shape
    assert crossed.together == 3 * 128
    np.testing.assert_array_equal(crossed.solver().solve(np.array([1, 2])).values, flat(expected)[1:3])


class Table:
    """A design with an end: points of made-up probabilities, and none behind them."""

    columns, points = 2, 20

    def rows(self, first, count):
        if first + count > self.points:
            raise ValueError(f"the design has {self.points} points")
        table = (np.arange(2 * self.points).reshape(-1, 2) * 7 % 41 + 0.5) / 41
        return table[first : first + count]


STREAMS = {"gases.remelting": 1, "fleet.scrap.scale": 0, "content.additive": 0}


def test_columns_drive_their_streams_and_nothing_else(recipe, loaded):
    driven = alone(recipe, design=Table(), columns=STREAMS)
    batch = driven.solver().solve(np.arange(12))
    rows = Table().rows(0, 20)
    table = TableSource({name: rows[:, at] for name, at in STREAMS.items()}, KeyedSource(SEED))
    scenario = loaded["as it is"].scenario
    found = solve_once(Plan(scenario, 0, 13, 12, table), 1)[:, -1, -1]
    np.testing.assert_array_equal(batch.values[:, 3], found.T)
    some = driven.solver().solve(np.array([2, 11]))
    np.testing.assert_array_equal(some.values, batch.values[[2, 11]])


def test_with_the_rest_at_its_best_nothing_moves_but_the_columns(recipe, loaded):
    still = alone(recipe, others="best").solver().solve(np.arange(3))
    with prepare(loaded["as it is"], draws=1) as held:
        best = held.base
    want = best.values[..., 0][:, [best.regions.index(name) for name in ("east", "all")]]
    for own in still.values:
        np.testing.assert_array_equal(own, want.transpose(1, 2, 0).reshape(4, -1))
    moved = alone(recipe, others="best", design=Table(), columns={"gases.remelting": 1}).solver().solve(np.arange(3))
    changed = (moved.values != still.values) & ~np.isnan(still.values)
    assert {NAMES[at] for at in np.flatnonzero(changed.any(axis=(0, 1)))} == {"ghg", "ghg_primary_avoided"}
    keyed = alone(recipe, others="best", varied=frozenset({"gases.remelting"})).solver().solve(np.arange(3))
    assert len(set(keyed.values[:, 3, NAMES.index("ghg")])) == 3


def test_replicates_differ_in_the_luck_of_the_rest_only(recipe, expected):
    runs = np.arange(8)
    twice = alone(recipe, replicates=2).solver().solve(runs)
    np.testing.assert_array_equal(twice.values[::2], flat(expected[:4, 0]))
    ghg = twice.values[:, 3, NAMES.index("ghg")]
    assert len(set(ghg)) == 8
    same = alone(recipe, replicates=2, others="best", varied=frozenset({"gases.remelting"})).solver().solve(runs)
    np.testing.assert_array_equal(same.values[::2], same.values[1::2])


def test_a_future_takes_one_of_its_choices(recipe, loaded):
    ways = tuple(loaded[name].scenario for name in ("as it is", "more sorting"))
    chosen = replace(
        recipe, alternatives={"a": ways, "b": ways[::-1]}, choices=(Choice("choice sorting.share", 2),),
        design=Table(), columns={"choice sorting.share": 1},
    )  # fmt: skip
    batch = chosen.solver().solve(np.arange(24))
    option = (Table().rows(0, 12)[:, 1] >= 0.5).astype(int)
    assert set(option) == {0, 1}
    plain = recipe.solver().solve(np.arange(36)).values.reshape(12, 3, -1)
    for n in range(12):
        np.testing.assert_array_equal(batch.values[2 * n].reshape(-1), plain[n, option[n]])
        np.testing.assert_array_equal(batch.values[2 * n + 1].reshape(-1), plain[n, 1 - option[n]])


def test_of_several_choices_the_last_changes_fastest(recipe, loaded):
    ways = tuple(loaded[name].scenario for name in ("as it is", "more sorting", "fewer exports")) * 2
    choices = (Choice("first", 2), Choice("second", 3))
    made = replace(recipe, alternatives={"a": ways}, choices=choices, others="best")
    way = way_of(made, source_of(made, np.arange(50), 0))
    u = [KeyedSource(SEED).u(choice.stream, 0, 50) for choice in choices]
    np.testing.assert_array_equal(way, np.floor(2 * u[0]) * 3 + np.floor(3 * u[1]))
    assert Choice("a", 3).taken(np.array([1e-9, 1 / 3, 1 - 2.0**-53])).tolist() == [0, 1, 2]


def test_a_recipe_that_does_not_fit_together_is_refused(recipe):
    with pytest.raises(ValueError, match="2 combinations"):
        replace(recipe, choices=(Choice("choice", 2),))
    with pytest.raises(ValueError, match="without a design"):
        replace(recipe, columns={"gases.remelting": 0})


def test_a_block_is_let_go_with_its_memory(loaded):
    import gc
    import weakref

    from cesim.run.said import Contents, Said

    scenario = loaded["as it is"].scenario
    gc.disable()
    try:
        block = HeldBlock(Plan(scenario, 0, 3, 2), 1, Said(Contents(), scenario), 1 << 20)
        gone = weakref.ref(block)
        del block
        assert gone() is None
    finally:
        gc.enable()


def test_a_prepared_scenario_is_solved_once_to_the_same_bits(loaded):
    held = loaded["fewer exports"]
    with Prepared(held, Plan(held.scenario, SEED, 41, 41), 1) as prepared:
        np.testing.assert_array_equal(solve_once(Plan(held.scenario, SEED, 41, 41), 0), prepared.base.values)
