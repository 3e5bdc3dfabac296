"""What the rows of a workbook say, gathered by path before it becomes a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault
from cesim.scenario.workbook.numbers import ALL_YEARS, OF_REFERENCE, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from cesim.errors import Place
    from cesim.scenario.tree import Leaf, Tree

Steps = tuple[str, ...]


class Facts:
    """Numbers by path, year and detail; other values by path; in the order in which they were found."""

    def __init__(self, model: type[BaseModel], faults: list[Fault]) -> None:
        self.model = model
        self.faults = faults
        self.as_base: set[Place] = set()
        self._empty: list[tuple[Steps, Fault]] = []
        self._numbers: dict[Steps, dict[str, dict[str, Leaf]]] = {}
        self._years: dict[Steps, dict[str, Place]] = {}
        self._keys: dict[Steps, Place] = {}
        self._others: dict[Steps, Tree | None] = {}
        self._objects: dict[Steps, Place] = {}

    def number(self, loc: Steps, key: Place, year: str, year_place: Place, details: dict[str, Leaf]) -> None:
        """Add what is said of a number in one year."""
        years = self._years.setdefault(loc, {})
        if year in years or loc in self._others:
            other = years.get(year) or self._keys[loc]
            self.faults.append(Fault("row_twice", key, {"found": _told(loc, year), "other": other}))
            return
        years[year] = year_place
        self._keys.setdefault(loc, key)
        self._numbers.setdefault(loc, {})[year] = details

    def value(self, loc: Steps, key: Place, tree: Tree | None) -> None:
        """Add a value that is no number; None is an object of which nothing else is said."""
        if loc in self._keys:
            self.faults.append(Fault("row_twice", key, {"found": _told(loc, ""), "other": self._keys[loc]}))
            return
        self._keys[loc] = key
        self._others[loc] = tree

    def object_twice(self, loc: Steps, key: Place) -> bool:
        """Say whether a row for this object was read before; that it was is a fault."""
        other = self._objects.setdefault(loc, key)
        if other != key:
            self.faults.append(Fault("row_twice", key, {"found": ".".join(loc), "other": other}))
        return other != key

    def empty(self, loc: Steps, fault: Fault) -> None:
        """Keep that a cell is empty which must not be, unless the value comes from elsewhere."""
        self._empty.append((loc, fault))

    def lacking(self) -> Iterator[Fault]:
        """Yield the faults of empty cells; in a workbook that extends another scenario they are none."""
        if ("extends",) not in self._keys:
            said = {loc[0] for loc in (*self._keys, *self._objects)}
            yield from (
                fault for loc, fault in self._empty if loc not in self._keys and (len(loc) == 1 or loc[0] in said)
            )

    @property
    def objects(self) -> Mapping[Steps, Place]:
        """Path of every object of a table and the cell of its key."""
        return self._objects

    def values(self) -> Iterator[tuple[Steps, Place, Tree | None]]:
        """Yield path, the place of the key and what stands there."""
        for loc, key in self._keys.items():
            if loc in self._numbers:
                yield loc, key, self._together(loc, key)
            else:
                yield loc, key, self._others[loc]

    def _together(self, loc: Steps, key: Place) -> Tree:
        held = {year: _chosen(details) for year, details in self._numbers[loc].items()}
        always = held.get(ALL_YEARS, {})
        if len(held) > 1 and "value" in always:
            years = ", ".join(sorted(year for year in held if year != ALL_YEARS))
            self.faults.append(
                Fault("year_and_always", always["value"].place, {"found": _told(loc, ""), "years": years})
            )
            held.pop(ALL_YEARS)
        return together(held, self._years[loc], key)


def _chosen(details: dict[str, Leaf]) -> dict[str, Leaf]:
    """Leave a row of the tables out where a value is written in its place."""
    if "value" not in details or not {"data", "data_series"} & set(details):
        return details
    return {column: leaf for column, leaf in details.items() if column not in OF_REFERENCE}


def _told(loc: Steps, year: str) -> str:
    path = ".".join(loc)
    return f"{path} ({year})" if year else path
