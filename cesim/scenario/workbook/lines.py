"""One row of a sheet -> what it says, or what is wrong with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, Place
from cesim.quantities.series import FIRST_YEAR, LAST_YEAR
from cesim.scenario.fullwidth import first_wide
from cesim.scenario.proposals import bare_number
from cesim.scenario.tree import Leaf, is_year
from cesim.scenario.wide_faults import wide_fault
from cesim.scenario.workbook.cells import scalar, steps, text, value_tree
from cesim.scenario.workbook.declared import declared
from cesim.scenario.workbook.layout import BASE, EXPORTED, PATH, VALUE, YEAR
from cesim.scenario.workbook.numbers import ALL_YEARS, DETAILS, FORM, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.scenario.tree import Tree
    from cesim.scenario.workbook.declared import Declared
    from cesim.scenario.workbook.facts import Facts
    from cesim.scenario.workbook.grid import Cell, Grid
    from cesim.scenario.workbook.layout import Table

Steps = tuple[str, ...]
_COLUMN: Final = re.compile(r'(?P<name>(?:"(?:[^"\\]|\\.)*"|[^":@])+)(?:@(?P<year>[^:]*))?(?::(?P<detail>[a-z_]+))?')
_KEPT: Final = frozenset({"read", "unverified"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is read."""

    key: str
    title: str
    grid: Grid
    columns: Mapping[int, str]
    """Number of a column -> its key."""
    table: Table | None
    broken: frozenset[str]
    """Cells that hold something which is no value; that it is wrong was said."""


def entry_line(sheet: Sheet, cells: Mapping[int, Cell], facts: Facts) -> None:
    """Read a row of a sheet of entries."""
    held = {sheet.columns[at]: cell for at, cell in cells.items() if at in sheet.columns}
    said = {column: cell for column, cell in held.items() if column == YEAR or column in DETAILS}
    name = held.get(PATH)
    if name is None:
        if said:
            first = next(iter(said.values()))
            facts.faults.append(Fault("cell_without_path", first.place, {"found": first.text}))
        return
    loc = steps(name.text)
    told = declared(facts.model, loc)
    blank = _beside(sheet, name, VALUE)
    if blank.cell in sheet.broken:
        return
    if not said:
        if told.required:
            facts.empty(loc, _no_value(blank, held, told))
        return
    if told.value_of is not None or (not told.known and set(said) != {VALUE}):
        _number(loc, name, held, facts, told, blank)
        return
    for column in [one for one in said if one != VALUE]:
        found = {"found": said[column].text}
        facts.faults.append(Fault("cell_not_here", said[column].place, found))
    if VALUE in said:
        tree = _plain_value(said[VALUE], told, facts.faults, as_list=told.as_list or loc == ("extends",))
        if tree is not None:
            facts.value(loc, name.place, tree)


def _no_value(blank: Place, held: Mapping[str, Cell], told: Declared) -> Fault:
    allowed = told.value_of.span() if told.value_of is not None else ""
    base = held[BASE].text if BASE in held else ""
    return Fault("cell_empty", blank, {"allowed": allowed or base, "base": base})


def _number(loc: Steps, name: Cell, held: Mapping[str, Cell], facts: Facts, told: Declared, blank: Place) -> None:
    year = _year(held.get(YEAR), facts.faults)
    if year is None:
        return
    details = {
        column: leaf
        for column in (*DETAILS, FORM)
        if column in held and (leaf := _detail(column, held[column], told, facts.faults)) is not None
    }
    stated = {"value", "data", "data_series"} & set(held)
    if not stated and (year != ALL_YEARS or set(details) - {"correlation", "rho"}):
        facts.faults.append(_no_value(blank, held, told))
        return
    if {VALUE, "status"} <= set(details) and _kept_source(held):
        facts.faults.append(
            Fault("changed_but_read", held["status"].place, {"found": held["status"].text, "value": held[VALUE].text})
        )
    place = held[YEAR].place if YEAR in held else name.place
    facts.number(loc, name.place, year, place, details)
    base = held.get(BASE)
    if (VALUE not in held) or (base is not None and base.value == held[VALUE].value):
        facts.as_base.add(place)


def _kept_source(held: Mapping[str, Cell]) -> bool:
    """Say whether a value was changed that still claims to stand in its source."""
    if EXPORTED not in held or VALUE not in held or "status" not in held or held["status"].text not in _KEPT:
        return False
    try:
        value, source = json.loads(str(held[EXPORTED].value))
    except (ValueError, TypeError):
        return False
    own = text(str(held["source"].value)) if "source" in held else None
    return bool(own == source and held[VALUE].value != value)


