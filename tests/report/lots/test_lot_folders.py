"""The commands write page and workbook into the folder of a lot-by-lot run, and take no run for one of another kind."""

import json
from types import SimpleNamespace

import made_up_lots as made
import pytest

import cesim
from cesim.cli.main import main
from cesim.errors import InputError
from cesim.run import lots, open_lot_run, open_run
from cesim.run.lot_record import STATUSES, assumed, lot_record
from cesim.run.record import kind_of
from cesim.scenario import open_scenario

DOCUMENTS = ("report.html", "results.xlsx")
NAME = {"ja": "練習用", "en": "Tutorial"}


@pytest.fixture
def at_once(monkeypatch, tmp_path):
    """Lanes that are done at once, and a folder to work in."""

    def done(tasks, desk, workers, progress):
        best = desk / "lane-00000"
        best.mkdir()
        made.flows().to_parquet(best / "flows.parquet", index=False)
        return made.outcomes(with_losses=len(tasks) > 1)

    same = SimpleNamespace(agrees=True, ways=970, cells=18_114, worst_mg=233.89, where="", operations=3_658)
    monkeypatch.setattr(lots, "_all", done)
    monkeypatch.setattr(lots, "mirror", lambda *_: same)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run_folder(at_once):
    """The folder of a run with its documents in English."""
    assert main(["lots", "tutorial", "--year", "2030", "--out", "kept", "--lang", "en"]) == 0
    return at_once / "kept"


@pytest.fixture
def balance_folder(tmp_path):
    """What looks like the folder of a run of the balance of the same scenario."""
    folder = tmp_path / "balance"
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({"scenario": {"name": NAME}}), encoding="utf-8")
    return folder


def codes(caught):
    return [fault.code for fault in caught.value.faults]


def test_page_and_workbook_are_in_the_folder_when_it_is_published(run_folder):
    assert all((run_folder / name).is_file() for name in DOCUMENTS)
    assert "comes back in new 6000-series car parts" in (run_folder / "report.html").read_text(encoding="utf-8")
    assert [path.name for path in run_folder.parent.iterdir()] == ["kept"]


def test_the_page_is_written_again_in_the_other_language(run_folder, capsys):
    assert main(["report", str(run_folder), "--lang", "ja"]) == 0
    assert '<html lang="ja">' in (run_folder / "report.html").read_text(encoding="utf-8")
    assert str(run_folder) in capsys.readouterr().out


def test_no_report_writes_none(at_once):
    assert main(["lots", "tutorial", "--year", "2030", "--out", "bare", "--no-report", "--lang", "en"]) == 0
    assert not any((at_once / "bare" / name).exists() for name in DOCUMENTS)


def test_a_page_that_cannot_be_written_publishes_nothing(at_once):
    def broken(folder):
        assert kind_of(folder) == "lots"
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        cesim.simulate_lots(open_scenario("tutorial"), 2030, folder="kept", finish=broken)
    assert not (at_once / "kept").exists()
    assert (at_once / "kept.unfinished" / "lane-00000" / "flows.parquet").is_file()  # the lane need not run again


def test_a_run_of_lots_is_none_of_the_balance(run_folder, balance_folder):
    with pytest.raises(InputError) as caught:
        open_run(run_folder)
    assert codes(caught) == ["folder_of_lots"]
    with pytest.raises(InputError) as caught:
        open_lot_run(balance_folder)
    assert codes(caught) == ["folder_of_balance"]


def test_neither_command_replaces_what_the_other_made(run_folder, balance_folder, capsys):
    assert main(["run", "tutorial", "--draws", "1", "--out", str(run_folder), "--lang", "en"]) == 2
    assert "holds a run lot by lot" in capsys.readouterr().err
    assert main(["lots", "tutorial", "--year", "2030", "--out", str(balance_folder), "--lang", "en"]) == 2
    assert "holds a run of the balance" in capsys.readouterr().err
    assert (run_folder / "losses.parquet").is_file()
    assert [path.name for path in balance_folder.iterdir()] == ["run.json"]


def test_a_second_run_of_the_same_scenario_replaces_the_first(run_folder):
    (run_folder / "report.html").write_text("old", encoding="utf-8")
    assert main(["lots", "tutorial", "--year", "2030", "--out", "kept", "--lang", "ja"]) == 0
    assert '<html lang="ja">' in (run_folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("lacking", ["assumed", "region_names", "headline", "mirror", "laws"])
def test_a_record_that_lacks_something_is_refused_by_name(run_folder, lacking):
    path = run_folder / "run.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    del about[lacking]
    path.write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_lot_run(run_folder)
    assert codes(caught) == ["record_lacks"]
    assert caught.value.faults[0].arguments["missing"].startswith(lacking)


def test_a_table_that_is_not_the_one_written_is_refused(run_folder):
    path = run_folder / "metal.parquet"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError) as caught:
        open_lot_run(run_folder)
    assert codes(caught) == ["table_of_another_run"]
    assert main(["report", str(run_folder)]) == 2


def test_a_record_without_end_is_refused(run_folder):
    (run_folder / "run.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_lot_run(run_folder)
    assert codes(caught) == ["not_json"]


def test_the_record_says_what_was_assumed_and_where_it_is_from(run_folder):
    scenario = open_scenario("tutorial").scenario
    held = lot_record(run_folder)
    assert held["assumed"] == assumed(scenario, 0, 2030)
    assert held["assumed"]["records"] == "none"
    assert (held["assumed"]["opens"], held["assumed"]["closes"]) == (8.0, 17.0)
    assert set(held["assumed"]["inputs"]) == set(STATUSES)
    assert held["assumed"]["inputs"]["estimate"] > 0
    assert held["region_names"]["east"] == {"ja": "東", "en": "east"}
