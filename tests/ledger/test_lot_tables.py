"""The tables of a lot-by-lot run, written and read: names for numbers, parts complete or absent."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from cesim.errors import InputError
from cesim.ledger.lot_reader import SavedRows, read_table
from cesim.ledger.lot_tables import TABLES
from cesim.ledger.lot_writer import PART, PART_BYTES, LotWriter

MARKS = [(0, "hulk", "", ""), (1, "scrap", "6016", "yard A")]
NAMES = {"mark": MARKS, "facility": ["yard", "mill"], "account": ["elv", "dross"], "place": ["Aichi"]}


def lots(first, count):
    numbers = np.arange(first, first + count)
    ones = np.ones(count, dtype=np.int64)
    composition = np.column_stack([numbers * 10, ones, numbers * 10 + 1, 0 * ones])
    return {
        "lot": numbers, "event": numbers, "time_s": numbers * 60, "mark": numbers % 2, "vehicles": ones,
        "serial": numbers % 3 - 1, "mass_mg": numbers * 10 + 1, "composition": composition,
    }  # fmt: skip


@pytest.fixture
def writer(tmp_path):
    writer = LotWriter(tmp_path, ("Al", "Fe"), ("primary", "post_elv"), part=10)
    writer.names.update(NAMES)
    return writer


def test_names_stand_for_numbers_and_nothing_for_nothing(writer, tmp_path):
    writer.add("lot", lots(0, 4))
    writer.add(
        "event_in",
        {"event": np.array([0, 1]), "lot": np.array([-1, 0]), "source": np.array([0, -1]), "mass_mg": np.array([1, 1])},
    )
    writer.close_period()
    table = read_table(tmp_path, "lot").to_pylist()
    assert table[1] == {
        "lot": 1, "event": 1, "time_s": 60, "kind": "scrap", "grade": "6016", "owner": "yard A", "vehicles": 1,
        "serial": 0, "mass_mg": 11, "Al_mg": 10, "Fe_mg": 1, "from_primary_mg": 11, "from_post_elv_mg": 0,
    }  # fmt: skip
    assert table[0]["serial"] is None
    rows = read_table(tmp_path, "event_in").to_pylist()
    assert rows == [
        {"event": 0, "lot": None, "source": "elv", "mass_mg": 1},
        {"event": 1, "lot": 0, "source": None, "mass_mg": 1},
    ]


def test_parts_are_full_or_end_with_the_period_and_come_in_order(writer, tmp_path):
    for first in range(0, 24, 4):
        writer.add("lot", lots(first, 4))
    writer.close_period()
    writer.close_period()
    parts = sorted((tmp_path / "lot").iterdir())
    assert [path.name for path in parts] == [f"part-{number:06}.parquet" for number in range(3)]
    assert [pq.read_metadata(path).num_rows for path in parts] == [10, 10, 4]
    assert read_table(tmp_path, "lot", ["lot"])["lot"].to_pylist() == list(range(24))
    assert writer.written["lot"] == 3


def test_a_wide_table_has_shorter_parts(tmp_path):
    writer = LotWriter(tmp_path, tuple(f"substance {n}" for n in range(164)), ("primary",) * 10)
    assert writer.part["event"] == PART
    assert PART_BYTES - 2000 < writer.part["lot"] * (9 + 174) * 8 <= PART_BYTES


@pytest.mark.parametrize("at_once", [1, 3, 7, 25, 60])
def test_however_rows_come_in_the_parts_are_the_same(tmp_path, at_once):
    def parts(folder, at_once):
        writer = LotWriter(tmp_path / folder, ("Al", "Fe"), ("primary", "post_elv"), part=25)
        writer.names.update(NAMES)
        for first in range(0, 60, at_once):
            writer.add("lot", lots(first, min(at_once, 60 - first)))
            assert len(writer.table("lot")["lot"]) < 25
        writer.close_period()
        return [path.read_bytes() for path in sorted((tmp_path / folder / "lot").iterdir())]

    assert parts("some", at_once) == parts("all", 60)


def test_a_part_names_only_what_is_in_it(writer, tmp_path):
    """Else the bytes would say what else was known when it was written."""
    writer.add("lot", {**lots(0, 4), "mark": np.zeros(4, dtype=np.int64)})
    writer.close_period()
    assert read_table(tmp_path, "lot")["kind"].chunk(0).dictionary.to_pylist() == ["hulk"]


def test_what_is_read_is_what_was_written(writer, tmp_path):
    writer.add("lot", lots(0, 7))
    wanted = dict(writer.table("lot"))
    writer.close_period()
    saved = SavedRows(tmp_path)
    assert (saved.substances, saved.origins) == (("Al", "Fe"), ("primary", "post_elv"))
    for column in ("lot", "event", "time_s", "vehicles", "serial", "mass_mg"):
        assert saved.column("lot", column).tolist() == wanted[column].tolist()
    names = ["Al_mg", "Fe_mg", "from_primary_mg", "from_post_elv_mg"]
    assert np.column_stack([saved.column("lot", name) for name in names]).tolist() == wanted["composition"].tolist()
    kinds = saved.column("lot", "kind")
    assert [saved.names["kind"][code] for code in kinds[:2]] == ["hulk", "scrap"]
    assert saved.column("event", "event").size == 0


def test_compositions_are_read_column_by_column_and_zeros_not_at_all(tmp_path):
    origins = tuple(f"origin {number}" for number in range(3))
    substances = tuple(f"substance {number}" for number in range(20))
    writer = LotWriter(tmp_path, substances, origins, part=10)
    writer.names.update(NAMES)
    rng = np.random.default_rng(0)
    composition = rng.integers(-3, 10**12, (24, 23)) * (np.arange(23) % 4 > 0)
    composition[:, 5] = 0
    composition[23, 5] = 1  # in the last part only
    composition[:, 6] = -1
    composition[:, 7] = -(np.arange(24) % 3)  # never above zero: what a reclassification took away
    for first in (0, 12):
        writer.add("lot", lots(first, 12) | {"composition": composition[first : first + 12]})
    in_memory = list(writer.compositions("lot"))  # what is not yet written
    writer.close_period()
    found = list(SavedRows(tmp_path).compositions("lot"))
    assert [values is None for values in found] == [number % 4 == 0 for number in range(23)]
    for number, values in enumerate(found):
        wanted = composition[:, number].tolist()
        assert wanted == [0] * 24 if values is None else values.tolist() == wanted
        assert in_memory[number] is None or in_memory[number].tolist() == wanted[20:]
    assert list(SavedRows(tmp_path).compositions("exchange")) == [None] * 23


def test_the_same_rows_are_the_same_bytes(tmp_path):
    contents = []
    for name in ("one", "two"):
        writer = LotWriter(tmp_path / name, ("Al", "Fe"), ("primary", "post_elv"))
        writer.names.update(NAMES)
        writer.add("lot", lots(0, 100))
        writer.close_period()
        contents.append((tmp_path / name / "lot" / "part-000000.parquet").read_bytes())
    assert contents[0] == contents[1]


def test_a_part_that_is_missing_is_told(writer, tmp_path):
    for first in (0, 10, 20):
        writer.add("lot", lots(first, 10))
    (tmp_path / "lot" / "part-000001.parquet").unlink()
    with pytest.raises(InputError) as caught:
        read_table(tmp_path, "lot")
    assert caught.value.faults[0].code == "lot_table_missing"
    with pytest.raises(InputError):
        SavedRows(tmp_path / "nowhere")


def test_a_part_that_cannot_be_written_leaves_nothing_under_its_name(writer, tmp_path, monkeypatch):
    def broken(_, where, **__):
        where.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", broken)
    writer.add("lot", lots(0, 3))
    with pytest.raises(OSError, match="No space"):
        writer.close_period()
    assert not list((tmp_path / "lot").glob("part-*"))


def test_every_column_says_its_unit_in_its_name():
    for columns in TABLES.values():
        for column in columns:
            suffix = {"mg": "_mg", "s": "_s", "m": "_m"}.get(column.unit, "")
            assert column.name.endswith(suffix)
