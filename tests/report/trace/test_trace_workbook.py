"""The workbook of a trace: it opens, has the numbers of the tables, and no text becomes a formula."""

from dataclasses import replace

import made_up_trace as made
import pytest
from openpyxl import load_workbook

from cesim.report.trace import write_trace_workbook

SHEETS = {
    "ja": [
        "読み方", "主張", "誰に証明できるか", "誤りを見込む", "監査", "事業者", "記録の価値", "役割がすべて記録したら",
        "ゼロからの順番", "失われる記録", "ROC", "情報基盤", "金属で見た価値", "受渡し", "仮説",
    ],
    "en": [
        "Read me", "Claims", "To whom proved", "Wrong records", "Audit", "Actors", "Worth of records",
        "If a role recorded all", "Order from nobody", "Records lost", "ROC", "Platforms", "Worth in metal",
        "Handovers", "Hypotheses",
    ],
}  # fmt: skip


@pytest.fixture
def opened(traces, tmp_path):
    """Write and open the workbook of a kind of trace, or of a trace, in a language."""

    def write(kind, lang, trace=None):
        return load_workbook(write_trace_workbook(tmp_path, traces[kind] if trace is None else trace, lang))

    return write


def cells(sheet):
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("kind", ["worked", "known"])
def test_there_is_a_sheet_a_table_with_heads_and_rows(opened, lang, kind):
    book = opened(kind, lang)
    asked_for = [name for name in SHEETS[lang] if kind == "known" or name not in ("Worth in metal", "金属で見た価値")]
    assert book.sheetnames == asked_for
    for sheet in book.worksheets[1:]:
        heads = [cell.value for cell in sheet[1]]
        assert all(heads)
        assert len(set(heads)) == len(heads)
        rows = cells(sheet)
        assert rows or (kind == "worked" and sheet.title == "ROC")  # too few wrong records in so small a ledger
        assert not [value for row in rows for value in row if value in ("nan", "None", "inf", "True", "False")]


def test_claims_are_numbers_with_percent_and_words(opened, lang):
    sheet = opened("known", lang).worksheets[1]
    rows = [row for row in cells(sheet) if row[3] == {"ja": "管理混合", "en": "Controlled blending"}[lang]]
    assert len(rows) == len(made.SHARES)
    for row, (claimed, provable, possible, true) in zip(rows, made.SHARES.values(), strict=True):
        assert row[6:11] == pytest.approx([claimed, provable, possible, true, true])
        assert row[11] == pytest.approx(claimed - true)
        assert row[12:14] == pytest.approx([claimed * 5000.0, 5000.0])
    assert {row[0] for row in rows} == {{"ja": "6000系", "en": "6000-series"}[lang], "PP"}
    assert sheet["G2"].number_format == "0.0%"


def test_the_other_sheets_have_the_rows_of_their_tables(opened, traces):
    book = opened("known", "en")
    by_name = {sheet.title: cells(sheet) for sheet in book}
    assert by_name["Audit"][0] == ["Records", 4321]
    assert [row[:2] for row in by_name["If a role recorded all"]][:2] == [
        ["6000-series", "Dismantlers"], ["6000-series", "Casthouses"],
    ]  # fmt: skip
    assert by_name["Handovers"][0] == ["casthouse 0", "Press shops, Aichi", 250, 240, 230, 220]  # the largest first
    assert by_name["Order from nobody"][0] == ["6000-series", 0, "(nobody yet)", 1]
    for name, title in (("bounds", "To whom proved"), ("roc", "ROC"), ("losses", "Records lost")):
        assert len(by_name[title]) == len(traces["known"].tables[name])
    stated = [row for row in by_name["Wrong records"] if row[2] == "yes"]
    assert len(stated) == 4
    assert stated[0][3:6] == pytest.approx([12, 0.004, 0.823])


def test_of_a_pilot_nothing_is_said_to_be_true(opened, lang):
    book = opened("imported", lang)
    gone = {SHEETS[lang][at] for at in (7, 9, 10, 12)}
    assert set(book.sheetnames) == set(SHEETS[lang]) - gone
    heads = [cell.value for cell in book.worksheets[1][1]]
    assert not {"True", "実際", "Claimed - true", "主張－実際"} & set(heads)


def test_without_tables_there_are_heads_alone(opened, lang):
    book = opened("empty", lang)
    assert book.sheetnames == SHEETS[lang]
    assert [len(cells(sheet)) for sheet in book.worksheets[1:-1]] == [0] * 13


def test_the_first_sheet_says_how_to_read_it(opened, lang):
    text = " ".join(str(value) for row in cells(opened("known", lang).worksheets[0]) for value in row if value)
    for words in {
        "ja": ("すべてシナリオの仮説", "6.0 %", "真実だとは証明しません"),
        "en": ("is a hypothesis", "6.0 %", "do not prove that it is true"),
    }[lang]:
        assert words in text


def test_what_users_write_is_text(opened, traces):
    trace = traces["imported"]
    tables = {
        name: table.replace({"six_thousand": "=1+1", "casthouse 0": "=1+1"}) for name, table in trace.tables.items()
    }
    book = opened("imported", "en", replace(trace, tables=tables))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert len(found) > 3
    assert {cell.data_type for cell in found} == {"s"}


def test_the_same_trace_gives_the_same_bytes(traces, tmp_path):
    paths = [tmp_path / name for name in ("one", "two")]
    for path in paths:
        path.mkdir()
        write_trace_workbook(path, traces["known"], "ja")
    one, two = (path.joinpath("results.xlsx").read_bytes() for path in paths)
    assert one == two
