"""Curves in one picture: straight lines between points, on two scales; no letters in the stretched part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from cesim.report.casthouse.maps import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.report.casthouse.tracks import Axis

WIDE, HIGH = 1000.0, 600.0


@dataclass(frozen=True)
class Curve:
    """One line through points, in the numbers of the scales."""

    css: str
    points: tuple[tuple[float, float], ...]
    is_dashed: bool = False


@dataclass(frozen=True)
class Spot:
    """One point that stands out."""

    css: str
    x: float
    y: float


def chart(
    curves: Sequence[Curve], across: Axis, up: Axis, names: tuple[str, str], spots: Sequence[Spot] = (), css: str = ""
) -> Markup:
    """Return the picture; `names` are those of the scales, across and up."""
    parts = [f'<path class="grid" d="M{_x(at, across):.1f} 0v{HIGH:g}"/>' for at, _ in across.ticks]
    parts += [f'<path class="grid" d="M0 {_y(at, up):.1f}h{WIDE:g}"/>' for at, _ in up.ticks]
    parts += [_line(curve, across, up) for curve in curves]
    for spot in spots:
        place = f"M{_x(spot.x, across):.1f} {_y(spot.y, up):.1f}h.01"
        parts.append(f'<path class="rim" d="{place}"/><path class="here {escape(spot.css)}" d="{place}"/>')
    svg = Markup(
        f'<svg viewBox="0 0 {WIDE:g} {HIGH:g}" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'
    )
    lefts = places([(1.0 - _share(at, up), text) for at, text in up.ticks], "top")
    feet = places([(_share(at, across), text) for at, text in across.ticks], "left")
    return Markup(
        '<div class="plot curves {}"><span class="up">↑ {}</span><div class="levels">{}</div>{}'
        '<div class="widths">{}</div><span class="across">{} →</span></div>'
    ).format(css, names[1], lefts, svg, feet, names[0])


def _line(curve: Curve, across: Axis, up: Axis) -> str:
    path = "L".join(f"{_x(x, across):.1f} {_y(y, up):.1f}" for x, y in curve.points)
    kind = " dash" if curve.is_dashed else ""
    return f'<path class="curve {escape(curve.css)}{kind}" d="M{path}"/>'


def _share(value: float, axis: Axis) -> float:
    return (value - axis.low) / (axis.high - axis.low)


def _x(value: float, axis: Axis) -> float:
    return WIDE * _share(value, axis)


def _y(value: float, axis: Axis) -> float:
    return HIGH * (1.0 - _share(value, axis))
