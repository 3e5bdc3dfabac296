"""The tables of a run as data frames, columns as described in docs/tables.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cesim.indicators import INDICATORS
from cesim.run.accumulate import sample
from cesim.run.binding import limits_frame
from cesim.run.series import ALL, headline_names
from cesim.run.table_masses import composition_frame, flows_frame, stocks_frame
from cesim.run.table_sources import sources_frame

if TYPE_CHECKING:
    from cesim.run.accumulate import Series
    from cesim.run.solve import Gathered, Plan
    from cesim.scenario.model import Scenario, TargetSpec

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


def indicators_frame(series: Series) -> pd.DataFrame:
    """`indicators`: best estimate, mean, sd and exact quantiles; a share of nothing has no row."""
    rows = []
    for indicator, region, year in series.keys:
        lanes = series.whole((indicator, region, year))
        if lanes is None:
            continue
        drawn = sample(lanes)
        quantiles = np.quantile(drawn, list(QUANTILES.values()))
        sd = drawn.std(ddof=1) if drawn.size > 1 else 0.0
        unit = INDICATORS[indicator].unit
        rows.append((indicator, region, int(year), unit, lanes[0], drawn.mean(), sd, *quantiles))
    columns = ["indicator", "region", "year", "unit", "best", "mean", "sd", *QUANTILES]
    return pd.DataFrame(rows, columns=columns)


def targets_frame(scenario: Scenario, series: Series) -> pd.DataFrame:
    """`targets`: what each asks, the share of draws that meet it and the gap (negative: missed)."""
    rows = []
    for key, target in scenario.targets.items():
        if not scenario.years.start <= target.year <= scenario.years.end:
            continue
        for region in _scope(scenario, target):
            drawn = series.drawn((target.indicator, region, str(target.year)))
            if drawn is None:
                continue
            sign = 1.0 if target.direction == "at_least" else -1.0
            gap = sign * (drawn - target.value.value)
            low, middle, high = np.quantile(gap, [0.05, 0.5, 0.95])
            rows.append(
                (
                    key, target.indicator, region, target.year, target.value.value, target.unit, target.name.ja,
                    target.name.en, target.legal, target.value.source, target.value.status, float((gap >= 0).mean()),
                    middle, low, high, target.note.ja if target.note else "", target.note.en if target.note else "",
                )
            )  # fmt: skip
    columns = [
        "target", "indicator", "region", "year", "value", "unit", "name_ja", "name_en", "legal", "source", "status",
        "probability", "gap_p50", "gap_p05", "gap_p95", "note_ja", "note_en",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _scope(scenario: Scenario, target: TargetSpec) -> tuple[str, ...]:
    """Where a target is compared: a target of the country with the country, and with a focus that is the country."""
    focus = scenario.report.focus_id
    if target.scope == "focus":
        return (focus,)
    whole_country = len(scenario.report.focus) == len(scenario.regions)
    return (focus, ALL) if whole_country else (ALL,)


def draws_frame(scenario: Scenario, series: Series) -> pd.DataFrame:
    """`draws`: the headline series draw by draw, in report years and target years."""
    held = {"|".join(key): series.drawn(key) for key in headline_keys(scenario)}
    frame = pd.DataFrame({name: drawn for name, drawn in held.items() if drawn is not None})
    frame.insert(0, "draw", np.arange(len(frame)))
    return frame


def headline_keys(scenario: Scenario) -> list[tuple[str, str, str]]:
    """Series that are kept draw by draw."""
    years = sorted({*scenario.report.years, *(t.year for t in scenario.targets.values())})
    span = range(scenario.years.start, scenario.years.end + 1)
    names = headline_names(scenario)
    where = dict.fromkeys([scenario.report.focus_id, ALL])
    return [(name, region, str(year)) for name in names for region in where for year in years if year in span]


def all_frames(scenario: Scenario, plan: Plan, gathered: Gathered, draws: int) -> dict[str, pd.DataFrame]:
    """All tables by name."""
    series = gathered.series
    return {
        "flows": flows_frame(gathered.flows),
        "composition": composition_frame(gathered.substances),
        "stocks": stocks_frame(gathered.levels, gathered.vehicles),
        "indicators": indicators_frame(series),
        "targets": targets_frame(scenario, series),
        "draws": draws_frame(scenario, series),
        "sources": sources_frame(scenario, plan, series, draws),
        "limits": limits_frame(gathered.limits),
    }
