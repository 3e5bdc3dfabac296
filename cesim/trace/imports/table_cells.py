"""Cells of a table: texts, masses and times, each refused in its own place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from cesim.errors import Fault, Place
from cesim.text import nearest
from cesim.trace.imports.clock import second_of
from cesim.trace.imports.masses import MG_OF, milligrams
from cesim.trace.imports.said import UNTOLD_MG
from cesim.trace.imports.table_words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ZONE: Final = "+09:00"
"""Of times that tell none: tables are kept in Japan."""
_DAY_S: Final = 86_400
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_THOUSANDS: Final = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_TIME: Final = re.compile(
    r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?"
    r"(?:[T ]*([0-9]{1,2})[:時]([0-9]{1,2})分?(?::?([0-9]{1,2})(?:\.[0-9]+)?秒?)?)? ?(Z|[-+][0-9]{2}:[0-9]{2})?"
)
_SHOWN: Final = 80


class Cell(Protocol):
    """What stands in a cell that is not empty."""

    @property
    def value(self) -> str | float | bool:
        """As it was read."""

    @property
    def text(self) -> str:
        """As a person reads it."""


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook, or a CSV file.

    Attributes
    ----------
    file, sheet
        Where it stands; no sheet for a CSV file.
    rows
        Row -> column -> cell, both from one; empty rows and cells are not there.
    """

    file: str
    sheet: str | None
    rows: Mapping[int, Mapping[int, Cell]]

    def place(self, row: int | None = None, column: int = 1) -> Place:
        """Return the place of a cell, or of the whole table."""
        if self.sheet is None:
            return Place(self.file, row, column if row else None)
        return Place(self.file, sheet=self.sheet, cell=f"{_letters(column)}{row}" if row else None)


def _letters(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


@dataclass(frozen=True)
class Row:
    """A row of a table by the names of its columns.

    Attributes
    ----------
    table, number
        Where it stands.
    columns
        Name -> number of the column.
    faults
        What is wrong is put there.
    """

    table: Table
    number: int
    columns: Mapping[str, int]
    faults: list[Fault]

    def place(self, name: str) -> Place:
        """Return the place of a cell, also of an empty one."""
        return self.table.place(self.number, self.columns.get(name, 1))

    def text(self, name: str, *, needed: bool = False) -> str:
        """Return what stands in a cell, empty where nothing does."""
        cell = self._cell(name)
        if cell is None:
            if needed:
                self.refuse("import_cell_empty", name, what=name)
            return ""
        return cell.text.strip()

    def word(self, name: str, words: Mapping[str, str], also: Iterable[str] = ()) -> str:
        """Return a word of a list by its own name, empty where nothing stands or it is refused."""
        told = self.text(name)
        if not told:
            return ""
        known = {plain(word): meaning for word, meaning in words.items()} | {plain(word): word for word in also}
        if plain(told) in known:
            return known[plain(told)]
        allowed = list(dict.fromkeys((*words, *also)))
        self.refuse("import_word_unknown", name, found=told[:_SHOWN], allowed=allowed, nearest=nearest(told, allowed))
        return ""

    def mass(self, name: str) -> int:
        """Return a mass, mg, of kilograms; `UNTOLD_MG` where nothing stands or it is refused."""
        cell = self._cell(name)
        if cell is None:
            return UNTOLD_MG
        number = _number(cell.value)
        if number is None:
            self.refuse("import_cell_number", name, found=cell.text[:_SHOWN])
            return UNTOLD_MG
        return milligrams(number, MG_OF["KGM"], partial(self.place, name), self.faults)

    def second(self, name: str, *, end_of_day: bool = False) -> int | None:
        """Return a point in time, seconds since 1970; none where nothing stands or it is refused.

        Parameters
        ----------
        end_of_day
            A day without a time means its last second, not its first.
        """
        cell = self._cell(name)
        if cell is None:
            return None
        found = _second(cell.value, end_of_day) if isinstance(cell.value, str) else None
        if found is None:
            self.refuse("import_cell_time", name, found=cell.text[:_SHOWN])
        return found

    def refuse(self, code: str, name: str, **arguments: object) -> None:
        """Note a fault of a cell."""
        self.faults.append(Fault(code, self.place(name), arguments))

    def _cell(self, name: str) -> Cell | None:
        column = self.columns.get(name)
        return None if column is None else self.table.rows[self.number].get(column)


def _number(value: str | float | bool) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return value if value == value else None
    plainly = unicodedata.normalize("NFKC", value).strip()
    if _THOUSANDS.fullmatch(plainly):
        plainly = plainly.replace(",", "")
    return float(plainly) if _NUMBER.fullmatch(plainly) else None


def _second(value: str, end_of_day: bool) -> int | None:
    found = _TIME.fullmatch(unicodedata.normalize("NFKC", value).strip())
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    clock = f"{int(hour or 0):02}:{int(minute or 0):02}:{int(second or 0):02}"
    begin = second_of(f"{year}-{int(month):02}-{int(day):02}T{clock}{zone or ZONE}")
    untimed = clock == "00:00:00"  # a cell that Excel holds as a date comes as its midnight
    return begin + _DAY_S - 1 if begin is not None and end_of_day and untimed else begin
