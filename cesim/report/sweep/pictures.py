"""Pictures of many futures: fans over the years, points beside each other, threads through all that varies.

All are stretched SVG without letters in it, as the curves of other pages: names and numbers are text beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from cesim.report.casthouse.maps import places
from cesim.report.casthouse.tracks import Axis, round_step, round_ticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDE, HIGH = 1000.0, 600.0
ROW = 100.0
"""Height of a row of threads, before it is stretched."""
FAN = ("k-fan-out", "k-fan-in", "k-main")
"""Classes of 5 to 95 %, of 25 to 75 % and of the median."""


@dataclass(frozen=True)
class Fan:
    """One indicator over the years: five lines (year,) from low to high, and what is asked of it."""

    years: tuple[int, ...]
    bands: tuple[tuple[float, ...], ...]
    """p05, p25, p50, p75, p95."""
    steps: tuple[tuple[int, float], ...] = ()
    """Targets: (year, level)."""

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest number in it."""
        held = [value for band in self.bands for value in band] + [level for _, level in self.steps]
        return min(held), max(held)


@dataclass(frozen=True)
class Point:
    """A point with a number or a sign beside it."""

    x: float
    y: float
    css: str = "k-main"
    colour: str = ""
    """In place of the class."""
    mark: str = ""
    is_ringed: bool = False


@dataclass(frozen=True)
class Thread:
    """One future, as its place on every row, 0 to 1."""

    css: str
    at: tuple[float, ...]


