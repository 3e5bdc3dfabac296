"""What is wrong with a workbook is told by sheet and cell, everything at once."""

import datetime
import zipfile

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from cesim.errors import InputError
from cesim.scenario import load, open_scenario, plain
from cesim.text import message

SHARE = "fleet.export.share"
SCALE = "fleet.export.hazard_scale"


def only(path, model=None):
    with pytest.raises(InputError) as caught:
        open_scenario(path) if model is None else load(path, model)
    (fault,) = caught.value.faults
    for lang in ("ja", "en"):
        assert message(fault, lang)
    return fault


def codes(path, model):
    with pytest.raises(InputError) as caught:
        load(path, model)
    return [fault.code for fault in caught.value.faults]


@pytest.fixture
def told(editor, toy):
    """Write one cell of a row and read the workbook: the code of the fault, which must stand at that cell."""

    def change(sheet, key, column, value, year=None):
        cell = editor.at(sheet, key, column, year)
        cell.value = value
        fault = only(editor.save(), toy)
        assert str(fault.place) == f"{editor.target}:{sheet}!{cell.coordinate}"
        return fault.code

    return change


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("value", "a lot", "need_number"),
        ("value", "0.5", "cell_number_as_text"),
        ("value", "０．５", "full_width"),
        ("value", "80 %", "need_number"),
        ("value", 95, "share_as_percent"),
        ("value", -1, "share_out_of_range"),
        ("value", "=1/3", "cell_not_worked_out"),
        ("value", "#REF!", "cell_error"),
        ("value", datetime.date(2035, 1, 1), "cell_is_date"),
        ("value", True, "need_number"),
        ("value", None, "cell_empty"),
        ("status", "guess", "unknown_status"),
        ("dist", "gaussian", "unknown_distribution"),
        ("source", 2024, "need_text"),
        ("source", datetime.date(2035, 1, 1), "cell_is_date"),
        ("data", "no.such.key", None),
    ],
)
def test_a_wrong_cell_of_a_number(told, editor, toy, column, value, code):
    if code is None:  # a value takes the place of the tables, whatever they would say
        editor.at("全数値", SHARE, column).value = value
        assert load(editor.save(), toy).scenario.fleet.export.share.best([2030])[0] == 0.35
    else:
        assert told("全数値", SHARE, column, value) == code


def test_a_range_that_does_not_hold_the_value(told):
    assert told("前提", SCALE, "low", 0.99, 2035) == "low_above_value"


@pytest.mark.parametrize(
    ("year", "code"),
    [
        (2035.5, "not_a_year"),
        ("2035年", "not_a_year"),
        ("２０３５", "full_width"),
        (203, "not_a_year"),
        (2999, "year_out_of_range"),
        (datetime.date(2035, 4, 1), "cell_is_date"),
    ],
)
def test_a_wrong_year(told, year, code):
    assert told("前提", SCALE, "year", year, 2035) == code


@pytest.mark.parametrize(
    ("sheet", "key", "column", "value", "code"),
    [
        ("その他", "mode", "value", "stock", "not_a_choice"),
        ("その他", "mode", "value", None, "cell_empty"),
        ("その他", "runs", "value", "10", "cell_number_as_text"),
        ("その他", "runs", "value", 1.5, "need_whole_number"),
        ("その他", "runs", "value", 5000, "out_of_range"),
        ("その他", "verbose", "value", "maybe", "need_true_false"),
        ("その他", "alloys", "value", "6016、7075", "not_a_choice"),
        ("その他", "runs", "low", 3, "cell_not_here"),
        ("シナリオ", "name.ja", "value", None, "cell_empty"),
        ("シナリオ", "years", "value", "2020", "wrong_length"),
        ("目標", "h1", "indicator", "h2", "not_a_choice"),
        ("目標", "h1", "value", "30 %", "need_number"),
        ("目標", "h1", "value", 1.5, "share_out_of_range"),
        ("目標", "h1", "year", "2035", "cell_number_as_text"),
    ],
)
def test_a_wrong_cell_elsewhere(told, sheet, key, column, value, code):
    assert told(sheet, key, column, value) == code


def test_a_row_of_a_table_that_lacks_a_field(editor, toy):
    cell = editor.at("目標", "h1", "indicator")
    cell.value = None
    fault = only(editor.save(), toy)
    assert (fault.code, fault.place.sheet, fault.place.cell) == ("missing_key", "目標", f"A{cell.row}")


def test_per_cent_is_fine_for_shares_and_nowhere_else(editor, toy):
    editor.at("全数値", SHARE, "value").number_format = "0.0%"
    assert load(editor.save(), toy).scenario.fleet.export.share.best([2030])[0] == 0.35
    cell = editor.at("全数値", "fleet.cars", "value")
    cell.number_format = "0%"
    fault = only(editor.save(), toy)
    assert (fault.code, fault.place.cell) == ("cell_per_cent_here", cell.coordinate)


