"""Sheets of cells, from a workbook or a CSV file: every cell knows where it stands."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from pathlib import Path

EXCEL: Final = (".xlsx", ".xlsm")
LARGEST: Final = 20_000_000
"""Bytes in a file; a workbook of a casthouse has some ten thousand."""
MOST_CELLS: Final = 2_000_000
"""Cells of a sheet that are read; a sheet formatted to its last row claims 17 thousand million."""
LARGEST_INSIDE: Final = 400_000_000
"""Bytes of a workbook when unpacked."""
_MERGED: Final = re.compile(r'<(?:\w+:)?mergeCell\s+ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError,
    SyntaxError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""What the library raises for files that are no workbooks, or broken ones; XML that ends early is a SyntaxError."""
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
    date: bool = False
    """Whether it is a day or a time of day; the value is then its text."""

    @property
    def text(self) -> str:
        """The value as a person reads it; a whole number without a point."""
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15:
            return str(int(self.value))
        return str(self.value)


Grid = dict[int, dict[int, Cell]]
"""Row -> column -> cell, both from one; empty rows and cells are not there."""


@dataclass(frozen=True, slots=True)
class Held:
    """The sheets of a workbook, and what is wrong with single cells of them."""

    sheets: dict[str, Grid]
    """By name, in the order of the workbook."""
    faults: dict[str, list[tuple[int, Fault]]]
    """Name of a sheet -> (column, fault)."""


def read_sheets(path: Path, *, hidden: bool = True) -> dict[str, Grid]:
    """Return the sheets of a workbook by name, in its order; without those out of sight where `hidden` is false.

    Raises
    ------
    InputError
        Where the file cannot be read; for a cell with an error, or a formula that was never worked out.
    """
    held = sheets_of(path, hidden=hidden)
    if faults := [fault for found in held.faults.values() for _, fault in found if fault.code != "cell_merged"]:
        raise InputError(faults)
    return held.sheets


def sheets_of(path: Path, *, hidden: bool = True) -> Held:
    """Return the sheets of a workbook with the faults of single cells; raises where it cannot be read at all."""
    _check_size(path)
    try:
        data = path.read_bytes()  # of a broken file the library would leave the handle open
        _check_inside(path, data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library leaves out (drawings, its own extensions) is not read
            return _held(path, data, hidden)
    except _BROKEN:
        raise InputError([Fault("not_a_workbook", Place(str(path)))]) from None


def _held(path: Path, data: bytes, hidden: bool) -> Held:
    import openpyxl

    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, read_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data), data_only=False, read_only=True)
    held = Held({}, {})
    for sheet in values.worksheets:
        if hidden or sheet.sheet_state == "visible":
            found: list[tuple[int, Fault]] = []
            held.sheets[sheet.title] = _grid(path, sheet, formulas[sheet.title], found)
            held.faults[sheet.title] = found
    _add_merged(path, data, values, held)
    values.close()
    formulas.close()
    return held


def _check_inside(path: Path, data: bytes) -> None:
    """Refuse a workbook that is small on the disk and huge inside."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(one.file_size for one in package.infolist()) > LARGEST_INSIDE:
            raise InputError(
                [Fault("file_too_large", Place(str(path)), {"allowed": f"{LARGEST_INSIDE // 1_000_000} MB"})]
            )


def _add_merged(path: Path, data: bytes, book: Any, held: Held) -> None:
    """Add a fault for all cells that were made one: of such cells only the first holds anything."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for sheet in book.worksheets:
            if sheet.title not in held.sheets:
                continue
            content = package.read(sheet._worksheet_path).decode("utf-8", errors="replace")
            for first, row, last, _ in _MERGED.findall(content):
                fault = Fault(
                    "cell_merged",
                    Place(str(path), sheet=sheet.title, cell=f"{first}{row}"),
                    {"found": f"{first}{row}:{last}{_}"},
                )
                found = held.faults[sheet.title]
                found += [(at, fault) for at in range(_number_of(first), _number_of(last) + 1)]


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


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


def _grid(path: Path, sheet: Any, formulas: Any, faults: list[tuple[int, Fault]]) -> Grid:
    grid: Grid = {}
    seen = 0
    for row, (shown, written) in enumerate(zip(sheet.iter_rows(), formulas.iter_rows(), strict=True), start=1):
        seen += len(shown)
        if seen > MOST_CELLS:
            place = Place(str(path), sheet=sheet.title)
            faults.append((1, Fault("file_too_large", place, {"allowed": f"{MOST_CELLS:,} cells"})))
            break
        for one, other in zip(shown, written, strict=True):
            if other.value is None or (isinstance(other.value, str) and not other.value.strip()):
                continue
            place = Place(str(path), sheet=sheet.title, cell=one.coordinate)
            cell = _cell(one, other, place, faults)
            if cell is not None:
                grid.setdefault(row, {})[one.column] = cell
    return grid


def _cell(one: Any, other: Any, place: Place, faults: list[tuple[int, Fault]]) -> Cell | None:
    value = one.value
    if one.data_type == "e" or (isinstance(value, str) and value.startswith("#") and value.rstrip("!?").isupper()):
        faults.append((one.column, Fault("cell_error", place, {"found": str(value)})))
    elif value is None:
        faults.append((one.column, Fault("cell_not_worked_out", place, {"found": str(other.value)[:40]})))
    elif isinstance(value, bool):
        return Cell(value, place)
    elif isinstance(value, int | float):
        return Cell(float(value), place, _per_cent(float(value), str(one.number_format)))
    else:
        day = isinstance(value, date | time | timedelta)
        midnight = isinstance(value, datetime) and value.time() == time()
        return Cell((str(value.date()) if midnight else str(value)).strip(), place, date=day)
    return None
