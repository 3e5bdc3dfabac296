"""A number of a scenario taken apart into single cells, and put together again.

A number is alone (`0.35`), has a pedigree (`{value: 0.35, low: 0.3, status: estimate}`), is looked up in the tables
(`{data: elv.collected, year: 2024}`) or goes over the years, each of them one of these. Apart, it is year -> detail ->
scalar; the year of what holds for all years is the empty text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.scenario.tree import Branch, Entry, Leaf, Scalar, Tree, branch, means_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.errors import Place

ALL_YEARS: Final = ""
FORM: Final = "form"
"""Column of a mark on a number that stands in a mapping although it has no pedigree."""
MAPPING: Final = "mapping"
OF_REFERENCE: Final = ("data", "data_series", "data_year", "region", "scale")
"""What no longer holds once a value is written in place of a row of the tables."""
_SPELLED: Final = {"data_year": "year"}
_COLUMN: Final = {key: column for column, key in _SPELLED.items()}
DETAILS: Final = (
    "value", "low", "high", "status", "source", "note", "url", "dist", "range", "unit", "data", "data_series",
    "data_year", "region", "scale", "correlation", "rho",
)  # fmt: skip
"""Columns of a number. `data_year` is the `year` of a reference: a year of its own is when the number holds."""
NUMBERS: Final = frozenset({"value", "low", "high", "scale", "rho"})
"""Columns in which a number stands."""

Apart = dict[str, dict[str, Scalar]]


def apart(tree: Tree) -> Apart:
    """Return year -> column -> scalar of a number as it stands in a sound scenario."""
    if not isinstance(tree, Branch):
        return {ALL_YEARS: _details(tree)}
    years = {key: entry for key, entry in tree.entries.items() if means_year(key)}
    others = {key: entry for key, entry in tree.entries.items() if key not in years}
    held = {ALL_YEARS: _details(branch(others, tree.place))} if others or not years else {}
    return {**held, **{year: _details(entry.value) for year, entry in years.items()}}


def _details(tree: Tree) -> dict[str, Scalar]:
    if isinstance(tree, Leaf):
        return {"value": tree.value}
    assert isinstance(tree, Branch)
    held: dict[str, Scalar] = {}
    for key, entry in tree.entries.items():
        assert isinstance(entry.value, Leaf), key
        held[_COLUMN.get(key, key)] = entry.value.value
    return {**held, FORM: MAPPING} if set(held) <= {"value"} else held


def together(held: Mapping[str, Mapping[str, Leaf]], keys: Mapping[str, Place], place: Place) -> Tree:
    """Return the number of which single cells hold the parts.

    Parameters
    ----------
    held
        Year -> column -> what the cell holds.
    keys
        Year -> the cell in which the year stands.
    place
        The cell at which the whole is shown.
    """
    years = sorted(year for year in held if year != ALL_YEARS)
    always = held.get(ALL_YEARS, {})
    if not years:
        return _number(always, place)
    entries = {year: Entry(year, keys[year], _number(held[year], keys[year])) for year in years}
    return branch({**_entries(always), **entries}, place)


def _number(held: Mapping[str, Leaf], place: Place) -> Tree:
    value = held.get("value")
    if value is not None and set(held) == {"value"}:
        return value
    return branch(_entries(held), value.place if value is not None else place)


def _entries(held: Mapping[str, Leaf]) -> dict[str, Entry]:
    named = {_SPELLED.get(column, column): leaf for column, leaf in held.items() if column != FORM}
    return {key: Entry(key, leaf.place, leaf) for key, leaf in named.items()}
