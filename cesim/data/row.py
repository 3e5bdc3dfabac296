"""One figure of the data room, with everything that is known about it."""

import re
from dataclasses import dataclass

COLUMNS = (
    "key",
    "value",
    "low",
    "high",
    "unit",
    "year",
    "region",
    "source",
    "url",
    "status",
    "note",
    "name",
)
"""The columns of every table, in this order."""

STATUSES = ("read", "unverified", "estimate")
"""How far a figure can be trusted, best first."""

_CALENDAR = re.compile(r"\d{4}")
_FISCAL = re.compile(r"FY(\d{4})")


@dataclass(frozen=True, slots=True)
class Row:
    """A single figure: what it says, how sure it is, and who said it.

    A row whose unit is ``text`` carries its fact in the note and has no number. A row that was not read
    in a source always carries a range round its number.
    """

    key: str
    """Dotted name in field words, e.g. ``al.melt_loss.press_scrap``; unique with year and region."""
    value: float | None
    """Best estimate, or None where the source gives a range or words only."""
    low: float | None
    """Lower end of the range: 5th percentile, or the printed lower figure."""
    high: float | None
    """Upper end of the range: 95th percentile, or the printed upper figure."""
    unit: str
    """One of :data:`cesim.data.units.UNITS`."""
    year: str
    """``2014`` calendar, ``FY2014`` fiscal, ``2024-03`` month, ``2011Q1`` quarter; empty when timeless."""
    region: str
    """``japan``, ``chubu``, ``aichi``, ``eu``, ``world``...; empty when the figure belongs to no region."""
    source: str
    """Title, publisher and year of the source as one text."""
    url: str
    """Address of the source, or empty."""
    status: str
    """``read``, ``unverified`` or ``estimate``."""
    note: str
    """Scope, basis, conflicts with other rows (by key), and how a range was set."""
    name: str
    """Short name for display."""
    table: str
    """The table the row stands in."""
    decimals: int | None = None
    """Decimals the value is printed with (0.50 has two); None where there is no value. Rounding rules need them."""

    @property
    def calendar_year(self) -> int | None:
        """The calendar year, or None for fiscal years, months, spans and timeless rows."""
        return int(self.year) if _CALENDAR.fullmatch(self.year) else None

    @property
    def fiscal_year(self) -> int | None:
        """The fiscal year (April to March, named by its first year), or None."""
        match = _FISCAL.fullmatch(self.year)
        return int(match[1]) if match else None

    @property
    def place(self) -> str:
        """Key, year and region in one text, as messages show them."""
        return f"{self.key} [{', '.join(part for part in (self.year, self.region) if part) or '-'}]"
