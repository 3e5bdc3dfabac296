"""Time lines of the headline: a plotly figure, a still picture for readers without JavaScript, a table."""

from __future__ import annotations

import json
import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from cesim.report.crossings import Crossing, crossings
from cesim.report.headline import series_name, targets_of
from cesim.report.numbers import Scale, scale_for
from cesim.report.phrases import with_law
from cesim.report.read import COUNTRY, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cesim.report.read import IndicatorInfo, RunTables
    from cesim.report.words import Words

COLOURS = {"aluminium": (0, 114, 178), "plastics": (10, 127, 92), "other": (86, 86, 140)}
TARGET = "#c0392b"


@dataclass(frozen=True)
class Line:
    """One indicator over the years, in the unit it is shown in."""

    indicator: IndicatorInfo
    name: str
    scale: Scale
    frame: pd.DataFrame
    steps: tuple[tuple[str, tuple[tuple[int, float], ...]], ...]
    """(name, ((year, value), ...)) of each target."""
    colour: tuple[int, int, int]
    is_single: bool
    """Whether there is one future only, and so no band."""

    @property
    def crossings(self) -> tuple[Crossing, ...]:
        """When the median reaches each step of each target."""
        return crossings(self.frame, self.steps, self.indicator.better)

    @property
    def tinted(self) -> tuple[str, str, str]:
        """Colours of the outer band, the inner band and the median."""
        r, g, b = self.colour
        return f"rgba({r},{g},{b},0.16)", f"rgba({r},{g},{b},0.30)", f"rgb({r},{g},{b})"


def line_of(tables: RunTables, info: IndicatorInfo, family: str, words: Words) -> Line | None:
    """Gather the years of one indicator in the focus; None where the run has none."""
    region, frame = tables.focus, tables.focus_figures
    frame = frame[frame["indicator"] == info.id]
    if frame.empty:
        return None
    national = tables.has_country and targets_of(tables, info.id).empty
    if national and not targets_of(tables, info.id, COUNTRY).empty:  # beside its target stands the country
        region, frame = COUNTRY, tables.country_figures
        frame = frame[frame["indicator"] == info.id]
    scale = scale_for(info.unit, float(frame["p50"].abs().max()), words)
    steps = []
    for _, rows in targets_of(tables, info.id, region).groupby("series", sort=False):
        bare = series_name([str(name) for name in rows[f"name_{words.lang}"]])
        name = with_law(bare, words, legal=bool(rows["legal"].any()))
        years = zip(rows["year"], rows["value"], strict=True)
        steps.append((name, tuple((int(year), float(value)) for year, value in years)))
    name = name_of(info, words.lang)
    if region == COUNTRY:
        name = words("lines.national", name=name)
    return Line(info, name, scale, frame, tuple(steps), COLOURS[family], tables.is_single)


def _values(line: Line, column: str) -> list[float]:
    return [round(float(value) * line.scale.factor, 4) for value in line.frame[column]]


def _held(line: Line, steps: tuple[tuple[int, float], ...]) -> tuple[list[int], list[float]]:
    """Corners of a target line: each step holds to the next, the last to the end."""
    last = int(line.frame["year"].max())
    xs = [year for year, _ in steps] + ([last] if steps[-1][0] < last else [])
    ys = [value * line.scale.factor for _, value in steps]
    return xs, ys + ([ys[-1]] if len(xs) > len(ys) else [])


