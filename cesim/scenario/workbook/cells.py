"""What a value looks like in a cell, so that it can be read back as exactly the same value.

A number, TRUE and FALSE are cells of their own kind. A text stands as it is, unless a cell could not keep it (it is
empty, begins or ends in a space) or would make something else of it: then it stands in double quotes, written as in
JSON. `null` is nothing, `{}` a mapping without entries. A list stands in one cell, separated by commas; what is more
deeply nested is JSON.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from cesim.scenario.scalars import NotANumber, resolve
from cesim.scenario.tree import Entry, Leaf, Plain, Row, Scalar, Tree, branch, plain, row

if TYPE_CHECKING:
    from cesim.errors import Place
    from cesim.scenario.workbook.grid import Cell

LONGEST: Final = 32_767
"""Characters that Excel holds in a cell."""
_ESCAPE: Final = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
_ITEM: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,、，]*?)\s*(?:[,、，]|$)')
_APART: Final = re.compile(r"[,、，\"]")
_OPENING: Final = ('"', "#", "[", "{")
Written = str | float | bool
"""What goes into a cell."""


def written_scalar(value: Scalar) -> Written:
    """Return a scalar as its cell holds it."""
    if value is None:
        return "null"
    return written_text(value) if isinstance(value, str) else value


def written_text(text: str) -> str:
    """Return a text as its cell holds it: in double quotes where it would not come back as it is."""
    bare = text.strip() == text and text not in ("", "null") and not text.startswith(_OPENING)
    if bare and "\r" not in text and not _ESCAPE.search(text):
        return text
    return _ESCAPE.sub("_\\\\u0078", json.dumps(text, ensure_ascii=False))


def written_value(tree: Tree, *, as_list: bool) -> Written:
    """Return whatever is no number with a pedigree as its cell holds it; `as_list`: where the model has a list."""
    if isinstance(tree, Leaf):
        return written_scalar(tree.value)
    if as_list and isinstance(tree, Row) and _is_flat(tree):
        return ", ".join(_item(item.value) for item in tree.items if isinstance(item, Leaf))
    return _ESCAPE.sub("_\\\\u0078", json.dumps(plain(tree), ensure_ascii=False))


def _is_flat(tree: Row) -> bool:
    """Say whether a list can stand in a cell with commas; that of nothing alone would be read as nothing."""
    alone = len(tree.items) == 1 and isinstance(tree.items[0], Leaf) and tree.items[0].value is None
    return bool(tree.items) and not alone and all(isinstance(item, Leaf) for item in tree.items)


def _item(value: Scalar) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    written = written_text(value)
    if written != value or _APART.search(value) or _resolved(value) != value:
        return _ESCAPE.sub("_\\\\u0078", json.dumps(value, ensure_ascii=False))
    return written


def scalar(cell: Cell) -> Scalar:
    """Return the scalar in a cell; a whole number as such, since Excel knows only one kind of number."""
    value = cell.value
    if isinstance(value, str):
        return None if value == "null" else text(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def text(value: str) -> str:
    """Return the text that a cell stands for: without its quotes where it has some."""
    held = _json(value) if value.startswith('"') else None
    return held if isinstance(held, str) else value


def value_tree(cell: Cell, *, as_list: bool) -> Tree:
    """Return what a cell holds as a tree; every node of it stands at the cell."""
    if isinstance(cell.value, str) and cell.value.startswith(("[", "{")):
        held = _json(cell.value)
        if isinstance(held, list | dict):
            return planted(held, cell.place)
    if not as_list or cell.value == "null":
        return Leaf(scalar(cell), cell.place, cell.text)
    if not isinstance(cell.value, str):
        return row((Leaf(scalar(cell), cell.place, cell.text),), cell.place)
    parts = [match[1] for match in _ITEM.finditer(cell.value) if match[1]]
    return row(tuple(Leaf(_read_item(part), cell.place, part) for part in parts), cell.place)


def planted(value: Plain, place: Place) -> Tree:
    """Return plain data as a tree that stands at one place."""
    if isinstance(value, dict):
        entries = {key: Entry(key, place, planted(held, place)) for key, held in value.items()}
        return branch(entries, place)
    if isinstance(value, list):
        return row(tuple(planted(item, place) for item in value), place)
    return Leaf(value, place, "" if value is None else str(value))


def _read_item(part: str) -> Scalar:
    return text(part) if part.startswith('"') else _resolved(part)


def _resolved(word: str) -> Scalar:
    try:
        return resolve(word)
    except NotANumber:
        return word


def _json(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        return None


def joined(loc: tuple[str | int, ...]) -> str:
    """Return a path with points between its keys; a key that holds a point or a quotation mark stands in quotes."""
    return ".".join(_key(str(part)) for part in loc)


def steps(path: str) -> tuple[str, ...]:
    """Return the keys of a path; a path that is not well formed is split at its points."""
    keys = re.findall(r'("(?:[^"\\]|\\.)*"|[^".]+)(?:\.|$)', path)
    if ".".join(keys) != path:
        return tuple(path.split("."))
    return tuple(text(key) for key in keys)


def _key(key: str) -> str:
    plain_key = key != "" and key.strip() == key and not re.search(r'[.:@"\\\r\n]', key) and not _ESCAPE.search(key)
    return key if plain_key else _ESCAPE.sub("_\\\\u0078", json.dumps(key, ensure_ascii=False))