def test_an_unknown_path_has_its_nearest(editor, toy):
    row = editor.below("前提", path="fleet.export.shar", value=0.5)
    fault = only(editor.save(), toy)
    assert (fault.code, fault.place.cell, fault.arguments["nearest"]) == ("unknown_key", f"A{row}", "share")


def test_a_year_is_added_below_and_taken_out_by_clearing_its_row(editor, toy):
    row, page = editor.below("前提", path=SCALE, year=2030, value=0.9), editor.book["前提"]
    assert plain(load(editor.save(), toy).tree)["fleet"]["export"]["hazard_scale"]["2030"] == 0.9
    for column in ("year", "value"):  # the path may stay
        page.cell(row, editor.column("前提", column)).value = None
    assert "2030" not in plain(load(editor.save(), toy).tree)["fleet"]["export"]["hazard_scale"]
    page.cell(row, editor.column("前提", "year")).value = 2030
    assert only(editor.save(), toy).code == "cell_empty"


def test_years_may_stand_in_any_order(editor, toy, toy_book):
    later, earlier = (editor.at("前提", SCALE, "year", year).row for year in (2035, 2025))
    page = editor.book["前提"]
    for at in range(1, page.max_column + 1):
        held = page.cell(later, at).value
        page.cell(later, at).value, page.cell(earlier, at).value = page.cell(earlier, at).value, held
    assert load(editor.save(), toy).hash == load(toy_book, toy).hash


def test_a_row_that_stands_twice_names_the_other(editor, toy):
    row = editor.below("前提", path=SCALE, year=2025, value=0.4)
    fault = only(editor.save(), toy)
    assert (fault.code, fault.place.cell) == ("row_twice", f"A{row}")
    assert fault.arguments["other"].cell == editor.at("前提", SCALE, "year", 2025).coordinate


def test_a_target_that_stands_twice(editor, toy):
    row = editor.below("目標", **{"#1": "h1", "indicator": "h1", "year": 2040, "value": 0.5})
    fault = only(editor.save(), toy)
    assert (fault.code, fault.place.cell) == ("row_twice", f"A{row}")


def test_a_value_for_all_years_beside_years_is_refused(editor, toy):
    row = editor.below("前提", path=SCALE, value=0.4)
    fault = only(editor.save(), toy)
    assert (fault.code, fault.place.cell) == ("year_and_always", f"G{row}")


@pytest.mark.parametrize(("sheet", "column"), [("前提", "value"), ("目標", "indicator")])
def test_a_value_without_its_key(editor, toy, sheet, column):
    row = editor.below(sheet, **{column: "h1"})
    fault = only(editor.save(), toy)
    at = get_column_letter(editor.column(sheet, column))
    assert (fault.code, fault.place.cell) == ("cell_without_path", f"{at}{row}")


def test_a_value_changed_in_a_row_that_was_read_in_a_source(editor, toy):
    editor.at("全数値", "fleet.cars", "value").value = 1001
    fault = only(editor.save(), toy)
    assert (fault.code, fault.place.cell) == (
        "changed_but_read",
        editor.at("全数値", "fleet.cars", "status").coordinate,
    )
    editor.at("全数値", "fleet.cars", "source").value = "我々の調査 2026"
    assert load(editor.save(), toy).scenario.fleet.cars.value == 1001


def test_a_number_in_place_of_the_tables(editor, toy):
    cell = editor.at("目標", "share_read", "value")
    assert cell.value is None
    assert "0.15" in cell.comment.text
    cell.value = 0.2
    assert plain(load(editor.save(), toy).tree)["targets"]["share_read"]["value"] == 0.2


def test_a_target_is_added_and_taken_out(editor, toy):
    page, row = editor.book["目標"], editor.row("目標", "h1")
    editor.below("目標", **{"#1": "later", "indicator": "h1", "year": 2040, "value": 0.5})
    for at in range(1, page.max_column + 1):
        page.cell(row, at).value = None
    targets = plain(load(editor.save(), toy).tree)["targets"]
    assert list(targets) == ["share_read", "later"]
    assert targets["later"] == {"indicator": "h1", "year": 2040, "value": 0.5}


def test_merged_cells(editor, toy):
    cell = editor.at("前提", SCALE, "low", 2035)
    editor.book["前提"].merge_cells(f"{cell.coordinate}:I{cell.row}")
    with pytest.raises(InputError) as caught:
        load(editor.save(), toy)
    (fault,) = (fault for fault in caught.value.faults if fault.code == "cell_merged")
    assert (fault.place.sheet, fault.place.cell) == ("前提", cell.coordinate)


@pytest.mark.parametrize("sheet", ["シナリオ", "前提", "目標", "全数値", "その他"])
def test_a_missing_sheet(editor, toy, sheet):
    del editor.book[sheet]
    with pytest.raises(InputError) as caught:
        load(editor.save(), toy)
    (fault,) = (fault for fault in caught.value.faults if fault.code == "sheet_missing")
    assert fault.arguments["missing"] == sheet


