"""What the heading of a column of points says: which number, and whether cells are its values or its probabilities.

``fleet.export.rate [share]``            values, in the unit that is named
``market.sales@2035 [vehicles]``         values in one year of a number that changes over the years
``market.sales@2035 [vehicles] in slow`` the same, by the range that the alternative `slow` has
``remelting.rule``                       what a sampled lever takes, of several
``p(fleet.export.rate)``                 probabilities

A number alone, without unit or ``p()``, says neither: 0.3 may be either of many numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

POINT: Final = "point"
"""Heading of a column that only counts points: as `inputs.csv` has it, passed over where a table is read."""
_PROBABILITY: Final = re.compile(r"p\((?P<name>.+)\)")
_VALUE: Final = re.compile(
    r"(?P<name>[^@\[\]]+?)(?:@(?P<year>\d{4}))?(?:\s*\[(?P<unit>[^\[\]]*)\](?:\s+in\s+(?P<alternative>.+))?)?",
    re.ASCII | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, taken apart.

    Attributes
    ----------
    name
        path of a number in the scenario
    is_probability
        whether cells are probabilities
    unit, year, alternative
        None where not said
    """

    name: str
    is_probability: bool = False
    unit: str | None = None
    year: int | None = None
    alternative: str | None = None

    def __str__(self) -> str:
        if self.is_probability:
            return f"p({self.name})"
        year = "" if self.year is None else f"@{self.year}"
        unit = "" if self.unit is None else f" [{self.unit}]"
        where = "" if self.alternative is None else f" in {self.alternative}"
        return f"{self.name}{year}{unit}{where}"


def heading(text: str) -> Heading:
    """Take a heading apart; one that is written in no such way is a name alone."""
    if found := _PROBABILITY.fullmatch(text):
        return Heading(found["name"].strip(), is_probability=True)
    if not (found := _VALUE.fullmatch(text)):
        return Heading(text)
    year = None if found["year"] is None else int(found["year"])
    unit = None if found["unit"] is None else found["unit"].strip()
    return Heading(found["name"].strip(), unit=unit, year=year, alternative=found["alternative"])
