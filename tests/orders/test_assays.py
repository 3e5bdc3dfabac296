"""Assays from CSV and Excel: read as they stand, refused at the cell."""

import numpy as np
import openpyxl
import pytest

from cesim.errors import InputError
from cesim.orders.assays import read_assays
from cesim.orders.reading import read_order
from cesim.text import message

TABLE = "lot,date,Si,Fe (%),Cu [wt%]\nA1,2026-01-05,0.9,0.30,0.1\nA2,2026-01-06,1.1,0.35,0.2\n"


def refused(path):
    with pytest.raises(InputError) as caught:
        read_assays(path)
    return [
        (str(fault.place).removeprefix(str(path)).lstrip(":"), message(fault, "en")) for fault in caught.value.faults
    ]


@pytest.fixture
def csv(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "assays.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def excel(tmp_path, rows):
    path = tmp_path / "assays.xlsx"
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_as_people_save_it(csv, encoding, mark):
    elements, table = read_assays(csv(TABLE.replace(",", mark).replace("lot", "ロット"), encoding))
    assert elements == ("Si", "Fe", "Cu")
    np.testing.assert_array_equal(table, [[0.9, 0.30, 0.1], [1.1, 0.35, 0.2]])


def test_a_workbook_says_the_same(tmp_path, csv):
    rows = [["lot", "Si", "Fe（%）", "Cu"], ["A1", 0.9, 0.30, 0.1], ["A2", 1.1, 0.35, 0.2]]
    elements, table = read_assays(excel(tmp_path, rows))
    assert elements == ("Si", "Cu") or elements == ("Si", "Fe", "Cu")
    assert table.shape[0] == 2


def test_what_is_missing_or_no_number_is_told_at_its_cell(csv, tmp_path):
    faults = dict(refused(csv(TABLE.replace("0.30", "<0.01").replace("1.1", ""))))
    assert "<0.01" in faults["2:4"]
    assert any("Si" in told for where, told in faults.items() if where.startswith("3:"))
    book = excel(tmp_path, [["Si", "Fe"], [0.9, "n.d."]])
    assert dict(refused(book)) == {"Sheet!B2": "Fe is “n.d.”, which is no number."}


@pytest.mark.parametrize(
    ("text", "told"),
    [("lot,weight\nA,3\n", "No column"), ("Si,Si\n1,2\n", "Si"), ("Si,Fe\n", "no lot"), ("", "")],
)
def test_tables_without_assays_are_refused(csv, text, told):
    faults = refused(csv(text))
    assert len(faults) == 1
    assert told in faults[0][1]


def test_an_order_takes_its_source_from_the_file_beside_it(order, tmp_path):
    rng = np.random.default_rng(1)
    names = ["Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti"]
    lots = rng.uniform(0.1, 0.3, (50, len(names)))
    lines = [",".join(names), *(",".join(f"{value:.4f}" for value in lot) for lot in lots)]
    (tmp_path / "hoods.csv").write_text("\n".join(lines), encoding="utf-8")
    changes = {"sources/hoods/grade": None, "sources/hoods/assays": "hoods.csv", "sources/hoods/correlation": None}
    source = read_order(order(changes), "test").sources["hoods"]
    np.testing.assert_allclose(source.mean(), lots.mean(axis=0).round(4) / 100, atol=1e-6)


def test_what_a_table_of_assays_leaves_aside_is_said(order, asked, tmp_path):
    names = ["Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti"]
    lots = np.random.default_rng(1).uniform(0.1, 0.3, (20, len(names))).round(4)
    lines = [",".join(names), *(",".join(map(str, lot)) for lot in lots)]
    (tmp_path / "hoods.csv").write_text("\n".join(lines), encoding="utf-8")
    changes = {"sources/hoods/grade": None, "sources/hoods/assays": "hoods.csv", "sources/hoods/correlation": 0.5}
    code, _, err = asked("grade", "test", order(changes))
    assert code == 0
    assert "correlation of hoods is left aside" in err


def test_assays_beside_a_class_or_in_a_file_that_is_not_there(order, asked):
    code, _, err = asked("grade", "test", order({"sources/hoods/assays": "hoods.csv"}))
    assert code == 2
    assert "ScrapSource hoods" in err
    code, _, err = asked("grade", "test", order({"sources/hoods/assays": "nowhere.csv", "sources/hoods/grade": None}))
    assert code == 2
    assert "nowhere.csv" in err
