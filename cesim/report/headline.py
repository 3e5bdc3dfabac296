"""The headline: what comes back into cars, against the targets, with its doubt in counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cesim.report.read import COUNTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.report.read import IndicatorInfo, RunTables

FEWEST_DRAWS = 100
"""Below this many futures a count of them is not shown: its own error would exceed ten points."""


@dataclass(frozen=True)
class Goal:
    """One target as it stands in one year."""

    target: str
    name: str
    value: float
    since: int
    legal: bool
    gap: float
    """Median of the gap; negative = missed."""
    gap_low: float
    gap_high: float
    probability: float | None
    """Share of futures that meet it; None where the tables do not say."""
    national: bool = False
    """Whether it is a target of the whole country, compared with the figure of the country."""


@dataclass(frozen=True)
class Figure:
    """One value with its range."""

    best: float
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Cell:
    """One indicator in one year."""

    year: int
    best: float
    low: float
    median: float
    high: float
    goals: tuple[Goal, ...]
    country: Figure | None = None
    """The same indicator for the whole country, where that is more than the focus."""


@dataclass(frozen=True)
class Row:
    """One headline indicator over the report years."""

    indicator: IndicatorInfo
    cells: tuple[Cell, ...]


def family_of(indicator: str) -> str:
    """Return `aluminium`, `plastics` or `other`: the card an indicator belongs to."""
    if "6xxx" in indicator or "alumin" in indicator or indicator.startswith(("h1_", "h2_", "h3_")):
        return "aluminium"
    return "plastics" if "plastic" in indicator else "other"


def shown(tables: RunTables, indicators: Mapping[str, IndicatorInfo]) -> list[IndicatorInfo]:
    """The headline indicators and those that somebody has set a target for, in the order of the registry."""
    aimed = set(tables.targets["indicator"])
    return [info for key, info in indicators.items() if info.headline or key in aimed]


def headline_rows(tables: RunTables, indicators: Mapping[str, IndicatorInfo], lang: str) -> list[Row]:
    """Return the headline indicators of the focus, in the order of the registry."""
    frame = tables.focus_figures.set_index(["indicator", "year"]).sort_index()
    country = tables.country_figures.set_index(["indicator", "year"]).sort_index()
    rows = []
    for info in shown(tables, indicators):
        years = [year for year in tables.report_years if (info.id, year) in frame.index]
        cells = tuple(_cell(tables, info, year, frame, country, lang) for year in years)
        if cells:
            rows.append(Row(info, cells))
    return rows


def _cell(
    tables: RunTables, info: IndicatorInfo, year: int, frame: pd.DataFrame, country: pd.DataFrame, lang: str
) -> Cell:
    row = frame.loc[[(info.id, year)]].iloc[0]
    goals = list(_goals(tables, info, year, row, tables.focus, lang))
    whole = None
    if (info.id, year) in country.index:
        beside = country.loc[[(info.id, year)]].iloc[0]
        whole = Figure(*(float(beside[q]) for q in ("best", "p05", "p50", "p95")))
        if targets_of(tables, info.id).empty:
            goals += _goals(tables, info, year, beside, COUNTRY, lang)
    best, low, median, high = (float(row[q]) for q in ("best", "p05", "p50", "p95"))
    return Cell(year, best, low, median, high, tuple(goals), whole)


def targets_of(tables: RunTables, indicator: str, region: str | None = None) -> pd.DataFrame:
    """Targets of one indicator in the focus (or another region), in order of year.

    `series` joins the steps of one target: `eu_step1` and `eu_step2`, `jama_2031` and `jama_2036`.
    """
    frame = tables.targets
    frame = frame[(frame["indicator"] == indicator) & (frame["region"] == (region or tables.focus))]
    return frame.assign(series=frame["target"].map(stem)).sort_values(["series", "year"], kind="stable")


def stem(target: str) -> str:
    """Id of a target without the number of its step."""
    return re.sub(r"_?\d+$", "", str(target))


def without_amount(name: str) -> str:
    """Name of a target without the amount at its end, which is shown beside it."""
    bare = re.sub(r"\s*[\d.,]+\s*(%|％|kt|t|千トン|万トン|トン)\s*$", "", name)
    return bare or name


def series_name(names: list[str]) -> str:
    """Name of a target over all its steps: what their names have in common."""
    bare = [without_amount(name) for name in names]
    return bare[0] if len(set(bare)) == 1 else (_common_start(bare).strip() or bare[0])


def _common_start(names: list[str]) -> str:
    """Letters that all names begin with."""
    first, last = min(names), max(names)
    return next((first[:n] for n in range(len(first), 0, -1) if last.startswith(first[:n])), "")


def _goals(
    tables: RunTables, info: IndicatorInfo, year: int, row: pd.Series[Any], region: str, lang: str
) -> Iterator[Goal]:
    """Each target's step in force in `year`. A step holds until the next step of the same target."""
    for _, steps in targets_of(tables, info.id, region).groupby("series", sort=False):
        past = steps[steps["year"] <= year]
        if past.empty:
            continue
        step = past.iloc[-1]
        value, since = float(step["value"]), int(step["year"])
        if since == year and pd.notna(step["gap_p50"]):
            gaps = (float(step["gap_p50"]), float(step["gap_p05"]), float(step["gap_p95"]))
            chance: float | None = None if pd.isna(step["probability"]) else float(step["probability"])
        else:
            gaps, chance = _gap_later(tables, info, year, row, value, region)
        name = without_amount(str(step[f"name_{lang}"]))
        yield Goal(
            str(step["target"]), name, value, since, bool(step["legal"]), *gaps, chance, national=region == COUNTRY
        )


def _gap_later(
    tables: RunTables, info: IndicatorInfo, year: int, row: pd.Series[Any], value: float, region: str
) -> tuple[tuple[float, float, float], float | None]:
    """Gap to a step set in an earlier year, and the share of draws that meet it where the draws are kept."""
    sign = -1.0 if info.better == "down" else 1.0
    ends = sorted(sign * (float(row[q]) - value) for q in ("p05", "p95"))
    gaps = (sign * (float(row["p50"]) - value), ends[0], ends[1])
    column = f"{info.id}|{region}|{year}"
    if column not in tables.draws:
        return gaps, None
    return gaps, float((sign * (tables.draws[column] - value) >= 0).mean())


def next_step(tables: RunTables, indicator: str, year: int) -> tuple[int, float, bool] | None:
    """Year, value and whether it is national, of the first target step after `year`, if any."""
    for region in (tables.focus, COUNTRY) if tables.has_country else (tables.focus,):
        later = targets_of(tables, indicator, region)
        later = later[later["year"] > year].sort_values("year")
        if not later.empty:
            return int(later.iloc[0]["year"]), float(later.iloc[0]["value"]), region == COUNTRY
    return None
