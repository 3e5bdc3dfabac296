"""Single values set from outside the file: `--set fleet.export.hazard_scale=0.8`, or a mapping from the API."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.scenario.fullwidth import first_wide
from cesim.scenario.merge import is_path, lay_over, lone_years, states_number, takes_years
from cesim.scenario.source import node
from cesim.scenario.tree import Branch, Entry, Leaf, Row, Tree, branch, plain, row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cesim.scenario.tree import Plain

_PEDIGREE: Final = frozenset({"source", "url", "status", "note"})
"""What no longer holds once the value it was said of is replaced."""


def read_settings(settings: Iterable[str]) -> dict[str, Plain]:
    """Return the overrides of `--set path=value` options; values follow the rules of the files.

    Raises `InputError` with every setting that cannot be read.
    """
    overrides: dict[str, Plain] = {}
    faults: list[Fault] = []
    for setting in settings:
        path, equals, text = setting.partition("=")
        path = path.strip()
        place = Place(path=path)
        if not equals or not path:
            faults.append(_unreadable(setting))
        elif path in overrides:
            faults.append(Fault("set_twice", place, {"found": path}))
        elif text.strip() == "":
            overrides[path] = None
        else:
            tree, found = node(text.strip(), "")
            faults.extend(Fault(fault.code, place, fault.arguments) for fault in found)
            overrides[path] = plain(tree) if tree is not None else None
    if faults:
        raise InputError(faults)
    return overrides


def _unreadable(setting: str) -> Fault:
    wide = first_wide(setting)
    if wide is not None:
        return Fault("full_width", Place(path=setting), {"found": wide.found, "proposal": wide.proposal})
    return Fault("set_without_equals", Place(path=setting), {"found": setting})


def apply(tree: Branch, overrides: Mapping[str, object]) -> tuple[Branch, tuple[Fault, ...]]:
    """Return the tree with the overrides set, in their order, and those that lead nowhere."""
    faults: list[Fault] = []
    for path, value in overrides.items():
        place = Place(path=path)
        parts = path.split(".")
        if parts[0] == "extends" or not all(parts):
            faults.append(Fault("set_nowhere", place, {"found": path}))
            continue
        planted, old = _planted(value, place), _standing(tree, parts)
        if old is not None:
            alone = tuple(lone_years(old, planted))
            faults.extend(alone)
            planted = lay_over(old, planted) if is_path(planted) and takes_years(old) and not alone else planted
        try:
            new = _set(tree, parts, planted, place)
        except _LeadsNowhere as nowhere:
            faults.append(Fault(nowhere.code, place, {"found": path, "at": nowhere.at}))
            continue
        assert isinstance(new, Branch)
        tree = new
    return tree, tuple(faults)


def _standing(tree: Tree, parts: Sequence[str]) -> Tree | None:
    """Return what stands at a path now."""
    for part in parts:
        if not isinstance(tree, Branch) or part not in tree.entries:
            return None
        tree = tree.entries[part].value
    return tree


class _LeadsNowhere(Exception):  # noqa: N818 -- becomes a fault at once
    def __init__(self, code: str, at: str) -> None:
        self.code, self.at = code, at
        super().__init__(code)


def _set(tree: Tree, parts: Sequence[str], value: Tree, place: Place) -> Tree:
    head, rest = parts[0], parts[1:]
    if isinstance(tree, Branch):
        old = tree.entries.get(head)
        inner = _set(old.value, rest, value, place) if old is not None and rest else _grown(rest, value, place)
        entries = dict(tree.entries)
        if head == "value" and not rest and states_number(tree):
            entries = {key: entry for key, entry in entries.items() if key not in _PEDIGREE}
        entries[head] = Entry(head, place, inner)
        return branch(entries, tree.place)
    if isinstance(tree, Row):
        if not head.isascii() or not head.isdigit() or int(head) >= len(tree.items):
            raise _LeadsNowhere("set_no_item", head)
        at = int(head)
        inner = _set(tree.items[at], rest, value, place) if rest else value
        return row((*tree.items[:at], inner, *tree.items[at + 1 :]), tree.place)
    if tree.value is None:
        return _grown(parts, value, place)
    raise _LeadsNowhere("set_inside_value", head)


def _grown(parts: Sequence[str], value: Tree, place: Place) -> Tree:
    """Return the value inside as many new mappings as there are parts left."""
    for part in reversed(parts):
        value = branch({part: Entry(part, place, value)}, place)
    return value


def _planted(value: object, place: Place) -> Tree:
    """Return a Python value as a tree whose every node stands at the override."""
    if isinstance(value, Mapping):
        entries = {str(key): Entry(str(key), place, _planted(held, place)) for key, held in value.items()}
        return branch(entries, place)
    if isinstance(value, list | tuple):
        return row(tuple(_planted(item, place) for item in value), place)
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError([Fault("not_finite", place, {"found": str(value)})])
    if value is None or isinstance(value, bool | int | float | str):
        return Leaf(value, place, "" if value is None else str(value))
    raise InputError([Fault("set_not_plain", place, {"found": type(value).__name__})])
