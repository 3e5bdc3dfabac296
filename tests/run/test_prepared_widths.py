"""A draw has the same bits in a block of any width, and blocks are shared out so that no lane is idle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.run import prepare, simulate
from cesim.run.evaluated import NAMES
from cesim.run.prepared import Prepared, width
from cesim.run.solve import Plan
from cesim.scenario import open_scenario

YEARS = {
    "years.start": 2024, "years.end": 2027, "report.years": [2027],
    "sorting.share": {"2024": 0.03, "2027": 0.3},
    "parts.hood.taken": {"2024": 0.02, "2027": 0.3},
}  # fmt: skip
CHANGES = {"sorting.share.2027": 0.6, "parts.bumpers.taken": 0.4, "fleet.export.hazard_scale": 0.7}
DRAWS, SEED = 9, 4


def solved(block, workers=1):
    loaded = open_scenario("tutorial", YEARS)
    plan = replace(Plan.of(loaded.scenario, SEED, DRAWS), block=block)
    with Prepared(loaded, plan, workers) as held:
        return held.base.values, held.evaluate(CHANGES).values


@pytest.fixture(scope="module")
def wide():
    return solved(128)


@pytest.mark.parametrize("block", [1, 2, 3, 4, 7, 9, 10])
def test_bits_do_not_depend_on_the_width_of_blocks(wide, block):
    base, changed = solved(block, workers=2)
    np.testing.assert_array_equal(base, wide[0])
    np.testing.assert_array_equal(changed, wide[1])


@pytest.mark.slow
@pytest.mark.parametrize("block", [1, 13, 26, 51])
def test_bits_of_a_large_scenario_do_not_depend_on_the_width_of_blocks(block):
    loaded = open_scenario("chubu-2035")
    answers = []
    for own in (128, block):
        with Prepared(loaded, replace(Plan.of(loaded.scenario, SEED, 50), block=own), 2) as held:
            answers.append(held.evaluate({"plan.measures.libs_shared.level": 0.6, "compounding.cap.PP": 0.2}).values)
    np.testing.assert_array_equal(*answers)


@pytest.mark.parametrize(
    ("lanes", "workers", "wide"), [(1, 2, 1), (51, 1, 51), (51, 2, 26), (256, 2, 128), (257, 2, 65), (1001, 2, 126)]
)
def test_every_worker_has_as_many_blocks_and_none_is_wider_than_those_of_a_run(lanes, workers, wide):
    own = width(lanes, workers)
    assert own == wide
    blocks = len(range(0, lanes, own))
    assert blocks % workers == 0 or blocks == lanes == 1
    assert blocks * own - lanes < blocks


def test_no_lane_is_solved_that_nobody_asked_for():
    with prepare(open_scenario("tutorial", YEARS), draws=4, workers=2) as held:
        assert [block.sampler.count for block in held._blocks] == [3, 2]


def test_a_scenario_put_together_in_python_is_solved_as_its_file_is():
    with prepare(open_scenario("tutorial", YEARS), draws=DRAWS, seed=SEED, workers=2) as held:
        scenario = held.loaded.scenario
        sorting = scenario.sorting.model_copy(
            update={"share": open_scenario("tutorial", {**YEARS, "sorting.share.2027": 0.6}).scenario.sorting.share}
        )
        answer = held.solve(scenario.model_copy(update={"sorting": sorting}), prove=True)
        again = held.evaluate({"sorting.share.2027": 0.6})
    np.testing.assert_array_equal(answer.values, again.values)
    assert answer.certificate.passed
    assert again.certificate is None


def test_a_scenario_of_another_shape_is_solved_as_it_says():
    fewer = {**YEARS, "years.end": 2026, "report.years": [2026], "sorting.share": 0.3, "parts.hood.taken": 0.3}
    other = open_scenario("chubu-baseline", fewer).scenario
    with prepare(open_scenario("tutorial", YEARS), draws=DRAWS, seed=SEED, workers=2) as held:
        assert list(other.regions) != list(held.plan.scenario.regions)
        answer = held.solve(other)
        base = held.solve(held.plan.scenario).values
        np.testing.assert_array_equal(base, held.base.values)
    assert answer.years == (2024, 2025, 2026)
    run = simulate(open_scenario("chubu-baseline", fewer), DRAWS, SEED)
    told = run.indicators.set_index(["indicator", "region", "year"]).best
    for name in NAMES:
        best = answer.lanes(name, "aichi", 2026)[0]
        assert best == pytest.approx(told[name, "aichi", 2026], rel=0, abs=0, nan_ok=True)


def test_what_is_no_scenario_is_refused():
    with prepare(open_scenario("tutorial", YEARS), draws=1) as held, pytest.raises(InputError) as refused:
        held.solve({"sorting.share": 0.3})
    assert [fault.code for fault in refused.value.faults] == ["no_scenario"]
