"""Sheets of cells, from a workbook or a CSV file: every cell knows where it stands."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from pathlib import Path

EXCEL: Final = (".xlsx", ".xlsm")
LARGEST: Final = 20_000_000
"""Bytes in a file; a workbook of a casthouse has some ten thousand."""
MOST_CELLS: Final = 2_000_000
"""Cells of a sheet that are read; a sheet formatted to its last row claims 17 thousand million."""
_POINT: Final = re.compile(r"[-+]?[0-9]*\.[0-9]+")
_COMMA: Final = re.compile(r"[-+]?[0-9]+,[0-9]+")
_SPOKEN: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
"""Parts of a number format that are shown as they stand, and its colours."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; never empty."""

    value: str | float | bool
    place: Place
    per_cent: str = ""
    """What a workbook shows where a number is formatted as per cent: `0.40 %` of 0.004."""

    @property
    def text(self) -> str:
        """The value as a person reads it; a whole number without a point."""
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15:
            return str(int(self.value))
        return str(self.value)


Grid = dict[int, dict[int, Cell]]
"""Row -> column -> cell, both from one; empty rows and cells are not there."""


def read_sheets(path: Path, *, hidden: bool = True) -> dict[str, Grid]:
    """Return the sheets of a workbook by name, in its order; without those out of sight where `hidden` is false.

    Raises
    ------
    InputError
        Where the file cannot be read; for a cell with an error, or a formula that was never worked out.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    _check_size(path)
    try:
        data = path.read_bytes()  # of a broken file the library would leave the handle open
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, read_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data), data_only=False, read_only=True)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        InvalidFileException,
    ):
        raise InputError([Fault("not_a_workbook", Place(str(path)))]) from None
    faults: list[Fault] = []
    sheets = {
        sheet.title: _grid(path, sheet, formulas[sheet.title], faults)
        for sheet in values.worksheets
        if hidden or sheet.sheet_state == "visible"
    }
    values.close()
    formulas.close()
    if faults:
        raise InputError(faults)
    return sheets


def read_csv(path: Path) -> Grid:
    """Return a CSV file, separated by commas, semicolons or tabs; numbers are read as such.

    A comma inside a number (`0,40`) is a decimal sign where commas do not separate and no number has a point.

    Raises
    ------
    InputError
        Where it cannot be read or is no text.
    """
    _check_size(path)
    data = path.read_bytes()
    text = _decoded(path, data)
    head = text.partition("\n")[0]
    mark = max((",", ";", "\t"), key=head.count)
    rows = list(csv.reader(text.splitlines(), delimiter=mark))
    commas = mark != "," and not any(_POINT.fullmatch(raw.strip()) for row in rows for raw in row)
    grid: Grid = {}
    for at, row in enumerate(rows, start=1):
        cells = {
            column: Cell(_number(raw.strip(), commas), Place(str(path), at, column))
            for column, raw in enumerate(row, start=1)
            if raw.strip()
        }
        if cells:
            grid[at] = cells
    return grid


def _check_size(path: Path) -> None:
    place = Place(str(path))
    if path.is_dir():
        raise InputError([Fault("is_folder", place)])
    if not path.exists():
        raise InputError([Fault("no_such_file", place)])
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError([Fault("cannot_read", place, {"found": error.strerror or str(error)})]) from None
    if size > LARGEST:
        raise InputError([Fault("file_too_large", place, {"allowed": f"{LARGEST // 1_000_000} MB"})])


def _decoded(path: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError([Fault("not_text", Place(str(path)))])


def _number(raw: str, commas: bool) -> str | float:
    try:
        return float(raw.replace(",", ".") if commas and _COMMA.fullmatch(raw) else raw)
    except ValueError:
        return raw


def _per_cent(value: float, look: str) -> str:
    """Return a number as a format of per cent shows it; nothing for any other format."""
    bare = _SPOKEN.sub("", look.partition(";")[0])
    if "%" not in bare:
        return ""
    places = len(bare.partition(".")[2].partition("%")[0])
    return f"{100.0 * value:.{places}f} %"


def _grid(path: Path, sheet: Any, formulas: Any, faults: list[Fault]) -> Grid:
    grid: Grid = {}
    seen = 0
    for row, (shown, written) in enumerate(zip(sheet.iter_rows(), formulas.iter_rows(), strict=True), start=1):
        seen += len(shown)
        if seen > MOST_CELLS:
            place = Place(str(path), sheet=sheet.title)
            faults.append(Fault("file_too_large", place, {"allowed": f"{MOST_CELLS:,} cells"}))
            break
        for one, other in zip(shown, written, strict=True):
            if other.value is None or (isinstance(other.value, str) and not other.value.strip()):
                continue
            place = Place(str(path), sheet=sheet.title, cell=one.coordinate)
            cell = _cell(one, other, place, faults)
            if cell is not None:
                grid.setdefault(row, {})[one.column] = cell
    return grid


def _cell(one: Any, other: Any, place: Place, faults: list[Fault]) -> Cell | None:
    value = one.value
    if one.data_type == "e" or (isinstance(value, str) and value.startswith("#") and value.rstrip("!?").isupper()):
        faults.append(Fault("cell_error", place, {"found": str(value)}))
    elif value is None:
        faults.append(Fault("cell_not_worked_out", place, {"found": str(other.value)[:40]}))
    elif isinstance(value, bool):
        return Cell(value, place)
    elif isinstance(value, int | float):
        return Cell(float(value), place, _per_cent(float(value), str(one.number_format)))
    else:
        return Cell(str(value).strip(), place)
    return None
