"""Single values set from outside the file: `--set fleet.export.hazard_scale=0.8`, or a mapping from the API."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.scenario.fullwidth import half
from cesim.scenario.merge import in_order, is_path, lay_over, lone_years, out_of_order, states_number, takes_years
from cesim.scenario.tree import Branch, Entry, Leaf, Row, Tree, branch, means_year, row
from cesim.scenario.wide_faults import wide_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

_PEDIGREE: Final = frozenset({"source", "url", "status", "note"})
"""What no longer holds once the value it was said of is replaced."""
_TABLES: Final = frozenset({"data", "data_series"})
"""What reads a number from the tables: replaced as a whole by a value."""


def apply(tree: Branch, overrides: Mapping[str, object]) -> tuple[Branch, tuple[Fault, ...]]:
    """Return the tree with the overrides set, in their order, and those that lead nowhere."""
    faults: list[Fault] = []
    for path, value in _years_together(tree, overrides).items():
        place = Place(path=path)
        parts = path.split(".")
        if parts[0] == "extends" or not all(parts):
            faults.append(Fault("set_nowhere", place, {"found": path}))
            continue
        if parts[0] not in tree.entries and half(path).partition(".")[0] in tree.entries:
            faults.append(wide_fault(path, place))
            continue
        try:
            tree = _one(tree, parts, value, place, faults)
        except _LeadsNowhere as nowhere:
            faults.append(Fault(nowhere.code, place, {"found": path, "at": nowhere.at}))
        except InputError as error:
            faults.extend(error.faults)
    return tree, tuple(faults)


def _one(tree: Branch, parts: list[str], value: object, place: Place, faults: list[Fault]) -> Branch:
    given = planted(value, place)
    faults.extend(list(out_of_order(given))[:1])
    if means_year(parts[-1]) and len(parts) > 1 and _is_constant(_standing(tree, parts[:-1])):
        parts, given = parts[:-1], branch({parts[-1]: Entry(parts[-1], place, given)}, place)
    old = _standing(tree, parts)
    if old is not None:
        alone = tuple(lone_years(old, given))
        faults.extend(alone)
        given = lay_over(old, given) if is_path(given) and takes_years(old) and not alone else given
    new = _set(tree, parts, given, place)
    assert isinstance(new, Branch)
    return new


def _years_together(tree: Branch, overrides: Mapping[str, object]) -> dict[str, object]:
    """Return the overrides with the years set one by one over a constant put together: `a.2030` and `a.2040`."""
    grouped: dict[str, object] = {}
    for path, value in overrides.items():
        above, _, year = path.rpartition(".")
        alike = [
            other for other in overrides if other.rpartition(".")[0] == above and means_year(other[len(above) + 1 :])
        ]
        together = means_year(year) and len(alike) > 1 and above not in overrides
        if together and _is_constant(_standing(tree, above.split("."))):
            years = sorted(alike, key=lambda other: half(other[len(above) + 1 :]))
            grouped[above] = {other[len(above) + 1 :]: overrides[other] for other in years}
        else:
            grouped[path] = value
    return grouped


def _is_constant(tree: Tree | None) -> bool:
    """Say whether a number stands there that holds for all years."""
    if isinstance(tree, Leaf):
        return isinstance(tree.value, int | float) and not isinstance(tree.value, bool)
    return tree is not None and states_number(tree) and not takes_years(tree)


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
            from_tables = not _TABLES.isdisjoint(entries)
            entries = {} if from_tables else {key: entry for key, entry in entries.items() if key not in _PEDIGREE}
        entries[head] = Entry(head, place, inner)
        return branch(in_order(entries, tree), tree.place)
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


def planted(value: object, place: Place) -> Tree:
    """Return a Python value as a tree whose every node stands at the override; what is a tree keeps its places."""
    if isinstance(value, Branch | Row | Leaf):
        return value
    if isinstance(value, Mapping):
        entries = {str(key): Entry(str(key), place, planted(held, place)) for key, held in value.items()}
        return branch(entries, place)
    if isinstance(value, list | tuple):
        return row(tuple(planted(item, place) for item in value), place)
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError([Fault("not_finite", place, {"found": str(value)})])
    if value is None or isinstance(value, bool | int | float | str):
        return Leaf(value, place, "" if value is None else str(value))
    raise InputError([Fault("set_not_plain", place, {"found": type(value).__name__})])
