"""How a scenario lies in a workbook.

The first row of a sheet is hidden and says in keys what its columns hold, whatever language the titles below are in;
its first cell also says which sheet it is. What a key begins with `~` is shown and not read.

Sheets of entries have a row for each value: its path, the year from which it holds (none: all years), the value and its
pedigree. Sheets of tables have a row for each object of a kind: its key, and a column for each of its fields, nested
ones joined by points. Columns and sheets without a key belong to whoever added them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cesim.scenario.workbook.numbers import DETAILS, FORM

LAYOUT: Final = 1
"""Counted up whenever a workbook written before can no longer be read."""
MARK: Final = "cesim."
"""How the first cell of a sheet begins that is read: `cesim.assumptions:path`."""
ABOUT: Final = "about"
"""The hidden sheet that says what the workbook is."""
ENTRIES: Final = ("scenario", "assumptions", "numbers", "others")
"""Sheets with a row for each value; which of them a value stands on makes no difference."""
PATH, YEAR, VALUE, BASE, EXPORTED = "path", "year", "value", "~base", "exported"
SHOWN: Final = ("~name", "~unit", "~allowed")
COLUMNS: Final = (PATH, *SHOWN, YEAR, BASE, *DETAILS, FORM, EXPORTED)
"""Columns of a sheet of entries, in their order."""
NEEDED: Final = (PATH, YEAR, *DETAILS, FORM, EXPORTED)
HEAD: Final = 2
"""Rows above the first entry: the keys and the titles."""
SHORT: Final = frozenset({"cesim", "extends", "name", "summary", "years", "report", "variants"})
"""What stands on the first sheet of entries."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with a row for each object of a kind."""

    key: str
    loc: tuple[str, ...]
    """Where the objects stand; `*` is a key that has a column of its own."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns of the keys."""
        return tuple(f"#{at}" for at in range(1, 1 + self.loc.count("*")))

    def keys(self, loc: tuple[str, ...]) -> tuple[str, ...] | None:
        """Return the keys by which a path leads into the table, else nothing."""
        head = loc[: len(self.loc)]
        if len(loc) < len(self.loc) or any(part not in ("*", own) for part, own in zip(self.loc, head, strict=True)):
            return None
        return tuple(own for part, own in zip(self.loc, head, strict=True) if part == "*")

    def at(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return the path of the object with these keys."""
        left = list(keys)
        return tuple(left.pop(0) if part == "*" else part for part in self.loc)


TABLES: Final = (
    Table("targets", ("targets", "*")),
    Table("measures", ("plan", "measures", "*")),
    Table("changes", ("plan", "measures", "*", "changes", "*")),
)


def table_of(loc: tuple[str, ...]) -> Table | None:
    """Return the innermost table into which a path leads, if it has one."""
    return next((table for table in reversed(TABLES) if table.keys(loc) is not None), None)
