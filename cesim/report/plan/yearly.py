"""Bars by year, one above the other: a figure without a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from cesim.report.casthouse.tracks import axis_of

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDE, HIGH = 1000.0, 300.0
FILLED = 0.72
"""Share of the width of a year that its bar takes."""


def bars_by_year(years: Sequence[int], stacks: Sequence[tuple[str, Sequence[float]]], unit: str) -> Markup:
    """Return the figure.

    Parameters
    ----------
    stacks
        (class of the colour, a value for each year), from the bottom up; values below zero go down from zero
    """
    tops = [sum(max(values[at], 0.0) for _, values in stacks) for at in range(len(years))]
    lows = [sum(min(values[at], 0.0) for _, values in stacks) for at in range(len(years))]
    axis = axis_of([*tops, *lows])

    def high(value: float) -> float:
        return HIGH * (axis.high - value) / (axis.high - axis.low)

    step = WIDE / len(years)
    parts = [f'<path class="grid" d="M0 {high(at):.1f}H{WIDE:g}"/>' for at, _ in axis.ticks]
    for at in range(len(years)):
        up = down = 0.0
        left = at * step + step * (1.0 - FILLED) / 2.0
        for css, values in stacks:
            base = up if values[at] >= 0.0 else down
            top, bottom = sorted((high(base), high(base + values[at])))
            parts.append(
                f'<rect class="{escape(css)}" style="stroke:none" x="{left:.1f}" y="{top:.2f}"'
                f' width="{step * FILLED:.1f}" height="{bottom - top:.2f}"/>'
            )
            up, down = (base + values[at], down) if values[at] >= 0.0 else (up, base + values[at])
    levels = Markup("").join(
        Markup('<span style="top:{}%">{}</span>').format(f"{100.0 * high(at) / HIGH:.2f}", text)
        for at, text in axis.ticks
    )
    named = Markup("").join(
        Markup('<span style="left:{}%">{}</span>').format(f"{100.0 * (at + 0.5) / len(years):.2f}", year)
        for at, year in enumerate(years)
        if len(years) <= 12 or year % 5 == 0
    )
    drawing = Markup(
        f'<svg viewBox="0 0 {WIDE:g} {HIGH:g}" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'
    )
    return Markup(
        '<div class="plot"><span class="up">{}</span><div class="levels">{}</div>{}<div class="widths">{}</div></div>'
    ).format(unit, levels, drawing, named)
