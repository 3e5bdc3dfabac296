"""A study's tables: the same while values wait, after they are sealed, and whatever is asked of them."""

import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
from made_up_studies import SHAPE, batch, left, lock

from cesim.errors import InputError
from cesim.sweep.solving import Batch, Cell, Failure
from cesim.sweep.store import Store, open_study
from cesim.sweep.store.exporting import export_csv, export_parquet
from cesim.text import hints, message

RUNS = [*range(21), 23, 30]


@pytest.fixture(params=["held", "sealed", "both", "closed"])
def study(tmp_path, request):
    """The same runs: all waiting that may, all in parts, some of each, or in a folder that nobody writes to."""
    with Store.create(tmp_path / "study", lock()) as store:
        if request.param == "both":
            store.record(batch(RUNS[::2]))
            store.seal()
            store.record(batch(RUNS[1::2]))
        else:
            store.record(batch(RUNS))
        if request.param != "held" and request.param != "both":
            store.seal()
        if request.param != "closed":
            yield open_study(tmp_path / "study")
            return
    yield open_study(tmp_path / "study")


def wanted_value(run, region, year, indicator):
    row = SHAPE.regions.index(region) * len(SHAPE.years) + SHAPE.years.index(year)
    return batch([run]).values[0, row, SHAPE.indicators.index(indicator)]  # noqa: PD011 -- no frame


def test_results_are_what_runs_came_to(study):
    table = study.results()
    assert list(table.columns) == ["run", "point", "replicate", "alternative", "region", "year", "rate", "co2_t"]
    assert len(table) == len(RUNS) * 6
    for row in table.itertuples():
        assert SHAPE.cell(row.run) == Cell(row.point, row.replicate, SHAPE.alternatives.index(row.alternative))
        for name in SHAPE.indicators:
            wanted = wanted_value(row.run, row.region, row.year, name)
            assert getattr(row, name) == wanted or (np.isnan(wanted) and np.isnan(getattr(row, name)))
    assert table["run"].tolist() == np.repeat(RUNS, 6).tolist()


@pytest.mark.parametrize("asked", [
    {"columns": ["co2_t"]}, {"years": [2035]}, {"years": [2050, 2030]}, {"region": "rest"}, {"alternative": "計画"},
    {"columns": ["co2_t", "rate"], "years": [2030], "region": "chubu", "alternative": "today"}, {"columns": []},
])  # fmt: skip
def test_a_choice_of_results_is_that_part_of_all(study, asked):
    every = study.results()
    keep = np.ones(len(every), dtype=bool)
    if "years" in asked:
        keep &= every["year"].isin(asked["years"]).to_numpy()
    for name in ("region", "alternative"):
        if name in asked:
            keep &= (every[name] == asked[name]).to_numpy()
    columns = [*every.columns[:6], *asked.get("columns", SHAPE.indicators)]
    pd.testing.assert_frame_equal(study.results(**asked), every.loc[keep, columns].reset_index(drop=True))


def test_values_stand_by_point_replicate_and_alternative(study):
    found = study.values("co2_t", "rest", 2035)
    assert found.shape == (8, 2, 2)
    for run in range(32):
        cell = SHAPE.cell(run)
        wanted = wanted_value(run, "rest", 2035, "co2_t") if run in RUNS else np.nan
        np.testing.assert_equal(found[cell], wanted)
    np.testing.assert_array_equal(study.values("co2_t", "rest", 2035, points=2), found[:2])
    assert np.isnan(study.values("co2_t", "rest", 2035, points=9)[8]).all()


def test_one_run_is_what_it_came_to(study):
    for run in RUNS:
        wanted, found = batch([run]), study.run(run)
        assert found.runs.tolist() == [run]
        np.testing.assert_array_equal(found.values, wanted.values)
        assert found.failures == wanted.failures
        assert found.seconds.tolist() == wanted.seconds.tolist()
    for run in (21, 31, 10**9, -1):
        with pytest.raises(InputError) as caught:
            study.run(run)
        assert caught.value.faults[0].code == "sweep_no_run"


def test_the_run_log_as_a_table(study):
    table = study.runs()
    columns = ["run", "point", "replicate", "alternative", "status", "reason", "seconds", "seed", "hash"]
    assert list(table.columns) == columns
    assert table["run"].tolist() == RUNS
    assert table.loc[table["status"] != "done", ["run", "status", "reason"]].to_numpy().tolist() == [
        [7, "raised", "試行 7"], [9, "no_answer", "試行 9"], [18, "raised", "試行 18"],
    ]  # fmt: skip
    assert (table["hash"].str.len() == np.where(table["status"] == "done", 32, 0)).all()
    assert table["seed"].unique().tolist() == [7]
    assert table["seconds"].tolist() == [run * 1e-3 for run in RUNS]


