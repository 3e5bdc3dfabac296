"""What is wrong with an order is told at its line or its cell, by the order's own names."""

import openpyxl
import pytest
import yaml

from cesim.errors import InputError
from cesim.orders import asking
from cesim.orders.assays import read_assays
from cesim.orders.placing import placed
from cesim.orders.reading import read_order
from cesim.orders.remarks import remarks
from cesim.orders.workbook import order_tree
from cesim.scenario import bare_number, spot
from cesim.text import hints, message

ASK = {
    "charge": asking.charged,
    "test": asking.trial_of,
    "compare": lambda casthouse: casthouse.against,
    "value": asking.valued,
    "codesign": asking.design_of,
}


def refused(path, command):
    """The faults of reading and asking, as a command tells them."""
    with pytest.raises(InputError) as caught:
        answered(path, command)
    return caught.value.faults


def answered(path, command):
    casthouse = read_order(path, command)
    with placed(casthouse.tree):
        return ASK[command](casthouse)


def line_of(path, *steps):
    """The line on which the last of some keys stands, each searched below the one before."""
    node = yaml.compose(path.read_text(encoding="utf-8"))
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            key, node = next(pair for pair in node.value if pair[0].value == step)
        else:
            key = node = next(item for item in node.value if item.value == step)
    return key.start_mark.line + 1


MISSING = {"mean": {"Si": 0.6}, "cv": 0.3, "lot_mass": 10, "supply": 1500}
PLACED = [
    ("test", {"grade": {"name": "tabor"}}, ("grade", "name")),
    ("test", {"grade.min": {"Fe": 0.9}}, ("grade", "min", "Fe")),
    ("compare", {"against.min": {"Zn": 0.9}}, ("against", "min", "Zn")),
    ("test", {"sources/beams 6xxx/mean": {"Si": 60, "Fe": 50}}, ("sources", "beams 6xxx", "mean")),
    ("test", {"sources/beams 6xxx": MISSING}, ("sources", "beams 6xxx", "mean")),
    ("test", {"sources/beams 6xxx/correlation": -1}, ("sources", "beams 6xxx", "correlation")),
    ("test", {"sources/shredder/supply": None}, ("sources", "shredder")),
    ("test", {"sources/hoods/grade": "elv_hod"}, ("sources", "hoods", "grade")),
    ("test", {"sources/hoods/grade": "elv_bumper_beam"}, ("sources", "hoods", "grade")),
    ("test", {"sorter/confusion/hoods": {"hoods": 0.9}}, ("sorter", "confusion", "hoods")),
    ("test", {"sorter/confusion/hoods": {"hods": 1.0}}, ("sorter", "confusion", "hoods", "hods")),
    ("test", {"sorter/offered": ["hoods", "hods"]}, ("sorter", "offered", "hods")),
    ("test", {"sampling/limit_of_detection": 0, "sampling/absolute_error": 0.01}, ("sampling", "limit_of_detection")),
    ("test", {"furnace/recoveries": {"Al": 0.97}}, ("furnace", "yields")),
    ("value", {"knowledge/records": [0.9, 0.8]}, ("knowledge", "records")),
    ("codesign", {"design/widened": ["Mg", "Fee"]}, ("design", "widened", "Fee")),
    ("codesign", {"design/levels/last": 0.1}, ("design", "levels")),
    ("codesign", {"sources/hoods/price": None}, ("sources", "hoods")),
    ("codesign", {"furnace/additions": None}, ("furnace",)),
    ("charge", {"alloy/name": "6O16"}, ("alloy", "name")),
    ("charge", {"alloy/widen": {"Fee": 2}}, ("alloy", "widen", "Fee")),
    ("charge", {"alloy/without": ["Fee"]}, ("alloy", "without", "Fee")),
    ("charge", {"yard/hoods A/source": "hods"}, ("yard", "hoods A", "source")),
    ("charge", {"yard/hoods B/others": {"shreder": 1}}, ("yard", "hoods B", "others", "shreder")),
    ("charge", {"yard/hoods B/others": {"hoods": 1}}, ("yard", "hoods B", "others", "hoods")),
    ("charge", {"yard/press/composition": {"Si": 60, "Fe": 50}}, ("yard", "press", "composition")),
    ("charge", {"yard/press/least": 9}, ("yard", "press", "least")),
    ("charge", {"furnace/additions/P1020/composition": {"Si": 60, "Fe": 50}},
     ("furnace", "additions", "P1020", "composition")),
]  # fmt: skip


