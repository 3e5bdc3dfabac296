import csv
import hashlib
import io
import math
import re
from importlib.resources import files

import pytest

from cesim.data import COLUMNS, STATUSES, UNITS, Row, digest, rows, sources, tables

KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
YEAR = re.compile(r"(FY)?\d{4}([HQ][1-4])?|\d{4}-\d{2}(-\d{2})?|\d{4}-\d{4}|")
REGION = re.compile(r"[a-z_]*")
ROWS_PER_TABLE = {
    "vehicles": 317,
    "vehicles_electrified": 83,
    "sites": 38,
    "aluminium_per_vehicle": 251,
    "alloys": 509,
    "scrap_grades": 382,
    "aluminium_processes": 137,
    "aluminium_prices_co2": 92,
    "plastics_per_vehicle": 145,
    "polymers": 68,
    "plastics_flows": 229,
    "plastics_processes": 88,
    "plastics_prices_co2": 92,
    "labour_cost": 28,
    "targets": 105,
    "indicators": 40,
    "action_plan": 38,
    "motors": 52,
    "estimates": 87,
}


def shown(found: list[Row]) -> list[str]:
    return [row.place for row in found]


def table_bytes(name: str) -> bytes:
    return files("cesim.data").joinpath("tables", f"{name}.csv").read_bytes()


def test_the_tables_are_the_files_in_the_folder():
    folder = files("cesim.data").joinpath("tables")
    assert sorted(f"{name}.csv" for name in tables()) == sorted(entry.name for entry in folder.iterdir())


def test_no_row_got_lost():
    assert {name: len(rows(name)) for name in tables()} == ROWS_PER_TABLE
    assert len(rows()) == sum(ROWS_PER_TABLE.values())


@pytest.mark.parametrize("name", tables())
def test_the_file_is_utf8_with_lf_and_the_exact_columns(name):
    content = table_bytes(name)
    assert b"\r" not in content
    assert content.endswith(b"\n")
    records = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    assert tuple(records[0]) == COLUMNS
    assert {len(record) for record in records} == {len(COLUMNS)}
    assert all(cell == cell.strip() for record in records for cell in record)


def test_numbers_are_plain():
    plain = re.compile(r"-?\d+(\.\d+)?|")
    for name in tables():
        for record in csv.DictReader(io.StringIO(table_bytes(name).decode("utf-8"), newline="")):
            cells = [record["value"], record["low"], record["high"]]
            assert all(plain.fullmatch(cell) for cell in cells), (name, record["key"], cells)


def test_keys_are_well_formed():
    assert not shown([row for row in rows() if not KEY.fullmatch(row.key)])


def test_key_year_and_region_are_unique_over_all_tables():
    places = [(row.key, row.year, row.region) for row in rows()]
    assert sorted(place for place in set(places) if places.count(place) > 1) == []


def test_years_and_regions_are_well_formed():
    bad = [row for row in rows() if not (YEAR.fullmatch(row.year) and REGION.fullmatch(row.region))]
    assert not shown(bad)


def test_statuses_are_the_three():
    assert {row.status for row in rows()} == set(STATUSES)


def test_units_are_exactly_those_listed():
    assert {row.unit for row in rows()} == set(UNITS)


def test_numbers_are_finite_and_in_order():
    for row in rows():
        numbers = [number for number in (row.low, row.value, row.high) if number is not None]
        assert all(math.isfinite(number) for number in numbers), row.place
        assert numbers == sorted(numbers), row.place


def test_what_was_not_read_carries_a_range():
    bad = [
        row for row in rows() if row.status != "read" and row.unit != "text" and None in (row.value, row.low, row.high)
    ]
    assert not shown(bad)


def test_a_range_set_here_says_so():
    estimates = [row for row in rows("estimates") if "range set when packaged" not in row.note]
    assert not shown(estimates)


def test_a_text_row_has_a_note_and_no_number_and_every_other_row_a_number():
    for row in rows():
        has_number = any(number is not None for number in (row.value, row.low, row.high))
        assert has_number == (row.unit != "text"), row.place
        assert row.note or row.unit != "text", row.place


def test_shares_lie_between_minus_one_and_one():
    numbers = [(row.place, n) for row in rows() if row.unit == "share" for n in (row.value, row.low, row.high)]
    assert not [pair for pair in numbers if pair[1] is not None and not -1 <= pair[1] <= 1]


def test_every_row_names_its_source_and_itself():
    assert not shown([row for row in rows() if not (row.source and row.name)])
    assert not shown([row for row in rows() if row.url and not row.url.startswith(("http://", "https://"))])


def test_nothing_recalled_or_estimated_counts_as_read():
    own = ("General knowledge", "estimate by the cesim authors")
    assert not shown([row for row in rows() if row.status == "read" and row.source.startswith(own)])
    assert {row.status for row in rows("estimates")} == {"estimate"}
    assert {row.source for row in rows("estimates")} == {"estimate by the cesim authors"}


def test_notes_refer_to_keys_that_exist():
    keys = {row.key for row in rows()}
    rooms = "|".join(sorted({key.split(".")[0] for key in keys}))
    reference = re.compile(rf"(?<![\w./])(?:{rooms})\.[a-z0-9_]+(?:\.[a-z0-9_]+)*")
    for row in rows():
        for key in reference.findall(row.note):
            assert key in keys or any(name.startswith(f"{key}.") for name in keys), (row.place, key)


def test_a_superseded_row_has_a_winner_or_names_it():
    keys = {row.key for row in rows()}
    replaced = [row for row in rows() if row.key.endswith(".superseded")]
    assert len(replaced) > 20
    for row in replaced:
        assert row.key.removesuffix(".superseded") in keys or "superseded by" in row.note, row.place


def test_sources_count_every_row_once():
    assert sum(sum(source.counts.values()) for source in sources()) == len(rows())
    assert len({(source.source, source.url) for source in sources()}) == len(sources())
    assert all(tuple(source.counts) == STATUSES for source in sources())


def test_the_digest_is_the_hash_of_all_files_in_the_fixed_order():
    total = hashlib.sha256()
    for name in tables():
        content = table_bytes(name)
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    assert digest() == total.hexdigest() == digest()


def test_tables_are_read_once():
    assert rows("vehicles") is rows("vehicles")
    assert rows() is rows()


def test_an_unknown_table_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"no table 'vehicle'.*vehicles"):
        rows("vehicle")
