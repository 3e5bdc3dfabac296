"""Tables of a statement: one set of numbers for the page and for the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Table

if TYPE_CHECKING:
    Value = str | int | Fraction | None


@dataclass(frozen=True)
class Block:
    """One table: text, whole numbers and exact shares; None where there is no number."""

    key: str
    """The sheet it stands on."""
    title: str
    columns: tuple[str, ...]
    looks: tuple[str, ...]
    """How each column is written: `text`, `kg`, `fine`, `points`, `count`, `year`; `value` is said row by row."""
    rows: tuple[tuple[Value, ...], ...]
    row_looks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sums: int = 0
    """How many of the last rows are sums of those above."""
    marks: tuple[int, ...] = ()
    """Columns of text that have signs only."""

    def look(self, row: int, column: int) -> str:
        """Return how a cell is written."""
        look = self.looks[column]
        return self.row_looks[row] if look == "value" else look


def written(value: Value, look: str, nothing: str) -> str:
    """Write a cell as text; `nothing` where there is no number."""
    if value is None:
        return nothing
    if isinstance(value, str):
        return value
    if look == "fine":
        return f"{float(100 * value):,.2f} %".replace("-", "−")
    if look == "points":
        return f"{float(100 * value):+,.2f}".replace("-", "−")
    if look == "year":
        return str(value)
    if isinstance(value, Fraction) and value.denominator > 1:
        return f"{float(value):,.3f}".rstrip("0").replace("-", "−")
    return f"{int(value):,}".replace("-", "−")


def table_of(block: Block, nothing: str, *, is_folded: bool = False) -> Table:
    """Return a block as a table of a page."""
    rows = tuple(
        tuple(written(value, block.look(line, at), nothing) for at, value in enumerate(row))
        for line, row in enumerate(block.rows)
    )
    kinds = tuple(
        "mark" if at in block.marks else "words" if look == "text" else "" for at, look in enumerate(block.looks)
    )
    return Table(block.title, block.columns, rows, is_folded=is_folded, kinds=kinds, sums=block.sums)


def columns(*pairs: tuple[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return headings and looks of columns written as pairs."""
    return tuple(name for name, _ in pairs), tuple(look for _, look in pairs)