@pytest.mark.parametrize(("command", "changes", "steps"), PLACED)
def test_what_an_object_refuses_is_told_at_its_line(order, command, changes, steps):
    path = order(changes)
    faults = refused(path, command)
    assert {fault.place.file for fault in faults} == {str(path)}
    assert line_of(path, *steps) in {fault.place.line for fault in faults}


@pytest.mark.parametrize(("command", "changes", "steps"), PLACED)
def test_what_an_object_refuses_is_told_at_its_cell(order, command, changes, steps):
    path = order(changes, ending="xlsx")
    faults = refused(path, command)
    tree = order_tree(path)
    where = spot(tree, steps)
    cells = {(fault.place.sheet, fault.place.cell) for fault in faults}
    assert cells & {(place.sheet, place.cell) for place in (where.key, where.value)}


def test_objects_have_the_names_of_the_order(order):
    faults = refused(order({"sources/hoods/grade": "elv_hod", "sources/shredder/grade": "elv_bumper_beam"}), "test")
    assert {fault.arguments["object"] for fault in faults} == {"ScrapSource hoods", "ScrapSource shredder"}
    yard = order({"yard/hoods A/source": "hods", "yard/hoods B/source": "hods"})
    assert {fault.arguments["object"] for fault in refused(yard, "charge")} == {"Lot hoods A", "Lot hoods B"}


@pytest.mark.parametrize(
    ("path", "value", "steps", "meant"),
    [
        ("sources/beams 7xxx/mean", {"fe": 0.2}, ("sources", "beams 7xxx", "mean", "fe"), "Fe"),
        ("sources/beams 7xxx/cv", {"Sii": 0.2}, ("sources", "beams 7xxx", "cv", "Sii"), "Si"),
        ("alloy/limits", {"Iron": {"max": 0.2}}, ("alloy", "limits", "Iron"), "Fe"),
        ("grade/max", {"マグネシウム": 0.2}, ("grade", "max", "マグネシウム"), "Mg"),
        ("grade/min", {"CU": 0.2}, ("grade", "min", "CU"), "Cu"),
        ("yard/press/composition", {"si": 0.2}, ("yard", "press", "composition", "si"), "Si"),
        ("furnace/recoveries", {"Al": 0.9, "ZN": 0.9}, ("furnace", "recoveries", "ZN"), "Zn"),
        ("furnace/additions/Si/composition", {"Silicon": 100}, ("furnace", "additions", "Si", "composition", "Silicon"),
         "Si"),
        ("elements", ["Si", "fe"], ("elements", "fe"), "Fe"),
    ],
)  # fmt: skip
def test_a_key_that_is_no_symbol_is_refused_with_the_one_meant(order, path, value, steps, meant):
    written = order({path: value})
    (fault,) = refused(written, "test")
    assert (fault.code, fault.arguments["nearest"]) == ("not_an_element", meant)
    assert fault.place.line == line_of(written, *steps)
    assert f"did you mean: {meant}" in hints(fault, "en")


def test_aluminium_may_stand_where_it_is_not_the_rest(order):
    held = read_order(order({"grade/min": {"Al": 90}, "yard/press/composition": {"Al": 98, "Si": 2}}), "test").order
    assert held.grade.min == {"Al": 90}
    faults = refused(order({"sources/beams 6xxx/mean": {"Al": 98, "Si": 2}}), "test")
    assert [fault.code for fault in faults] == ["aluminium_is_rest"]