def around(values: Iterable[float], *, from_zero: bool = True) -> Axis:
    """Return a scale with round ends about values; from zero where it is asked."""
    held = list(values)
    low, high = min(held), max(held)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-12 * max(abs(high), abs(low), 1e-300):
        low, high = (0.0, high * 1.25) if high > 0 else (low - 1.0, high + 1.0)
    step = round_step(high - low)
    first, last = step * ((low / step) // 1), step * -((-high / step) // 1)
    return Axis(first, last, round_ticks(first, last, step))


def fan(one: Fan, up: Axis) -> Markup:
    """Return a fan; its scale is given, so that several stand beside each other."""
    first, last = one.years[0], max(one.years[-1], one.years[0] + 1)
    across = Axis(first, last, tuple((year, str(year)) for year in _some(one.years)))
    lines = [[(_x(year, across), _y(value, up)) for year, value in zip(one.years, band, strict=True)]
             for band in one.bands]  # fmt: skip
    parts = _grid(across, up)
    for (low, high), css in (((0, 4), FAN[0]), ((1, 3), FAN[1])):
        ring = " ".join(f"{x:.1f},{y:.1f}" for x, y in (*lines[low], *reversed(lines[high])))
        parts.append(f'<polygon class="{css}" points="{ring}"/>')
    if len(one.years) == 1:  # a line of a single year is a dot
        parts.append(f'<path class="here {FAN[2]}" d="M{lines[2][0][0]:.1f} {lines[2][0][1]:.1f}h.01"/>')
    else:
        parts.append(f'<path class="curve {FAN[2]}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in lines[2])}"/>')
    if one.steps:
        corners = [(_x(year, across), _y(level, up)) for year, level in one.steps if first <= year <= last]
        drawn = "".join(f"{'M' if at == 0 else 'H'}{x:.1f}{f' {y:.1f}' if at == 0 else f'V{y:.1f}'}"
                        for at, (x, y) in enumerate(corners))  # fmt: skip
        if drawn:
            parts.append(f'<path class="curve k-hot" d="{drawn}H{WIDE:g}"/>')
            parts += [f'<path class="here k-hot" d="M{x:.1f} {y:.1f}h.01"/>' for x, y in corners]
    return _framed(parts, across, up, "", "", "small")


def cloud(
    points: Sequence[Point], across: Axis, up: Axis, names: tuple[str, str], box: tuple[float, ...] = (), css: str = ""
) -> Markup:
    """Return points on two scales; `box` is (left, right, bottom, top) of a frame drawn around some of them."""
    parts = _grid(across, up)
    for point in points:
        place = f"M{_x(point.x, across):.1f} {_y(point.y, up):.1f}h.01"
        if point.is_ringed:
            parts += [f'<path class="rim" d="{place}"/>', f'<path class="gap" d="{place}"/>']
        look = f' stroke="{escape(point.colour)}"' if point.colour else ""
        parts.append(f'<path class="point {"" if point.colour else escape(point.css)}"{look} d="{place}"/>')
    if box:
        left, right, low, high = _x(box[0], across), _x(box[1], across), _y(box[2], up), _y(box[3], up)
        parts.append(f'<path class="frame" d="M{left:.1f} {low:.1f}H{right:.1f}V{high:.1f}H{left:.1f}Z"/>')
    marks = Markup("").join(
        Markup('<b style="left:{}%;top:{}%">{}</b>').format(
            f"{100 * share_of(point.x, across):.2f}", f"{100 * (1 - share_of(point.y, up)):.2f}", point.mark
        )
        for point in points if point.mark
    )  # fmt: skip
    return _framed(parts, across, up, names[0], names[1], f"cloud {css}".strip(), marks)


def threads(names: Sequence[tuple[str, str, str]], held: Sequence[Thread]) -> Markup:
    """Return futures as lines from row to row; a row is (name, its low end, its high end), from left to right."""
    high = ROW * len(names)
    rows = "".join(f'<path class="grid" d="M0 {ROW * (at + 0.5):g}H{WIDE:g}"/>' for at in range(len(names)))
    drawn = "".join(
        f'<path class="thread {escape(one.css)}" d="M'
        + "L".join(f"{WIDE * place:.1f} {ROW * (at + 0.5):g}" for at, place in enumerate(one.at)) + '"/>'
        for one in held
    )  # fmt: skip
    svg = Markup(
        f'<svg viewBox="0 0 {WIDE:g} {high:g}" preserveAspectRatio="none" aria-hidden="true">{rows}{drawn}</svg>'
    )
    sides = Markup("").join(
        Markup('<div class="side"><b>{}</b><span>{}</span><span>{}</span></div>').format(*one) for one in names
    )
    return Markup('<div class="threads" style="--rows:{}">{}{}</div>').format(len(names), sides, svg)


def share_of(value: float, axis: Axis) -> float:
    """Return the place of a value on a scale, 0 to 1."""
    return (value - axis.low) / (axis.high - axis.low)


def _framed(parts: list[str], across: Axis, up: Axis, x: str, y: str, css: str, over: str = "") -> Markup:
    svg = Markup(
        f'<svg viewBox="0 0 {WIDE:g} {HIGH:g}" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'
    )
    lefts = places([(1.0 - share_of(at, up), text) for at, text in up.ticks], "top")
    feet = places([(share_of(at, across), text) for at, text in across.ticks], "left")
    head = Markup('<span class="up">↑ {}</span>').format(y) if y else ""
    foot = Markup('<span class="across">{} →</span>').format(x) if x else ""
    return Markup(
        '<div class="plot curves {}">{}<div class="levels">{}</div><div class="over">{}{}</div>'
        '<div class="widths">{}</div>{}</div>'
    ).format(css, head, lefts, svg, over, feet, foot)


def _grid(across: Axis, up: Axis) -> list[str]:
    return [
        *(f'<path class="grid" d="M{_x(at, across):.1f} 0v{HIGH:g}"/>' for at, _ in across.ticks),
        *(f'<path class="grid" d="M0 {_y(at, up):.1f}h{WIDE:g}"/>' for at, _ in up.ticks),
    ]


def _some(years: Sequence[int]) -> list[int]:
    """Return the years named on a scale: whole fives where there are two of them, else the ends."""
    fives = [year for year in years if year % 5 == 0]
    if len(fives) > 6:
        fives = [year for year in years if year % 10 == 0]
    return fives if len(fives) >= 2 else sorted({years[0], years[-1]})


def _x(value: float, axis: Axis) -> float:
    return WIDE * share_of(value, axis)


def _y(value: float, axis: Axis) -> float:
    return HIGH * (1.0 - share_of(value, axis))
