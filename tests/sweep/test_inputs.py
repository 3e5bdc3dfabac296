"""What went into every point, in units: a row a point, the same bytes for the same points, no more memory for more."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_up_scenarios import text

from cesim.errors import InputError
from cesim.quantities import TimePath
from cesim.run.sampler import Sampler
from cesim.sweep import inputs as module
from cesim.sweep.discovery.streams import drawn
from cesim.sweep.engines.points import source_of
from cesim.sweep.inputs import INPUTS, SHEET, write_inputs, write_points
from cesim.sweep.planning import plan_of
from cesim.sweep.reading import read_study

EVERYTHING = {
    "vary": ["*"],
    "keep": ["sorting.share"],
    "sampled": {"sorting.share": [0.1, 0.35], "variants.wrought_share": ["shipments", "component_model"]},
    "indicators": ["primary_demand"],
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    file = tmp_path_factory.mktemp("scenario") / "tiny.yaml"
    file.write_text(text(), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def plan(tiny):
    return plan_of(read_study(str(tiny), {**EVERYTHING, "design.kind": "sobol"}))


def test_every_number_is_what_the_engine_draws_to_the_bit(plan, tmp_path):
    assert write_inputs(tmp_path, plan, 50)
    table = pd.read_parquet(tmp_path / INPUTS)
    sampler = Sampler(source_of(plan.recipe, np.arange(50), 0), 1, 50)
    known = {one.name: one.held for one in drawn(plan.alternatives[0].scenario)}
    told = 0
    for heading in table.columns[1:]:
        name, _, unit = heading.partition(" [")
        path, _, year = name.partition("@")
        group, _, key = path.rpartition(".")
        if isinstance(known.get(group), Mapping):
            found = sampler.simplex(group, known[group])[key]
        elif path not in known:
            continue  # a choice, or a number whose range begins after the years of the report
        elif isinstance(known[path], TimePath):
            held = known[path]
            found = sampler.path(path, held, [int(year or 2025)])[:, 0]
            assert unit == f"{next(iter(held.knots.values())).unit}]"
        else:
            found = sampler.value(path, known[path])
            assert unit == f"{known[path].unit}]"
        np.testing.assert_array_equal(table[heading], found, err_msg=heading)
        told += 1
    assert told > 300
    assert table["point"].tolist() == list(range(50))


def test_choices_are_told_as_they_are_written(plan, tmp_path):
    write_inputs(tmp_path, plan, 50)
    table = pd.read_parquet(tmp_path / INPUTS)
    assert table["sorting.share"].dtype == float
    for at, choice in enumerate(plan.recipe.choices):
        path = choice.stream.removeprefix("choice ")
        taken = choice.taken(source_of(plan.recipe, np.arange(50), 0).u(choice.stream, 0, 50))
        assert table[path].tolist() == [EVERYTHING["sampled"][path][one] for one in taken]
        assert len(set(taken)) == 2, at


def test_the_same_points_give_the_same_bytes_and_parts_show_nowhere(plan, tmp_path, monkeypatch):
    write_inputs(tmp_path, plan, 30)
    one = [(tmp_path / name).read_bytes() for name in (INPUTS, SHEET)]
    write_inputs(tmp_path, plan, 30)
    assert [(tmp_path / name).read_bytes() for name in (INPUTS, SHEET)] == one
    whole = pd.read_parquet(tmp_path / INPUTS)
    monkeypatch.setattr(module, "_ROWS", 7)
    write_inputs(tmp_path, plan, 30)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / INPUTS), whole, check_exact=True)
    assert not list(tmp_path.glob(".*"))


def test_the_sheet_says_the_same_to_the_last_digit_and_opens_in_japan(plan, tmp_path):
    write_inputs(tmp_path, plan, 30)
    assert (tmp_path / SHEET).read_bytes().startswith(b"\xef\xbb\xbfpoint,")
    sheet = pd.read_csv(tmp_path / SHEET, encoding="utf-8-sig")
    pd.testing.assert_frame_equal(sheet, pd.read_parquet(tmp_path / INPUTS), check_exact=True)


def test_tables_that_would_be_too_large_are_not_written(plan, tmp_path, monkeypatch):
    write_inputs(tmp_path, plan, 30)
    width = len(pq.read_schema(tmp_path / INPUTS).names) - 1
    monkeypatch.setattr(module, "MOST_SHEET", 30 * width)
    assert write_inputs(tmp_path, plan, 30)
    assert (tmp_path / SHEET).exists()
    assert write_inputs(tmp_path, plan, 31)
    assert not (tmp_path / SHEET).exists()  # rather than one of fewer points
    monkeypatch.setattr(module, "MOST", 30 * width)
    assert not write_inputs(tmp_path, plan, 31)
    assert not list(tmp_path.iterdir())
    assert write_points(tmp_path, plan, 20)
    assert not write_points(tmp_path, plan, 60)
    assert not list(tmp_path.iterdir())


def test_more_points_take_no_more_memory(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_ROWS", 128)
    monkeypatch.setattr(module, "MOST_SHEET", 0)
    peaks = []
    for points in (256, 256, 1024):
        tracemalloc.start()
        write_inputs(tmp_path, plan, points)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.25 * peaks[1]


def test_ranges_that_differ_between_alternatives_have_a_column_each(tiny, tmp_path):
    rate = {"value": 0.05, "low": 0.04, "high": 0.07, "source": "made up", "status": "given"}
    (tmp_path / "other.yaml").write_text(text(fleet__export__rate=rate), encoding="utf-8")
    asked = {"vary": ["fleet.export.rate", "sorting.recovery"], "scenarios": [str(tiny), str(tmp_path / "other.yaml")]}
    plan = plan_of(read_study(str(tiny), {**asked, "indicators": ["primary_demand"], "design.kind": "sobol"}))
    write_inputs(tmp_path, plan, 20)
    table = pd.read_parquet(tmp_path / INPUTS)
    one, other = (table[f"fleet.export.rate [1/year] in {name}"] for name in ("tiny", "other"))
    assert (one != other).all()
    assert one.rank().equals(other.rank())
    assert [name for name in table if name.startswith("sorting.recovery")] == ["sorting.recovery [share]"]


@pytest.mark.parametrize("name", [f".{INPUTS}.new", f".{SHEET}.new", SHEET])
def test_a_folder_that_cannot_be_written_is_told(plan, tmp_path, name):
    (tmp_path / name).mkdir()  # in the way
    with pytest.raises(InputError) as caught:
        write_inputs(tmp_path, plan, 5)
    assert [fault.code for fault in caught.value.faults] == ["cannot_write_folder"]
