"""Which element keeps more scrap out of the 6000-series alloys melted in the focus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.report.sankey_groups import ALLOYS_6XXX

if TYPE_CHECKING:
    import pandas as pd

    from cesim.report.read import RunTables

NONE = "none"


@dataclass(frozen=True)
class Limit:
    """One alloy in one year: the element that limits most often, and how often none does."""

    alloy: str
    year: int
    element: str
    """The element that binds in the largest share; empty where none ever does."""
    share: float
    unbound: float
    """Share in which no element binds: supply, not quality, limits."""

    @property
    def others(self) -> float:
        """Share in which one of the other elements binds."""
        return max(1.0 - self.share - self.unbound, 0.0)

    @property
    def is_supply(self) -> bool:
        """Whether supply limits in at least half of the futures."""
        return self.unbound >= 0.5


def limits(tables: RunTables) -> dict[str, dict[int, Limit]]:
    """Return the limits by alloy and report year; shares are means over the melting regions, by tonnes melted."""
    frame = tables.limits
    frame = frame[frame["alloy"].isin(ALLOYS_6XXX) & frame["region"].isin(tables.focus_regions)]
    frame = frame[frame["year"].isin(tables.report_years)].merge(_melted(tables), on=["year", "region", "alloy"])
    found: dict[str, dict[int, Limit]] = {}
    for alloy in ALLOYS_6XXX:
        for year in tables.report_years:
            mine = frame[(frame["alloy"] == alloy) & (frame["year"] == year)]
            if not mine.empty:
                found.setdefault(alloy, {})[year] = _limit(mine, alloy, year)
    return found


def in_short(found: dict[str, dict[int, Limit]], year: int) -> tuple[list[str], list[Limit]]:
    """Return the alloys that supply limits in `year`, and the limits of those that quality does."""
    held = [by_year[year] for by_year in found.values() if year in by_year]
    return [limit.alloy for limit in held if limit.is_supply], [limit for limit in held if not limit.is_supply]


def _melted(tables: RunTables) -> pd.DataFrame:
    """Tonnes of each alloy melted, by year and region."""
    frame = tables.flows
    frame = frame[frame["process_to"].str.startswith("melting.") & frame["year"].isin(tables.report_years)]
    frame = frame.assign(product=frame["process_to"].str.slice(len("melting.")))
    sums = frame.groupby(["year", "region_to", "product"])["mean"].sum()
    return sums.rename("melted").rename_axis(["year", "region", "alloy"]).reset_index()


def _limit(rows: pd.DataFrame, alloy: str, year: int) -> Limit:
    weight = rows.drop_duplicates("region").set_index("region")["melted"]
    weight = weight / weight.sum()
    shares = (rows["share_of_draws"] * rows["region"].map(weight)).groupby(rows["element"]).sum()
    bound = shares.drop(NONE, errors="ignore")
    element = str(bound.idxmax()) if len(bound) else ""
    return Limit(alloy, year, element, float(bound.max()) if element else 0.0, float(shares.get(NONE, 0.0)))
