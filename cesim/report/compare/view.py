"""A comparison as a report looks at it: its tables read once, places and indicators by their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cesim.indicators import INDICATORS
from cesim.report.casthouse.writing import Writer
from cesim.report.places import place_name
from cesim.report.read import main_year, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from cesim.plan.comparing import Comparison
    from cesim.text import Language

COLOURS = ("k-ink", "k-main", "k-second", "k-post", "k-hot", "k-pre", "k-none")
"""Classes of the colours of the scenarios, the first that of the one compared with."""


@dataclass(frozen=True)
class ComparisonView:
    """Everything a page or a book says of a comparison."""

    found: Comparison
    writer: Writer
    figures: pd.DataFrame
    targets: pd.DataFrame
    inputs: pd.DataFrame

    @property
    def lang(self) -> Language:
        """Language of the reader."""
        return self.writer.lang

    @property
    def names(self) -> list[str]:
        """What the scenarios are called."""
        return self.found.names(self.lang)

    @property
    def is_single(self) -> bool:
        """Whether there is the best estimate alone."""
        return self.found.draws == 1

    @property
    def main_year(self) -> int:
        """The year shown first."""
        return main_year(self.found.years)

    @property
    def main_region(self) -> str:
        """The region shown first: the focus, else the country."""
        return self.found.regions[0]

    def place(self, region: str) -> str:
        """Name of a region or a group."""
        return place_name(self.found.scenarios[0], region, self.writer.words)

    def indicator(self, key: str) -> str:
        """Name of an indicator."""
        return name_of(INDICATORS[key], self.lang)

    def colour(self, at: int) -> str:
        """Class of the colour of a scenario."""
        return COLOURS[at % len(COLOURS)]

    def rows(self, indicator: str, region: str, year: int) -> list[dict[str, Any]]:
        """The figures of one indicator in a place and year, one a scenario; empty where it has no value."""
        frame = self.figures
        chosen = frame[(frame["indicator"] == indicator) & (frame["region"] == region) & (frame["year"] == year)]
        return [{str(key): value for key, value in row.items()} for row in chosen.to_dict("records")]

    def headlines(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield the headline indicators that every scenario has in the main year, in order."""
        for key in self.found.headlines():
            rows = self.rows(key, self.main_region, self.main_year)
            if len(rows) == len(self.names):
                yield key, rows


def view_of(found: Comparison, lang: Language) -> ComparisonView:
    """Return the view of a comparison in one language."""
    return ComparisonView(found, Writer(lang), found.figures(), found.targets(), found.inputs())
