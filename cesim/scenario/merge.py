"""Putting scenarios on top of each other, node by node, so that every value keeps its own place.

The order of priority: the command line, then the file, then its parents. A number (plain, with a range, or
a reference to the tables) is replaced as a whole: a new value never keeps the source of the old one. A path
over years is laid over another path or series year by year, so that `{2035: 0.5}` leaves history as it is.
Lists are replaced as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.scenario.tree import Branch, Entry, Leaf, Row, Tree, branch, dated, is_year, means_year, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

DEFINING: Final = frozenset({"value", "data", "data_series"})
"""A mapping with one of these keys states a number."""
DETAILS: Final = frozenset(
    {"low", "high", "dist", "range", "unit", "source", "url", "status", "note", "year", "region", "scale"}
)
"""What else may be said about a number."""


_SINCE: Final = 2025
"""The year up to which a constant is proposed to hold where one year was written over it."""
PATH_DETAILS: Final = frozenset({"correlation", "rho"})
"""What may stand beside the years of a path."""


def states_number(tree: Tree) -> bool:
    """Say whether a mapping is a number: `{value: ...}`, `{data: ...}` or `{2025: ..., 2035: ...}`."""
    if not isinstance(tree, Branch) or not tree.entries:
        return False
    names = tree.entries.keys()
    if not DEFINING.isdisjoint(names):
        return {name for name in names if not means_year(name)} <= DEFINING | DETAILS | PATH_DETAILS
    return is_path(tree)


def restates(tree: Tree) -> bool:
    """Say whether a mapping laid over a number takes its place, even if a detail beside `value` is misspelt."""
    return states_number(tree) or (isinstance(tree, Branch) and not DEFINING.isdisjoint(tree.entries))


def is_path(tree: Tree) -> bool:
    """Say whether a mapping gives numbers by year and nothing else."""
    return (
        isinstance(tree, Branch)
        and states_year_path(tree.entries)
        and all(isinstance(entry.value, Leaf) or states_number(entry.value) for entry in tree.entries.values())
    )


def takes_years(tree: Tree) -> bool:
    """Say whether years can be laid over it: a path, or a series of the tables."""
    return is_path(tree) or (isinstance(tree, Branch) and "data_series" in tree.entries and states_number(tree))


def states_year_path(names: Iterable[object]) -> bool:
    """Say whether the keys of a mapping are those of a path over years."""
    keys = {str(name) for name in names} - PATH_DETAILS
    return bool(keys) and all(map(means_year, keys))


def lay_over(under: Tree, over: Tree) -> Tree:
    """Return `under` with `over` laid on top: mappings are merged, everything else is replaced."""
    if not (isinstance(under, Branch) and isinstance(over, Branch)):
        return over
    if states_number(under) and restates(over) and not (is_path(over) and takes_years(under)):
        return over
    entries = dict(under.entries)
    for key, entry in over.entries.items():
        below = entries.get(key)
        value = lay_over(below.value, entry.value) if below is not None else entry.value
        entries[key] = Entry(key, entry.place, value)
    return branch(in_order(entries, under), over.place)


def in_order(entries: dict[str, Entry], under: Branch) -> dict[str, Entry]:
    """Return the entries of a path with its years from early to late, wherever they were written."""
    years = dated(Branch(entries, under.place, 0, 0))
    if not years or not takes_years(under):
        return entries
    late = {years[year].key: years[year] for year in sorted(years)}
    return {**{key: entry for key, entry in entries.items() if key not in late}, **late}


def out_of_order(tree: Tree) -> Iterator[Fault]:
    """Yield a fault for every year of a path that is written after a later one."""
    if isinstance(tree, Branch) and takes_years(tree):
        latest = None
        for year, entry in dated(tree).items():
            if latest is not None and year < latest:
                yield Fault("knots_out_of_order", entry.place, {"found": year, "before": latest})
            latest = year if latest is None else max(year, latest)
    elif isinstance(tree, Branch):
        for entry in tree.entries.values():
            yield from out_of_order(entry.value)
    elif isinstance(tree, Row):
        for item in tree.items:
            yield from out_of_order(item)


def lone_years(under: Tree, over: Tree) -> Iterator[Fault]:
    """Yield a fault for every single year laid over a constant: it would change all years, history too."""
    if is_path(over) and not takes_years(under) and (isinstance(under, Leaf) or states_number(under)):
        assert isinstance(over, Branch)
        years = [name for name in over.entries if means_year(name)]
        if len(years) == 1 and is_year(years[0]):
            constant = under.value if isinstance(under, Leaf) else plain(under)
            since = min(_SINCE, int(years[0]) - 1)
            told = {"found": years[0], "constant": _brief_of(constant), "since": since}
            yield Fault("one_year_over_constant", over.place, told)
    elif isinstance(under, Branch) and isinstance(over, Branch):
        for key, entry in over.entries.items():
            if key in under.entries:
                yield from lone_years(under.entries[key].value, entry.value)


def _brief_of(constant: object) -> object:
    """Return the number itself of a constant written with its range."""
    return constant.get("value", constant.get("data")) if isinstance(constant, dict) else constant


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two parents that set one path to different values."""

    path: tuple[str, ...]
    first: Tree
    second: Tree

    def fault(self) -> Fault:
        """Return it as a fault that names both places."""
        arguments = {
            "found": ".".join(self.path),
            "other": self.first.place,
            "first": _brief(self.first),
            "second": _brief(self.second),
        }
        return Fault("parents_disagree", self.second.place, arguments)