@pytest.mark.parametrize(("sheet", "column"), [("前提", "low"), ("目標", "indicator")])
def test_a_missing_column(editor, toy, sheet, column):
    editor.book[sheet].delete_cols(editor.column(sheet, column))
    with pytest.raises(InputError) as caught:
        load(editor.save(), toy)
    (fault,) = (fault for fault in caught.value.faults if fault.code == "column_missing")
    assert (fault.place.sheet, fault.arguments["missing"]) == (sheet, column)


def test_a_copied_sheet_and_one_of_ones_own(editor, toy):
    own = editor.book.create_sheet("計算")
    own["A1"], own["A2"] = "mine", "#N/A"
    editor.book["前提"].cell(3, 40).value = "my own column"
    assert load(editor.save(), toy).hash
    editor.book.copy_worksheet(editor.book["前提"])
    assert codes(editor.save(), toy) == ["sheet_twice"]


def test_a_renamed_sheet_is_known_by_its_mark(editor, toy, toy_book):
    editor.book["前提"].title = "わたしの前提"
    assert load(editor.save(), toy).hash == load(toy_book, toy).hash


@pytest.mark.parametrize("layout", ["0", "2", "one"])
def test_another_layout(editor, toy, layout):
    editor.at("cesim", "layout", "value").value = layout
    fault = only(editor.save(), toy)
    assert (fault.code, fault.arguments["found"]) == ("workbook_layout", layout)


def test_a_workbook_of_something_else(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "売上"
    book.save(tmp_path / "sales.xlsx")
    assert only(tmp_path / "sales.xlsx").code == "not_a_plan_workbook"


@pytest.mark.parametrize("name", ["plan.xls", "plan.xlsx", "plan.XLSX", "plan.xlsm", "plan.ods"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"name: x"])
def test_no_workbook_at_all(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    assert only(tmp_path / name).code == "not_a_workbook"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml"]
)
@pytest.mark.parametrize("cut", [0.0, 0.5])
def test_a_broken_workbook(toy, toy_book, tmp_path, part, cut):
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(toy_book) as whole, zipfile.ZipFile(broken, "w") as package:
        for one in whole.namelist():
            data = whole.read(one)
            package.writestr(one, data[: int(len(data) * cut)] if one == part else data)
    assert only(broken, toy).code == "not_a_workbook"


def test_readings_of_japanese_words_are_no_part_of_them(toy, toy_book, tmp_path):
    """Excel keeps beside a word typed in Japanese how it is read (phonetic runs)."""
    spoken = tmp_path / "spoken.xlsx"
    with zipfile.ZipFile(toy_book) as whole, zipfile.ZipFile(spoken, "w") as package:
        for one in whole.namelist():
            text = whole.read(one).decode("utf-8")
            if one == "xl/sharedStrings.xml":
                assert "<t>基準（全角：よい）</t>" in text
                reading = '<rPh sb="0" eb="2"><t>キジュン</t></rPh>'
                text = text.replace("<t>基準（全角：よい）</t>", f"<t>基準（全角：よい）</t>{reading}")
            package.writestr(one, text)
    assert load(spoken, toy).hash == load(toy_book, toy).hash


def test_everything_is_told_at_once(editor, toy):
    editor.at("全数値", SHARE, "value").value = "a lot"
    editor.at("目標", "h1", "indicator").value = "h2"
    editor.at("その他", "mode", "value").value = "moon"
    assert sorted(codes(editor.save(), toy)) == ["need_number", "not_a_choice", "not_a_choice"]


def test_a_workbook_may_extend_and_be_extended(editor, toy, toy_text, tmp_path):
    (tmp_path / "base.yaml").write_text(toy_text, encoding="utf-8")
    editor.at("シナリオ", "extends", "value").value = "base"
    editor.at("その他", "mode", "value").value = None
    loaded = load(editor.save(), toy)
    assert [file.name for file in loaded.files] == ["edited.xlsx", "base.yaml"]
    assert loaded.scenario.mode == "stock_driven"
    over = tmp_path / "over.yaml"
    over.write_text("extends: edited.xlsx\nruns: 11\n", encoding="utf-8")
    assert load(over, toy).scenario.runs == 11


def test_measures_are_changed_row_by_row(edits, plan_book, tmp_path):
    editor = edits(plan_book, tmp_path / "edited.xlsx")
    changes = {"#1": "mark", "#2": "more", "path": "dismantling.identified", "how": "fill", "amount": 0.25}
    editor.below("施策の効果", **changes)
    editor.at("施策", "sort", "start").value = 2030
    editor.at("シナリオ", "plan.adopted", "value").value = "sort, mark"
    plan = open_scenario(editor.save(), {"sorting.recovery": 0.5}).scenario.plan
    assert plan.adopted == ("sort", "mark")
    assert plan.measures["sort"].start == 2030
    assert (plan.measures["sort"].name.ja, plan.measures["sort"].name.en) == ("=合金選別", "@sorting by alloy")
    assert plan.measures["mark"].changes["more"].amount.value == 0.25
