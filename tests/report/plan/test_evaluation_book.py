"""The workbook of an evaluation: its sheets, its sums and its chart."""

from __future__ import annotations

import openpyxl
import pytest

from cesim.plan.evaluation_frames import evaluation_frames
from cesim.report.plan.evaluation_book import write_evaluation_book

SHEETS = ["要約", "目標", "費用（年別）", "費用", "収支", "指標", "頑健性", "仕事"]


@pytest.fixture(scope="module")
def book(plan_scenario, evaluated, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "results.xlsx"
    return openpyxl.load_workbook(write_evaluation_book(path, plan_scenario, evaluated, "ja"))


def test_sheets(book):
    assert book.sheetnames == SHEETS


def test_costs_are_not_rounded(book, evaluated):
    held = evaluation_frames(evaluated, "ja")["costs"]
    rows = list(book["費用"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(held)
    assert [row[6] for row in rows] == pytest.approx(held["mean_jpy"].tolist())
    assert {row[1] for row in rows} == {"ボンネット", "選別【仮置き】"}


def test_years_add_up_across_kinds_and_across_actors(book, evaluated):
    head, *rows = book["費用（年別）"].iter_rows(values_only=True)
    total = head.index("計")
    for row in rows:
        assert sum(row[1:total]) == pytest.approx(row[total])
        assert sum(row[total + 1 : len(evaluated.evaluation.costs.actors) + total + 1]) == pytest.approx(row[total])
    chart = book["費用（年別）"]._charts[0]
    assert chart.grouping == "stacked"
    assert len(chart.series) == 3


def test_accounts_add_to_zero(book):
    rows = list(book["収支"].iter_rows(min_row=2, values_only=True))
    assert sum(row[5] for row in rows) == pytest.approx(0.0, abs=1.0)
    assert sum(abs(row[5]) for row in rows) > 1e9
