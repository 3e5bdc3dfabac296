"""`cesim plan evaluate` as its users meet it."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from cesim.cli.main import main

PLAN = """
extends: tutorial
name: {ja: 試し, en: trial}
years: {start: 2024, end: 2027}
report: {years: [2026, 2027]}
targets:
  first:
    {name: {ja: 一, en: one}, indicator: h1_horizontal_rate_6xxx, year: 2027, value: {value: 0.1, status: given},
     unit: share, legal: false, scope: focus}
plan:
  base_year: 2025
  until: 2030
  discount: 0.04
  adopted: [line]
  measures:
    line:
      name: {ja: 選別, en: line}
      pillar: making
      horizon: short
      material: aluminium
      actor: sorters
      start: 2026
      changes: {share: {path: sorting.share, how: set, amount: 0.5}}
      investment: {value: 3.0e9, low: 2.0e9, high: 4.5e9, unit: JPY, status: estimate}
      published: false
"""


@pytest.fixture
def ask(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trial.yaml").write_text(PLAN, encoding="utf-8")

    def asked(*words: object, lang: str = "en") -> tuple[int, str, str]:
        code = main(["--lang", lang, "plan", "evaluate", "trial.yaml", *map(str, words)])
        seen = capsys.readouterr()
        assert "Traceback" not in seen.out + seen.err
        return code, seen.out, seen.err

    return asked


def test_the_answer_as_data_is_the_one_that_is_kept(ask, tmp_path):
    code, told, _ = ask("--json", "--draws", 2, "--workers", 1)
    assert code == 0
    held = json.loads(told)
    folder = tmp_path / "runs" / "trial-evaluate"
    assert {"report.html", "results.xlsx", "plan.json"} <= {one.name for one in folder.iterdir()}
    for name in ("costs", "accounts", "indicators", "targets", "regret"):
        assert len(pd.read_parquet(folder / f"{name}.parquet")) == len(held[name]) > 0
    spent = sum(row["mean_jpy"] for row in held["costs"])
    assert spent == pytest.approx(sum(row["mean_jpy"] for row in held["costs"] if row["kind"] == "investment"))
    assert held["draws"] == 2
    about = json.loads((folder / "plan.json").read_text("utf-8"))
    assert (about["kind"], about["targets"]) == ("evaluate", ["first"])


def test_one_draw_is_told_as_the_best_estimate_alone(ask, tmp_path):
    code, told, _ = ask("--draws", 1, "--no-report", lang="ja")
    assert code == 0
    assert "最良推定" in told
    assert "試行なし" in told
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_plan_without_any_measure_costs_nothing_and_changes_nothing(ask, tmp_path, lang):
    code, told, _ = ask("--without", "line", "--draws", 2, "--workers", 1, "--out", "none", lang=lang)
    assert code == 0
    assert ("施策がありません" in told) if lang == "ja" else ("No measure is adopted" in told)
    held = pd.read_parquet(tmp_path / "none" / "indicators.parquet")
    assert set(held["direction"]) == {"none"}
    assert pd.read_parquet(tmp_path / "none" / "costs.parquet").empty
    assert set(pd.read_parquet(tmp_path / "none" / "unit_costs.parquet")["reason"]) == {"nothing"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--target", "frist"), "frist"),
        (("--only", "lime"), "lime"),
        (("--lots", "1999"), "1999"),
        (("--confidence", "0.8"), "--confidence"),
        (("--draws", "0"), "0"),
        (("--out", ""), "--out"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_computed(ask, tmp_path, words, found):
    code, told, wrong = ask(*words)
    assert (code, told) == (2, "")
    assert found in wrong
    assert not (tmp_path / "runs").exists()


def test_a_folder_of_something_else_is_left_alone(ask, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    code, _, wrong = ask("--out", "mine")
    assert code == 2
    assert "mine" in wrong
    assert (tmp_path / "mine" / "notes.txt").read_text() == "keep"
