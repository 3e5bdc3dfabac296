"""The rows of one sheet: every cell under the key of its column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cesim.errors import Fault, Place
from cesim.orders.maker.columns import LANGUAGES, known, named
from cesim.text import nearest

if TYPE_CHECKING:
    from cesim.orders.maker.columns import Sheet
    from cesim.scenario.workbook.grid import Cell, Grid


@dataclass(frozen=True, slots=True)
class Row:
    """One row, or all the fields of a sheet of fields."""

    place: Place
    """Where it begins."""
    cells: dict[str, Cell]
    heads: frozenset[str]
    """Keys of the columns that there are; one that is missing is told once, not in every row."""


def rows_of(sheet: Sheet, place: Place, grid: Grid, faults: list[Fault]) -> list[Row]:
    """Return the rows of a sheet. What begins with `#` in column A, or over a column, is a note."""
    return [_fields(sheet, place, grid, faults)] if sheet.has_fields else _table(sheet, place, grid, faults)


def _fields(sheet: Sheet, place: Place, grid: Grid, faults: list[Fault]) -> Row:
    found: dict[str, Cell] = {}
    places: dict[str, Place] = {}
    for line in grid.values():
        name, value = line.get(1), line.get(2)
        if name is None or name.text.startswith("#"):
            continue
        key = _key(sheet, name, places, faults)
        if key is not None and value is not None:
            found[key] = value
    _lacking(sheet, place, places, faults)
    return Row(place, found, frozenset(places))


def _table(sheet: Sheet, place: Place, grid: Grid, faults: list[Fault]) -> list[Row]:
    if not grid:
        faults.append(Fault("maker_sheet_empty", place, {"found": place.sheet or sheet.key}))
        return []
    first, *rest = sorted(grid)
    places: dict[str, Place] = {}
    heads: dict[int, str | None] = {}
    for at, cell in grid[first].items():
        heads[at] = None if cell.text.startswith("#") else _key(sheet, cell, places, faults)
    _lacking(sheet, place, places, faults)
    rows = []
    for line in rest:
        cells = grid[line]
        if 1 in cells and cells[1].text.startswith("#"):
            continue
        nameless = [cell for at, cell in cells.items() if at not in heads]
        faults += [Fault("maker_cell_nameless", cell.place, {"found": cell.text}) for cell in nameless]
        held = {key: cell for at, cell in cells.items() if (key := heads.get(at)) is not None}
        if held:
            rows.append(Row(_first_cell(place, line), held, frozenset(places)))
    if not rows and not sheet.is_optional:
        faults.append(Fault("maker_sheet_empty", place, {"found": place.sheet or sheet.key}))
    return rows


def _first_cell(place: Place, line: int) -> Place:
    """Return the place of the first cell of a row."""
    return replace(place, line=line, column=1) if place.sheet is None else replace(place, cell=f"A{line}")


def _key(sheet: Sheet, cell: Cell, places: dict[str, Place], faults: list[Fault]) -> str | None:
    """Return the key of a heading; a fault where there is none, or it stands there already."""
    names = known(f"column.{sheet.key}", [column.key for column in sheet.columns])
    key = names.get(cell.text.strip().casefold())
    if key is None:
        told = {"found": cell.text, "allowed": _allowed(sheet), "nearest": nearest(cell.text.casefold(), tuple(names))}
        faults.append(Fault("maker_column_unknown", cell.place, told))
        return None
    if key in places:
        faults.append(Fault("maker_column_twice", cell.place, {"found": cell.text, "other": places[key]}))
        return None
    places[key] = cell.place
    return key


def _lacking(sheet: Sheet, place: Place, places: dict[str, Place], faults: list[Fault]) -> None:
    for column in sheet.columns:
        if column.key not in places and not column.is_optional:
            names = [named(f"column.{sheet.key}", column.key, lang) for lang in LANGUAGES]
            faults.append(Fault("maker_column_missing", place, {"missing": " / ".join(names)}))


def _allowed(sheet: Sheet) -> tuple[str, ...]:
    return tuple(named(f"column.{sheet.key}", column.key, lang) for lang in LANGUAGES for column in sheet.columns)