def _year(cell: Cell | None, faults: list[Fault]) -> str | None:
    """Return the year in a cell; nothing where it holds something else."""
    if cell is None:
        return ALL_YEARS
    found = cell.text
    if cell.date:
        faults.append(Fault("cell_is_date", cell.place, {"found": found}))
    elif is_year(found) and FIRST_YEAR <= int(found) <= LAST_YEAR:
        return found
    elif first_wide(found):
        faults.append(wide_fault(found, cell.place))
    elif is_year(found):
        faults.append(
            Fault("year_out_of_range", cell.place, {"found": int(found), "first": FIRST_YEAR, "last": LAST_YEAR})
        )
    else:
        faults.append(Fault("not_a_year", cell.place, {"found": found}))
    return None


def _detail(column: str, cell: Cell, told: Declared, faults: list[Fault]) -> Leaf | None:
    """Return what is said of a number; nothing where that is wrong."""
    if column in NUMBERS:
        percent = told.value_of is not None and told.value_of.kind == "share" and column != "rho"
        return _figure(cell, faults, percent=percent)
    if cell.date:
        faults.append(Fault("cell_is_date", cell.place, {"found": cell.text}))
        return None
    return Leaf(scalar(cell), cell.place, cell.text)


def _figure(cell: Cell, faults: list[Fault], *, percent: bool) -> Leaf | None:
    """Return the number in a cell; a text that looks like one is a fault, and so is per cent of what is no share."""
    if cell.date:
        faults.append(Fault("cell_is_date", cell.place, {"found": cell.text}))
    elif cell.per_cent and not percent:
        faults.append(Fault("cell_per_cent_here", cell.place, {"found": cell.per_cent, "holds": cell.value}))
    elif isinstance(cell.value, str) and cell.value != "null":
        faults.append(_no_number(cell))
    else:
        return Leaf(scalar(cell), cell.place, cell.text)
    return None


def _no_number(cell: Cell) -> Fault:
    found = str(cell.value)
    bare = bare_number(found)
    if first_wide(found):
        return wide_fault(found, cell.place, bare)
    if bare is not None:
        return Fault("cell_number_as_text", cell.place, {"found": found, "proposal": bare})
    return Fault("need_number", cell.place, {"found": found[:60]})


def _plain_value(cell: Cell, told: Declared, faults: list[Fault], *, as_list: bool) -> Tree | None:
    """Return what is no number with a pedigree as a tree."""
    if told.counts and not told.as_list:
        return _figure(cell, faults, percent=False)
    if cell.date:
        faults.append(Fault("cell_is_date", cell.place, {"found": cell.text}))
        return None
    return value_tree(cell, as_list=as_list)


def _beside(sheet: Sheet, name: Cell, column: str) -> Place:
    """Return the place of a cell that may be empty."""
    at = next((at for at, key in sheet.columns.items() if key == column), None)
    row = re.sub(r"[^0-9]", "", name.place.cell or "")
    return Place(name.place.file, sheet=sheet.title, cell=f"{letters(at)}{row}") if at is not None else name.place


def letters(column: int) -> str:
    """Return the letters of a column, counted from one."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def table_line(sheet: Sheet, cells: Mapping[int, Cell], facts: Facts) -> None:
    """Read a row of a table: one object, a column for each of its fields."""
    assert sheet.table is not None
    held = {sheet.columns[at]: cell for at, cell in cells.items() if at in sheet.columns}
    ids = [held.pop(id_) for id_ in sheet.table.ids if id_ in held]
    said = {column: cell for column, cell in held.items() if not column.startswith(("~", "#"))}
    if not said and not ids:
        return
    if len(ids) < len(sheet.table.ids):
        first = next(iter([*said.values(), *ids]))
        facts.faults.append(Fault("cell_without_path", first.place, {"found": first.text}))
        return
    above = sheet.table.at(tuple(text(one.text) for one in ids))
    key = ids[-1].place
    if facts.object_twice(above, key):
        return
    numbers: dict[tuple[Steps, str], dict[str, Cell]] = {}
    for column, cell in said.items():
        loc, year, detail = _parsed(column, above)
        told = declared(facts.model, loc)
        if told.value_of is not None or year or detail:
            numbers.setdefault((loc, year), {})[detail or VALUE] = cell
        elif (tree := _plain_value(cell, told, facts.faults, as_list=told.as_list)) is not None:
            facts.value(loc, cell.place, tree)
    for (loc, year), parts in numbers.items():
        _table_number(loc, year, parts, facts)


def _table_number(loc: Steps, year: str, parts: Mapping[str, Cell], facts: Facts) -> None:
    told = declared(facts.model, loc)
    details = {
        column: leaf
        for column, cell in parts.items()
        if (leaf := _detail(column, cell, told, facts.faults)) is not None
    }
    place = next(iter(parts.values())).place
    if details:
        facts.number(loc, parts[VALUE].place if VALUE in parts else place, year, place, details)


def _parsed(column: str, above: Steps) -> tuple[Steps, str, str]:
    """Return path, year and detail of a column of a table."""
    match = _COLUMN.fullmatch(column)
    if match is None:
        return (*above, column), "", ""
    return (*above, *steps(match["name"])), match["year"] or "", match["detail"] or ""
