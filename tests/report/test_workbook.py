"""The workbook holds the numbers of the tables, unrounded, and no text of a user can run."""

import json
import zipfile

import openpyxl
import pandas as pd
import pytest

from cesim.report.headline import shown
from cesim.report.losses import losses
from cesim.report.words import Words
from cesim.report.workbook import write_workbook

SHEETS = ["summary", "goals", "notes", "indicators", "lines", "losses", "flows", "stocks", "limits", "sources"]


@pytest.fixture
def path(workbook_path):
    return workbook_path


def rows(book, words, name):
    return list(book[words(f"book.{name}")].iter_rows(min_row=2, values_only=True))


def test_sheets_are_named_in_the_language(book, lang):
    assert book.sheetnames == [Words(lang)(f"book.{name}") for name in SHEETS]


def test_the_account_of_losses_is_the_one_of_the_page(book, tables, lang):
    words = Words(lang)
    found = rows(book, words, "losses")
    for group in ("aluminium_6xxx", "plastics"):
        account = losses(tables, group, 2035)
        mine = [row for row in found if row[:2] == (words(f"material.{group}"), 2035)]
        assert [row[3] for row in mine] == pytest.approx([fate.mass for fate in account.fates])
        assert sum(row[4] for row in mine) == pytest.approx(1.0)


def test_every_target_has_its_own_row(book, tables, lang):
    assert len(rows(book, Words(lang), "goals")) == len(tables.targets)


def test_indicators_equal_the_table(book, tables, lang):
    found = rows(book, Words(lang), "indicators")
    frame = tables.indicators
    assert len(found) == len(frame)
    for row, (_, wanted) in zip(found[::97], frame.iloc[::97].iterrows(), strict=True):
        assert (row[0], row[3]) == (wanted["indicator"], wanted["year"])
        columns = ("best", "mean", "sd", "p05", "p25", "p50", "p75", "p95")
        assert list(row[5:13]) == pytest.approx([wanted[c] for c in columns], rel=1e-14)


def test_flows_and_stocks_equal_the_tables(book, tables, lang):
    words = Words(lang)
    flows = tables.flows[tables.flows["year"].isin(tables.report_years)]
    found = rows(book, words, "flows")
    assert [row[8] for row in found] == pytest.approx(list(flows["mean"]), rel=1e-14)
    assert [row[0] for row in found] == list(flows["year"])
    assert [row[7] for row in rows(book, words, "stocks")] == pytest.approx(list(tables.stocks["mean"]), rel=1e-14)


def test_summary_equals_the_targets(book, tables, lang):
    found = rows(book, Words(lang), "summary")
    targets = tables.targets[tables.targets["year"].isin(tables.report_years)].set_index(["indicator", "year"])
    row = targets.loc[("h1_horizontal_rate_6xxx", 2035)]
    mine = next(r for r in found if r[1] == 2035 and r[9] == 2035 and r[10] == row["value"])
    assert mine[11] == pytest.approx(row["gap_p50"], rel=1e-14)
    assert mine[13] == pytest.approx(row["probability"], rel=1e-14)


def test_inputs_equal_the_table(book, tables, lang):
    found = rows(book, Words(lang), "sources")
    assert [row[0] for row in found] == list(tables.sources["path"])
    assert [row[2] for row in found] == pytest.approx(list(tables.sources["value"]), rel=1e-14)


def test_no_cell_is_a_formula_or_a_link(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
    assert any(cell.value == "=SUM(A1:A9)" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_user_text_stays_text(copied, indicators, lang):
    run = json.loads((copied / "run.json").read_text())
    run["scenario"]["name"] = {"ja": "=1+1", "en": "=1+1"}
    run["scenario"]["summary"] = {"ja": "+1", "en": "+1"}
    run["focus"]["name"] = {"ja": "-1", "en": "-1"}
    run["certificate"]["where"] = "@x"
    (copied / "run.json").write_text(json.dumps(run))
    for name in ("flows", "stocks", "indicators"):
        pd.read_parquet(copied / f"{name}.parquet").head(50).to_parquet(copied / f"{name}.parquet")
    sheet = openpyxl.load_workbook(write_workbook(copied, lang, indicators))[Words(lang)("book.notes")]
    cells = {c.value: c for row in sheet.iter_rows() for c in row}
    for text in ("=1+1", "+1", "-1", "@x"):
        assert cells[text].data_type == "s"


def test_heads_stay_in_view_and_filters_are_set(book, lang):
    notes = Words(lang)("book.notes")
    for sheet in book:
        assert sheet.freeze_panes
        assert bool(sheet.auto_filter.ref) == (sheet.title != notes)
        assert sheet.column_dimensions["A"].width > 7


def test_shares_are_shown_as_per_cent(book, lang):
    sheet = book[Words(lang)("book.indicators")]
    for row in sheet.iter_rows(min_row=2, max_row=400):
        assert (row[5].number_format == "0.0%") == (row[4].value == "%")


def test_time_lines_have_native_charts(path, tables, indicators):
    with zipfile.ZipFile(path) as book:
        charts = [name for name in book.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == len(shown(tables, indicators))
