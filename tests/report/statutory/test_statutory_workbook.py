"""The workbook has the numbers of the page, no formula, and the watermark on every sheet."""

import pytest
from openpyxl import load_workbook

from cesim.report.statutory import write_statutory, write_statutory_workbook

KINDS = ("country", "fiscal", "best", "maker", "beside", "early", "small")
MARK = "全国合計による参考値・特定の製造者の報告ではない"


@pytest.fixture
def opened(statements, tmp_path):
    def write(kind, lang):
        return load_workbook(write_statutory_workbook(tmp_path / f"{kind}.xlsx", statements[kind], lang))

    return write


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_is_a_formula_and_none_says_nan(opened, lang, kind):
    for sheet in opened(kind, lang):
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert len(cells) > 4
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not [cell for cell in cells if cell.value in ("nan", "None", "inf")]


@pytest.mark.parametrize("kind", KINDS)
def test_the_watermark_is_on_every_sheet_and_every_printed_page(opened, kind):
    is_marked = kind in ("country", "fiscal", "best")
    for sheet in opened(kind, "ja"):
        assert sheet["A2"].value.startswith(MARK) == is_marked
        assert "公的な様式ではありません" in sheet["A3"].value
        assert (sheet.oddHeader.center.text == MARK) == is_marked
        assert "公的な様式ではない" in sheet.oddFooter.left.text


def test_the_sheets_have_their_names(opened):
    assert opened("beside", "ja").sheetnames == [
        "読み方", "二つの定義", "日本 報告", "日本 内訳", "日本 計画", "EU 含有率", "全国との比較", "法令と出典",
    ]  # fmt: skip
    assert "Beside the country" not in opened("country", "en").sheetnames


@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_are_those_of_the_statement_and_add_up(opened, statements, kind):
    sheet = opened(kind, "en")["Both definitions"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6, max_row=17)]
    held = statements[kind].whole
    assert [row[1] for row in rows[:8]] == list(held.kg.values())
    assert sum(row[1] for row in rows[:8]) == rows[11][1] == held.total
    assert rows[8][1] == held.counted("japan")
    assert rows[8][2] == pytest.approx(float(held.share("japan")), abs=1e-15)
    assert sheet["B6"].number_format == "#,##0"
    assert sheet["C6"].number_format == "0.00%"


def test_what_users_write_is_text(opened):
    book = opened("small", "en")
    for wanted in ("=HYPERLINK()", "=1+1", "<b>@SUM(A1)"):
        found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == wanted]
        assert found, wanted
        assert {cell.data_type for cell in found} == {"s"}


def test_the_same_statement_gives_the_same_bytes(statements, tmp_path):
    one, two = (
        write_statutory_workbook(tmp_path / name, statements["beside"], "ja").read_bytes()
        for name in ("a.xlsx", "b.xlsx")
    )
    assert one == two


def test_the_folder_is_replaced_only_where_it_is_one_of_ours(statements, tmp_path):
    from cesim.errors import InputError

    folder = write_statutory(tmp_path / "out", statements["maker"], "en")
    assert sorted(one.name for one in folder.iterdir()) == ["statutory.html", "statutory.xlsx"]
    write_statutory(folder, statements["country"], "ja")
    assert MARK in (folder / "statutory.html").read_text("utf-8")
    (folder / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_statutory(folder, statements["maker"], "en")
    assert [fault.code for fault in caught.value.faults] == ["statutory_folder_in_use"]
    assert MARK in (folder / "statutory.html").read_text("utf-8")


def test_a_header_of_excel_keeps_an_ampersand():
    from cesim.report.statutory.workbook import _escaped

    assert _escaped("A & B") == "A && B"
