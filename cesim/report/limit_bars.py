"""The limits of one alloy as a picture: a bar a year, made of the shares of the futures in which each element binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from cesim.report.limits import NONE
from cesim.report.numbers import write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cesim.report.limits import Limit
    from cesim.report.words import Words

WIDE, HIGH, LEFT, RIGHT, FOOT, TOP = 380, 190, 36, 12, 20, 8
LEAST_NAMED = 0.13
"""A part smaller than this has no room for its symbol."""


def bars(by_year: Mapping[int, Limit], order: Sequence[str], words: Words) -> Markup:
    """Return the bars of one alloy as SVG, elements from below in `order`, the years in which none binds on top."""
    years = sorted(by_year)
    step = (WIDE - LEFT - RIGHT) / (years[-1] - years[0] + 1)
    title = words("limit.picture", alloy=by_year[years[0]].alloy, first=years[0], last=years[-1])
    parts = [f'<svg class="bound" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(title)}">']
    for share in (0.0, 0.5, 1.0):
        parts.append(f'<path d="M{LEFT},{_level(share):.1f}H{WIDE - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{_level(share):.1f}" dy="4" text-anchor="end">{share:.0%}</text>')
    for year in years:
        left = LEFT + step * (year - years[0])
        parts.append(_bar(by_year[year], order, left, step, words))
        if year % 5 == 0:
            parts.append(f'<text x="{left + step / 2:.1f}" y="{HIGH - 5}" text-anchor="middle">{year}</text>')
    return Markup("".join(parts) + "</svg>")


def _bar(limit: Limit, order: Sequence[str], left: float, step: float, words: Words) -> str:
    """One year: its parts from below, symbols in the large ones of every fifth year, all shares on pointing at it."""
    shares = [(element, limit.share(element)) for element in order] + [(NONE, limit.unbound)]
    told = [
        f"{words('limit.free') if element == NONE else element} {write(share, 'share', words)}"
        for element, share in shares
        if share > 0
    ]
    parts = [f"<g><title>{escape(words('limit.bar', year=limit.year, told=words('limit.and').join(told)))}</title>"]
    below = 0.0
    for element, share in shares:
        if share <= 0:
            continue
        top, high = _level(below + share), _level(below) - _level(below + share)
        parts.append(
            f'<rect class="e-{element}" x="{left + 0.5:.1f}" y="{top:.1f}" width="{step - 1:.1f}" height="{high:.1f}"/>'
        )
        if limit.year % 5 == 0 and share >= LEAST_NAMED and element != NONE:
            parts.append(
                f'<text class="in" x="{left + step / 2:.1f}" y="{top + high / 2:.1f}" dy="3.5">{element}</text>'
            )
        below += share
    return "".join(parts) + "</g>"


def _level(share: float) -> float:
    return TOP + (HIGH - FOOT - TOP) * (1 - share)
