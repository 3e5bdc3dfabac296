"""How sure the answer is: inputs by status, and which of them drive each headline."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.report.numbers import plain, unit_name
from cesim.report.paths import input_name, source_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.report.read import IndicatorInfo, RunTables
    from cesim.report.words import Words

STATUSES = ("read", "unverified", "estimate", "given")
LISTED = 6
MOST = 0.25
"""From this share on one input is named beside the headline itself."""


@dataclass(frozen=True)
class Driver:
    """One input and the share of a headline's spread that it explains by itself."""

    path: str
    name: str
    status: str
    share: float
    lever: bool
    """Whether a plan chooses it."""


@dataclass(frozen=True)
class Drivers:
    """The inputs that drive one headline, largest first."""

    indicator: IndicatorInfo
    year: int | None
    floor: float
    largest: tuple[Driver, ...]
    by_status: Mapping[str, float]
    check_first: Driver | None
    """The largest input nobody has read in a source, above the noise floor; what a plan chooses cannot be looked up."""


def drivers(tables: RunTables, indicators: Mapping[str, IndicatorInfo], words: Words) -> list[Drivers]:
    """Return the drivers of every headline whose shares the run computed."""
    found = []
    for column in tables.sources.columns:
        if not column.startswith("share_"):
            continue
        headline = column.removeprefix("share_")
        parts = headline.split("|")
        if parts[0] not in indicators or (len(parts) > 1 and parts[1] != tables.focus):
            continue
        if len(parts) > 2 and int(parts[2]) != tables.main_year:
            continue
        year = int(parts[2]) if len(parts) > 2 else None
        if tables.sources[column].notna().any():
            found.append(_drivers(tables, indicators[parts[0]], headline, year, words))
    return found


def _drivers(tables: RunTables, info: IndicatorInfo, headline: str, year: int | None, words: Words) -> Drivers:
    frame = tables.sources
    shares = frame[f"share_{headline}"].fillna(0.0)
    noise = f"noise_floor_{headline}"
    floor = float(frame[noise].dropna().max()) if noise in frame and frame[noise].notna().any() else 0.0
    order = shares.sort_values(ascending=False, kind="stable")
    above = [
        Driver(
            str(frame.at[i, "path"]),
            input_name(frame.loc[i].to_dict(), words, tables),
            str(frame.at[i, "status"]),
            float(order.loc[i]),
            bool(frame.at[i, "lever"]),
        )
        for i in order.index
        if order.loc[i] > floor
    ]
    told = shares.where(shares > floor, 0.0)  # what chance alone may give would add up over hundreds of inputs
    by_status = {status: float(told[frame["status"] == status].sum()) for status in STATUSES}
    first = next((d for d in above if d.status in ("unverified", "estimate") and not d.lever), None)
    return Drivers(info, year, floor, tuple(above[:LISTED]), by_status, first)


def resting(found: list[Drivers]) -> dict[str, Driver]:
    """Return the input that explains at least `MOST` of a headline's spread by itself, by indicator."""
    return {d.indicator.id: d.largest[0] for d in found if d.largest and d.largest[0].share >= MOST}


def inputs_json(tables: RunTables, words: Words) -> str:
    """Return the inputs that are not plain choices as JSON that may stand inside a script element.

    Texts that many inputs share (sources, addresses, notes) are written once and pointed to.
    """
    texts: dict[str, int] = {"": 0}

    def once(value: object) -> int:
        return texts.setdefault(plain(value), len(texts))

    rows = []
    for row in tables.sources[tables.sources["status"] != "given"].to_dict("records"):
        name = input_name(row, words, tables)
        low_high = f"{plain(row['low'])} – {plain(row['high'])}" if plain(row["low"]) or plain(row["high"]) else ""
        unit, source = unit_name(str(row["unit"]), words), source_name(str(row["source"]), words)
        shared = [once(text) for text in (unit, source, row["url"], row["note"])]
        path = str(row["path"])
        rows.append(["" if name == path else name, path, plain(row["value"]), low_high, *shared, str(row["status"])])
    held = {"texts": list(texts), "rows": rows, "status": {s: words(f"doubt.{s}") for s in STATUSES}}
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
