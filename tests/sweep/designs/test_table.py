"""Designs read from CSV files, and everything that can be wrong with one."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.sweep.designs import Sobol, read_table
from cesim.sweep.designs import table as module
from cesim.sweep.designs.table import ANY, Rule, Table
from cesim.text import hints, message

KNOWN = ("sorting.libs.recovery", "輸出率", "c")


@pytest.fixture
def write(tmp_path):
    def written(content, name="points.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def rules(names):
    """Columns of probabilities, but for `amount` and `rule`."""
    special = {
        "amount": Rule(-1.5, 2000.0, is_probability=False),
        "rule": Rule(options=("cheap", "0.5", "true", "a+b")),
    }
    known = {**dict.fromkeys(KNOWN, Rule()), **special}
    wrong = [(at, "sweep_table_column_unknown", {"found": name}) for at, name in enumerate(names) if name not in known]
    return [known.get(name, ANY) for name in names], wrong


def faults(path):
    with pytest.raises(InputError) as caught:
        read_table(path, rules)
    for fault in caught.value.faults:
        for lang in ("ja", "en"):
            assert fault.code not in message(fault, lang)
            assert "?" not in message(fault, lang)
    return [(fault.place.line, fault.place.column, fault.code) for fault in caught.value.faults]


def test_what_was_written_is_read_to_the_last_digit(tmp_path):
    points = Sobol(3, 1).rows(0, 300)
    path = tmp_path / "points.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.writer(stream)
        writer.writerow(KNOWN)
        writer.writerows(points.tolist())
    table = read_table(path, rules)
    assert table.names == KNOWN
    assert table.numbers.shape == (300, 3)
    np.testing.assert_array_equal(table.numbers, points)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_as_they_are_saved_in_japan(write, encoding, mark, end):
    text = end.join([f' c {mark}"輸出率"', f"0.25{mark} 5e-1 ", "", f"{mark}", f'"0.75"{mark}.125']) + end
    table = read_table(write(text.encode(encoding)), rules)
    assert table.names == ("c", "輸出率")
    assert table.numbers.tolist() == [[0.25, 0.5], [0.75, 0.125]]


def test_what_is_handed_out_may_be_changed():
    table = Table(("c",), np.array([[0.5]]))
    table.rows(0, 1)[:] = 7.0
    assert table.rows(0, 1) == 0.5
    assert (table.columns, table.points) == (1, 1)
    with pytest.raises(ValueError, match="has 1"):
        table.rows(0, 2)


def test_values_and_options_are_read_by_the_rule_of_their_column(write):
    text = "amount,rule,c\n-1.5,cheap,0.5\n2000,.50,0.5\n1e3,TRUE,0.5\n0,a+b,0.5\n"
    expected = [[-1.5, 0.0, 0.5], [2000.0, 1.0, 0.5], [1000.0, 2.0, 0.5], [0.0, 3.0, 0.5]]
    assert read_table(write(text), rules).numbers.tolist() == expected


def test_a_column_that_counts_points_is_passed_over(write):
    table = read_table(write("c,point,輸出率\n0.5,7,0.25\n0.5,x,0.75\n"), rules)
    assert table.names == ("c", "輸出率")
    assert table.numbers.tolist() == [[0.5, 0.25], [0.5, 0.75]]
    assert faults(write("point,c,輸出率\n0,0.5,2\n")) == [(2, 7, "sweep_table_cell_outside")]


def test_cells_are_found_again_for_what_shows_only_later(write):
    table = read_table(write("point,c,輸出率\n0,0.5,0.5\n\n1,0.5,0.5\n2,0.5, 0.5\n"), rules)
    places = table.places([(2, 1), (0, 0), (1, 1)])
    assert [(place.line, place.column) for place in places] == [(5, 7), (2, 3), (4, 7)]
    table.raise_at([])
    with pytest.raises(InputError) as caught:
        table.raise_at([(1, 0, "sweep_table_shares_sum", {"found": 1.5, "name": "c"})] * 25)
    told = caught.value.faults
    assert [fault.code for fault in told] == ["sweep_table_shares_sum"] * 20 + ["sweep_table_more"]
    assert told[-1].arguments == {"count": 5}
    assert (told[0].place.line, told[0].place.column) == (4, 3)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c\n0.5\n0\n", [(3, 1, "sweep_table_cell_outside")]),
        ("c\n0.5\n1.0\n", [(3, 1, "sweep_table_cell_outside")]),
        ("c,輸出率\n0.5,-0.1\n0.5,90\n", [(2, 5, "sweep_table_cell_outside"), (3, 5, "sweep_table_cell_outside")]),
        ("c\n0.5\ninf\n-inf\n", [(3, 1, "sweep_table_cell_outside"), (4, 1, "sweep_table_cell_outside")]),
        ("c\n0.5\nNaN\n", [(3, 1, "sweep_table_cell_not_number")]),
        ("c,輸出率\nnan,0.5\n", [(2, 1, "sweep_table_cell_not_number")]),
        ("c,輸出率\n0.5,nan\n", [(2, 5, "sweep_table_cell_not_number")]),
        ("c\n0.5x\n", [(2, 1, "sweep_table_cell_not_number")]),
        ("c\n０.５\n", [(2, 1, "sweep_table_cell_not_number")]),
        ("c\n0.2_5\n", [(2, 1, "sweep_table_cell_not_number")]),
        ("c,輸出率\n0.5,\n", [(2, 5, "sweep_table_cell_empty")]),
        ('c,輸出率\n"0.5", \n,0.5\n', [(2, 7, "sweep_table_cell_empty"), (3, 1, "sweep_table_cell_empty")]),
        ("c,輸出率\n0.5\n0.1,0.2,0.3\n", [(2, 1, "sweep_table_row_length"), (3, 1, "sweep_table_row_length")]),
        ("c,recovery\n0.5,0.5\n", [(1, 3, "sweep_table_column_unknown")]),
        ("c,,輸出率\n0.5,0.5,0.5\n", [(1, 3, "sweep_table_column_unknown")]),
        ("amount\n-1.51\n2000.1\n", [(2, 1, "sweep_table_value_outside"), (3, 1, "sweep_table_value_outside")]),
        ("amount\n1,5\n", [(2, 1, "sweep_table_row_length")]),
        ("amount\n25 %\nnan\n", [(2, 1, "sweep_table_cell_not_number"), (3, 1, "sweep_table_cell_not_number")]),
        ("amount\ninf\n", [(2, 1, "sweep_table_value_outside")]),
        ("rule,c\ndear,0.5\n,0.5\n", [(2, 1, "sweep_table_no_option"), (3, 1, "sweep_table_cell_empty")]),
        ("rule\n0.51\nfalse\n", [(2, 1, "sweep_table_no_option"), (3, 1, "sweep_table_no_option")]),
        ("c\n", [(None, None, "sweep_table_no_rows")]),
        ("", [(None, None, "sweep_table_no_rows")]),
        ("\n\n , \n", [(None, None, "sweep_table_no_rows")]),
        ('c\n"0.5\n', [(2, None, "import_csv_broken")]),
        ("0.5,0.5\n0.1,0.2\n", [(1, 1, "sweep_table_column_unknown"), (1, 5, "sweep_table_column_unknown")]),
        (
            'c,"輸出\n率",x\n0.5,0.5,y\n',
            [
                (1, 3, "sweep_table_column_unknown"),
                (2, 4, "sweep_table_column_unknown"),
                (3, 9, "sweep_table_cell_not_number"),
            ],
        ),
    ],
)
def test_every_fault_is_told_at_its_line_and_column(write, text, found):
    assert faults(write(text)) == found


def test_all_faults_are_told_at_once(write):
    text = "c,輸出率,x\n0,0.5,0.5\n0.1,0.2\n0.4,,a\n"
    assert faults(write(text)) == [
        (1, 7, "sweep_table_column_unknown"),
        (2, 1, "sweep_table_cell_outside"),
        (3, 1, "sweep_table_row_length"),
        (4, 5, "sweep_table_cell_empty"),
        (4, 6, "sweep_table_cell_not_number"),
    ]


def test_what_was_found_and_what_is_allowed_is_said(write):
    path = write("c,amount,rule\n1,-2,dear\n")
    with pytest.raises(InputError) as caught:
        read_table(path, rules)
    chance, amount, rule = caught.value.faults
    assert str(chance) == f"{path}:2:1: 1 in “c” is no probability above 0 and below 1."
    assert hints(chance, "ja")[0].startswith("0.05 は 5 パーセント点、0.5 は中央値です。")
    told = "-2 in “amount” is outside what the range of the scenario allows, -1.5 to 2000."
    assert message(amount, "en").replace("−", "-") == told
    assert "cheap" in message(rule, "ja")


def test_faults_beyond_twenty_are_counted(write):
    found = faults(write("c\n" + "2\n" * 100))
    assert len(found) == 21
    assert found[20] == (22, 1, "sweep_table_more")
    with pytest.raises(InputError) as caught:
        read_table(write("c\n" + "2\n" * 100), rules)
    assert caught.value.faults[-1].arguments == {"count": 80}
    assert len(faults(write("c\n" + "2\n" * 20))) == 20


def test_a_table_that_is_too_large_is_refused_where_it_becomes_so(write, monkeypatch):
    monkeypatch.setattr(module, "MOST_CELLS", 4)
    assert read_table(write("c,輸出率\n" + "0.5,0.5\n" * 2), rules).numbers.shape == (2, 2)
    assert faults(write("c,輸出率\n" + "0.5,0.5\n" * 3)) == [(4, 1, "sweep_table_too_large")]


def test_what_is_no_file(tmp_path, write):
    assert faults(tmp_path / "none.csv") == [(None, None, "no_such_file")]
    assert faults(tmp_path) == [(None, None, "sweep_table_is_folder")]
    assert faults(tmp_path / "a\0b.csv") == [(None, None, "cannot_read")]


def test_what_the_system_will_not_open(write, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    path = write("c\n0.5\n")
    monkeypatch.setattr(type(path), "open", refused)
    assert faults(path) == [(None, None, "cannot_read")]
    with pytest.raises(InputError, match="Permission denied"):
        read_table(path, rules)


@pytest.mark.parametrize(
    "data",
    [b"c\n0.5\0\n", b"PK\x03\x04\x14\x00\x06\x00", b"\xff\xfec\x00\n\x00", b"\xef\xbb\xbfc\n\x83\x41\n", b"c\n\x85"],
)
def test_what_is_no_text(write, data):
    assert faults(write(data)) == [(None, None, "not_text")]


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text('c,;\t"\n\r 0.5eEn\0aif輸出率_-+１', max_size=80).map(str.encode),
        st.text("c,\n0.5輸", max_size=60).map(lambda text: ("c,輸出率\n" + text).encode("cp932")),
    )
)
def test_rubbish_is_refused_without_a_traceback_and_what_passes_is_sound(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "rubbish.csv"
    path.write_bytes(data)
    try:
        table = read_table(path, rules)
    except InputError:
        pass
    else:
        assert ((table.numbers > 0.0) & (table.numbers < 1.0)).all()
        assert set(table.names) <= set(KNOWN)
