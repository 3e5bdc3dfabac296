"""An order as a workbook says what it says in YAML; what is wrong is told at its cell."""

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.cli.main import main
from cesim.errors import InputError
from cesim.orders.layout import EXPECT, README, SHEETS, is_list, steps
from cesim.orders.order import Order
from cesim.orders.reading import read_order
from cesim.orders.starter import example, example_text, write_orders
from cesim.text import message


@pytest.fixture
def book(order):
    """Change cells of the quick example: {(sheet, cell): value}; a sheet alone is made or, with None, removed."""

    def write(changes):
        path = order(ending="xlsx")
        held = openpyxl.load_workbook(path)
        for place, value in changes.items():
            if isinstance(place, str):
                if value is None:
                    del held[place]
                else:
                    held.create_sheet(place)
            else:
                sheet, cell = place
                held[sheet][cell] = value
        held.save(path)
        return path

    return write


def at(path, sheet, text, column=1):
    """The cell to the right of a name on a sheet of one object."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows()
    return next(row[column].coordinate for row in rows if row[0].value == text)


def refused(path, command="test"):
    with pytest.raises(InputError) as caught:
        read_order(path, command)
    return [
        (str(fault.place).removeprefix(str(path)).lstrip(":"), message(fault, "en")) for fault in caught.value.faults
    ]


def test_both_files_of_the_example_say_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yaml, workbook = write_orders("mine", "ja")
    for command in ("charge", "test", "compare", "value", "codesign"):
        assert read_order(yaml, command).order == read_order(workbook, command).order
    before = workbook.read_bytes()
    with pytest.raises(InputError) as caught:
        write_orders("mine", "en")
    assert {fault.code for fault in caught.value.faults} == {"already_there"}
    assert workbook.read_bytes() == before


def test_the_comments_of_the_example_are_in_one_language():
    texts = {lang: example_text(lang) for lang in ("ja", "en")}
    assert "規格" in texts["ja"]
    assert "規格" not in texts["en"]
    assert not any(line.startswith(("#ja", "#en")) for text in texts.values() for line in text.splitlines())


def test_every_sheet_leads_somewhere():
    held = {sheet.name: sheet.loc for sheet in SHEETS}
    model = set(Order.model_fields) - {"elements", "ask", EXPECT}
    assert {str(loc[0]) for loc in held.values() if loc} == model
    assert {README, EXPECT} & set(held) == set()


@pytest.mark.parametrize(
    ("loc", "dotted", "path"),
    [
        (("alloy",), "widen.Fe", ("alloy", "widen", "Fe")),
        (("furnace",), "yields.hood no. 3", ("furnace", "yields", "hood no. 3")),
        (("furnace",), "energy.use", ("furnace", "energy", "use")),
        (("sources", "ELV v1.2"), "foreign.free_iron.mean", ("sources", "ELV v1.2", "foreign", "free_iron", "mean")),
        (("sources", "a"), "cv", ("sources", "a", "cv")),
        (("sources", "a"), "cv.Fe", ("sources", "a", "cv", "Fe")),
        (("sorter", "confusion", "a"), "b.c", ("sorter", "confusion", "a", "b.c")),
        (("sorter",), "offered", ("sorter", "offered")),
        ((), "elements", ("elements",)),
    ],
)
def test_a_dotted_name_is_taken_apart_as_the_model_says(loc, dotted, path):
    assert steps(loc, dotted) == path


def test_lists_are_known():
    assert is_list(("elements",))
    assert is_list(("sorter", "offered"))
    assert not is_list(("alloy", "name"))


def test_numbers_in_lists_and_names_that_look_like_numbers(book, order):
    path = order({"knowledge.records": [0.8, 0.9], "alloy.without": ["Ti"]}, ending="xlsx")
    read = read_order(path, "value").order
    assert read.knowledge.records == (0.8, 0.9)
    assert read.alloy.without == ("Ti",)
    assert read.alloy.name == "6016"


def test_a_wrong_number_is_told_at_its_cell(book, order):
    cell = at(order(ending="xlsx"), "risk", "joint")
    for value, text in (
        (7, "out of range"),
        ("many", "A number is needed"),
        ("０．０１", "Full-width"),
        ("=1/0", "no value yet"),
    ):
        ((where, told),) = refused(book({("risk", cell): value}))
        assert where == f"risk!{cell}"
        assert text in told


def test_a_misspelt_field_is_told_at_its_name(book, order):
    cell = at(order(ending="xlsx"), "risk", "joint", 0)
    faults = refused(book({("risk", cell): "jiont"}))
    assert any("jiont" in told for where, told in faults if where == f"risk!{cell}")
    assert any("missing here: joint" in told for _, told in faults)


def test_unknown_sheets_and_values_without_a_name_are_told_together(book):
    path = book({"surces": 1, "# scratch": 1, ("shop", "B9"): 5, ("sources", "AZ4"): 1})
    places = [where for where, _ in refused(path)]
    assert sorted(places) == ["shop!B9", "sources!AZ4", "surces"]


def test_a_name_that_stands_twice_is_told_with_the_other_place(book):
    path = book({("shop", "A9"): "scrap_price", ("shop", "B9"): 5})
    ((where, told),) = refused(path)
    assert where == "shop!A9"
    assert "scrap_price" in told


def test_empty_rows_notes_and_sheets_that_nobody_needs_do_no_harm(book):
    notes = {("shop", "A20"): "# later", ("shop", "B20"): 5, ("shop", "D3"): "ask Mr Ito", "yard": None, "# scratch": 1}
    assert read_order(book(notes), "test").order.yard == {}


def test_an_empty_cell_says_nothing(book, order):
    cell = at(order(ending="xlsx"), "shop", "scrap_price")
    assert any("scrap_price" in told for _, told in refused(book({("shop", cell): None})))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"<html>", "組成".encode("cp932")])
def test_what_is_no_workbook_is_refused(tmp_path, capsys, data):
    path = tmp_path / "order.xlsx"
    path.write_bytes(data)
    assert main(["grade", "test", str(path), "--lang", "en"]) == 2
    err = capsys.readouterr().err
    assert "no Excel workbook" in err
    assert "Traceback" not in err


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.text("abcXYZ .-_é本", min_size=1, max_size=8).filter(lambda t: t.strip() == t), st.floats(0, 1), min_size=1
    )
)
def test_names_with_any_characters_come_back_from_a_workbook(tmp_path_factory, yields):
    from cesim.orders.starter import write_workbook

    tree = example() | {"furnace": {**example()["furnace"], "yields": yields}}
    path = tmp_path_factory.mktemp("names") / "order.xlsx"
    write_workbook(path, tree, "en")
    assert read_order(path, "charge").order.furnace.yields == pytest.approx(yields, rel=1e-15)
