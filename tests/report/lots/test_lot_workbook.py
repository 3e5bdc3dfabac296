"""The workbook of a lot-by-lot run: it opens, has the numbers of the page, and no text becomes a formula."""

import copy
from dataclasses import replace

import made_up_lots as made
import pytest
from openpyxl import load_workbook

from cesim.report.lots import write_lot_workbook

KINDS = ("single", "drawn", "years", "without_losses")
SHEETS = {
    "ja": [
        "要約", "読み方", "6000系の行き先", "物質収支との比較", "ヒート", "設備", "車", "選別ライン", "トラック",
        "フロー",
    ],
    "en": [
        "Summary", "Read me", "Ways of the metal", "Beside the balance", "Heats", "Works", "Cars", "Sorting lines",
        "Trucks", "Flows",
    ],
}  # fmt: skip


@pytest.fixture
def opened(lot_runs, tmp_path):
    """Write and open the workbook of a kind of run, or of a run, in a language."""

    def write(kind, lang, run=None):
        path = write_lot_workbook(tmp_path, lot_runs[kind] if run is None else run, lang)
        return load_workbook(path)

    return write


def cells(sheet):
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_workbook_opens_and_every_sheet_has_rows_under_its_heads(opened, lang, kind):
    book = opened(kind, lang)
    assert book.sheetnames == SHEETS[lang]
    for sheet in book:
        heads = [cell.value for cell in sheet[1]]
        assert all(heads) or sheet.title == SHEETS[lang][1]
        rows = cells(sheet)
        assert rows
        assert all(row[0] is not None or sheet.title == SHEETS[lang][1] for row in rows)
        assert not [
            value for row in rows for value in row if isinstance(value, str) and value in ("nan", "None", "inf")
        ]


def test_the_summary_has_the_steps_and_the_balance(opened, lang):
    rows = cells(opened("single", lang).worksheets[0])
    assert [row[2] for row in rows] == pytest.approx([700.5, 297.75, 87.5, -6.25, 321.5, made.BALANCE])
    assert {row[1] for row in rows} == {"t"}
    assert {value for row in rows for value in row[3:]} == {None}


def test_draws_have_their_quantiles(opened):
    rows = cells(opened("drawn", "en").worksheets[0])
    assert rows[0][2:] == pytest.approx([700.5, 840.6, 777.555, 903.645])  # 1.1, 1.2, 1.3 times: 5 % is 1.11
    assert rows[3][3:] == pytest.approx([-7.5, -8.0625, -6.9375])


def test_without_the_runs_without_limits_the_summary_is_short(opened):
    rows = cells(opened("without_losses", "en").worksheets[0])
    assert [row[2] for row in rows] == pytest.approx([321.5, made.BALANCE])


def test_the_ways_add_up_exactly(opened, lang):
    groups = {}
    for where, group, unit, best, *_ in cells(opened("single", lang).worksheets[2]):
        assert where
        assert unit == "t"
        groups.setdefault(group, []).append(best)
    came, went, charged = groups.values()
    assert sum(came) == pytest.approx(sum(went), abs=1e-9)
    assert sum(charged) == pytest.approx(made.SIX["charged"], abs=1e-9)
    assert made.SIX["charged"] in went


def test_engines_have_units_of_the_page(opened, lang):
    units = {row[2] for row in cells(opened("single", lang).worksheets[3])}
    assert units == {"t", "%", {"ja": "台", "en": "vehicles"}[lang]}


def test_engines_have_numbers_and_formats_by_unit(opened):
    sheet = opened("single", "en").worksheets[3]
    rows = {row[0]: row for row in cells(sheet)}
    content = rows["Recycled content of 6000-series, post-consumer"]
    assert content[2] == "%"
    assert content[3] == pytest.approx(0.061234)
    assert content[7:] == pytest.approx([0.065432, 0.061234 - 0.065432])
    formats = {row[0].value: row[3].number_format for row in sheet.iter_rows(min_row=2)}
    assert formats["Recycled content of 6000-series, post-consumer"] == "0.00%"
    assert formats["End-of-life vehicles"] == "#,##0"
    assert formats["Primary metal charged for car aluminium"] == "#,##0.0"


def test_works_without_a_limit_have_no_utilisation(opened):
    rows = {row[0]: row[1:] for row in cells(opened("single", "en").worksheets[5])}
    assert rows["Furnaces, South"][-1] is None
    assert rows["Furnaces, North"] == pytest.approx([400, 2, 3.0, 3 * made.SECONDS / 400 / 3600, 0.25])
    assert "Border of the regions" not in rows  # nothing went through it


def test_heats_cars_lines_trucks_and_flows_are_those_of_the_tables(opened):
    book = opened("single", "en")
    heats, _, cars, lines, trucks, flows = (cells(sheet) for sheet in book.worksheets[4:])
    assert ["AC4CH", 6_900, 15, 12, 3, 6_930] in heats
    assert cars == [["North", 100_000, 99_000, 990, 0.01], ["South", 0, 0, 0, None]]
    assert lines[0] == ["Alloy sorter, North", 800, 80, 0.1]
    assert [row[2] for row in trucks] == pytest.approx([15_861, 1_110_270, 27_498_340, 333.081, 3_299.8])
    assert [row[1] for row in trucks] == ["loads", "km", "t km", "million JPY", "t CO2e"]
    assert [row[8] for row in flows] == [250.25, 5.5763, 0.5]  # the largest first
    assert flows[1][1:3] == ["North", "South"]


def test_what_users_write_is_text(opened, lot_runs):
    run = lot_runs["single"]
    about = copy.deepcopy(run.about)
    about["scenario"]["name"] = about["region_names"]["north"] = {"ja": "=1+1", "en": "=1+1"}
    book = opened("single", "en", replace(run, about=about))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert found
    assert {cell.data_type for cell in found} == {"s"}


def test_the_same_run_gives_the_same_bytes(lot_runs, tmp_path):
    paths = [tmp_path / name for name in ("one", "two")]
    for path in paths:
        path.mkdir()
        write_lot_workbook(path, lot_runs["single"], "ja")
    one, two = (path.joinpath("results.xlsx").read_bytes() for path in paths)
    assert one == two
