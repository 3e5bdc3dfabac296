"""The tables of a run as data frames, columns as described in docs/tables.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cesim.balance.metal import METALS
from cesim.indicators import HEADLINES, INDICATORS
from cesim.ledger.substances import MATERIAL
from cesim.run.sampler import numbers
from cesim.run.series import ALL
from cesim.run.spread import shares
from cesim.scenario.levers import levers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.ledger.flows import Layout
    from cesim.quantities import Quantity
    from cesim.run.accumulate import Moments, Series, Tally
    from cesim.run.solve import Gathered, Plan
    from cesim.scenario.model import Scenario, TargetSpec

    Floats = NDArray[np.float64]

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


def flows_frame(moments: Moments) -> pd.DataFrame:
    """`flows`: one row an edge, by origin; edges without mass are left out."""
    frames = []
    for year, held in moments.years.items():
        frame = _cells(held.layout, by_origin=True, kind="origin")  # type: ignore[arg-type]
        frame.insert(0, "year", year)
        frame["mean"], frame["sd"], frame["best"] = held.mean, moments.sd(year), held.best
        frames.append(frame[(frame["mean"] != 0) | (frame["best"] != 0)])
    return pd.concat(frames, ignore_index=True)


def composition_frame(moments: Moments) -> pd.DataFrame:
    """`composition`: the same edges by substance."""
    frames = []
    for year, held in moments.years.items():
        frame = _cells(held.layout, by_origin=False, kind="substance")  # type: ignore[arg-type]
        frame.insert(0, "year", year)
        frame["mean"] = held.mean
        frames.append(frame[frame["mean"] != 0])
    return pd.concat(frames, ignore_index=True)


def stocks_frame(levels: Moments, vehicles: Moments) -> pd.DataFrame:
    """`stocks`: levels at the end of the year, and cars in use."""
    frames = []
    for year, held in levels.years.items():
        frame = _cells(held.layout, by_origin=True, kind="origin")  # type: ignore[arg-type]
        frame = frame.rename(columns={"process_from": "process"}).drop(columns=["process_to", "region_to"])
        frame.insert(0, "year", year)
        frame["mean"], frame["sd"], frame["best"], frame["unit"] = held.mean, levels.sd(year), held.best, "t"
        frames.append(frame[(frame["mean"] != 0) | (frame["best"] != 0)])
    for year, held in vehicles.years.items():
        regions: Sequence[str] = held.layout  # type: ignore[assignment]
        frames.append(
            pd.DataFrame(
                {
                    "year": year, "region": regions, "process": "in_use", "material": "vehicles", "alloy": "all",
                    "origin": "", "mean": held.mean, "sd": vehicles.sd(year), "best": held.best, "unit": "vehicles",
                }
            )
        )  # fmt: skip
    columns = ["year", "region", "process", "material", "alloy", "origin", "mean", "sd", "best", "unit"]
    return pd.concat(frames, ignore_index=True)[columns]


def _cells(layout: Layout, by_origin: bool, kind: str) -> pd.DataFrame:
    rows = [
        (cell.region, cell.region_to, edge.process_from, edge.process_to, cell.alloy, cell.kind)
        for edge in layout.edges
        for cell in (edge.by_origin if by_origin else edge.by_substance)
    ]
    frame = pd.DataFrame(rows, columns=["region", "region_to", "process_from", "process_to", "alloy", kind])
    frame.insert(4, "material", frame["alloy"].map(lambda alloy: MATERIAL.get(alloy, "aluminium")))
    return frame


def indicators_frame(series: Series, draws: int) -> pd.DataFrame:
    """`indicators`: best estimate, mean, sd and exact quantiles; a share of nothing has no row."""
    rows = []
    for indicator, region, year in filter(series.defined, series.keys):
        lanes = series.lanes((indicator, region, year))
        drawn = lanes[1:] if draws > 1 else lanes
        quantiles = np.quantile(drawn, list(QUANTILES.values()))
        sd = drawn.std(ddof=1) if drawn.size > 1 else 0.0
        unit = INDICATORS[indicator].unit
        rows.append((indicator, region, int(year), unit, lanes[0], drawn.mean(), sd, *quantiles))
    columns = ["indicator", "region", "year", "unit", "best", "mean", "sd", *QUANTILES]
    return pd.DataFrame(rows, columns=columns)


def targets_frame(scenario: Scenario, series: Series, draws: int) -> pd.DataFrame:
    """`targets`: what each asks, the share of draws that meet it and the gap (negative: missed)."""
    rows = []
    for key, target in scenario.targets.items():
        if not scenario.years.start <= target.year <= scenario.years.end:
            continue
        for region in _scope(scenario, target):
            key_of_series = (target.indicator, region, str(target.year))
            if not series.defined(key_of_series):
                continue
            lanes = series.lanes(key_of_series)
            drawn = lanes[1:] if draws > 1 else lanes
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


def draws_frame(scenario: Scenario, series: Series, draws: int) -> pd.DataFrame:
    """`draws`: the headline series draw by draw, in report years and target years."""
    wanted = filter(series.defined, headline_keys(scenario))
    first = 1 if draws > 1 else 0
    data = {"|".join(key[:2]) + f"|{key[2]}": series.lanes(key)[first:] for key in wanted}
    frame = pd.DataFrame(data)
    frame.insert(0, "draw", np.arange(len(frame)))
    return frame


def headline_keys(scenario: Scenario) -> list[tuple[str, str, str]]:
    """Series that are kept draw by draw."""
    years = sorted({*scenario.report.years, *(t.year for t in scenario.targets.values())})
    span = range(scenario.years.start, scenario.years.end + 1)
    names = dict.fromkeys([*HEADLINES, *(t.indicator for t in scenario.targets.values())])
    where = dict.fromkeys([scenario.report.focus_id, ALL])
    return [(name, region, str(year)) for name in names for region in where for year in years if year in span]


def sources_frame(scenario: Scenario, plan: Plan, series: Series, draws: int) -> pd.DataFrame:
    """`sources`: every number with its source, and its share in the spread of each headline of the focus."""
    held = list(numbers(scenario))
    rows = [
        (
            path, path, path, q.value, q.low, q.high, q.unit, _source(q), q.url, q.status, q.note, q.key,
        )
        for path, q in held
    ]  # fmt: skip
    columns = ["path", "name_ja", "name_en", "value", "low", "high", "unit", "source", "url", "status", "note", "key"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["low"], frame["high"] = frame["low"].astype(float), frame["high"].astype(float)
    chosen = tuple(".".join(lever.path) for lever in levers(scenario))
    frame["lever"] = [path in chosen or path.startswith(tuple(f"{stem}." for stem in chosen)) for path in frame["path"]]
    streams = _streams(held, scenario)
    u = {name: plan.source().u(name, 0, draws) for name in streams} if draws > 1 else {}
    year = str(_focal_year(scenario))
    position = {path: n for n, (path, _) in enumerate(held)}
    for headline in HEADLINES:
        key = (headline, scenario.report.focus_id, year)
        share, floor = shares(u, series.lanes(key)[1:]) if draws > 1 and series.defined(key) else ({}, 1.0)
        column = np.zeros(len(frame))
        for name, value in share.items():
            column[position[streams[name]]] = value
        frame[f"share_{'|'.join(key)}"] = column
        frame[f"noise_floor_{'|'.join(key)}"] = floor
    return frame


def _source(quantity: Quantity) -> str:
    if quantity.source:
        return quantity.source
    return "estimate by the cesim authors" if quantity.status == "estimate" else ""


def _focal_year(scenario: Scenario) -> int:
    return 2035 if 2035 in scenario.report.years else scenario.report.years[-1]


def _streams(held: Sequence[tuple[str, Quantity]], scenario: Scenario) -> dict[str, str]:
    """Stream -> the path that stands for it; a time path is one stream, shown at its uncertain knot nearest 2035."""
    out: dict[str, str] = {}
    near: dict[str, int] = {}
    focal = _focal_year(scenario)
    for path, quantity in held:
        if quantity.is_certain:
            continue
        stem, _, last = path.rpartition(".")
        if last.isdigit() and len(last) == 4 and 1900 <= int(last) <= 2200:
            distance = abs(int(last) - focal)
            if distance < near.get(stem, 10**6):
                near[stem], out[stem] = distance, path
        else:
            out[path] = path
    return out


def limits_frame(tally: Tally) -> pd.DataFrame:
    """`limits`: how often each element stops more scrap in the heats open to it, and the mean price of its limit."""
    rows = []
    for (alloy, region, year), sums in tally.sums.items():
        counts, price = sums[:-1], sums[-1]
        total = counts.sum()
        for n, name in enumerate(("none", *METALS)):
            if counts[n] > 0:
                rows.append((int(year), region, alloy, name, counts[n] / total, price / total))
    return pd.DataFrame(rows, columns=["year", "region", "alloy", "element", "share_of_draws", "price_jpy_per_t"])


def all_frames(scenario: Scenario, plan: Plan, gathered: Gathered, draws: int) -> dict[str, pd.DataFrame]:
    """All tables by name."""
    series = gathered.series
    return {
        "flows": flows_frame(gathered.flows),
        "composition": composition_frame(gathered.substances),
        "stocks": stocks_frame(gathered.levels, gathered.vehicles),
        "indicators": indicators_frame(series, draws),
        "targets": targets_frame(scenario, series, draws),
        "draws": draws_frame(scenario, series, draws),
        "sources": sources_frame(scenario, plan, series, draws),
        "limits": limits_frame(gathered.limits),
    }
