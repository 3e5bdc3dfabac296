"""What a maker fills in is read as it stands, and what is wrong is told at its cell."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.orders.maker import Period, read_maker, write_template
from cesim.orders.maker.columns import SHEETS, known, named
from cesim.orders.maker.sheet import BuiltType, MakerSheet, PlanTarget, Purchase
from cesim.scenario.workbook.grid import read_sheets
from cesim.text import message

MAKER = [["name", "A works"], ["period", "2030"]]
TYPES = [["type", "market", "new", "units", "plastics_kg"], ["one", "eu", "yes", "20000", "100.1"]]
RECYCLATE = [["supplier", "polymer", "origin", "mass_kg", "into"], ["X", "PP", "post_elv", "1000", "all"]]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_template_says_what_it_says_in_either_language(tmp_path, lang):
    read = read_maker(write_template(tmp_path / "a.xlsx", lang))
    assert read.period == Period(2032, is_fiscal=True)
    assert [(one.market, one.is_new, one.units, one.plastics_kg) for one in read.types] == [
        ("domestic", False, 120_000, 118),
        ("domestic", True, 64_000, Fraction("132.5")),
        ("eu", True, 31_000, Fraction("141.2")),
        ("eu", False, 22_000, 150),
    ]
    assert read.mass_kg == 120_000 * 118 + 64_000 * Fraction("132.5") + 31_000 * Fraction("141.2") + 22_000 * 150
    assert read.bought_kg() == {
        "pre_auto": 650_000, "pre_other": 240_000, "post_elv": 310_000, "post_in_use": 95_000, "post_other": 970_000,
        "chemical": 120_000, "bio": 60_000,
    }  # fmt: skip
    assert [one.into for one in read.purchases[:3]] == [None, None, read.types[2].name]
    assert read.plan[2] == PlanTarget(2032, Fraction(2_500_000), Fraction("0.07"))


def test_the_template_is_the_same_on_any_day_and_never_written_over(tmp_path):
    one, two = (write_template(tmp_path / name, "ja").read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert one == two
    with pytest.raises(InputError) as caught:
        write_template(tmp_path / "a.xlsx", "en")
    assert [fault.code for fault in caught.value.faults] == ["already_there"]
    assert (tmp_path / "a.xlsx").read_bytes() == one


def test_a_template_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(InputError) as caught:
        write_template(tmp_path / "none" / "a.xlsx", "en")
    assert [fault.code for fault in caught.value.faults] == ["cannot_write"]
    with pytest.raises(InputError) as caught:
        write_template(tmp_path / "a.csv", "en")
    assert [fault.code for fault in caught.value.faults] == ["maker_not_a_workbook"]


def test_no_cell_of_the_template_is_a_formula_or_merged(tmp_path):
    for lang in ("ja", "en"):
        sheets = read_sheets(write_template(tmp_path / f"{lang}.xlsx", lang))
        assert len(sheets) == 1 + len(SHEETS)


def test_names_of_columns_and_choices_are_told_apart():
    for sheet in SHEETS:
        keys = [column.key for column in sheet.columns]
        assert set(known(f"column.{sheet.key}", keys).values()) == set(keys)
        for lang in ("ja", "en"):
            assert len({named(f"column.{sheet.key}", key, lang) for key in keys}) == len(keys)
        for column in sheet.columns:
            for lang in ("ja", "en"):
                assert len({named(f"choice.{column.key}", one, lang) for one in column.choices}) == len(column.choices)


def test_a_folder_of_csv_files_says_the_same(folder):
    read = read_maker(folder(maker=MAKER, types=TYPES, recyclate=RECYCLATE))
    assert read.types == (BuiltType("one", "eu", True, 20_000, Fraction("100.1")),)
    assert read.purchases == (Purchase("X", "PP", "post_elv", Fraction(1000), None),)
    assert read.mass_kg == 2_002_000
    assert read.plan == ()
    assert read.period == Period(2030)


def test_a_csv_fault_has_line_and_column(folder, refused):
    rows = [TYPES[0], ["one", "mars", "yes", "-5", "nan"]]
    assert refused(folder(maker=MAKER, types=rows, recyclate=RECYCLATE)) == [
        ("types.csv:2:2", "mars is none of the choices."),
        ("types.csv:2:4", "-5 is below zero."),
        ("types.csv:2:5", "A number belongs here, not nan."),
        ("recyclate.csv", "recyclate.csv"),
    ][:3]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "value", "told"),
    [
        (("Types built", "D3"), "12 thousand", "A number belongs here, not 12 thousand."),
        (("Types built", "D3"), "１２０", "A number belongs here, not １２０."),
        (("Types built", "D3"), -1, "-1 is below zero."),
        (("Types built", "D3"), 10.5, "10.5 is not a whole number of cars."),
        (("Types built", "D3"), 1e13, "10000000000000 is more than there can be."),
        (("Types built", "D3"), True, "A number belongs here, not True."),
        (("Types built", "E3"), 0, "The type Type A is built, but has no plastics."),
        (("Types built", "B3"), "EUU", "EUU is none of the choices."),
        (("Types built", "C3"), "perhaps", "perhaps is none of the choices."),
        (("Types built", "A4"), "Type A", "A row for “Type A” stands here already."),
        (("Types built", "A4"), "All", "A type cannot be called All: that stands for all types."),
        (("Types built", "D1"), "Uints", "No column is called Uints."),
        (("Types built", "D1"), "Plastics per unit (kg)", "The column Plastics per unit (kg) stands here twice."),
        (("Types built", "G3"), 5, "There is no heading over 5."),
        (("Types built", "D3"), None, "This row lacks 台数 / Units."),
        (("Recycled plastics", "C3"), "post_evl", "post_evl is none of the choices."),
        (("Recycled plastics", "B3"), "PPP", "PPP is none of the choices."),
        (("Recycled plastics", "D3"), "=1/0", "The cell holds the error #DIV/0!."),
        (("Recycled plastics", "E5"), "Type Z", "No type is called Type Z."),
        (("Maker", "B2"), "last year", "last year is no year."),
        (("Own plan", "A3"), "soon", "soon is no year."),
        (("Own plan", "C3"), 7, "A share is at most 1 (100 %), not 7."),
        (("Own plan", "C3"), None, "The plan has no target for 2027."),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(book, refused, cell, value, told):
    path = book({cell: value})
    if value == "=1/0":
        path = _with_error(path, *cell)
    faults = refused(path)
    places = dict(faults)
    where = "!".join(cell)
    if value is None:  # what is not there is told where its row begins or where its year stands
        where = f"{cell[0]}!A3"
    if told.startswith("The column"):
        where = f"{cell[0]}!E1"
    assert places[where] == told
    # a column that is not there is told once more, a type under another name where it was bought for
    more = {"D1": 1, "A4": 0}.get(cell[1], 0)
    assert len(faults) == 1 + more


def _with_error(path, sheet, cell):
    """Write a cell as Excel does that could not work out a formula."""
    import openpyxl

    held = openpyxl.load_workbook(path)
    held[sheet][cell].value = "#DIV/0!"
    held[sheet][cell].data_type = "e"
    held.save(path)
    return path


def test_a_formula_that_was_never_worked_out(book, refused):
    assert refused(book({("Types built", "D3"): "=100+20"})) == [
        ("Types built!D3", "The formula =100+20 has no value yet.")
    ]


def test_a_number_shown_as_per_cent_where_none_belongs(book, refused):
    import openpyxl

    path = book()
    held = openpyxl.load_workbook(path)
    held["Types built"]["E3"].number_format = "0 %"
    held.save(path)
    [(place, told)] = refused(path)
    assert place == "Types built!E3"
    assert "11800 %" in told


def test_merged_cells_and_sheets_that_are_missing_or_unknown_are_all_told(book, refused):
    changes = {"Recycled plastics": "Recycled plastic", "Own plan": "#Own plan"}
    told = dict(refused(book(changes, merged={"Types built": "A3:A4", "Read me": "A1:B1"})))
    assert told["Types built!A3"] == "The cells A3:A4 are merged: only the first of them would be read."
    assert told["Recycled plastic"] == "No sheet is called Recycled plastic."
    assert told[""] == "The sheet recyclate is missing (in Japanese 再生プラスチック)."
    assert len(told) == 3


def test_a_plan_may_be_left_out_and_a_sheet_may_be_a_note(book):
    assert read_maker(book({"Own plan": "# Own plan"})).plan == ()


def test_a_fiscal_year_in_the_plan_of_a_calendar_year(book, refused):
    told = refused(book({("Maker", "B2"): 2032, ("Own plan", "A3"): "FY2027"}))
    assert told == [("Own plan!A3", "FY2027 is a fiscal year, but the report is by calendar year (2032).")]
    assert read_maker(book({("Maker", "B2"): 2032})).period == Period(2032)


@pytest.mark.parametrize("text", ["FY2032", "2032年度", "fy2032", "ＦＹ２０３２", " 2032 年度"])
def test_a_fiscal_year_may_be_written_in_several_ways(book, text):
    assert read_maker(book({("Maker", "B2"): text})).period == Period(2032, is_fiscal=True)


@pytest.mark.parametrize("text", ["2032", 2032, "2032年"])
def test_so_may_a_calendar_year(book, text):
    assert read_maker(book({("Maker", "B2"): text})).period == Period(2032)


def test_more_recycled_plastic_than_plastics_is_told_at_the_row_that_does_it(book, refused):
    told = refused(book({("Recycled plastics", "D5"): 4_300_000}))
    assert told[0][0] == "Recycled plastics!D5"  # with what is shared out, 4,457,381 kg
    assert "more than all their plastics (4377200 kg)" in told[0][1]


def test_exactly_all_plastics_is_allowed_and_a_gram_more_is_not(folder, refused):
    rows = [TYPES[0], ["one", "eu", "yes", "10", "1.5"]]
    full = [RECYCLATE[0], ["X", "PP", "post_elv", "15", "one"]]
    room = folder(maker=MAKER, types=rows, recyclate=full)
    assert read_maker(room).held_kg(read_maker(room).types[0])["post_elv"] == 15
    (room / "recyclate.csv").write_text("supplier,polymer,origin,mass_kg,into\nX,PP,post_elv,15.001,one\n")
    assert refused(room)[0][0] == "recyclate.csv:2:4"


def test_no_car_at_all(folder, refused):
    rows = [TYPES[0], ["one", "eu", "yes", "0", "1.5"]]
    assert refused(folder(maker=MAKER, types=rows, recyclate=RECYCLATE)) == [
        ("types.csv:2:4", "Not one car was built.")
    ]


def test_sheets_without_rows_are_told(folder, refused):
    told = refused(folder(maker=[["name", "A"]], types=TYPES[:1], recyclate=[]))
    assert ("types.csv", "The sheet types has no row below its headings.") in told
    assert ("recyclate.csv", "The sheet recyclate has no row below its headings.") in told
    assert ("maker.csv", "There is no column 報告の年 / Year of the report.") in told


@pytest.mark.parametrize("name", ["none.xlsx", "none.txt", "text.xlsx", "text.csv"])
def test_what_is_no_workbook(tmp_path, name):
    if name.startswith("text"):
        (tmp_path / name).write_text("text", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_maker(tmp_path / name)
    wanted = {"none": "no_such_file", "text.xlsx": "not_a_workbook", "text.csv": "maker_not_a_workbook"}
    assert [fault.code for fault in caught.value.faults] == [wanted.get(name, wanted["none"])]


masses = st.integers(0, 10**9).map(lambda grams: Fraction(grams, 1000))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10**6), masses.filter(bool)), min_size=1, max_size=5),
    st.lists(st.tuples(masses, st.integers(-1, 4)), max_size=6),
)
def test_what_is_shared_out_over_the_types_is_what_was_bought(cars, bought):
    types = tuple(BuiltType(str(at), "eu", True, units, kg) for at, (units, kg) in enumerate(cars))
    purchases = tuple(
        Purchase("x", "PP", "post_elv", kg, None if into < 0 else str(into % len(types))) for kg, into in bought
    )
    sheet = MakerSheet("m", Period(2030), types, purchases)
    assert sum(sheet.held_kg(one)["post_elv"] for one in types) == sheet.bought_kg()["post_elv"]
    part = sum((one.mass_kg for one in purchases if one.into is None), Fraction(0))
    for one in types:
        own = sum((p.mass_kg for p in purchases if p.into == one.name), Fraction(0))
        assert sheet.held_kg(one)["post_elv"] - own == part * one.mass_kg / sheet.mass_kg


values = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 10**16), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12), st.dates(),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["Maker", "Types built", "Recycled plastics", "Own plan"]),
    st.integers(1, 7),
    st.integers(1, 6),
    values,
)
def test_whatever_stands_in_a_cell_is_read_or_told_at_a_place(book, sheet, row, column, value):
    cell = f"{'ABCDEF'[column - 1]}{row}"
    path = book({(sheet, cell): value})
    faults = ()
    try:
        read_maker(path)
    except InputError as error:
        faults = error.faults
    assert all(fault.place.file == str(path) for fault in faults)
    assert not any("?" in message(fault, "en").replace(str(value), "") for fault in faults)
