"""Rows of two bars each, one above the other, with the intervals of both; else as the rows of other pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from cesim.report.casthouse.tracks import HIGH, WIDE, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.report.casthouse.tracks import Axis


@dataclass(frozen=True)
class Bar:
    """An estimate with its interval, in the numbers of the axis."""

    css: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class PairRow:
    """A name, two bars, and both numbers in words."""

    name: str
    bars: tuple[Bar, ...]
    told: str


def pair_rows(rows: Sequence[PairRow], axis: Axis) -> Markup:
    """Return the figure as markup."""
    drawn = Markup("").join(
        Markup('<div class="row"><span class="name">{}</span>{}<span class="told">{}</span></div>').format(
            row.name, _strip(row, axis), row.told
        )
        for row in rows
    )
    return Markup('<div class="rows pairs">{}{}</div>').format(drawn, rows_of((), axis))


def _strip(row: PairRow, axis: Axis) -> Markup:
    parts = [f'<path class="grid" d="M{axis.at(at):.1f} 0v{HIGH:g}"/>' for at, _ in axis.ticks]
    if axis.has_zero:
        parts.append(f'<path class="zero" d="M{axis.at(0.0):.1f} 0v{HIGH:g}"/>')
    each = HIGH / len(row.bars)
    for at, bar in enumerate(row.bars):
        left, right = sorted((axis.at(0.0), axis.at(bar.value)))
        top, middle = each * at + 1.5, each * (at + 0.5)
        parts.append(f'<rect class="{escape(bar.css)}" x="{left:.1f}" y="{top:g}" width="{max(right - left, 1.0):.1f}" '
                     f'height="{each - 3.0:g}"/>')  # fmt: skip
        parts.append(f'<path class="line k-ink" d="M{axis.at(bar.low):.1f} {middle:g}H{axis.at(bar.high):.1f}"/>')
    return Markup(
        f'<svg class="strip" viewBox="0 0 {WIDE:g} {HIGH:g}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )
