"""The sheets with a row for each object of a kind: targets, measures, what measures change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.scenario.tree import Branch, Tree
from cesim.scenario.workbook.cells import joined, written_scalar, written_text, written_value
from cesim.scenario.workbook.declared import Declared, declared
from cesim.scenario.workbook.entries import Asked, number_cells, standing, value_cell, values
from cesim.scenario.workbook.layout import TABLES, VALUE, Table, table_of
from cesim.scenario.workbook.names import field_word
from cesim.scenario.workbook.numbers import ALL_YEARS, FORM, apart
from cesim.scenario.workbook.page import INPUT, SHOWN, Column, Filled, Line, Page
from cesim.text import say
from cesim.text.catalogue import has

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.scenario.tree import Scalar

Steps = tuple[str, ...]

_SPARE: Final = 60
_USUAL: Final = (VALUE, "low", "high", "status", "source", "note")
"""What there is room for beside every number of a table."""
_PICKED: Final = {
    ("targets", "*", "indicator"): "indicators",
    ("plan", "measures", "*", "changes", "*", "path"): "paths",
}
"""Texts that are picked from a list although the model takes any."""
_WIDE: Final = frozenset({"ja", "en", "note", "source", "path", "indicator"})


def table_pages(asked: Asked) -> list[Page]:
    """Return the sheets of the tables that the model has."""
    there = [table for table in TABLES if declared(asked.model, table.loc).part is not None]
    return [_page(asked, table) for table in there]


def objects(tree: Tree | None, table: Table) -> Iterator[tuple[Steps, Tree]]:
    """Yield the keys and the tree of every object of a table."""
    found: list[tuple[Steps, Steps, Tree | None]] = [((), (), tree)]
    for part in table.loc:
        inner: list[tuple[Steps, Steps, Tree | None]] = []
        for loc, keys, here in found:
            entries = here.entries if isinstance(here, Branch) else {}
            for key in entries if part == "*" else (part,):
                held = entries[key].value if key in entries else None
                inner.append(((*loc, key), (*keys, key) if part == "*" else keys, held))
        found = inner
    for _, keys, here in found:
        if here is not None:
            yield keys, here


def _page(asked: Asked, table: Table) -> Page:
    rows = [(keys, _said(asked, table, keys, tree)) for keys, tree in objects(asked.tree, table)]
    columns: dict[str, Filled] = dict(_columns(asked, table, table.loc))
    for _, said in rows:
        columns |= {column: columns.get(column, Filled(None, cell.look, cell.shape)) for column, cell in said.items()}
    ids = {id_: Filled(None, INPUT, choices=_keys_of(table, at)) for at, id_ in enumerate(table.ids)}
    made = [_column(asked, table, column, blank) for column, blank in (ids | _in_order(columns)).items()]
    lines = [
        Line({id_: Filled(written_text(key), INPUT) for id_, key in zip(table.ids, keys, strict=True)} | said)
        for keys, said in rows
    ]
    return Page(table.key, tuple(made), tuple(lines), _SPARE, frozen=len(table.ids))


def _in_order(columns: dict[str, Filled]) -> dict[str, Filled]:
    """Put a column that only some rows need behind the one it says more about."""
    order: list[str] = []
    for column in columns:
        stem = next((known for known in reversed(order) if column.startswith(f"{known.partition('.')[0]}.")), None)
        order.insert(order.index(stem) + 1 if stem is not None else len(order), column)
    return {column: columns[column] for column in order}


def _keys_of(table: Table, at: int) -> str:
    """Return the sheet from whose keys a column of keys is chosen."""
    above = [other for other in TABLES if len(other.ids) == at + 1 and table.loc[: len(other.loc)] == other.loc]
    return f"keys:{above[0].key}" if above and above[0] is not table else ""


def _columns(asked: Asked, table: Table, loc: Steps) -> Iterator[tuple[str, Filled]]:
    """Yield the columns that the model of an object has, whether any object needs them or not."""
    part = declared(asked.model, loc).part
    for key in part.model_fields if part is not None else ():
        here = (*loc, key)
        told, name = declared(asked.model, here), joined(here[len(table.loc) :])
        if told.value_of is not None:
            cells = number_cells(asked, told, {})
            yield from ((_detail(name, column), cells[column]) for column in _USUAL)
        elif told.part is not None:
            yield from _columns(asked, table, here)
        elif not told.mapping:
            yield name, _picked(here, value_cell(asked, told, None))


def _detail(name: str, column: str) -> str:
    return name if column == VALUE else f"{name}:{column}"


def _said(asked: Asked, table: Table, keys: Steps, tree: Tree) -> dict[str, Filled]:
    """Return column -> cell of one object, without what has a sheet of its own."""
    above = table.at(keys)
    cells: dict[str, Filled] = {}
    if isinstance(tree, Branch) and not tree.entries:
        return cells
    for loc, held in values(asked.model, tree_at(asked, above), above):
        if table_of(loc) is not table:
            continue
        told, name = declared(asked.model, loc), joined(loc[len(table.loc) :])
        if told.value_of is not None:
            for year, details in apart(held).items():
                here = f"{name}@{year}" if year != ALL_YEARS else name
                cells |= _number(asked, told, here, details)
        else:
            general = tuple(part if part == "*" else own for part, own in zip(table.loc, loc, strict=False))
            cell = value_cell(asked, told, written_value(held, as_list=told.as_list))
            cells[name] = _picked((*general, *loc[len(table.loc) :]), cell)
    return cells


def tree_at(asked: Asked, loc: Steps) -> Tree:
    """Return what stands at a path that is known to exist."""
    held = standing(asked.tree, loc)
    assert held is not None
    return held


def _number(asked: Asked, told: Declared, name: str, details: dict[str, Scalar]) -> dict[str, Filled]:
    cells = number_cells(asked, told, details)
    kept = {column: cell for column, cell in cells.items() if cell.value is not None and column != "exported"}
    if VALUE not in details:
        kept[VALUE] = cells[VALUE]
    if FORM in details:
        kept[FORM] = Filled(written_scalar(details[FORM]), SHOWN)
    return {_detail(name, column): cell for column, cell in kept.items()}


def _picked(loc: Steps, cell: Filled) -> Filled:
    name = _PICKED.get(loc)
    return cell if name is None else Filled(cell.value, cell.look, cell.shape, name)


def _column(asked: Asked, table: Table, column: str, blank: Filled) -> Column:
    lang = asked.lang
    if column in table.ids:
        key = f"workbook.id.{table.key}.{column[1:]}"
        return Column(column, say(key, lang) if has(key, lang) else column, width=24, blank=blank)
    name, _, detail = column.partition(":")
    name, _, year = name.partition("@")
    words = [*_path_words(asked, table, name), *([year] if year else [])]
    if detail and detail != FORM:
        words.append(say(f"workbook.column.{detail}", lang))
    loc = (*table.loc, *name.split("."))
    width = 26 if name.split(".")[-1] in _WIDE or detail in _WIDE else 14
    told = declared(asked.model, loc)
    return Column(column, " › ".join(words), told.description, width, int(bool(detail)), detail == FORM, blank)


def _path_words(asked: Asked, table: Table, name: str) -> Iterator[str]:
    loc = table.loc
    for key in name.split("."):
        part = declared(asked.model, loc).part
        yield field_word(part, key, asked.lang) if part is not None else key
        loc = (*loc, key)
