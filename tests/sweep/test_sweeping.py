"""A sweep from a file to its folder: what is there, in which order it came does not matter, and when it stops."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_up_sweeps  # noqa: F401 -- makes the folders beside this one known
from made_up_scenarios import text
from made_up_studies import left

from cesim.errors import InputError
from cesim.quantities import KeyedSource
from cesim.run import prepare
from cesim.run.evaluated import NAMES
from cesim.scenario import open_scenario
from cesim.sweep.execute import Means, runs_of
from cesim.sweep.inputs import POINTS
from cesim.sweep.planning import plan_of
from cesim.sweep.reading import read_study
from cesim.sweep.store import merge, open_study
from cesim.sweep.sweeping import sweep

ALONE = Means(1)
FEW = {"vary": ["market.sales", "fleet.stock"], "indicators": ["primary_demand", "elv_6xxx"]}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    file = tmp_path_factory.mktemp("scenario") / "tiny.yaml"
    file.write_text(text(), encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def planned(tiny):
    """Options -> plan; made once for the same options."""
    held = {}

    def plan(**options):
        entries = {**FEW, **{name.replace("__", "."): value for name, value in options.items()}}
        key = str(sorted(entries.items()))
        if key not in held:
            held[key] = plan_of(read_study(tiny, entries))
        return held[key]

    return plan


def test_every_point_of_a_sweep_in_which_all_varies_is_a_draw_of_the_scenario(tiny, planned, tmp_path):
    """Bit for bit, so that what a run says of a future and what a sweep says of it can be laid side by side."""
    points = 140  # more than a block
    sweep(planned(vary=["*"], indicators=[], design__samples=points), tmp_path / "study", ALONE)
    with prepare(open_scenario(tiny), draws=points, seed=0, workers=1) as held:
        answer = held.solve(open_scenario(tiny).scenario)
    region = answer.regions.index("east_focus")
    cube = open_study(tmp_path / "study").cube(NAMES)  # (indicator, point, replicate, alternative, row)
    assert cube.shape[1:4] == (points, 1, 1)
    np.testing.assert_array_equal(cube[:, :, 0, 0, :].transpose(0, 2, 1), answer.values[:, region, :, 1:])  # noqa: PD011 -- no frame


@pytest.mark.parametrize("kind", ["monte-carlo", "sobol", "saltelli", "morris"])
def test_a_sweep_that_is_extended_is_the_longer_sweep(planned, tmp_path, kind):
    few, many = (8, 24) if kind in ("saltelli", "morris") else (100, 300)
    short = planned(design__kind=kind, design__samples=few, proofs="none")
    sweep(short, tmp_path / "study", ALONE)
    before = open_study(tmp_path / "study").results()
    extended = sweep(short, tmp_path / "study", ALONE, to=many)
    at_once = sweep(planned(design__kind=kind, design__samples=many, proofs="none"), tmp_path / "whole", ALONE)
    assert (extended.points, extended.runs, extended.before) == (at_once.points, at_once.runs, len(before) // 2)
    assert left(tmp_path / "study") == left(tmp_path / "whole")
    assert open_study(tmp_path / "study").results()[: len(before)].equals(before)
    assert sweep(short, tmp_path / "study", ALONE, to=many).before == extended.runs


def test_a_sweep_of_more_points_goes_on_with_one_of_fewer(planned, tmp_path):
    """How many points there are is no part of what the study is."""
    sweep(planned(design__samples=20), tmp_path / "study", ALONE)
    more = planned(design__samples=50)
    assert sweep(more, tmp_path / "study", ALONE, resume=True).before == 20
    assert sweep(more, tmp_path / "whole", ALONE).before == 0
    assert left(tmp_path / "study") == left(tmp_path / "whole")


@pytest.mark.parametrize("kind", ["monte-carlo", "sobol"])
def test_what_went_into_every_point_lies_beside(planned, tmp_path, kind):
    plan = planned(design__kind=kind, design__samples=16, proofs="none")
    sweep(plan, tmp_path / "study", ALONE)
    table = pd.read_parquet(tmp_path / "study" / POINTS)
    assert table.columns.tolist() == ["point", *(column["stream"] for column in plan.columns)]
    assert table["point"].tolist() == list(range(16))
    drawn = KeyedSource(0) if kind == "monte-carlo" else None
    for at, name in enumerate(table.columns[1:]):
        expected = drawn.u(name, 0, 16) if drawn is not None else plan.designed.design.rows(0, 16)[:, at]
        np.testing.assert_array_equal(table[name], expected)
    written = (tmp_path / "study" / POINTS).read_bytes()
    sweep(plan, tmp_path / "study", ALONE, to=32)
    assert len(pd.read_parquet(tmp_path / "study" / POINTS)) == 32
    sweep(plan, tmp_path / "again", ALONE)
    assert (tmp_path / "again" / POINTS).read_bytes() == written


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 3])
def test_the_number_of_workers_changes_nothing(planned, tmp_path, workers):
    plan = planned(design__samples=300)
    sweep(plan, tmp_path / "whole", ALONE)
    sweep(plan, tmp_path / "study", Means(workers))
    assert left(tmp_path / "study") == left(tmp_path / "whole")


def test_shards_are_whole_blocks_and_together_the_sweep(planned, tmp_path):
    plan = planned(design__samples=300, levers={"sorting.share": [0.05, 0.6]}, proofs="none")
    runs = [runs_of(300, plan.recipe, (number, 3)) for number in (1, 2, 3)]
    assert sorted(np.concatenate(runs)) == list(range(600))
    assert all((np.diff(mine // plan.recipe.together) % 3 == 0).all() for mine in runs)
    for number in (1, 2, 3):
        sweep(plan, tmp_path / str(number), ALONE, shard=(number, 3))
    merge([tmp_path / name for name in "312"], tmp_path / "study")
    sweep(plan, tmp_path / "whole", ALONE)
    assert left(tmp_path / "study") == left(tmp_path / "whole")


def stop(**changes):
    return {"indicator": "primary_demand", "year": 2025, "half_width": 1.0, "most": 400, **changes}


def spread(folder, points):
    """Half of the interval that is asked for, by the book."""
    values = open_study(folder).values("primary_demand", "east_focus", 2025, points)[:, 0, 0]
    return float(1.959963984540054 * values.std(ddof=1) / np.sqrt(points))


@pytest.fixture(scope="module")
def hundred(planned, tmp_path_factory):
    """The spread of a hundred points, from which the rules of these tests are made."""
    folder = tmp_path_factory.mktemp("stop") / "study"
    plan = planned(design__samples=100)
    sweep(plan, folder, ALONE)
    found = spread(folder, 100)
    assert found > 1e-6
    return found


@pytest.mark.parametrize(("half_width", "points"), [(1.01, 100), (0.71, 200), (0.0001, 350)])
def test_a_stop_rule_stops_and_says_how_precise(planned, tmp_path, hundred, half_width, points):
    """Twice the points narrow the interval by about the root of two; `most` ends it anyhow."""
    rule = stop(half_width=hundred * half_width * 1.05, most=350)
    plan = planned(design__samples=100, stop=rule, proofs="none")
    swept = sweep(plan, tmp_path / "study", ALONE)
    assert swept.points == swept.runs == points
    assert swept.half_width == pytest.approx(spread(tmp_path / "study", points), rel=1e-12)
    assert (swept.half_width <= rule["half_width"]) == (points < 350)


def test_a_stop_rule_goes_on_as_if_it_had_not_been_interrupted(planned, tmp_path, hundred):
    """What was answered of the second round does not count for the first."""
    rule = stop(half_width=hundred * 0.96)  # which the 128 points that are there by then would keep
    plan = planned(design__samples=100, stop=rule, proofs="none")
    whole = sweep(plan, tmp_path / "whole", ALONE)
    assert whole.points == 200

    def interrupted(done, total, failed):
        if total == 200 and done > 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(plan, tmp_path / "study", ALONE, progress=interrupted)
    assert 100 < open_study(tmp_path / "study").points() < 200
    again = sweep(plan, tmp_path / "study", ALONE, resume=True)
    assert (again.points, again.half_width) == (whole.points, whole.half_width)
    assert left(tmp_path / "study") == left(tmp_path / "whole")


def test_progress_counts_what_there_is(planned, tmp_path):
    heard = []
    sweep(planned(design__samples=20), tmp_path / "study", ALONE, progress=lambda *told: heard.append(told))
    assert heard[0] == (0, 20, 0)
    assert heard[-1] == (20, 20, 0)
    heard.clear()
    sweep(
        planned(design__samples=20), tmp_path / "study", ALONE, resume=True, progress=lambda *told: heard.append(told)
    )
    assert heard == [(20, 20, 0)]


def test_an_interrupted_first_chunk_leaves_a_folder_to_go_on_with(planned, tmp_path):
    def interrupted(done, total, failed):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(planned(design__samples=20), tmp_path / "study", ALONE, progress=interrupted)
    with pytest.raises(InputError) as caught:
        sweep(planned(design__samples=20), tmp_path / "study", ALONE)
    assert [fault.code for fault in caught.value.faults] == ["sweep_exists"]
    assert sweep(planned(design__samples=20), tmp_path / "study", ALONE, resume=True).before == 0


def test_points_of_an_extension_that_was_stopped_are_told(planned, tmp_path):
    plan = planned(design__samples=20)
    sweep(plan, tmp_path / "study", ALONE, to=50)
    assert sweep(plan, tmp_path / "study", ALONE, resume=True).beyond == 30
    assert sweep(plan, tmp_path / "study", ALONE, to=50).beyond == 0
