"""`cesim sensitivity` and `cesim discover` on a small study: answers, files, and questions that cannot be answered."""

import json
import re

import numpy as np
import pytest

from cesim.cli.main import main
from cesim.errors import DONE, WRONG_INPUT
from cesim.scenario import open_scenario
from cesim.sweep.opened import plan_in
from cesim.sweep.store import StudyTables, open_study

STUDY = """
name: {ja: 小さな調査, en: a small study}
scenarios: [tutorial]
vary: [sorting.share, content.mass.al_6xxx]
design: {kind: saltelli, samples: 128}
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
    assert told["verdicts"][0]["points"] == 128
    assert (study / "sensitivity" / "report.html").is_file()
    assert (study / "sensitivity" / "indices.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def failing(monkeypatch, where):
    """Take the values of some runs away: those in which `where` holds of the columns of the design (point, column)."""
    whole = StudyTables.values

    def values(self, indicator, region, year, points=None):
        found = whole(self, indicator, region, year, points).copy()
        design = plan_in(self.folder).designed.design
        found[where(design.rows(0, len(found)))] = np.nan
        return found

    monkeypatch.setattr(StudyTables, "values", values)


def test_failed_runs_are_refused_with_the_way_on_and_left_out_when_asked(study, capsys, monkeypatch):
    failing(monkeypatch, lambda u: u[:, 0] > 0.985)
    asked = ["sensitivity", str(study), "--indicator", H1, "--lang", "en"]
    assert main([*asked, "--no-report"]) == WRONG_INPUT
    refused = capsys.readouterr().err
    bases = int(re.search(r"--leave-out-failed, (\d+) of 128 base points", refused).group(1))
    assert 0 < bases <= 12
    assert main([*asked, "--leave-out-failed"]) == DONE
    told = capsys.readouterr().out
    assert f"{bases} of 128 base points" in told
    assert "in which the model answers, not for all of it" in told
    about = json.loads((study / "sensitivity" / "analysis.json").read_text("utf-8"))
    assert (about["leaves_out"], about["resamples"]) == (True, 1000)
    assert main([*asked, "--leave-out-failed", "--no-report", "--json"]) == DONE
    (verdict,) = json.loads(capsys.readouterr().out)["verdicts"]
    assert (verdict["points"], verdict["left_out"], verdict["left_of"]) == (128 - bases, bases, 128)


def test_a_world_that_fails_in_a_corner_is_said_to(study, capsys, monkeypatch):
    monkeypatch.setattr("cesim.sweep.sensitivity.leaving_out.MOST_LEFT_OUT", 0.5)
    failing(monkeypatch, lambda u: u[:, 1] > 0.9)
    asked = [
        "sensitivity",
        str(study),
        "--indicator",
        H1,
        "--lang",
        "en",
        "--leave-out-failed",
        "--no-report",
        "--json",
    ]
    assert main(asked) == DONE
    (verdict,) = json.loads(capsys.readouterr().out)["verdicts"]
    assert verdict["apart"] == plan_in(study).designed.columns[1]


def test_too_many_failures_are_not_left_out(study, capsys, monkeypatch):
    failing(monkeypatch, lambda u: u[:, 0] > 0.8)
    asked = ["sensitivity", str(study), "--indicator", H1, "--lang", "en", "--no-report"]
    assert main(asked) == WRONG_INPUT
    assert "--leave-out-failed" not in capsys.readouterr().err
    assert main([*asked, "--leave-out-failed"]) == WRONG_INPUT
    assert "more than 10 % are not left out" in capsys.readouterr().err


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
    assert "None of the 512 futures have no answer." in capsys.readouterr().out


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


@pytest.mark.parametrize("name", ["analysis.json", "plan.json"])
def test_an_answer_is_replaced_and_nothing_else_is(study, tmp_path, capsys, name):
    """Folders written before their description was called analysis.json are known by plan.json."""
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text('{"kind": "sensitivity"}', encoding="utf-8")
    (out / "old").write_text("", encoding="utf-8")
    asked = ["sensitivity", str(study), "--indicator", H1, "--out", str(out)]
    assert main(asked) == DONE
    assert not {"old", "plan.json"} & {one.name for one in out.iterdir()}
    assert json.loads((out / "analysis.json").read_text("utf-8"))["kind"] == "sensitivity"
    (out / "analysis.json").rename(out / name)
    (out / name).write_text('{"kind": "discovery"}', encoding="utf-8")
    assert main(asked) == WRONG_INPUT
    assert "old" not in {one.name for one in out.iterdir()}
    assert (out / name).read_text("utf-8") == '{"kind": "discovery"}'


def test_a_box_of_points_made_from_each_other_is_called_that(study, capsys):
    asked = ["discover", str(study), "--indicator", H1, "--worst", "0.3", "--no-report", "--lang", "en"]
    assert main(asked) == DONE
    assert "made from each other: 128 sets of 4." in capsys.readouterr().out


def test_futures_that_are_all_alike_write_no_scenario(study, tmp_path, capsys):
    out = tmp_path / "out"
    asked = ["discover", str(study), "--target", f"{H1}:east_focus:2035>=0", "--out", str(out), "--lang", "en"]
    assert main(asked) == DONE
    told = capsys.readouterr().out
    assert "None of the 512 futures miss" in told
    assert f"(--indicator {H1} --above VALUE or --below VALUE)" in told
    assert not list(out.glob("*.yaml"))
    assert (out / "worst.csv").is_file()


@pytest.mark.parametrize(("side", "files"), [("--above", 0), ("--below", 3)])
def test_worst_futures_are_those_of_the_side_asked_about(study, tmp_path, capsys, side, files):
    out = tmp_path / "out"
    level = np.median(StudyTables.finite(open_study(study), H1, "east_focus", 2035))
    asked = ["discover", str(study), "--indicator", H1, "--region", "east_focus", "--year", "2035", side, str(level)]
    assert main([*asked, "--out", str(out)]) == DONE
    assert len(list(out.glob("worst-*.yaml"))) == files
    assert (out / "box.yaml").is_file()
