"""Where in the input something stands."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Final

_NUMBER: Final = re.compile(r"(?<=/)[0-9]{1,11}(?![^/])")

_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Place:
    """A finger on the input: a point in a file, a cell of a workbook, an option, or an entry of the model.

    Lines and columns count from one, columns in characters. Printed as `file:line:column`,
    `file:sheet!cell`, `file:/a/0/b`, `--set a.b.c`, `--lever a.b.c` or `a.b.c`; an empty place prints as nothing.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None
    path: str | None = None
    """The dotted path of an override; only places without a file have one."""
    model: str | None = None
    """Where in the model itself: an entry of the scenario (`fleet.stock`) or a cell of the ledger."""
    pointer: str | None = None
    """The JSON pointer (RFC 6901) of an entry of a document; empty for the whole document."""
    option: str | None = None
    """The option that was typed, such as `--lever`; a path without one was given by `--set`."""

    def __str__(self) -> str:
        if self.sheet is not None or self.cell is not None:
            inside = "!".join(part for part in (self.sheet, self.cell) if part is not None)
            return f"{self.file}:{inside}" if self.file is not None else inside
        if self.pointer:  # its names come from outside and may hold what a terminal would obey
            inside = "".join(sign if sign.isprintable() else "·" for sign in self.pointer)
            return f"{self.file}:{inside}" if self.file is not None else inside
        if self.file is not None:
            return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        if self.option is not None:
            return self.option if self.path is None else f"{self.option} {self.path}"
        if self.path is not None:
            return f"--set {self.path}"
        return self.model or ""

    def as_data(self) -> dict[str, str | int]:
        """Return the parts that are known, for JSON."""
        return {name: part for name, part in asdict(self).items() if part is not None}

    def order(self) -> tuple[str, int, int, str, str, str, str, str]:
        """Return the key by which faults are sorted: file, line, column, then the rest.

        Entry 2 comes before entry 10, and a sheet is read row by row.
        """
        return (
            self.file or "",
            self.line or 0,
            self.column or 0,
            self.sheet or "",
            _CELL.sub(lambda found: f"{found[2]:0>7}{found[1]:>3}", self.cell or ""),
            self.path or "",
            self.model or "",
            _NUMBER.sub(lambda digits: digits[0].zfill(12), self.pointer or ""),
        )


NOWHERE: Final = Place()
"""The place of a fault that stands nowhere in the input."""
