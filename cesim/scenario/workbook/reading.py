"""A workbook -> the tree of a scenario, every value with its cell, or every fault with its sheet and cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError, Place
from cesim.scenario.tree import Branch
from cesim.scenario.workbook.facts import Facts
from cesim.scenario.workbook.grid import sheets_of
from cesim.scenario.workbook.growing import Growing
from cesim.scenario.workbook.layout import ABOUT, ENTRIES, LAYOUT, MARK, NEEDED, TABLES
from cesim.scenario.workbook.lines import Sheet, entry_line, table_line
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import BaseModel

    from cesim.scenario.workbook.grid import Grid, Held


@dataclass(frozen=True, slots=True)
class WorkbookRead:
    """A workbook as read: its mapping as far as it could be read, its faults, and what stands as in the base."""

    branch: Branch | None
    faults: tuple[Fault, ...]
    as_base: frozenset[Place] = field(default_factory=frozenset)
    """Cells of years that say what the base says."""


def read_workbook(path: Path, model: type[BaseModel]) -> WorkbookRead:
    """Read a scenario from a workbook. Every fault is returned, none is raised."""
    try:
        held = sheets_of(path)
    except InputError as error:
        return WorkbookRead(None, error.faults)
    faults: list[Fault] = []
    sheets = _sheets(path, held, faults)
    if sheets is None:
        return WorkbookRead(None, tuple(faults))
    facts = Facts(model, faults)
    for sheet in sheets:
        line = entry_line if sheet.key in ENTRIES else table_line
        for row in sorted(sheet.grid)[1:]:
            if row > 2:
                line(sheet, sheet.grid[row], facts)
    faults.extend(facts.lacking())
    root = Growing(Place(str(path)))
    for loc, key in facts.objects.items():
        root.put(loc, key, None, faults)
    for loc, key, tree in facts.values():
        empty = isinstance(tree, Branch) and not tree.entries
        root.put(loc, key, None if empty else tree, faults)
    if not root.entries and not faults:
        faults.append(Fault("empty_workbook", Place(str(path))))
    return WorkbookRead(root.closed(), tuple(faults), frozenset(facts.as_base))


def _sheets(path: Path, held: Held, faults: list[Fault]) -> list[Sheet] | None:
    """Return the sheets that say what they are; nothing where the workbook is none of ours."""
    marked: dict[str, str] = {}
    for title, grid in held.sheets.items():
        key = _key(grid)
        if key and marked.setdefault(key, title) != title:
            faults.append(Fault("sheet_twice", Place(str(path), sheet=title), {"found": title, "other": marked[key]}))
    about = _about(held.sheets[marked[ABOUT]]) if ABOUT in marked else {}
    place = Place(str(path))
    if "layout" not in about:
        faults.append(Fault("not_a_plan_workbook", place, {"found": ", ".join(held.sheets)}))
        return None
    if about["layout"] != str(LAYOUT):
        faults.append(Fault("workbook_layout", place, {"found": about["layout"], "allowed": LAYOUT}))
        return None
    return [
        sheet
        for name, said in about.items()
        if name.startswith("sheet.")
        and (sheet := _sheet(place, name.removeprefix("sheet."), said.split("\n"), marked, held, faults)) is not None
    ]


def _sheet(
    place: Place, key: str, said: list[str], marked: Mapping[str, str], held: Held, faults: list[Fault]
) -> Sheet | None:
    table = next((one for one in TABLES if one.key == key), None)
    if key not in marked:
        known = [title for title in held.sheets if title not in marked.values()]
        told = {"missing": said[0], "nearest": nearest(said[0], known)}
        faults.append(Fault("sheet_missing", place, told))
        return None
    title = marked[key]
    grid = held.sheets[title]
    heads = {at: cell.text.partition(":")[2] if at == 1 else cell.text for at, cell in grid[1].items()}
    columns: dict[int, str] = {}
    for at, name in heads.items():
        if name in columns.values():
            faults.append(Fault("column_twice", grid[1][at].place, {"found": name}))
        columns[at] = name
    needed = NEEDED if table is None else said[1:]
    here = Place(place.file, sheet=title)
    lacking = [name for name in needed if name not in columns.values()]
    faults += [Fault("column_missing", here, {"missing": name}) for name in lacking]
    letters = {at for at, name in columns.items() if not name.startswith("~")}
    wrong = [fault for at, fault in held.faults.get(title, ()) if at in letters]
    faults += {(str(fault.place), fault.code): fault for fault in wrong}.values()
    broken = frozenset(str(fault.place.cell) for _, fault in held.faults.get(title, ()))
    return Sheet(key, title, grid, columns, table, broken) if not lacking else None


def _key(grid: Grid) -> str:
    first = grid.get(1, {}).get(1)
    if first is None or not isinstance(first.value, str) or not first.value.startswith(MARK):
        return ""
    return first.value.removeprefix(MARK).partition(":")[0]


def _about(grid: Grid) -> dict[str, str]:
    return {cells[1].text: cells[2].text for row, cells in grid.items() if row > 1 and {1, 2} <= set(cells)}
