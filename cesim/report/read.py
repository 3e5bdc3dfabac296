"""The tables of one run, read from its folder: all that a report may look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


COUNTRY = "all"
"""Region id of the whole country in indicators and targets."""


class IndicatorInfo(Protocol):
    """What a report has to know of an indicator; `cesim.indicators.registry` offers it."""

    @property
    def id(self) -> str:
        """Name used in the tables."""
        ...

    @property
    def name_ja(self) -> str:
        """Japanese name."""
        ...

    @property
    def name_en(self) -> str:
        """English name."""
        ...

    @property
    def unit(self) -> str:
        """`share`, `t`, `kt`, `vehicles`, ..."""
        ...

    @property
    def formula(self) -> Any:
        """The formula in words, one text or one per language."""
        ...

    @property
    def denominator(self) -> Any:
        """What it is a share of, one text or one per language."""
        ...

    @property
    def region_rule(self) -> Any:
        """Where it is counted, one text or one per language."""
        ...

    @property
    def source(self) -> Any:
        """Where the definition comes from, one text or one per language."""
        ...

    @property
    def better(self) -> str:
        """`up`, `down`, or nothing where neither is better."""
        ...

    @property
    def headline(self) -> bool:
        """Whether it stands on the first page."""
        ...


@dataclass(frozen=True)
class RunTables:
    """A run folder in memory, as docs/tables.md describes it. Nothing is computed on reading."""

    folder: Path
    run: Mapping[str, Any]
    flows: pd.DataFrame
    stocks: pd.DataFrame
    indicators: pd.DataFrame
    targets: pd.DataFrame
    sources: pd.DataFrame
    draws: pd.DataFrame
    limits: pd.DataFrame

    @property
    def is_single(self) -> bool:
        """Whether only the best estimate was computed: no range to show and no chance to count."""
        return int(self.run["draws"]) == 1

    @property
    def focus(self) -> str:
        """Id of the region the question is about."""
        return str(self.run["focus"]["id"])

    @property
    def focus_regions(self) -> tuple[str, ...]:
        """The regions that make up the focus."""
        regions = self.run["regions"]
        chosen = tuple(str(r["id"]) for r in regions if r["focus"])
        return chosen or tuple(str(r["id"]) for r in regions)

    @property
    def focus_figures(self) -> pd.DataFrame:
        """Indicators of the focus that could be computed, in order of year."""
        frame = self.indicators
        return frame[(frame["region"] == self.focus) & frame["p50"].notna()].sort_values("year", kind="stable")

    @property
    def has_country(self) -> bool:
        """Whether the whole country is more than the focus, so that its figures say something else."""
        regions = self.run["regions"]
        return len(self.focus_regions) < len(regions) and bool((self.indicators["region"] == COUNTRY).any())

    @property
    def country_figures(self) -> pd.DataFrame:
        """Indicators of the whole country, where it is more than the focus."""
        frame = self.indicators
        if not self.has_country:
            return frame.head(0)
        return frame[(frame["region"] == COUNTRY) & frame["p50"].notna()].sort_values("year", kind="stable")

    @property
    def report_years(self) -> tuple[int, ...]:
        """The years the report speaks of."""
        return tuple(int(year) for year in self.run["report_years"])

    @property
    def main_year(self) -> int:
        """The year shown first."""
        return main_year(self.report_years)


def main_year(years: Sequence[int]) -> int:
    """The year that a report shows first: 2035 where it is told of, else the middle one."""
    return 2035 if 2035 in years else years[len(years) // 2]


def read_run(folder: Path) -> RunTables:
    """Read `run.json` and the tables of `folder`. A table that is missing raises FileNotFoundError."""
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    names = ("flows", "stocks", "indicators", "targets", "sources", "draws", "limits")
    return RunTables(folder, run, **{name: pd.read_parquet(folder / f"{name}.parquet") for name in names})


def same_units(tables: RunTables, indicators: Mapping[str, IndicatorInfo]) -> None:
    """Raise ValueError where a table and the registry give an indicator different units: no number is guessed."""
    pairs = tables.indicators[["indicator", "unit"]].drop_duplicates().itertuples(index=False)
    for key, unit in pairs:
        if key in indicators and indicators[key].unit != unit:
            raise ValueError(f"{key}: the run says {unit}, the registry says {indicators[key].unit}")


def in_language(text: Any, lang: str) -> str:
    """Return `text` itself, or its version in `lang` where it has one per language."""
    if text is None:
        return ""
    return str(text[lang]) if isinstance(text, dict) else str(text)


def described(indicator: IndicatorInfo, what: str, lang: str) -> str:
    """Return `formula`, `denominator`, `region_rule` or `source` in `lang` where the registry has it, else as it is.

    A registry offers a translation either as a mapping by language or as a field `formula_ja` beside `formula`.
    """
    text = getattr(indicator, f"{what}_{lang}", "") or in_language(getattr(indicator, what), lang)
    return "" if text == "-" else str(text)


def name_of(indicator: IndicatorInfo, lang: str) -> str:
    """Name of an indicator in `lang`."""
    return indicator.name_ja if lang == "ja" else indicator.name_en


def returned(tables: RunTables, material: str, year: int) -> Mapping[Any, Any] | None:
    """Return the headline of what comes back into cars in one year; None where the run does not have it."""
    indicator = "plastics_returned" if material == "plastics" else "aluminium_returned"
    frame = tables.focus_figures
    rows = frame[(frame["indicator"] == indicator) & (frame["year"] == year)].to_dict("records")
    return rows[0] if rows else None
