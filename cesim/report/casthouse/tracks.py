"""Rows of a figure: a name, a strip of marks drawn to one scale, and the number in words.

The strip is a stretched SVG without letters, so that a row fits a telephone as well as paper; names and numbers are
text beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDE, HIGH, EDGE = 1000.0, 20.0, 12.0
INNER = 4
"""Most characters of a tick that stands in the middle of its line even at an end."""


@dataclass(frozen=True)
class Mark:
    """One thing drawn on a strip, in the numbers of its axis."""

    kind: Literal["bar", "wash", "line", "tick", "dot"]
    """A bar from start to end; a pale field behind; a thin line; a mark across at start; a dot at start."""
    css: str
    """Class of its colour."""
    start: float
    end: float = 0.0


@dataclass(frozen=True)
class Row:
    """One row of a figure."""

    name: str
    marks: tuple[Mark, ...]
    told: str
    """The number, with its unit."""
    beside: str = ""
    """What else is to be said, smaller."""
    is_strong: bool = False
    is_off: bool = False
    """Whether it is grey: something that is not to be had."""


@dataclass(frozen=True)
class Axis:
    """The common scale of the rows."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    has_zero: bool = False
    """Whether a line marks zero."""

    def at(self, value: float) -> float:
        """Return the place of a value on the strip, 0 to `WIDE`; what lies outside stands at its edge."""
        share = (value - self.low) / (self.high - self.low)
        return EDGE + (WIDE - 2 * EDGE) * min(max(share, -0.01), 1.01)


_SMALLEST = 1e-300
"""Span of a scale; below it every value stands at zero."""


def axis_of(values: Iterable[float]) -> Axis:
    """Return a scale that holds zero and all values, with round ticks."""
    finite = [value for value in values if math.isfinite(value)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    if high - low < _SMALLEST:  # nothing to tell apart, and no room for ticks among numbers that small
        high = low + 1.0
    step = round_step(high - low)
    low, high = step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9)
    return Axis(low, high, round_ticks(low, high, step), low < 0.0)


def round_step(span: float) -> float:
    """Return 1, 2 or 5 times a power of ten of which about five make the span."""
    rough = span / 5
    power = 10.0 ** math.floor(math.log10(rough))
    return next(size * power for size in (1, 2, 5, 10) if size * power >= rough * (1 - 1e-9))


def round_ticks(low: float, high: float, step: float) -> tuple[tuple[float, str], ...]:
    """Return the multiples of a step within two ends, each with its text."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple((at * step, _text(at * step)) for at in range(first, last + 1))


def _text(value: float) -> str:
    """Write a tick: whole from a thousand on, else as short as it goes."""
    return (f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value + 0.0:.6g}").replace("-", "−")


def rows_of(rows: Sequence[Row], axis: Axis) -> Markup:
    """Return the figure as markup."""
    return Markup('<div class="rows">{}{}</div>').format(
        Markup("").join(_row(row, axis) for row in rows), _scale(axis) if axis.ticks else ""
    )


def _row(row: Row, axis: Axis) -> Markup:
    beside = Markup(" <small>{}</small>").format(row.beside) if row.beside else ""
    kind = " strong" if row.is_strong else " off" if row.is_off else ""
    return Markup(
        '<div class="row{}"><span class="name">{}</span>{}<span class="told">{}{}</span></div>'
    ).format(kind, row.name, _strip(row, axis), row.told, beside)  # fmt: skip


def _strip(row: Row, axis: Axis) -> Markup:
    parts = [f'<path class="grid" d="M{axis.at(at):.1f} 0v{HIGH:g}"/>' for at, _ in axis.ticks]
    if axis.has_zero:
        parts.append(f'<path class="zero" d="M{axis.at(0.0):.1f} 0v{HIGH:g}"/>')
    parts += [_mark(mark, axis) for mark in row.marks]
    return Markup(
        f'<svg class="strip" viewBox="0 0 {WIDE:g} {HIGH:g}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _mark(mark: Mark, axis: Axis) -> str:
    start, css = axis.at(mark.start), escape(mark.css)
    if mark.kind == "dot":
        return f'<path class="dot {css}" d="M{start:.1f} {HIGH / 2:g}h.01"/>'
    if mark.kind == "tick":
        return f'<path class="tick {css}" d="M{start:.1f} 1v{HIGH - 2:g}"/>'
    left, right = sorted((start, axis.at(mark.end)))
    if mark.kind == "line":
        return f'<path class="line {css}" d="M{left:.1f} {HIGH / 2:g}H{right:.1f}"/>'
    top = 0.0 if mark.kind == "wash" else 4.0
    width = max(right - left, 1.0 if mark.kind == "bar" else 0.0)
    return f'<rect class="{css}" x="{left:.1f}" y="{top:g}" width="{width:.1f}" height="{HIGH - 2 * top:g}"/>'


def _scale(axis: Axis) -> Markup:
    labels = Markup("").join(_label(axis.at(at) / WIDE, text) for at, text in axis.ticks)
    return Markup('<div class="row scale" aria-hidden="true"><span></span><span class="ticks">{}</span></div>').format(
        labels
    )


def _label(share: float, text: str) -> Markup:
    """Return the text of a tick; a long one at an end is drawn in, so that nothing sticks out of a narrow page."""
    edge = "" if len(text) <= INNER else "first" if share < 0.05 else "last" if share > 0.95 else ""
    kind = Markup(' class="{}"').format(edge) if edge else ""
    return Markup('<span{} style="left:{}%">{}</span>').format(kind, f"{100 * share:.2f}", text)
