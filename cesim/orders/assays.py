"""A table of assays: a row a lot, a column an element, wt%."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.orders.elements import IN_ALLOYS
from cesim.scenario import bare_number
from cesim.scenario.workbook.grid import EXCEL, read_csv, read_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.scenario.workbook.grid import Cell, Grid

_HEADING: Final = re.compile(r"\s*([A-Z][a-z]?)\s*(?:[\[(]?\s*(?:wt|mass)?\.?\s*[%％]\s*[\])]?)?\s*")
_NOT_FOUND: Final = re.compile(r"\s*(?:[<＜].*|n\.?\s*d\.?|tr\.?|trace|不検出|痕跡)\s*", re.IGNORECASE)
"""How laboratories write a reading below the limit of detection."""
FEWEST: Final = 2
"""Lots of a table; one says nothing about how lots scatter."""
FEW: Final = 10
"""Lots below which a table is remarked upon: its spread is then known to a quarter at best, 1 / sqrt(2 (n - 1))."""


def read_assays(path: Path) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the elements and their wt%, (lot, element), of a CSV file or the first sheet of a workbook.

    The first row names the columns; those that name no element (lot numbers, dates) are left out.

    Raises
    ------
    InputError
        At the cell: no element, an element twice, an empty cell, a text (such as ``<0.01``) where a number is needed,
        a number shown as per cent; ``one_lot`` for a table of less than two.
    """
    grid = next(iter(read_sheets(path, hidden=False).values()), {}) if path.suffix.lower() in EXCEL else read_csv(path)
    if not grid:
        raise InputError([Fault("no_assays", Place(str(path)))])
    first, *rest = sorted(grid)
    columns = _columns(path, grid, first)
    faults: list[Fault] = []
    table = [[_value(grid, row, column, columns[column], faults) for column in columns] for row in rest]
    if not table:
        faults.append(Fault("no_lots", Place(str(path))))
    elif len(table) < FEWEST and not faults:
        faults.append(Fault("one_lot", Place(str(path))))
    if faults:
        raise InputError(faults)
    return tuple(columns.values()), np.array(table, dtype=np.float64)


def _columns(path: Path, grid: Grid, row: int) -> dict[int, str]:
    """Column -> element."""
    found: dict[int, str] = {}
    for column, cell in sorted(grid[row].items()):
        match = _HEADING.fullmatch(cell.text)
        if match is None or match[1] not in IN_ALLOYS:
            continue
        if match[1] in found.values():
            other = next(grid[row][at].place for at, element in found.items() if element == match[1])
            raise InputError([Fault("duplicate_key", cell.place, {"found": match[1], "other": other})])
        found[column] = match[1]
    if not found:
        titles = ", ".join(cell.text for cell in grid[row].values())[:60]
        raise InputError([Fault("no_element", Place(str(path)), {"found": titles})])
    return found


def _value(grid: Grid, row: int, column: int, element: str, faults: list[Fault]) -> float:
    cell = grid[row].get(column)
    if cell is None:
        near: Cell = next(iter(grid[row].values()))
        faults.append(Fault("assay_missing", near.place, {"found": element}))
    elif cell.per_cent:
        faults.append(Fault("cell_per_cent", cell.place, {"found": cell.per_cent, "holds": cell.value}))
    elif isinstance(cell.value, float) and not isinstance(cell.value, bool):
        return cell.value
    else:
        code = "assay_below_detection" if _NOT_FOUND.fullmatch(cell.text) else "assay_not_number"
        meant = bare_number(cell.text)
        faults.append(Fault(code, cell.place, {"found": cell.text, "element": element, "proposal": meant}))
    return 0.0
