"""The tables of a trace column by column: what each holds, how it is written, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from cesim.report.trace.names import rows_of

if TYPE_CHECKING:
    from cesim.report.trace.names import Names


@dataclass(frozen=True)
class Column:
    """One column as a reader sees it."""

    name: str
    """Key of its heading."""
    look: str = "text"
    """Format of the workbook."""
    room: str = ""
    """Where its words are; numbers have none."""
    source: str = ""
    """Column of the table, where it is called otherwise."""
    factor: float = 1.0
    is_brief: bool = True
    """Whether a terminal has room for it."""

    def value(self, row: dict[str, Any], names: Names) -> str | float | None:
        """Return its cell: words, a number, or nothing."""
        found = row.get(self.source or self.name)
        if self.look == "text":
            return names.of(self.room, "" if found is None or pd.isna(found) else str(found))
        return None if found is None or pd.isna(found) else float(found) * self.factor


_PRODUCT, _LAW = Column("product", room="product"), Column("law", room="law")
_PROVABLE, _POSSIBLE, _TRUE = Column("provable", "share"), Column("possible", "share"), Column("true", "share")

TABLES: Final[dict[str, tuple[Column, ...]]] = {
    "claims": (
        _PRODUCT, _LAW, Column("standing", room="standing", is_brief=False), Column("model", room="model"),
        Column("allowed", room="allowed"), Column("of", room="of", is_brief=False), Column("claimed", "share"),
        _PROVABLE, _POSSIBLE, Column("entitled", "share", is_brief=False), _TRUE,
        Column("gap", "share", is_brief=False),
        Column("claimed_t", "mass", source="claimed_mg", factor=1e-9, is_brief=False),
        Column("output_t", "mass", source="output_mg", factor=1e-9, is_brief=False),
        Column("reason", room="reason", is_brief=False),
    ),
    "bounds": (_PRODUCT, _LAW, Column("viewer", room="viewer"), _PROVABLE, _POSSIBLE, _TRUE),
    "budget": (
        _PRODUCT, _LAW, Column("stated", room="yes"), Column("wrong", "count"), _PROVABLE, _POSSIBLE,
        Column("is_proved", room="yes"), Column("reason", room="reason", is_brief=False),
        Column("records_behind", "count", is_brief=False), Column("found_wrong", "count"),
        Column("found_allowed", "count"), _TRUE,
    ),
    "audit": (Column("what", room="finding"), Column("count", "count")),
    "actors": (
        Column("actor", room="actor"), Column("role", room="role", is_brief=False),
        Column("place", room="place", is_brief=False), Column("records", "count"), Column("records_per_t", "ratio"),
        Column("median_delay_days", "mass"), Column("complete_share", "share"), Column("suspicion", "mass"),
    ),
    "values": (
        _PRODUCT, Column("actor", room="actor"), Column("role", room="role", is_brief=False),
        Column("place", room="place", is_brief=False), Column("worth", "share"),
    ),
    "fuller": (
        _PRODUCT, Column("role", room="role"), Column("before", "fine"), Column("after", "fine"),
        Column("gain", "fine"),
    ),
    "onboarding": (_PRODUCT, Column("step", "count"), Column("joins", room="joins", source="actor"),
                   Column("width", "share")),
    "losses": (_PRODUCT, Column("lost", "share"), Column("width", "share")),
    "roc": (
        Column("fault", room="fault"), Column("wrong_records", "count", source="wrong"),
        Column("right", "count"), Column("auc", "ratio"), Column("auc_se", "ratio"), Column("false_share", "fine"),
        Column("hit_share", "share"),
    ),
    "platforms": (
        Column("platform", room="platform"), Column("part", room="part", source="what"),
        Column("kind", room="traffic", source="of"), Column("count", "number"),
    ),
    "points": (
        Column("actor", room="actor"), Column("returned_t", "mass"), Column("returned_without_t", "mass"),
        Column("worth_t", "mass"), Column("worth_points", "ratio"),
    ),
    "handovers": (
        Column("giver", room="actor"), Column("taker", room="actor"), Column("mass_t", "mass"),
        Column("shipped_t", "mass"), Column("received_t", "mass"), Column("both_t", "mass"),
    ),
}  # fmt: skip
"""Table -> its columns."""
NEEDS_TRUTH: Final = frozenset({"fuller", "losses", "points", "roc"})
"""Tables that only a simulation has."""


def heading(column: Column, names: Names) -> str:
    """Return the heading of a column."""
    return names.say(f"column.{column.name}")


def columns_of(names: Names, what: str) -> tuple[Column, ...]:
    """Return the columns of a table; where nobody knows the truth, none that tells it."""
    known = names.tracing.truth is not None
    return tuple(one for one in TABLES[what] if known or one.name not in ("true", "entitled", "gap"))


def cells_of(names: Names, what: str) -> list[list[str | float | None]]:
    """Return the rows of a table in words and numbers."""
    columns = columns_of(names, what)
    return [[column.value(row, names) for column in columns] for row in _ordered(names, what)]


def _ordered(names: Names, what: str) -> list[dict[str, Any]]:
    """Rows as they are, but the largest first where a table has no order of its own."""
    rows = rows_of(names.tracing, what)
    largest = {"values": "worth", "fuller": "gain", "handovers": "mass_t"}.get(what)
    if largest is None:
        return rows
    products = list(dict.fromkeys(row.get("product") for row in rows))
    return sorted(rows, key=lambda row: (products.index(row.get("product")), -float(row[largest])))


def written(value: str | float | None, look: str) -> str:
    """Write a cell as text."""
    if value is None or isinstance(value, str):
        return value or ""
    if look in ("share", "fine"):
        return f"{100.0 * value:.{1 if look == 'share' else 2}f} %"
    if look == "number":
        return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"
    return f"{value:,.0f}" if look == "count" else f"{value:,.3f}" if look == "ratio" else f"{value:,.1f}"