def test_expectations_are_read_before_the_answer_and_told_at_their_line(order, asked):
    path = order({"expect": {"test": ["acceptance >= 0.1", "much scrap"], "charge": ["cost"]}})
    with pytest.raises(InputError) as caught:
        read_order(path, "test")
    assert [fault.code for fault in caught.value.faults] == ["expect_unreadable"] * 2
    text = path.read_text(encoding="utf-8").splitlines()
    assert {text[fault.place.line - 1].strip() for fault in caught.value.faults} == {"- much scrap", "- cost"}
    path = order({"expect": {"test": ["aceptance >= 0.1", "recycled >= 0.1"]}}, ending="xlsx")
    code, out, err = asked("grade", "test", path)
    assert (code, out) == (2, "")
    assert "expect!B2" in err
    assert "expect!B3" in err


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"design/levels": {"first": 1, "last": 2, "points": 1}}, "span_one_point"),
        ({"sources/hoods/cv": 30}, "out_of_range"),
        ({"sources/beams 7xxx/cv": {"Si": 30}}, "out_of_range"),
        ({"sources/hoods/closure": "yes"}, "not_a_choice"),
        ({"sources/hoods/closure": "renormalise"}, "charge_closure_not_needed"),
    ],
)
def test_values_that_make_no_sense_are_told_once_and_at_their_place(order, changes, code):
    (fault,) = refused(order(changes), "codesign")
    assert fault.code == code
    assert fault.place.line is not None


def test_lots_over_the_whole_are_scaled_where_the_source_says_so(order):
    told = {"mean": {"Si": 50, "Fe": 10}, "cv": 0.8, "lot_mass": 10, "supply": 1}
    alone = {"sources": {"hoods": told}, "elements": ["Si", "Fe"]}
    source = read_order(order({**alone, "sources": {"hoods": {**told, "closure": "renormalise"}}}), "test").sources
    assert source["hoods"].closure == "renormalise"


def cells(path, changes):
    """Change a workbook: {(sheet, cell): (value, number format)}."""
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in changes.items():
        book[sheet][cell], look = value
        book[sheet][cell].number_format = look
    book.save(path)
    return path


def at(path, sheet, text):
    return next(row[1].coordinate for row in openpyxl.load_workbook(path)[sheet].iter_rows() if row[0].value == text)


@pytest.mark.parametrize(
    ("look", "shown"),
    [("0.00%", "0.40 %"), ("0%", "0 %"), ('0.0%;[Red]-0.0%', "0.4 %"), ('0.000"%"', None), ("0.0\\%", None)],
)  # fmt: skip
def test_a_cell_formatted_as_per_cent_is_refused(order, look, shown):
    path = order(ending="xlsx")
    cell = at(path, "grade", "max.Fe")
    cells(path, {("grade", cell): (0.004, look), ("grade", "E30"): (0.5, "0%")})
    if shown is None:
        assert read_order(path, "test").order.grade.max["Fe"] == 0.004
        return
    (fault,) = refused(path, "test")
    assert (fault.code, fault.place.cell, fault.arguments["found"]) == ("cell_per_cent", cell, shown)
    assert "0.004" in message(fault, "en")


def test_hidden_sheets_are_read(order):
    path = order(ending="xlsx")
    book = openpyxl.load_workbook(path)
    book["sources"].sheet_state = "hidden"
    book.save(path)
    assert set(read_order(path, "test").order.sources) == {"hoods", "beams 6xxx", "beams 7xxx", "shredder"}


def test_a_row_that_stands_twice_is_one_fault(order):
    path = order(ending="xlsx")
    book = openpyxl.load_workbook(path)
    names = {row[0].value: row[0] for row in book["sources"].iter_rows()}
    for cell in list(book["sources"].iter_rows())[names["hoods"].row - 1]:
        book["sources"].cell(names["beams 6xxx"].row, cell.column, cell.value)
    book.save(path)
    (fault,) = refused(path, "test")
    assert (fault.code, fault.arguments["found"]) == ("row_twice", "hoods")
    assert fault.place.cell == names["beams 6xxx"].coordinate
    assert fault.arguments["other"].cell == names["hoods"].coordinate


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0,40", "0.40"), ("0,400", "0.400"), ("12,5", "12.5"), ("3,000", "3000"), ("3,000.5", "3000.5"),
        ("3000 t", "3000"), ("3,000 t", "3000"), ("0.4 wt%", "0.4"), ("250000 JPY/t", "250000"), ("0.4", "0.4"),
        ("95 %", None), ("20 kg", None), ("1.234,5", None), ("many", None), ("1,23,4", None),
    ],
)  # fmt: skip
def test_a_number_written_as_text_is_proposed_where_it_means_one_thing(text, meant):
    assert bare_number(text) == meant