def figure_json(line: Line, words: Words) -> str:
    """Return the plotly figure as JSON that may stand inside a script element."""
    import plotly.graph_objects as go  # type: ignore[import-untyped]  # 0.5 s: only where a page is written

    years = [int(year) for year in line.frame["year"]]
    outer, inner, solid = line.tinted
    decimals = ".1f" if line.scale.decimals is not None else ",.3~s" if line.scale.symbol == "" else ",.3r"
    hover = f"%{{y:{decimals}}} {line.scale.symbol}"
    figure = go.Figure()
    bands = (("p05", "p95", outer, words("range")), ("p25", "p75", inner, words("inner_range")))
    for low, high, tint, name in () if line.is_single else bands:
        edge: dict[str, Any] = {"x": years, "mode": "lines", "line": {"width": 0}, "legendgroup": low}
        figure.add_scatter(y=_values(line, low), hoverinfo="skip", showlegend=False, **edge)
        figure.add_scatter(y=_values(line, high), fill="tonexty", fillcolor=tint, name=name, hoverinfo="skip", **edge)
    if not line.is_single:
        figure.add_scatter(
            x=years, y=_values(line, "p50"), mode="lines", name=words("median"), hovertemplate=hover,
            line={"color": solid, "width": 2.4},
        )  # fmt: skip
    figure.add_scatter(
        x=years, y=_values(line, "best"), mode="lines", name=words("best"), hovertemplate=hover,
        line={"color": "#333", "width": 1.4, "dash": "dash"},
    )  # fmt: skip
    for name, steps in line.steps:
        xs, ys = _held(line, steps)
        figure.add_scatter(
            x=xs, y=ys, mode="lines+markers", name=f"{words('target')}: {name}", hovertemplate=hover,
            line={"color": TARGET, "width": 2, "shape": "hv"}, marker={"size": 6, "color": TARGET},
        )  # fmt: skip
    reached = [(c.year, round(c.median * line.scale.factor, 4)) for c in line.crossings if c.year is not None]
    if reached:
        figure.add_scatter(
            x=[year for year, _ in reached], y=[value for _, value in reached], mode="markers+text",
            text=[str(year) for year, _ in reached], textposition="top left", name=words("lines.reached_mark"),
            hoverinfo="skip", marker={"size": 11, "color": TARGET, "symbol": "circle-open", "line": {"width": 2}},
            textfont={"color": TARGET, "size": 12},
        )  # fmt: skip
    figure.update_layout(_layout(years))
    content: dict[str, Any] = figure.to_plotly_json()
    content["layout"].pop("template", None)
    text = json.dumps({"data": list(content["data"]), "layout": content["layout"]}, ensure_ascii=False, default=list)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _layout(years: list[int]) -> dict[str, Any]:
    grid = {"gridcolor": "#e6e9ed", "zeroline": False, "linecolor": "#9aa3ad", "tickfont": {"size": 12}}
    return {
        "template": None,
        "height": 330,
        "margin": {"l": 64, "r": 16, "t": 10, "b": 74},
        "font": {"family": "inherit", "size": 12, "color": "#24303c"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "x unified",
        "separators": ".,",
        "legend": {"orientation": "h", "y": -0.16, "x": 0, "font": {"size": 11.5}},
        "xaxis": {**grid, "range": [years[0] - 0.5, years[-1] + 0.5], "dtick": 5, "tick0": 2025, "tickformat": "d"},
        "yaxis": {**grid, "rangemode": "tozero", "tickformat": ",~r"},
    }


WIDE, HIGH, LEFT, FOOT = 640, 300, 56, 24


def still(line: Line, words: Words) -> Markup:
    """Return the same picture as a plain SVG, for paper and for browsers without JavaScript."""
    years = [int(year) for year in line.frame["year"]]
    tops = _values(line, "p95") + [value * line.scale.factor for _, steps in line.steps for _, value in steps]
    top = max([*tops, 1e-9]) * 1.05
    span = max(years[-1] - years[0], 1)

    def at(year: float, value: float) -> str:
        x = LEFT + (WIDE - LEFT - 8) * (year - years[0]) / span
        return f"{x:.1f},{(HIGH - FOOT) * (1 - value / top) + 4:.1f}"

    def path(column: str) -> list[str]:
        return [at(year, value) for year, value in zip(years, _values(line, column), strict=True)]

    outer, inner, solid = line.tinted
    title = words("lines.fallback", name=line.name, first=years[0], last=years[-1])
    parts = [f'<svg class="still" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(title)}">']
    for value in ticks(top):
        level = at(0, value).split(",")[1]
        parts.append(f'<path d="M{LEFT},{level}H{WIDE - 8}" stroke="#e6e9ed"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{level}" dy="4" text-anchor="end">{value:,.6g}</text>')
    parts += [
        f'<text x="{at(year, 0).split(",")[0]}" y="{HIGH - 6}" text-anchor="middle">{year}</text>'
        for year in years
        if year % 5 == 0
    ]
    for low, high, tint in () if line.is_single else (("p05", "p95", outer), ("p25", "p75", inner)):
        parts.append(f'<polygon points="{" ".join(path(low) + path(high)[::-1])}" fill="{tint}"/>')
    lines = [(path("p50"), solid, ""), (path("best"), "#333", ' stroke-dasharray="5 4"')]
    for name, steps in line.steps:
        xs, ys = _held(line, steps)
        corners = [at(xs[0], ys[0])]
        for (x, y), before in zip(zip(xs[1:], ys[1:], strict=True), ys, strict=False):
            corners += [at(x, before), at(x, y)]
        lines.append((corners, TARGET, ""))
        left, level = corners[0].split(",")
        parts.append(
            f'<text x="{left}" y="{level}" dx="-5" dy="-5" text-anchor="end" '
            f'font-size="{_letter(name, float(left) - LEFT):.1f}" fill="{TARGET}">{escape(name)}</text>'
        )
    for points, colour, dash in lines:
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
    for crossing in line.crossings:
        if crossing.year is not None:
            left, level = at(crossing.year, crossing.median * line.scale.factor).split(",")
            parts.append(f'<circle cx="{left}" cy="{level}" r="5" fill="none" stroke="{TARGET}" stroke-width="2"/>')
            parts.append(
                f'<text x="{left}" y="{level}" dx="-7" dy="-7" text-anchor="end" fill="{TARGET}">{crossing.year}</text>'
            )
    return Markup("".join(parts) + "</svg>")


def _letter(name: str, room: float) -> float:
    """Size of the letters with which a name fits between the axis and its line."""
    wide = sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.55 for char in name)
    return max(min(14.0, (room - 12) / max(wide, 1.0)), 8.0)


def ticks(top: float) -> list[float]:
    """Round values from zero up to `top`, at most six."""
    rough = top / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough)
    return [step * i for i in range(int(top / step) + 1)]


def rows_of(line: Line, years: tuple[int, ...] | None = None) -> list[Mapping[str, Any]]:
    """Return the figures under the chart, every year or the ones asked for."""
    frame = line.frame if years is None else line.frame[line.frame["year"].isin(years)]
    columns = ("p05", "p25", "p50", "p75", "p95", "best")
    return [
        {"year": int(row["year"]), **{c: line.scale.bare(float(row[c])) for c in columns}}
        for row in frame.to_dict("records")
    ]
