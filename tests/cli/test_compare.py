"""`cesim compare` as its users meet it."""

import json
from pathlib import Path

import pandas as pd
import pytest

from cesim.cli.main import main

FILE = "extends: tutorial\nname: {ja: 選別を増やす, en: more sorting}\nsorting: {share: 0.5}\n"


@pytest.fixture
def ask(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "more.yaml").write_text(FILE, encoding="utf-8")

    def asked(*words: object, lang: str = "en") -> tuple[int, str]:
        try:
            code = main(["--lang", lang, "compare", *map(str, words)])
        except SystemExit as end:
            code = int(end.code or 0)
        seen = capsys.readouterr()
        assert "Traceback" not in seen.out + seen.err
        return code, seen.out + seen.err

    return asked


def test_two_scenarios_side_by_side(ask, tmp_path):
    code, told = ask("tutorial", "more.yaml", "--draws", 6, "--workers", 1)
    assert code == 0
    assert "more sorting" in told
    folder = tmp_path / "runs" / "compare-tutorial-more"
    assert {one.name for one in folder.iterdir()} == {
        "plan.json", "report.html", "results.xlsx", "figures.parquet", "targets.parquet", "inputs.parquet",
    }  # fmt: skip
    kept = json.loads((folder / "plan.json").read_text("utf-8"))
    assert (kept["kind"], kept["draws"], len(kept["scenarios"])) == ("compare", 6, 2)
    code, told = ask("tutorial", "more.yaml", "--draws", 1, "--workers", 1, lang="ja")
    assert code == 0  # its own folder is written again
    assert "選別を増やす" in told


def test_as_data(ask, tmp_path):
    code, told = ask("tutorial", "more.yaml", "--draws", 6, "--workers", 1, "--out", "out", "--json")
    assert code == 0
    found = json.loads(told)
    assert found["scenarios"][1] == "more sorting"
    assert (found["folder"], found["draws"], found["seed"]) == ("out", 6, 0)
    held = pd.read_parquet(tmp_path / "out" / "figures.parquet")
    told_row = next(row for row in found["figures"] if row["scenario"] == 1)
    own = held[held["scenario"] == 1].iloc[0]
    assert told_row["difference_p50"] == pytest.approx(own["difference_p50"], rel=1e-9)
    assert found["inputs"][0]["path"].startswith("sorting.share")


def test_a_setting_counts_for_all(ask):
    words = ("tutorial", "more.yaml", "--set", "sorting.share=0.3", "--draws", 1, "--no-report", "--json")
    code, told = ask(*words)
    assert code == 0
    found = json.loads(told)
    assert found["inputs"] == []
    assert all(row["difference_best"] == 0 for row in found["figures"])
    assert found["folder"] is None
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tutorial",), "Two scenarios or more are needed"),
        ((), "FILE"),
        (("tutorial", "no-such"), "no-such"),
        (("tutorial", "chubu-baseline", "--draws", "1"), "in common"),
        (("tutorial", "more.yaml", "--draws", "0"), "--draws"),
        (("tutorial", "more.yaml", "--draws", "few"), "few"),
        (("tutorial", "more.yaml", "--out", " "), "--out"),
        (("tutorial", "more.yaml", "--set", "sorting.share=50"), "0.5"),
        (("tutorial", "more.yaml", "--set", "sorting.shar=0.5"), "did you mean: share"),
        (("tutorial", "more.yaml", "--target", "h1"), "--target"),
    ],
)
def test_what_is_refused(ask, tmp_path, words, said):
    code, told = ask(*words)
    assert code == 2
    assert said in told
    assert [one.name for one in tmp_path.iterdir()] == ["more.yaml"]


def test_faults_of_all_are_told_once(ask):
    code, told = ask("tutorial", "no-such", "--set", "sorting.share=50", "--out", " ")
    assert code == 2
    assert told.count("0.5") >= 1
    assert "no-such" in told
    assert "--out" in told


def test_only_a_comparison_is_replaced(ask, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan.json").write_text('{"kind": "survey"}', encoding="utf-8")
    code, told = ask("tutorial", "more.yaml", "--draws", "1", "--out", "out")
    assert code == 2
    assert "out" in told
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["plan.json"]
