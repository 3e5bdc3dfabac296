"""Reading the tables that travel with the package: once, and only when somebody asks."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cesim.data.row import COLUMNS, STATUSES, Row

_TABLES = (
    "vehicles",
    "vehicles_electrified",
    "sites",
    "aluminium_per_vehicle",
    "alloys",
    "scrap_grades",
    "aluminium_processes",
    "aluminium_prices_co2",
    "plastics_per_vehicle",
    "polymers",
    "plastics_flows",
    "plastics_processes",
    "plastics_prices_co2",
    "labour_cost",
    "targets",
    "indicators",
    "action_plan",
    "motors",
    "estimates",
)


@dataclass(frozen=True, slots=True)
class Source:
    """A document the figures come from, and how many rows lean on it."""

    source: str
    """Title, publisher and year as one text."""
    url: str
    """Its address, or empty."""
    counts: Mapping[str, int]
    """Status -> number of rows; every status is present."""


def tables() -> tuple[str, ...]:
    """Names of the tables, in the fixed order in which they are read and hashed."""
    return _TABLES


@cache
def rows(table: str | None = None) -> tuple[Row, ...]:
    """Every row of one table, or of all tables in their fixed order.

    Raises
    ------
    ValueError
        If there is no such table, or its columns are not the schema.
    """
    if table is None:
        return tuple(row for name in _TABLES for row in rows(name))
    reader = csv.DictReader(io.StringIO(_read_bytes(table).decode("utf-8"), newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"table {table}: columns are {reader.fieldnames}, not {list(COLUMNS)}")
    return tuple(_parse(record, table) for record in reader)


@cache
def sources() -> tuple[Source, ...]:
    """The distinct sources with their number of rows by status, most used first, then by title."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows():
        counts.setdefault((row.source, row.url), Counter())[row.status] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return tuple(
        Source(title, url, MappingProxyType({status: count[status] for status in STATUSES}))
        for (title, url), count in ordered
    )


@cache
def digest() -> str:
    """SHA-256 over names and bytes of all tables in their fixed order: the version of the data."""
    total = hashlib.sha256()
    for name in _TABLES:
        content = _read_bytes(name)
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _read_bytes(table: str) -> bytes:
    if table not in _TABLES:
        raise ValueError(f"no table {table!r}; there are {', '.join(_TABLES)}")
    return files("cesim.data").joinpath("tables", f"{table}.csv").read_bytes()


def _parse(record: dict[str, str], table: str) -> Row:
    return Row(
        key=record["key"],
        value=_number(record["value"]),
        low=_number(record["low"]),
        high=_number(record["high"]),
        unit=record["unit"],
        year=record["year"],
        region=record["region"],
        source=record["source"],
        url=record["url"],
        status=record["status"],
        note=record["note"],
        name=record["name"],
        table=table,
        decimals=_decimals(record["value"]),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _decimals(text: str) -> int | None:
    return len(text.partition(".")[2]) if text else None