def join(
    first: Branch,
    second: Branch,
    knows: Callable[[Tree, Tree], bool],
) -> tuple[Branch, tuple[Conflict, ...]]:
    """Return two parents as one, and where they disagree.

    `knows(a, b)` says that the file of `a` extends the file of `b`: then `a` replaced `b` on purpose.
    """
    conflicts: list[Conflict] = []
    return _join(first, second, (), knows, conflicts), tuple(conflicts)


def _join(
    first: Branch,
    second: Branch,
    path: tuple[str, ...],
    knows: Callable[[Tree, Tree], bool],
    conflicts: list[Conflict],
) -> Branch:
    entries: dict[str, Entry] = dict(first.entries)
    for key, entry in second.entries.items():
        mine = entries.get(key)
        if mine is None:
            entries[key] = entry
            continue
        a, b = mine.value, entry.value
        inner = (*path, key)
        if isinstance(a, Branch) and isinstance(b, Branch) and _are_joined(a, b):
            entries[key] = Entry(key, mine.place, _join(a, b, inner, knows, conflicts))
        elif plain(a) == plain(b) or knows(a, b):
            continue
        elif knows(b, a):
            entries[key] = entry
        else:
            conflicts.append(Conflict(inner, a, b))
    return branch(in_order(entries, first), first.place)


def _are_joined(a: Branch, b: Branch) -> bool:
    """Say whether two mappings are compared entry by entry: paths by year, numbers never."""
    return (is_path(a) and is_path(b)) or not (states_number(a) or states_number(b))


def settles(child: Mapping[str, Entry], path: tuple[str, ...]) -> bool:
    """Say whether a child sets a path itself, or replaces something the path runs through."""
    entry = child.get(path[0])
    if entry is None:
        return False
    if len(path) == 1 or not isinstance(entry.value, Branch):
        return True
    if states_number(entry.value) and not is_path(entry.value):
        return True
    return settles(entry.value.entries, path[1:])


def _brief(tree: Tree) -> str:
    if isinstance(tree, Leaf):
        return tree.text
    if isinstance(tree, Row):
        return "[" + ", ".join(_brief(item) for item in tree.items[:4]) + "]"
    return "{" + ", ".join(f"{key}: {_brief(entry.value)}" for key, entry in [*tree.entries.items()][:4]) + "}"
