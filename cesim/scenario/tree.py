"""A scenario file as read: mappings, lists and scalars, each of which knows where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cesim.quantities.series import FIRST_YEAR, LAST_YEAR
from cesim.scenario.fullwidth import half

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.errors import Place

Scalar = str | int | float | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar: its value and how it was written."""

    value: Scalar
    place: Place
    text: str
    size: int = field(default=1, init=False)
    depth: int = field(default=0, init=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A list."""

    items: tuple[Tree, ...]
    place: Place
    size: int
    """Number of nodes in it, with every alias written out."""
    depth: int
    """Mappings and lists inside each other, itself included."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping, with the place of the key, and what it holds."""

    key: str
    place: Place
    value: Tree


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping. Keys are texts as written, so `6016:` is the key `"6016"`, never a number."""

    entries: Mapping[str, Entry]
    place: Place
    size: int
    depth: int


Tree = Leaf | Row | Branch


def plain(tree: Tree) -> Plain:
    """Return the tree as dictionaries, lists and scalars, without its places."""
    if isinstance(tree, Leaf):
        return tree.value
    if isinstance(tree, Row):
        return [plain(item) for item in tree.items]
    return {key: plain(entry.value) for key, entry in tree.entries.items()}


def branch(entries: Mapping[str, Entry], place: Place) -> Branch:
    """Return a mapping of these entries."""
    held = [entry.value for entry in entries.values()]
    size = 1 + len(held) + sum(value.size for value in held)
    return Branch(entries, place, size, 1 + max((value.depth for value in held), default=0))


def row(items: tuple[Tree, ...], place: Place) -> Row:
    """Return a list of these items."""
    size = 1 + sum(item.size for item in items)
    return Row(items, place, size, 1 + max((item.depth for item in items), default=0))


def is_year(key: str) -> bool:
    """Say whether a key is a calendar year."""
    return len(key) == 4 and key.isascii() and key.isdigit()


def means_year(key: str) -> bool:
    """Say whether a key is a calendar year, be it in full-width digits: those are refused where they stand."""
    return is_year(key) or is_year(half(key))


def dated(branch: Branch) -> dict[int, Entry]:
    """Return the entries of a mapping that stand under a year, in the order written; an alloy `6016` is no year."""
    years = {int(half(key)): entry for key, entry in branch.entries.items() if means_year(key)}
    return {year: entry for year, entry in years.items() if FIRST_YEAR <= year <= LAST_YEAR}
