"""`cesim export`: from a scenario to a workbook and back, at the command line."""

import json

import pytest

from cesim.cli.main import main
from cesim.scenario import open_scenario


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def refused(capsys, *words):
    assert main([*words, "--lang", "en"]) == 2
    return capsys.readouterr().err


def test_a_scenario_goes_out_and_is_checked(tmp_path, capsys):
    assert main(["export", "tutorial", "--excel", "--lang", "ja"]) == 0
    assert "tutorial.xlsx" in capsys.readouterr().out
    assert main(["check", "tutorial.xlsx", "--lang", "ja"]) == 0
    told = capsys.readouterr()
    assert "誤りはありません" in told.out
    assert told.err == ""
    assert open_scenario("tutorial.xlsx").hash == open_scenario("tutorial").hash
    assert "already" in refused(capsys, "export", "tutorial")


def test_a_setting_goes_into_the_file(tmp_path):
    assert main(["export", "tutorial", "--yaml", "-o", "mine.yaml", "--set", "sorting.share=0.25"]) == 0
    assert open_scenario("mine.yaml").scenario.sorting.share.best([2030])[0] == 0.25
    assert open_scenario("mine.yaml").hash == open_scenario("tutorial", {"sorting.share": 0.25}).hash


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["export", "tutoriel"], "did you mean: tutorial"),
        (["export", "tutorial", "-o", "a.xls"], "must end in .xlsx"),
        (["export", "tutorial", "-o", "no/such/a.xlsx"], "no such folder"),
        (["export", "tutorial", "--excel", "--yaml"], "--yaml"),
        (["check", "none.xlsx"], "There is no scenario none.xlsx"),
    ],
)
def test_what_is_refused(capsys, tmp_path, words, told):
    assert told in refused(capsys, *words)
    assert list(tmp_path.iterdir()) == []


def test_faults_have_sheet_and_cell_as_data(capsys, tmp_path):
    (tmp_path / "plan.xlsx").write_bytes(b"no workbook")
    assert main(["check", "plan.xlsx", "--json"]) == 2
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert file["faults"][0]["code"] == "not_a_workbook"