def test_an_analysis_is_refused_and_told_why(study):
    with pytest.raises(InputError) as caught:
        study.finite("rate", "chubu", 2030, points=6)
    told = {fault.code: fault.arguments["count"] for fault in caught.value.faults}
    assert told == {
        "sweep_not_finite": 9,
        "sweep_not_finite_raised": 2,
        "sweep_not_finite_no_answer": 1,
        "sweep_not_finite_nothing": 4,
        "sweep_not_finite_missing": 2,
    }
    first = next(fault for fault in caught.value.faults if fault.code == "sweep_not_finite")
    assert message(first, "en").startswith("9 of 24 runs have no finite value of rate (chubu, 2030).")
    assert "cesim discover" in hints(first, "ja")[0]
    for fault in caught.value.faults:
        assert "?" not in message(fault, "ja") + message(fault, "en")
        assert not message(fault, "ja").startswith("sweep_")


def test_what_every_run_has_is_given_as_it_is(study):
    np.testing.assert_array_equal(study.finite("co2_t", "chubu", 2030, 1), study.values("co2_t", "chubu", 2030, 1))


def test_a_value_without_bounds_is_not_finite(tmp_path):
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(Batch(np.arange(4), np.full((4, 6, 2), np.inf), np.zeros(4)))
        with pytest.raises(InputError) as caught:
            open_study(tmp_path / "a").finite("rate", "chubu", 2030)
    assert [fault.code for fault in caught.value.faults] == ["sweep_not_finite", "sweep_not_finite_nothing"]


def test_a_study_without_runs(tmp_path):
    Store.create(tmp_path / "a", lock()).close()
    study = open_study(tmp_path / "a")
    assert study.points() == 0
    assert study.results().shape == (0, 8)
    assert study.runs().shape == (0, 9)
    assert study.values("rate", "rest", 2030).shape == (0, 2, 2)
    with pytest.raises(InputError):
        study.finite("rate", "rest", 2030)


@pytest.mark.parametrize(("asked", "code", "nearest"), [
    ({"columns": ["rat"]}, "sweep_no_column", "rate"),
    ({"years": [2036]}, "sweep_no_year", None),
    ({"region": "chuubu"}, "sweep_no_region", "chubu"),
    ({"alternative": "todya"}, "sweep_no_alternative", "today"),
])  # fmt: skip
def test_names_that_are_not_there(study, asked, code, nearest):
    with pytest.raises(InputError) as caught:
        study.results(**asked)
    (fault,) = caught.value.faults
    assert fault.code == code
    assert fault.arguments["nearest"] == nearest


def test_reading_sees_one_moment_while_a_part_is_written_anew(tmp_path):
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(batch(range(12)))
        store.seal()
        study = open_study(tmp_path / "a")
        passing = study.parts(["rate"])
        runs, _ = next(passing)
        store.record(batch(range(12, 16)))  # the second part has a newer file now
        rest = list(passing)
        assert [run for some, _ in [(runs, 0), *rest] for run in some] == list(range(12))
        np.testing.assert_array_equal(rest[0][1][0], batch(range(8, 12)).values[:, :, 0])  # noqa: PD011 -- no frame
        assert len(study.results()) == 16 * 6


def test_reading_writes_nothing_and_needs_no_write_ahead_log_of_a_closed_study(study, request):
    before = left(study.folder)
    study.results()
    study.runs()
    assert left(study.folder) == before
    if request.node.callspec.params["study"] == "closed":
        assert {path.name for path in study.folder.iterdir()} == {".writing", "lock.json", "results", "runs.sqlite"}


def test_the_log_can_be_read_without_cesim(study):
    with closing(sqlite3.connect(study.folder / "runs.sqlite")) as log:
        assert log.execute("SELECT count(*), sum(status <> 'done') FROM runs").fetchone() == (23, 3)


def test_files_for_other_programs(study, tmp_path):
    export_csv(study, tmp_path / "out.csv")
    export_parquet(study, tmp_path / "out.parquet")
    assert (tmp_path / "out.csv").read_bytes().startswith("\ufeffrun,point,".encode())
    wanted = study.results()
    wanted[["alternative", "region"]] = wanted[["alternative", "region"]].astype("str")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "out.csv"), wanted)
    parquet = pd.read_parquet(tmp_path / "out.parquet")
    parquet[["alternative", "region"]] = parquet[["alternative", "region"]].astype("str")
    pd.testing.assert_frame_equal(parquet, wanted)
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", "out.parquet", "study"}
    with pytest.raises(InputError) as caught:
        export_csv(study, tmp_path / "nowhere" / "out.csv")
    assert caught.value.faults[0].code == "sweep_cannot_write"


def test_a_failure_is_told_by_its_reason(tmp_path):
    values = np.full((1, 6, 2), np.nan)
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(Batch(np.array([0]), values, np.zeros(1), {0: Failure("too_long", "60 s")}))
        with pytest.raises(InputError) as caught:
            open_study(tmp_path / "a").finite("rate", "chubu", 2030)
    assert "sweep_not_finite_too_long" in {fault.code for fault in caught.value.faults}
