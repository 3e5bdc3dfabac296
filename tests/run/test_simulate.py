"""What a run promises: the same bits whoever solves it, a balance that closes, a folder that can be read back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import cesim
from cesim.errors import InputError, Place
from cesim.run import open_run, simulate
from cesim.run.folder import TABLES, check_can_be_folder
from cesim.scenario import open_scenario

SHIPPED = ("tutorial", "japan-baseline", "chubu-baseline", "chubu-2035", "chubu-2035-component-model")


def _same(a, b):
    for name in TABLES:
        pd.testing.assert_frame_equal(a.tables[name], b.tables[name], check_exact=True)


def _draws(run, draws):
    return run.tables["draws"].query("draw in @draws").reset_index(drop=True)


@pytest.fixture(scope="module")
def again(short):
    """The short run once more, and what it told of its progress."""
    seen = []
    run = simulate(short, draws=130, seed=4, progress=lambda done, total: seen.append((done, total)), workers=1)
    return run, tuple(seen)


def test_same_seed_same_bytes(short_run, again, tmp_path):
    one = short_run.save(tmp_path / "one")
    two = again[0].save(tmp_path / "two")
    assert sorted(p.name for p in one.iterdir()) == sorted(p.name for p in two.iterdir())
    for file in one.iterdir():
        assert file.read_bytes() == (two / file.name).read_bytes(), file.name


def test_two_processes_solve_what_one_does(short, short_run):
    _same(short_run, simulate(short, draws=130, seed=4, workers=2))


def test_a_draw_is_the_same_in_any_company(short, short_run):
    alone = simulate(short, draws=3, seed=4, workers=1)
    pd.testing.assert_frame_equal(_draws(alone, range(3)), _draws(short_run, range(3)), check_exact=True)


def test_the_best_estimate_does_not_depend_on_draws_or_seed(short, short_run):
    for other in (simulate(short, draws=1, seed=4, workers=1), simulate(short, draws=2, seed=99, workers=1)):
        keys = ["indicator", "region", "year"]
        mine, theirs = (run.indicators.set_index(keys)["best"].sort_index() for run in (short_run, other))
        pd.testing.assert_series_equal(mine, theirs, check_exact=True)


def test_another_seed_gives_other_draws(short, short_run):
    other, mine = _draws(simulate(short, draws=3, seed=5, workers=1), range(3)), _draws(short_run, range(3))
    assert list(other.columns) == list(mine.columns)
    values = mine.drop(columns="draw").columns
    differ = (mine[values] != other[values]).any()
    assert differ[differ].index.str.startswith("h1_horizontal_rate_6xxx|").any()


def test_quantiles_are_those_of_the_draws(short_run):
    drawn = short_run.tables["draws"]
    assert list(drawn["draw"]) == list(range(130))
    wide = short_run.indicators.set_index(["indicator", "region", "year"])
    for column in drawn.columns.drop("draw"):
        indicator, region, year = column.split("|")
        row = wide.loc[(indicator, region, int(year)), ["p05", "p25", "p50", "p75", "p95"]].astype(float)
        np.testing.assert_allclose(row, np.quantile(drawn[column], [0.05, 0.25, 0.5, 0.75, 0.95]), rtol=1e-12)
    assert drawn.shape[1] > 20


def test_the_balance_closes_and_the_certificate_sees_when_it_does_not(short_run):
    certificate = short_run.certificate
    assert certificate.passed
    assert certificate.worst.worst <= 1e-9
    assert {check.name for check in certificate.checks} == {"substance", "origin", "partition", "not negative"}
    assert all(check.cells > 0 for check in certificate.checks)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_closes_and_has_no_holes(name):
    loaded = open_scenario(name)
    start = loaded.scenario.years.start
    short = {"years.end": max(start + 1, 2010), "report.years": [start + 1]}
    run = simulate(open_scenario(name, short), draws=20, seed=1, workers=1)
    assert run.certificate.worst.worst <= 1e-9, run.certificate.worst
    for table in TABLES:
        numbers = run.tables[table].select_dtypes("number")
        optional = {"low", "high", "shadow_price", "best", "met_chance"}
        assert not numbers.drop(columns=optional & set(numbers)).isna().any().any(), table


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_closes_in_all_years(name):
    run = simulate(name, draws=255, seed=2)
    assert run.certificate.worst.worst <= 1e-9, run.certificate.worst


def test_a_run_reads_back_as_it_was_saved(short_run, tmp_path):
    back = open_run(short_run.save(tmp_path / "run"))
    assert back.about == short_run.about
    _same(back, short_run)
    assert back.certificate == short_run.certificate


def test_a_second_run_replaces_the_first_and_nothing_else(short_run, tmp_path):
    target = tmp_path / "run"
    short_run.save(target)
    (target / "left-behind").write_text("x", encoding="utf-8")
    short_run.save(target)
    assert not (target / "left-behind").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    other = replace(
        short_run,
        about={**short_run.about, "scenario": {**short_run.about["scenario"], "name": {"ja": "x", "en": "x"}}},
    )
    with pytest.raises(InputError) as caught:
        other.save(target)
    assert [fault.code for fault in caught.value.faults] == ["folder_in_use"]
    _same(open_run(target), short_run)


def test_a_folder_of_others_is_left_alone(short_run, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputError):
        short_run.save(tmp_path / "letters")
    assert [p.name for p in (tmp_path / "letters").iterdir()] == ["a.txt"]


def test_what_goes_wrong_while_saving_leaves_nothing(short_run, tmp_path):
    def stumble(folder):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        short_run.save(tmp_path / "run", stumble)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", ["run.json", "flows.parquet", "limits.parquet"])
def test_half_a_run_is_refused(short_run, tmp_path, missing):
    folder = short_run.save(tmp_path / "run")
    (folder / missing).unlink()
    with pytest.raises(InputError) as caught:
        open_run(folder)
    assert [fault.code for fault in caught.value.faults] == ["no_run_folder"]


def test_a_scenario_may_be_given_as_name_or_as_what_was_read(short):
    scenario = cesim.load_scenario("tutorial", {"years.start": 2025, "years.end": 2026, "report.years": [2026]})
    run = cesim.simulate(scenario, draws=1)
    assert run.about["years"] == [2025, 2026]
    assert run.indicators["p05"].equals(run.indicators["p95"])


@pytest.mark.parametrize("name", ["draws", "seed", "workers"])
@pytest.mark.parametrize("found", [2.5, True, "10", "x", -3, 10**20, float("nan"), [3], np.float64(3)])
def test_a_run_is_asked_with_whole_numbers(short, name, found):
    with pytest.raises(InputError) as caught:
        simulate(short, **{name: found})
    (fault,) = caught.value.faults
    assert (fault.code, fault.arguments["option"]) == ("not_in_span", name)
    assert str(caught.value).startswith(f"{name} takes a whole number from ")


def test_no_draws_and_too_many_are_refused_with_what_is_allowed(short):
    with pytest.raises(InputError) as caught:
        simulate(short, draws=0, seed=-1)
    assert str(caught.value) == (
        "draws takes a whole number from 1 to 100,000; 0 was found.\n"
        "seed takes a whole number from 0 to 999,999,999,999,999; -1 was found."
    )
    with pytest.raises(InputError, match="100001 was found"):
        simulate(short, draws=100_001)


def test_whole_numbers_of_numpy_are_taken(short):
    assert simulate(short, draws=np.int64(1), seed=np.uint8(3)).about["seed"] == 3


@pytest.mark.parametrize("scenario", [3, None, {"years": 1}])
def test_what_is_no_scenario_is_refused(scenario):
    with pytest.raises(InputError) as caught:
        simulate(scenario)
    assert [fault.code for fault in caught.value.faults] == ["no_scenario"]


@pytest.mark.parametrize("below", ["", "run", "a/b"])
def test_a_file_in_the_way_is_told_with_the_path_that_was_asked_for(short_run, tmp_path, below):
    (tmp_path / "letter").write_text("dear", encoding="utf-8")
    target = tmp_path / "letter" / below
    with pytest.raises(InputError) as caught:
        short_run.save(target)
    (fault,) = caught.value.faults
    assert (fault.code, fault.place) == ("out_is_file", Place(str(target)))
    assert (tmp_path / "letter").read_text(encoding="utf-8") == "dear"


def test_a_disk_that_refuses_is_told_with_the_path_that_was_asked_for(short_run, tmp_path):
    def full(folder):
        raise OSError(28, "No space left on device", str(folder / "report.html"))

    with pytest.raises(InputError) as caught:
        short_run.save(tmp_path / "run", full)
    (fault,) = caught.value.faults
    assert (fault.code, fault.place) == ("cannot_write_folder", Place(str(tmp_path / "run")))
    assert fault.arguments == {"found": "No space left on device"}
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_permission_is_refused_before_anything_is_computed(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(InputError) as caught:
        check_can_be_folder(tmp_path / "runs" / "x")
    (fault,) = caught.value.faults
    assert (fault.code, fault.place) == ("cannot_write_folder", Place(str(tmp_path / "runs" / "x")))


def test_an_error_of_open_run_is_a_sentence(tmp_path):
    with pytest.raises(InputError) as caught:
        open_run(tmp_path)
    assert str(caught.value) == f"{tmp_path}: {tmp_path} is no folder of a run (run.json is missing)."


def test_progress_counts_every_block(again):
    assert again[1] == ((0, 2), (1, 2), (2, 2))


def test_two_scenarios_that_differ_in_one_lever_share_their_draws(short_run, short_years):
    changed = simulate(open_scenario("tutorial", {**short_years, "sorting.share": 0.9}), draws=130, seed=4, workers=1)
    before, after = (run.tables["sources"].set_index("path") for run in (short_run, changed))
    same = before.index.intersection(after.index).difference(["sorting.share"])
    assert len(same) > 500
    columns = [column for column in short_run.tables["draws"] if column.startswith("elv_count|")]
    assert columns
    pd.testing.assert_frame_equal(
        changed.tables["draws"][columns], short_run.tables["draws"][columns], check_exact=True
    )
