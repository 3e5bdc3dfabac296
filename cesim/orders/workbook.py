"""A workbook with one sheet per object -> the tree of an order, every value with its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError, Place
from cesim.orders.layout import EXPECT, README, SHEETS, holds_names, is_list, steps
from cesim.scenario import Leaf, row
from cesim.scenario.workbook.grid import read_sheets
from cesim.scenario.workbook.growing import Growing
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cesim.orders.layout import Sheet
    from cesim.scenario import Branch, Loc, Tree
    from cesim.scenario.workbook.grid import Cell, Grid

_NAMES = {name: name for name in (README, EXPECT)} | {sheet.name: sheet.name for sheet in SHEETS}


def order_tree(path: Path) -> Branch:
    """Return the order that a workbook holds.

    Raises
    ------
    InputError
        With every fault: unknown sheets, a name without a value or a value without a name, a name that stands twice.
    """
    held = read_sheets(path)
    faults = [
        Fault("unknown_sheet", Place(str(path), sheet=name), {
            "found": name, "allowed": tuple(_NAMES), "nearest": nearest(name, tuple(_NAMES)),
        })
        for name in held
        if name not in _NAMES and not name.startswith("#")
    ]  # fmt: skip
    root = Growing(Place(str(path)))
    for sheet in SHEETS:
        if sheet.name in held:
            read = _several if sheet.several else _one
            for loc, key, value in read(sheet, held[sheet.name], faults):
                root.put(loc, key, value, faults)
    if EXPECT in held:
        for loc, key, value in _expectations(held[EXPECT], faults):
            root.put(loc, key, value, faults)
    if not root.entries and not faults:
        faults.append(Fault("empty_order", Place(str(path))))
    if faults:
        raise InputError(faults)
    return root.closed()


def _one(sheet: Sheet, grid: Grid, faults: list[Fault]) -> Iterator[tuple[Loc, Place, Tree | None]]:
    """Column A names, column B values."""
    for cells in grid.values():
        name, value = cells.get(1), cells.get(2)
        if name is not None and name.text.startswith("#"):
            continue
        if name is None:
            if value is not None:
                faults.append(Fault("cell_without_name", value.place, {"found": value.text}))
        elif value is not None:
            loc = steps(sheet.loc, name.text)
            yield loc, name.place, _tree(value, loc, faults)


def _several(sheet: Sheet, grid: Grid, faults: list[Fault]) -> Iterator[tuple[Loc, Place, Tree | None]]:
    """First row the names of fields, column A the names of objects."""
    first, *rest = sorted(grid) if grid else [0]
    heads = {at: cell for at, cell in grid.get(first, {}).items() if at > 1 and not cell.text.startswith("#")}
    notes = {at for at, cell in grid.get(first, {}).items() if cell.text.startswith("#")} - {1}
    seen: dict[str, Place] = {}
    for at in rest:
        cells = grid[at]
        name = cells.get(1)
        if name is not None and name.text.startswith("#"):
            continue
        if name is not None and seen.setdefault(name.text, name.place) != name.place:
            faults.append(Fault("row_twice", name.place, {"found": name.text, "other": seen[name.text]}))
            continue
        for column, cell in cells.items():
            if column in notes or column == 1:
                continue
            if name is None or column not in heads:
                faults.append(Fault("cell_without_name", cell.place, {"found": cell.text}))
                continue
            loc = steps((*sheet.loc, name.text), heads[column].text)
            yield loc, cell.place, _tree(cell, loc, faults)
        if name is not None and not set(cells) - notes - {1}:
            yield (*sheet.loc, name.text), name.place, None


def _expectations(grid: Grid, faults: list[Fault]) -> Iterator[tuple[Loc, Place, Tree | None]]:
    lines: dict[str, list[tuple[Place, Tree]]] = {}
    for cells in grid.values():
        command, line = cells.get(1), cells.get(2)
        if command is not None and command.text.startswith("#"):
            continue
        if command is None or line is None:
            one = command or line
            if one is not None:
                faults.append(Fault("cell_without_name", one.place, {"found": one.text}))
            continue
        lines.setdefault(command.text, []).append((line.place, Leaf(line.text, line.place, line.text)))
    for name, told in lines.items():
        yield ("expect", name), told[0][0], row(tuple(tree for _, tree in told), told[0][0])


def _tree(cell: Cell, loc: Loc, faults: list[Fault]) -> Tree:
    if cell.per_cent:
        faults.append(Fault("cell_per_cent", cell.place, {"found": cell.per_cent, "holds": cell.value}))
    if not is_list(loc):
        return Leaf(_scalar(cell), cell.place, cell.text)
    parts = [part.strip() for part in cell.text.replace("、", ",").split(",") if part.strip()]
    typed = str if holds_names(loc) else _number
    return row(tuple(Leaf(typed(part), cell.place, part) for part in parts), cell.place)


def _scalar(cell: Cell) -> Any:
    """A whole number as such: Excel knows only one kind of number."""
    value = cell.value
    if isinstance(value, float) and not isinstance(value, bool) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
