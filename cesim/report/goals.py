"""All targets in one list: what each asks, who asks for it, what is compared with it, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cesim.report.headline import Goal, without_amount
from cesim.report.paths import source_name
from cesim.report.phrases import count_phrase, gap_phrase
from cesim.report.read import COUNTRY, in_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.report.read import IndicatorInfo, RunTables
    from cesim.report.words import Words


@dataclass(frozen=True)
class GoalRow:
    """One step of one target, in words."""

    name: str
    year: int
    value: float
    unit: str
    legal: bool
    indicator: IndicatorInfo
    place: str
    """Where the indicator is counted that is compared with it."""
    gap: str
    count: str
    missed: bool
    source: str
    status: str
    note: str


def goal_rows(tables: RunTables, indicators: Mapping[str, IndicatorInfo], words: Words) -> list[GoalRow]:
    """Return the targets of the run, laws first, then in order of year."""
    frame = tables.targets[tables.targets["indicator"].isin(list(indicators))]
    # where the focus is the whole country, its targets stand in the table twice
    places = (tables.focus, COUNTRY) if tables.has_country else (tables.focus,)
    frame = frame[frame["region"].isin(places)].sort_values(["legal", "year"], ascending=[False, True], kind="stable")
    return [_row(tables, row, indicators[row["indicator"]], words) for row in frame.to_dict("records")]


def _row(tables: RunTables, row: Mapping[Any, Any], info: IndicatorInfo, words: Words) -> GoalRow:
    year, value, legal = int(row["year"]), float(row["value"]), bool(row["legal"])
    name = without_amount(str(row[f"name_{words.lang}"]))
    whole = row["region"] == COUNTRY
    gap = count = words("table.missing")
    missed = False
    if not pd.isna(row["gap_p50"]):
        ends = (float(row["gap_p05"]), float(row["gap_p95"]))
        goal = Goal(str(row["target"]), name, value, year, legal, float(row["gap_p50"]), *ends, _chance(row))
        gap, missed = gap_phrase(goal, info.unit, info.better, words), goal.gap < 0
        count = count if tables.is_single else count_phrase(goal, int(tables.run["draws"]), words)
    return GoalRow(
        name=name, year=year, value=value, unit=info.unit, legal=legal, indicator=info,
        place=words("book.whole") if whole else in_language(tables.run["focus"]["name"], words.lang),
        gap=gap, count=count, missed=missed, source=source_name(str(row["source"] or ""), words),
        status=str(row["status"]), note=str(row[f"note_{words.lang}"]),
    )  # fmt: skip


def _chance(row: Mapping[Any, Any]) -> float | None:
    return None if pd.isna(row["probability"]) else float(row["probability"])