@pytest.mark.parametrize("ending", ["yaml", "xlsx"])
def test_no_proposal_of_a_value_with_a_unit(order, ending):
    for text in ("95 %", "20 kg", "3000 t"):
        (fault,) = refused(order({"sources/hoods/supply": text}, ending=ending), "test")
        assert fault.code == "need_number"
        assert not any("value:" in hint for hint in hints(fault, "en"))


def assays(tmp_path, text):
    path = tmp_path / "assays.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_with_decimal_commas(tmp_path):
    for mark in (";", "\t"):
        _, table = read_assays(assays(tmp_path, "Si;Fe\n0,40;0,2\n1;0,25\n".replace(";", mark)))
        assert table.tolist() == [[0.4, 0.2], [1.0, 0.25]]
    with pytest.raises(InputError) as caught:
        read_assays(assays(tmp_path, "Si;Fe\n0,40;0.2\n1;0.25\n"))
    assert [fault.code for fault in caught.value.faults] == ["assay_not_number"]
    assert "write: 0.40" in hints(caught.value.faults[0], "en")


@pytest.mark.parametrize(
    ("found", "code"),
    [("<0.01", "assay_below_detection"), ("n.d.", "assay_below_detection"), ("ND", "assay_below_detection"),
     ("tr.", "assay_below_detection"), ("不検出", "assay_below_detection"), ("?", "assay_not_number"),
     ("0.3x", "assay_not_number"), (">5", "assay_not_number")],
)  # fmt: skip
def test_the_limit_of_detection_is_spoken_of_where_it_was_met(tmp_path, found, code):
    with pytest.raises(InputError) as caught:
        read_assays(assays(tmp_path, f"Si,Fe\n{found},0.1\n1,0.2\n"))
    assert [fault.code for fault in caught.value.faults] == [code]
    assert any("detection" in hint for hint in hints(caught.value.faults[0], "en")) == (code != "assay_not_number")


def test_files_that_are_missing_or_empty_are_spoken_of_as_what_they_are(order, asked, tmp_path):
    path = order()
    for name in ("ordr.yaml", "chubu-baseline", "ordr.xlsx"):
        code, _, err = asked("grade", "test", tmp_path / name)
        assert code == 2
        assert "no such file" in err.lower()
        assert "scenario" not in err.lower()
    assert f"did you mean: {path}" in asked("grade", "test", tmp_path / "ordr.yaml")[2]
    path.write_text("", encoding="utf-8")
    assert "cesim new --grade" in asked("grade", "test", path)[2]
    with pytest.raises(InputError) as caught:
        read_assays(assays(tmp_path, ""))
    assert [fault.code for fault in caught.value.faults] == ["no_assays"]


def test_a_table_of_few_lots(order, tmp_path):
    names = ["Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti"]
    head, lot = ",".join(names), ",".join(["0.1"] * len(names))
    changes = {"sources/hoods/grade": None, "sources/hoods/assays": "assays.csv", "sources/hoods/correlation": None}
    for count, told in ((9, [9]), (10, [])):
        assays(tmp_path, "\n".join([head, *[lot] * count]))
        casthouse = read_order(order(changes), "compare")
        few = [one for one in remarks(casthouse, "compare", None) if one.code == "order_few_lots"]
        assert [one.arguments["found"] for one in few] == told
    assays(tmp_path, f"{head}\n{lot}\n")
    assert [fault.code for fault in refused(order(changes), "test")] == ["one_lot"]
