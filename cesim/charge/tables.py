"""The rows of the sourced tables that belong to one alloy or one scrap class."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cesim.charge.faults import Refusals
from cesim.data import Row, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

_WEIGHT = "wt%"
_NOT_IN_FORCE = ("superseded", "second_source")


@cache
def entries(table: str) -> Mapping[str, tuple[Row, ...]]:
    """Return the rows of a table by the second part of their key, in the order of the table."""
    grouped: dict[str, list[Row]] = {}
    for row in rows(table):
        parts = row.key.split(".")
        if parts[0] == table and len(parts) > 2:
            grouped.setdefault(parts[1], []).append(row)
    return {name: tuple(group) for name, group in grouped.items()}


def entry(subject: str, table: str, name: str, allowed: tuple[str, ...]) -> tuple[Row, ...]:
    """Return the rows of one entry, however its name is capitalised.

    Raises
    ------
    InputError
        ``charge_unknown_name`` with the nearest name.
    """
    key = name.lower().replace("-", "_")
    with Refusals(subject) as refusals:
        refusals.known("name", key, allowed)
    return entries(table)[key]


def quantity_rows(group: tuple[Row, ...], end: str) -> dict[str, Row]:
    """Return the weight rows ending in `end` (``max``, ``mean``...) by what they are of, as the table spells it."""
    found = {}
    for row in group:
        parts = row.key.split(".")
        in_force = not any(part in _NOT_IN_FORCE for part in parts)
        if len(parts) == 4 and parts[3] == end and row.unit == _WEIGHT and row.value is not None and in_force:
            found[parts[2]] = row
    return found


def fraction(row: Row) -> float:
    """Return the mass fraction of a row in wt%."""
    assert row.value is not None
    return row.value / 100.0


def symbol(spelled: str) -> str:
    """Return the symbol of an element that the tables spell in small letters."""
    return spelled.capitalize()
