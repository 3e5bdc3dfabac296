"""`cesim sensitivity` and `cesim discover` on a small study: answers, files, and questions that cannot be answered."""

import json

import pytest

from cesim.cli.main import main
from cesim.errors import DONE, WRONG_INPUT
from cesim.scenario import open_scenario

STUDY = """
name: {ja: 小さな調査, en: a small study}
scenarios: [tutorial]
vary: [sorting.share, content.mass.al_6xxx]
design: {kind: saltelli, samples: 64}
indicators: [h1_horizontal_rate_6xxx, ghg]
years: report
proofs: none
"""
H1 = "h1_horizontal_rate_6xxx"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    assert (
        main(["sweep", str(folder / "study.yaml"), "--out", str(folder / "out"), "--workers", "1", "--no-report"])
        == DONE
    )
    return folder / "out"


def test_indices_are_told_and_written(study, capsys):
    assert main(["sensitivity", str(study), "--indicator", H1, "--lang", "en", "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    total = {row["factor"]: row["value"] for row in told["indices"] if row["index"] == "total"}
    assert set(total) == {"sorting.share", "content.mass.al_6xxx"}
    assert max(total, key=total.get) == "sorting.share"
    assert told["verdicts"][0]["points"] == 64
    assert (study / "sensitivity" / "report.html").is_file()
    assert (study / "sensitivity" / "indices.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_worst_futures_are_told_and_their_scenarios_open(study, capsys):
    assert main(["discover", str(study), "--indicator", H1, "--worst", "0.3", "--lang", "ja"]) == DONE
    told = capsys.readouterr().out
    assert "LIBS選別率が" in told
    written = sorted((study / f"discovery-{H1}-worst-0.3").glob("*.yaml"))
    assert written[0].name == "box.yaml"
    assert len(written) == 4
    worst = open_scenario(written[1]).scenario
    assert all(knot.is_certain for knot in worst.content.mass["al_6xxx"].knots.values())
    for file in written:
        assert open_scenario(file).scenario.name.ja.startswith("小さな調査：")


def test_runs_that_failed_are_asked_about(study, capsys):
    assert main(["discover", str(study), "--failed", "--no-report", "--lang", "en"]) == DONE
    assert "None of the 256 futures have no answer." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["sensitivity", "--indicator", "ghgg"], "sweep_no_column"),
        (["sensitivity", "--indicator", "ghg", "--year", "2031"], "sweep_no_year"),
        (["sensitivity", "--alternative", "x"], "sweep_no_alternative"),
        (["sensitivity", "--method", "morris"], "sweep_not_of_this_design"),
        (["sensitivity", "--resamples", "5"], "sweep_resamples"),
        (["sensitivity", "--target", "x"], "plan_no_target"),
        (["discover", "--indicator", "ghg"], "discover_needs_level"),
        (["discover", "--above", "1"], "discover_level_of_what"),
        (["discover", "--indicator", "ghg", "--above", "1x"], "option_no_number"),
        (["discover", "--indicator", "ghg", "--worst", "1"], "discover_worst_share"),
        (["discover", "--failed", "--target", "h1_2035"], "discover_one_question"),
        (["discover", "--out", " "], "option_needs_value"),
    ],
)
def test_what_cannot_be_answered_is_refused(study, capsys, words, code):
    before = sorted(file.name for file in study.iterdir())
    assert main([words[0], str(study), *words[1:], "--json", "--lang", "en"]) == WRONG_INPUT
    told = json.loads(capsys.readouterr().out)
    assert code in json.dumps(told)
    assert sorted(file.name for file in study.iterdir()) == before


@pytest.mark.parametrize("command", ["sensitivity", "discover"])
def test_a_folder_that_is_no_study_is_refused(tmp_path, capsys, command):
    assert main([command, str(tmp_path), "--json"]) == WRONG_INPUT
    assert "sweep_no_store" in capsys.readouterr().out


def test_a_folder_of_something_else_is_left_alone(study, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(["sensitivity", str(study), "--out", str(tmp_path), "--json"]) == WRONG_INPUT
    assert "folder_in_use" in capsys.readouterr().out
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
