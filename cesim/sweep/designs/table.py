"""A design that somebody made elsewhere: the cells of a CSV file, each column by what its heading says."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import le
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.sweep.designs.cells import Cells, Line
from cesim.sweep.designs.design import check_asked
from cesim.sweep.designs.headings import POINT

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_CELLS: Final = 100_000_000
"""Numbers in a table: as many take 800 MB of memory."""
MOST_FAULTS: Final = 20
"""Faults that are told one by one; the rest are counted."""
OPEN: Final = (5e-324, 1.0 - 2.0**-53)
"""The least and the greatest number strictly between 0 and 1: what a probability may be."""


@dataclass(frozen=True, eq=False)
class Table:
    """Points as a design.

    Attributes
    ----------
    names
        of the columns
    values : (point, column)
        probabilities
    """

    names: tuple[str, ...]
    values: Floats

    @property
    def columns(self) -> int:
        """Columns."""
        return len(self.names)

    @property
    def points(self) -> int:
        """Points."""
        return len(self.values)

    def rows(self, first: int, count: int) -> Floats:
        """Points, shape ``(count, columns)``."""
        check_asked(first, count, self.points)
        return self.values[first : first + count].copy()


@dataclass(frozen=True)
class Rule:
    """What the cells of one column may be.

    Attributes
    ----------
    least, most
        numbers that are allowed, ends included
    is_probability
        whether they are probabilities, for what is told of others
    options
        what a cell may say instead of a number; the cell is then the number of the option
    """

    least: float = OPEN[0]
    most: float = OPEN[1]
    is_probability: bool = True
    options: tuple[str, ...] = ()

    def read(self, cell: str) -> float:
        """Return the number of a cell, NaN where it is none or none that is allowed."""
        if self.options:
            return option_of(cell, self.options)
        number = _number(cell)
        return number if number is not None and self.least <= number <= self.most else float("nan")


ANY: Final = Rule(-math.inf, math.inf, is_probability=False)
"""Of cells below a heading that is wrong."""
Wrong = tuple[int, str, dict[str, object]]
"""What is wrong with a heading: number of its column, code, arguments."""
Rules = Callable[[tuple[str, ...]], tuple[Sequence[Rule], Sequence[Wrong]]]
"""Headings -> what the cells of each column may be, and what is wrong with the headings."""


@dataclass(frozen=True, eq=False)
class Written:
    """A table as it was written.

    Attributes
    ----------
    file
        the file
    names
        headings of its columns
    numbers : (point, column)
        what cells say, in what the headings say; of options the number of the option
    """

    file: Path
    names: tuple[str, ...]
    numbers: Floats

    def places(self, cells: Sequence[tuple[int, int]]) -> list[Place]:
        """Where some cells (point, column) stand, by going through the file again."""
        wanted = {point for point, _ in cells}
        lines: dict[int, Line] = {}
        for point, line in enumerate(Cells(self.file), -1):
            if point in wanted:
                lines[point] = line
            if len(lines) == len(wanted):
                break
        head = next(iter(Cells(self.file)))
        at = [column for column, name in enumerate(head.cells) if name != POINT]
        return [lines[point].place(at[column]) for point, column in cells]

    def raise_at(self, faults: Sequence[tuple[int, int, str, dict[str, object]]]) -> None:
        """Refuse some cells (point, column), the first `MOST_FAULTS` one by one; without any nothing happens."""
        if not faults:
            return
        places = self.places([(point, column) for point, column, _, _ in faults[: MOST_FAULTS + 1]])
        told = [Fault(code, place, more) for (_, _, code, more), place in zip(faults, places, strict=False)]
        if len(faults) > MOST_FAULTS:
            told[MOST_FAULTS] = Fault("sweep_table_more", places[MOST_FAULTS], {"count": len(faults) - MOST_FAULTS})
        raise InputError(told)


def read_table(file: Path, rules: Rules) -> Written:
    """Read a design: the first line names the columns, every other is a point.

    The file is UTF-8, with its mark or without, or Shift-JIS as Windows has it; commas, semicolons or tabs separate.
    Lines that hold nothing are no points. A column `point` is passed over.

    Parameters
    ----------
    file
        The file.
    rules
        Headings -> what cells may be, and what is wrong with headings, each with the number of its column.

    Raises
    ------
    InputError
        With every fault of the file at its line and column, the first `MOST_FAULTS` of them one by one:
        ``no_such_file``, ``cannot_read``, ``sweep_table_is_folder``, ``not_text``, ``import_csv_broken``,
        ``sweep_table_no_rows``, ``sweep_table_too_large``, ``sweep_table_row_length``, ``sweep_table_cell_empty``,
        ``sweep_table_cell_not_number``, ``sweep_table_cell_outside``, ``sweep_table_value_outside``,
        ``sweep_table_no_option``, ``sweep_table_more``, and those of `rules`
    """
    lines = iter(Cells(file))
    head = next(lines, None)
    if head is None:
        raise InputError([Fault("sweep_table_no_rows", Place(str(file)))])
    reading = _Reading(file, head, rules)
    for line in lines:
        reading.row(line)
    return reading.read()


class _Reading:
    """What has been read so far, and everything that is wrong with it."""

    def __init__(self, file: Path, head: Line, rules: Rules) -> None:
        self._file, self._width = file, len(head.cells)
        self._at = [column for column, name in enumerate(head.cells) if name != POINT]
        self._names = tuple(head.cells[column] for column in self._at)
        self._numbers = array("d")
        self._faults: list[Fault] = []
        self._count = 0
        self._untold = Place(str(file))
        """Of the first fault that is only counted."""
        self._rules, wrong = rules(self._names)
        for column, code, told in wrong:
            self._add(code, head.place(self._at[column]), **told)
        self._least = [rule.least for rule in self._rules]
        self._most = [rule.most for rule in self._rules]
        self._is_plain = len(self._at) == self._width and not any(rule.options for rule in self._rules)

    def row(self, line: Line) -> None:
        if len(line.cells) != self._width:
            self._add("sweep_table_row_length", line.place(0), found=len(line.cells), wanted=self._width)
            return
        numbers = self._quickly(line) if self._is_plain and line.plain else None
        if numbers is None:
            numbers = [rule.read(line.cells[at]) for rule, at in zip(self._rules, self._at, strict=True)]
            if any(number != number for number in numbers):
                self._look(line)
                return
        self._numbers.extend(numbers)
        if len(self._numbers) > MOST_CELLS:
            raise InputError([Fault("sweep_table_too_large", line.place(0), {"most": MOST_CELLS})])

    def read(self) -> Written:
        if not self._numbers and not self._count:
            self._add("sweep_table_no_rows", Place(str(self._file)))
        if self._count > MOST_FAULTS:
            self._faults.append(Fault("sweep_table_more", self._untold, {"count": self._count - MOST_FAULTS}))
        if self._faults:
            raise InputError(self._faults)
        return Written(self._file, self._names, np.array(self._numbers).reshape(-1, len(self._names)))

    def _quickly(self, line: Line) -> list[float] | None:
        """Return the numbers of a row in which there are only numbers, all of them allowed."""
        try:
            numbers = [float(cell) for cell in line.cells]
        except ValueError:
            return None
        is_allowed = all(map(le, self._least, numbers)) and all(map(le, numbers, self._most))
        return numbers if is_allowed else None

    def _look(self, line: Line) -> None:
        """Find what is wrong in a row."""
        for rule, name, at in zip(self._rules, self._names, self._at, strict=True):
            cell, place = line.cells[at], line.place(at)
            number = _number(cell)
            if rule.read(cell) == rule.read(cell):
                continue
            if not cell:
                self._add("sweep_table_cell_empty", place, name=name)
            elif rule.options:
                self._add("sweep_table_no_option", place, found=cell, name=name, allowed=rule.options)
            elif number is None:
                self._add("sweep_table_cell_not_number", place, found=cell, name=name)
            elif rule.is_probability:
                self._add("sweep_table_cell_outside", place, found=number, name=name)
            else:
                told = {"found": number, "name": name, "least": rule.least, "most": rule.most}
                self._add("sweep_table_value_outside", place, **told)

    def _add(self, code: str, place: Place, **arguments: object) -> None:
        self._count += 1
        if self._count <= MOST_FAULTS:
            self._faults.append(Fault(code, place, arguments))
        elif self._count == MOST_FAULTS + 1:
            self._untold = place


def option_of(cell: str, options: tuple[str, ...]) -> float:
    """Return the number of the option that a cell says, in words or as the same number; NaN for none."""
    if cell in options:
        return float(options.index(cell))
    folded = [option.lower() for option in options]
    if cell.lower() in ("true", "false") and cell.lower() in folded:  # spreadsheets write TRUE
        return float(folded.index(cell.lower()))
    number = _number(cell)
    found = (at for at, option in enumerate(options) if number is not None and _number(option) == number)
    return float(next(found, "nan"))


def _number(cell: str) -> float | None:
    """Return a number; none for a text, for NaN, and for what only Python takes for a number (``0_5``, full width)."""
    try:
        number = float(cell) if cell.isascii() and "_" not in cell else float("nan")
    except ValueError:
        return None
    return None if number != number else number
