"""The headline: what comes back into cars, against the targets, with its doubt in counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@dataclass(frozen=True)
class Cell:
    """One indicator in one year."""

    year: int
    best: float
    low: float
    median: float
    high: float
    goals: tuple[Goal, ...]


@dataclass(frozen=True)
class Row:
    """One headline indicator over the report years."""

    indicator: IndicatorInfo
    cells: tuple[Cell, ...]


def family_of(indicator: str) -> str:
    """Return `aluminium`, `plastics` or `other`: the card an indicator belongs to."""
    if "6xxx" in indicator or "alumin" in indicator:
        return "aluminium"
    return "plastics" if "plastic" in indicator else "other"


def headline_rows(tables: RunTables, indicators: Mapping[str, IndicatorInfo], lang: str) -> list[Row]:
    """Return the headline indicators of the focus, in the order of the registry."""
    frame = tables.focus_figures.set_index(["indicator", "year"]).sort_index()
    rows = []
    for key, info in indicators.items():
        if not info.headline:
            continue
        years = [year for year in tables.report_years if (key, year) in frame.index]
        cells = tuple(_cell(tables, info, year, frame.loc[[(key, year)]].iloc[0], lang) for year in years)
        if cells:
            rows.append(Row(info, cells))
    return rows


def _cell(tables: RunTables, info: IndicatorInfo, year: int, row: pd.Series[Any], lang: str) -> Cell:
    goals = tuple(_goals(tables, info, year, row, lang))
    return Cell(year, float(row["best"]), float(row["p05"]), float(row["p50"]), float(row["p95"]), goals)


def targets_of(tables: RunTables, indicator: str) -> pd.DataFrame:
    """Targets of one indicator in the focus, in order of year."""
    frame = tables.targets
    return frame[(frame["indicator"] == indicator) & (frame["region"] == tables.focus)].sort_values(["target", "year"])


def _goals(tables: RunTables, info: IndicatorInfo, year: int, row: pd.Series[Any], lang: str) -> list[Goal]:
    """Each target's step in force in `year`. A step holds until the next step of the same target."""
    goals = []
    for name, steps in targets_of(tables, info.id).groupby("target", sort=False):
        past = steps[steps["year"] <= year]
        if past.empty:
            continue
        step = past.iloc[-1]
        value, since = float(step["value"]), int(step["year"])
        if since == year and pd.notna(step["gap_p50"]):
            gaps = (float(step["gap_p50"]), float(step["gap_p05"]), float(step["gap_p95"]))
            chance: float | None = None if pd.isna(step["probability"]) else float(step["probability"])
        else:
            gaps, chance = _gap_later(tables, info, year, row, value)
        goals.append(Goal(str(name), str(step[f"name_{lang}"]), value, since, bool(step["legal"]), *gaps, chance))
    return goals


def _gap_later(
    tables: RunTables, info: IndicatorInfo, year: int, row: pd.Series[Any], value: float
) -> tuple[tuple[float, float, float], float | None]:
    """Gap to a step set in an earlier year, and the share of draws that meet it where the draws are kept."""
    sign = -1.0 if info.better == "down" else 1.0
    ends = sorted(sign * (float(row[q]) - value) for q in ("p05", "p95"))
    gaps = (sign * (float(row["p50"]) - value), ends[0], ends[1])
    column = f"{info.id}|{tables.focus}|{year}"
    if column not in tables.draws:
        return gaps, None
    return gaps, float((sign * (tables.draws[column] - value) >= 0).mean())


def next_step(tables: RunTables, indicator: str, year: int) -> tuple[int, float] | None:
    """Year and value of the first target step after `year`, if any."""
    later = targets_of(tables, indicator)
    later = later[later["year"] > year].sort_values("year")
    return None if later.empty else (int(later.iloc[0]["year"]), float(later.iloc[0]["value"]))
