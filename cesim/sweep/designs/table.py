"""A design that somebody made elsewhere: a CSV file of probabilities."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.sweep.designs.cells import Cells, Line
from cesim.sweep.designs.design import check_asked
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_CELLS: Final = 100_000_000
"""Numbers in a table: as many take 800 MB of memory."""
MOST_FAULTS: Final = 20
"""Faults that are told one by one; the rest are counted."""


@dataclass(frozen=True, eq=False)
class Table:
    """Points as they stand in a file.

    Attributes
    ----------
    names
        of the columns, in the order of the file
    values : (point, column)
        probabilities
    """

    names: tuple[str, ...]
    values: Floats

    @property
    def columns(self) -> int:
        """Columns of the file."""
        return len(self.names)

    @property
    def points(self) -> int:
        """Rows of the file that hold anything."""
        return len(self.values)

    def rows(self, first: int, count: int) -> Floats:
        """Points, shape ``(count, columns)``."""
        check_asked(first, count, self.points)
        return self.values[first : first + count].copy()


def read_table(file: Path, known: Collection[str], wanted: Sequence[str] = ()) -> Table:
    """Read a design: the first line names the columns, every other is a point of probabilities between 0 and 1.

    The file is UTF-8, with its mark or without, or Shift-JIS as Windows has it; commas, semicolons or tabs separate.
    Lines that hold nothing are no points.

    Parameters
    ----------
    file
        The file.
    known
        Names that a column may have.
    wanted
        Names that must have a column; whatever else has none is drawn by its key.

    Raises
    ------
    InputError
        With every fault of the file at its line and column, the first `MOST_FAULTS` of them one by one:
        ``no_such_file``, ``cannot_read``, ``sweep_table_is_folder``, ``not_text``, ``import_csv_broken``,
        ``sweep_table_no_rows``, ``sweep_table_too_large``, ``sweep_table_column_unnamed``,
        ``sweep_table_column_unknown``, ``sweep_table_column_twice``, ``sweep_table_column_missing``,
        ``sweep_table_row_length``, ``sweep_table_cell_empty``, ``sweep_table_cell_not_number``,
        ``sweep_table_cell_outside``, ``sweep_table_more``
    """
    reading = _Reading(file)
    lines = iter(Cells(file))
    head = next(lines, None)
    if head is None:
        raise InputError([Fault("sweep_table_no_rows", Place(str(file)))])
    reading.head(head, known, wanted)
    for line in lines:
        reading.row(line)
    return reading.table()


class _Reading:
    """What has been read so far, and everything that is wrong with it."""

    def __init__(self, file: Path) -> None:
        self._file = str(file)
        self._names: tuple[str, ...] = ()
        self._numbers = array("d")
        self._faults: list[Fault] = []
        self._count = 0
        self._untold = Place(self._file)
        """Of the first fault that is only counted."""

    def head(self, line: Line, known: Collection[str], wanted: Sequence[str]) -> None:
        self._names = tuple(line.cells)
        for at, name in enumerate(self._names):
            if not name:
                self._add("sweep_table_column_unnamed", line.place(at))
            elif name not in known:
                found = {"found": name, "nearest": nearest(name, list(known))}
                self._add("sweep_table_column_unknown", line.place(at), **found)
            elif name in self._names[:at]:
                other = line.place(self._names.index(name))
                self._add("sweep_table_column_twice", line.place(at), found=name, other=other)
        for name in wanted:
            if name not in self._names:
                self._add("sweep_table_column_missing", line.place(0), missing=name)

    def row(self, line: Line) -> None:
        if len(line.cells) != len(self._names):
            wanted = len(self._names)
            self._add("sweep_table_row_length", line.place(0), found=len(line.cells), wanted=wanted)
            return
        try:
            numbers = [float(cell) for cell in line.cells] if line.plain else None
        except ValueError:
            numbers = None
        if numbers is None or not (min(numbers) > 0.0 and max(numbers) < 1.0 and all(n == n for n in numbers)):
            self._look(line)
            return
        self._numbers.extend(numbers)
        if len(self._numbers) > MOST_CELLS:
            raise InputError([Fault("sweep_table_too_large", line.place(0), {"most": MOST_CELLS})])

    def table(self) -> Table:
        if not self._numbers and not self._count:
            self._add("sweep_table_no_rows", Place(self._file))
        if self._count > MOST_FAULTS:
            self._faults.append(Fault("sweep_table_more", self._untold, {"count": self._count - MOST_FAULTS}))
        if self._faults:
            raise InputError(self._faults)
        return Table(self._names, np.array(self._numbers).reshape(-1, len(self._names)))

    def _look(self, line: Line) -> None:
        """Find what is wrong in a row."""
        for at, (name, cell) in enumerate(zip(self._names, line.cells, strict=True)):
            place = line.place(at)
            number = _number(cell)
            if not cell:
                self._add("sweep_table_cell_empty", place, name=name)
            elif number is None:
                self._add("sweep_table_cell_not_number", place, found=cell, name=name)
            elif not 0.0 < number < 1.0:
                self._add("sweep_table_cell_outside", place, found=number, name=name)

    def _add(self, code: str, place: Place, **arguments: object) -> None:
        self._count += 1
        if self._count <= MOST_FAULTS:
            self._faults.append(Fault(code, place, arguments))
        elif self._count == MOST_FAULTS + 1:
            self._untold = place


def _number(cell: str) -> float | None:
    """Return a number; none for a text, for NaN, and for what only Python takes for a number (``0_5``, full width)."""
    try:
        number = float(cell) if cell.isascii() and "_" not in cell else float("nan")
    except ValueError:
        return None
    return None if number != number else number
