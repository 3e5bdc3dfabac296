"""Which element keeps more scrap out of the 6000-series alloys melted in the focus, and what a step of it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.report.sankey_groups import ALLOYS_6XXX

if TYPE_CHECKING:
    import pandas as pd

    from cesim.report.read import RunTables

NONE = "none"
FIRST = 2025
"""Earlier years are past: no limit of theirs can be moved."""
WORTH = ("more_scrap_p05_t", "more_scrap_p50_t", "more_scrap_p95_t")


@dataclass(frozen=True)
class Bound:
    """One element in one year: in what share of the futures it binds, and what a step of its limit is worth then."""

    element: str
    share: float
    low: float
    median: float
    high: float
    """t of 6000-series scrap per 0.01 percentage points: 5 %, 50 %, 95 % of the futures in which it binds."""

    @property
    def expected(self) -> float:
        """Share times median: what orders the elements by their worth over all futures, t."""
        return self.share * self.median


@dataclass(frozen=True)
class Limit:
    """One alloy in one year."""

    alloy: str
    year: int
    bounds: tuple[Bound, ...]
    """The elements that ever bind, the most frequent first."""
    unbound: float
    """Share in which no element binds: supply, not quality, limits."""

    @property
    def is_supply(self) -> bool:
        """Whether supply limits in at least half of the futures."""
        return self.unbound >= 0.5

    @property
    def others(self) -> float:
        """Share of all elements but the two most frequent."""
        return sum(bound.share for bound in self.bounds[2:])

    def share(self, element: str) -> float:
        """Share in which an element binds, 0 where it never does."""
        return next((bound.share for bound in self.bounds if bound.element == element), 0.0)


@dataclass(frozen=True)
class InShort:
    """What one year says in two sentences."""

    limit: Limit
    bound: Bound
    """The alloy and its most frequent element, where a step of that element is worth most."""
    supplied: tuple[Limit, ...]
    """The alloys that supply limits in at least half of the futures."""
    freest: Limit
    """The alloy that supply limits most often."""


def limits(tables: RunTables) -> dict[str, dict[int, Limit]]:
    """Return the limits by alloy and year; nothing where the focus melts none, or an old run holds no worth."""
    frame = tables.limits
    if not set(WORTH) <= set(frame.columns):
        return {}
    frame = frame[(frame["region"] == tables.focus) & frame["alloy"].isin(ALLOYS_6XXX) & (frame["year"] >= FIRST)]
    found: dict[str, dict[int, Limit]] = {}
    for alloy in ALLOYS_6XXX:
        for year, rows in frame[frame["alloy"] == alloy].groupby("year"):
            found.setdefault(alloy, {})[int(str(year))] = _limit(rows, alloy, int(str(year)))
    return found


def in_short(found: dict[str, dict[int, Limit]], year: int) -> InShort | None:
    """Return what to say first about `year`; nothing where no element ever binds then."""
    held = [by_year[year] for by_year in found.values() if year in by_year]
    bound = [limit for limit in held if limit.bounds]
    if not bound:
        return None
    first = max(bound, key=lambda limit: limit.bounds[0].expected)
    supplied = tuple(limit for limit in held if limit.is_supply)
    return InShort(first, first.bounds[0], supplied, max(held, key=lambda limit: limit.unbound))


def elements(found: dict[str, dict[int, Limit]]) -> tuple[str, ...]:
    """Return the elements that ever bind, the most frequent over all alloys and years first."""
    total: dict[str, float] = {}
    for limit in (limit for by_year in found.values() for limit in by_year.values()):
        for bound in limit.bounds:
            total[bound.element] = total.get(bound.element, 0.0) + bound.share
    return tuple(sorted(total, key=lambda element: (-total[element], element)))


def _limit(rows: pd.DataFrame, alloy: str, year: int) -> Limit:
    bounds = [
        Bound(row["element"], float(row["share_of_draws"]), *(float(row[column]) for column in WORTH))
        for row in rows.to_dict("records")
        if row["element"] != NONE
    ]
    unbound = float(rows.loc[rows["element"] == NONE, "share_of_draws"].sum())
    return Limit(alloy, year, tuple(sorted(bounds, key=lambda bound: (-bound.share, bound.element))), unbound)
