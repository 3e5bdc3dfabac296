"""The cells of a maker's workbook, or of a folder of CSV files that has one file for each sheet."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError, Place
from cesim.orders.maker.columns import README, SHEETS, known, named
from cesim.scenario.workbook.grid import EXCEL, read_csv, read_sheets
from cesim.text import nearest

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.scenario.workbook.grid import Grid

_SHEETS = {sheet.key: sheet for sheet in SHEETS}


def open_grids(path: Path) -> dict[str, tuple[Place, Grid]]:
    """Return key of the sheet -> where it stands, its cells.

    Raises
    ------
    InputError
        ``maker_not_a_workbook``; ``maker_sheet_unknown``, ``maker_sheet_missing``, ``maker_sheet_twice``,
        ``maker_merged``; and what `cesim.scenario.workbook.grid` refuses
    """
    held = _of_folder(path) if path.is_dir() else _of_workbook(path)
    faults: list[Fault] = []
    found: dict[str, tuple[Place, Grid]] = {}
    names = known("sheet", (*_SHEETS, README))
    for name, (place, grid) in held.items():
        key = names.get(name.strip().casefold())
        if key in found:
            faults.append(Fault("maker_sheet_twice", place, {"found": name, "other": found[key][0]}))
        elif key in _SHEETS:
            found[key] = place, grid
        elif key is None and not name.startswith("#"):
            allowed = tuple(dict.fromkeys(names))
            told = {"found": name, "allowed": _allowed(), "nearest": nearest(name.casefold(), allowed)}
            faults.append(Fault("maker_sheet_unknown", place, told))
    faults += [
        Fault("maker_sheet_missing", Place(str(path)), {"missing": sheet.key, "name": named("sheet", sheet.key, "ja")})
        for sheet in SHEETS
        if sheet.key not in found and not sheet.is_optional
    ]
    if path.suffix.lower() in EXCEL:
        faults += _merged(path, {str(place.sheet) for place, _ in found.values()})
    if faults:
        raise InputError(faults)
    return found


def _of_workbook(path: Path) -> dict[str, tuple[Place, Grid]]:
    if path.exists() and path.suffix.lower() not in EXCEL:
        raise InputError([Fault("maker_not_a_workbook", Place(str(path)))])
    return {name: (Place(str(path), sheet=name), grid) for name, grid in read_sheets(path).items()}


def _of_folder(path: Path) -> dict[str, tuple[Place, Grid]]:
    files = sorted(one for one in path.iterdir() if one.suffix.lower() == ".csv")
    return {one.stem: (Place(str(one)), read_csv(one)) for one in files}


def _merged(path: Path, sheets: set[str]) -> list[Fault]:
    """Return a fault for every block of merged cells: of a block only the first cell has a value."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of looks that openpyxl cannot keep; nothing is kept here
            book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
    ):  # what is read cell by cell may still be broken as a whole
        return [Fault("not_a_workbook", Place(str(path)))]
    faults = []
    for sheet in book.worksheets:
        for block in sheet.merged_cells.ranges if sheet.title in sheets else ():
            place = Place(str(path), sheet=sheet.title, cell=block.coord.partition(":")[0])
            faults.append(Fault("maker_merged", place, {"found": block.coord}))
    return faults


def _allowed() -> tuple[str, ...]:
    return tuple(f"{named('sheet', sheet.key, 'ja')} ({sheet.key})" for sheet in SHEETS)
