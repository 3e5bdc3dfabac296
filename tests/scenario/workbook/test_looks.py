"""What a person meets in Excel: protection, drop-downs, limits, notes, and no formula anywhere."""

import zipfile

import openpyxl
import pytest

from cesim.scenario import open_scenario
from cesim.scenario.workbook.layout import ENTRIES
from cesim.text import say

READ = ("シナリオ", "前提", "目標", "施策", "施策の効果", "全数値", "その他")


@pytest.fixture(scope="module")
def book(plan_book):
    return openpyxl.load_workbook(plan_book)


def rules(sheet, cell):
    return [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]


def find(sheet, column, key, row_key):
    heads = {str(cell.value).split(":", 1)[-1] if at == 0 else str(cell.value): at for at, cell in enumerate(sheet[1])}
    row = next(row for row in sheet.iter_rows(min_row=3) if row[0].value == row_key)
    assert column in heads, key
    return row[heads[column]]


def test_every_sheet_is_protected_without_a_password_and_keys_are_hidden(book):
    assert book.sheetnames == [
        "はじめに",
        "シナリオ",
        "前提",
        "目標",
        "施策",
        "施策の効果",
        "全数値",
        "その他",
        "選択肢",
        "cesim",
    ]
    for name in READ:
        sheet = book[name]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert sheet.row_dimensions[1].hidden
        assert sheet.freeze_panes.endswith("3")
        assert all(sheet.column_dimensions[letter].width >= 7 for letter in "ABC")
    assert book["cesim"].sheet_state == "hidden"


def test_only_what_is_meant_to_be_changed_is_open(book):
    sheet = book["前提"]
    open_columns = {cell.value for cell in sheet[1] if not sheet.cell(3, cell.column).protection.locked}
    assert {"value", "low", "high", "status", "source", "note"} <= open_columns
    assert not any(str(key).startswith(("~", "cesim.", "form", "exported")) for key in open_columns)
    assert all(sheet.cell(row, 1).protection.locked for row in range(3, 20))
    assert not sheet.cell(sheet.max_row, 1).protection.locked  # a row to add a year in


def test_numbers_have_their_limits_and_words_their_lists(book):
    share = find(book["全数値"], "value", "value", "shredding.aluminium")
    (rule,) = rules(book["全数値"], share.coordinate)
    assert (rule.type, float(rule.formula1), float(rule.formula2)) == ("decimal", 0, 1)
    picked = [
        ("目標", "indicator", "h1_2035"), ("目標", "scope", "h1_2035"), ("施策", "pillar", "sort"),
        ("施策の効果", "how", "sort"), ("シナリオ", "value", "variants.wrought_share"),
    ]  # fmt: skip
    for sheet, column, key in picked:
        cell = find(book[sheet], column, column, key)
        (rule,) = rules(book[sheet], cell.coordinate)
        assert rule.type == "list"
        title, _, span = rule.formula1.partition("!")
        choices = [row[0].value for row in book[title.strip("'")][span.replace("$", "")]]
        assert cell.value in choices


def test_columns_and_rows_say_what_they_are(book):
    assert find(book["全数値"], "path", "path", "shredding.aluminium").comment is not None
    assert book["前提"]["G2"].comment.text.startswith("ここを変えます")
    assert (
        find(book["前提"], "~name", "name", "market.powertrains.passenger.bev").value
        == "新車市場 › 動力 › 乗用車 › EV比率"
    )
    assert find(book["全数値"], "~unit", "unit", "dismantling.spread").value == "JPY"


def test_no_text_becomes_a_formula_even_when_its_cell_is_entered_again(plan_book, book):
    with zipfile.ZipFile(plan_book) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in package.read(name) for name in sheets)
    name = find(book["施策"], "name.ja", "name", "sort")
    assert (name.value, name.data_type, name.quotePrefix) == ("=合金選別", "s", True)
    assert find(book["施策"], "name.en", "name", "sort").quotePrefix
    assert not find(book["施策"], "summary.ja", "name", "sort").quotePrefix


def test_what_a_plan_changes_stands_beside_its_base(tmp_path):
    from cesim.scenario.workbook.entries import Asked, entry_pages
    from cesim.scenario.workbook.export import _compared_with

    loaded = open_scenario("chubu-2035")
    asked = Asked(type(loaded.scenario), loaded.tree, _compared_with(loaded), loaded.scenario, "en")
    pages = {page.key: page for page in entry_pages(asked)}
    assert tuple(pages) == ENTRIES
    path = "facilities.heats.approval"
    (line,) = (line for line in pages["assumptions"].lines if line.cells["path"].value == path)
    base = open_scenario("chubu-baseline").scenario.facilities.heats.approval
    assert line.cells["value"].value == loaded.scenario.facilities.heats.approval.value
    assert line.cells["~base"].value == base.value
    assert base != loaded.scenario.facilities.heats.approval


def test_every_field_of_a_scenario_has_a_name_in_both_languages():
    from cesim.scenario.model import Scenario
    from cesim.scenario.workbook.names import field_word

    seen, lacking = set(), []
    waiting = [Scenario]
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        words = {key: field_word(part, key, "ja") for key in part.model_fields}
        lacking += [f"{part.__name__}.{key}" for key, word in words.items() if word == key.replace("_", " ")]
        waiting += _parts(part)
    assert lacking == []
    assert say("workbook.field.Measure.needs", "ja") == "前提となる施策"


def _parts(part):
    from typing import get_args

    from pydantic import BaseModel

    waiting = [field.annotation for field in part.model_fields.values()]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind
        waiting += get_args(kind)
