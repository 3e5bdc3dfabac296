"""Tables of lots and of steps, as a pilot keeps them in Excel: what they tell, or every fault in its own cell.

A table of steps has one row for every lot of an event; rows with the same event belong together. A table of lots may
stand beside it: then every lot is in it. Which of the two a table is, its headings tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError
from cesim.text import nearest
from cesim.trace.imports.identities import Identities
from cesim.trace.imports.said import Told
from cesim.trace.imports.table_cells import Row, Table
from cesim.trace.imports.table_events import EventRows
from cesim.trace.imports.table_words import (
    LEFT_ALONE,
    LOT_COLUMNS,
    LOT_NEEDS,
    ORIGIN_WORDS,
    STEP_COLUMNS,
    STEP_NEEDS,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MARKS: Final = ("event", "step")
"""Columns by which a table of steps is known."""


def told_by_tables(tables: Sequence[Table]) -> Told:
    """Return what tables tell.

    Raises
    ------
    InputError
        With every fault of all tables: headings (``import_column_...``, ``import_table_...``), cells
        (``import_cell_...``, ``import_word_unknown``, ``import_mass_...``), lots (``import_lot_...``) and events
        (``import_event_...``, ``import_row_...``).
    """
    faults: list[Fault] = []
    told, identities = Told(), Identities()
    lots: list[list[Row]] = []
    steps: list[list[Row]] = []
    for table in tables:
        if not table.rows:
            faults.append(Fault("import_table_empty", table.place()))
            continue
        is_steps = _is_steps(table)
        columns = _columns(table, is_steps, faults)
        head = min(table.rows)
        rows = [Row(table, number, columns, faults) for number in sorted(table.rows) if number != head]
        if not rows:
            faults.append(Fault("import_table_empty", table.place()))
        (steps if is_steps else lots).append(rows)
    if faults:
        raise InputError(faults)
    origins = _read_lots(lots, told, identities, faults)
    events = EventRows(told, identities, origins if lots else None, faults)
    for rows in steps:
        events.read(rows)
    if not steps:
        faults.append(
            Fault("import_no_steps", tables[0].place(), {"allowed": [STEP_COLUMNS[one][0] for one in STEP_NEEDS]})
        )
    if faults:
        raise InputError(faults)
    return told


def _headings(table: Table) -> dict[int, str]:
    return {column: cell.text.strip() for column, cell in table.rows[min(table.rows)].items()}


def _names(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {plain(word): name for name, words in columns.items() for word in words}


def _is_steps(table: Table) -> bool:
    names = _names(STEP_COLUMNS)
    return any(names.get(plain(word)) in _MARKS for word in _headings(table).values())


def _columns(table: Table, is_steps: bool, faults: list[Fault]) -> dict[str, int]:
    """Return the columns of a table by name; unknown, repeated and missing headings are refused."""
    columns, needs = (STEP_COLUMNS, STEP_NEEDS) if is_steps else (LOT_COLUMNS, LOT_NEEDS)
    names, found, head = _names(columns), dict[str, int](), min(table.rows)
    allowed = [words[0] for words in columns.values()]
    for column, word in _headings(table).items():
        name = names.get(plain(word))
        if name is None and not word.startswith("#") and plain(word) not in LEFT_ALONE:
            near = {"found": word[:80], "allowed": allowed, "nearest": nearest(word, names)}
            faults.append(Fault("import_column_unknown", table.place(head, column), near))
        elif name is not None and name in found:
            other = {"found": word[:80], "other": table.place(head, found[name])}
            faults.append(Fault("import_column_twice", table.place(head, column), other))
        elif name is not None:
            found[name] = column
    for name in needs:
        if name not in found:
            told = {"missing": " / ".join((columns[name][0], name))}
            faults.append(Fault("import_column_missing", table.place(head), told))
    return found


def _read_lots(
    tables: Sequence[Sequence[Row]], told: Told, identities: Identities, faults: list[Fault]
) -> dict[str, str]:
    """Read tables of lots; return the origin of each lot, empty where none is told."""
    origins: dict[str, str] = {}
    first: dict[str, Row] = {}
    for row in (row for rows in tables for row in rows):
        name = row.text("lot", needed=True)
        if not name:
            continue
        key = identities.key(name)
        if first.setdefault(key, row) is not row:
            faults.append(
                Fault("import_lot_twice", row.place("lot"), {"found": name[:80], "other": first[key].place("lot")})
            )
            continue
        lot = told.lot(key, name)
        lot.kind, lot.item, lot.mass_mg = row.text("kind"), row.text("item"), row.mass("mass_kg")
        origins[key] = row.word("origin", ORIGIN_WORDS, told.classes)
    return origins
