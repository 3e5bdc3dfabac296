"""The designs that none beats, as points: recycled content against cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from cesim.report.casthouse.colours import even, ramp
from cesim.report.casthouse.maps import places
from cesim.report.casthouse.tracks import round_step, round_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.report.casthouse.writing import Unit, Writer

WIDE, HIGH = 1000.0, 600.0


@dataclass(frozen=True)
class Spot:
    """One design: where it lies, in the numbers of the axes, and what colours it."""

    at: int
    """Its row in the table of designs."""
    x: float
    y: float
    widening: float
    risk: float


def plot(spots: Sequence[Spot], x_name: str, y_name: str, writer: Writer) -> Markup:
    """Return the picture; the colour is chosen between widening and risk."""
    across, up = _axis([spot.x for spot in spots]), _axis([spot.y for spot in spots])
    parts = [f'<path class="grid" d="M{_x(at, across):.1f} 0v{HIGH:g}"/>' for at, _ in across.ticks]
    parts += [f'<path class="grid" d="M0 {_y(at, up):.1f}h{WIDE:g}"/>' for at, _ in up.ticks]
    for kind in ("widening", "risk"):
        values = [getattr(spot, kind) for spot in spots]
        low, span = min(values), (max(values) - min(values)) or 1.0
        drawn = [
            f'<path class="rim" d="{_place(spot, across, up)}"/><path class="spot" data-at="{spot.at}" '
            f'stroke="{even((getattr(spot, kind) - low) / span)}" d="{_place(spot, across, up)}"/>'
            for spot in spots
        ]
        parts.append(f'<g class="by-{kind}">{"".join(drawn)}</g>')
    svg = Markup(
        f'<svg viewBox="0 0 {WIDE:g} {HIGH:g}" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'
    )
    lefts = places([(1.0 - _share(at, up), text) for at, text in up.ticks], "top")
    feet = places([(_share(at, across), text) for at, text in across.ticks], "left")
    return Markup(
        '<div class="front">{}<div class="plot"><span class="up">↑ {}</span><div class="levels">{}</div>{}'
        '<div class="widths">{}</div><span class="across">{} →</span></div></div>'
    ).format(_choice(spots, writer), y_name, lefts, svg, feet, x_name)


def scale_bar(low: str, high: str, css: str = "") -> Markup:
    """Return the legend of the even colour scale."""
    return Markup('<p class="ramp {}"><span>{}</span><i style="background:{}"></i><span>{}</span></p>').format(
        css, low, ramp(), high
    )


def _choice(spots: Sequence[Spot], writer: Writer) -> Markup:
    """Return the buttons that choose the colour, and its legend."""
    kinds: tuple[tuple[str, Unit | None], ...] = (("widening", None), ("risk", "risk"))
    buttons, ramps = [], []
    for kind, unit in kinds:
        checked = Markup(" checked") if kind == "widening" else ""
        buttons.append(
            Markup('<label><input type="radio" name="colour" value="{}"{}> {}</label>').format(
                kind, checked, writer.say(f"design.by_{kind}")
            )
        )
        values = [getattr(spot, kind) for spot in spots]
        ends = [f"×{value:.3g}" if unit is None else writer.full(value, unit) for value in (min(values), max(values))]
        ramps.append(scale_bar(ends[0], ends[1], f"by-{kind}"))
    return Markup('<fieldset class="choice"><legend>{}</legend>{}</fieldset>{}').format(
        writer.say("design.colour"), Markup("").join(buttons), Markup("").join(ramps)
    )


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


def _axis(values: Sequence[float]) -> _Axis:
    """Return a scale about the values, not about zero."""
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or max(abs(high), 1.0) * 0.01
    low, high = low - room, high + room
    return _Axis(low, high, round_ticks(low, high, round_step(high - low)))


def _share(value: float, axis: _Axis) -> float:
    return (value - axis.low) / (axis.high - axis.low)


def _x(value: float, axis: _Axis) -> float:
    return WIDE * _share(value, axis)


def _y(value: float, axis: _Axis) -> float:
    return HIGH * (1.0 - _share(value, axis))


def _place(spot: Spot, across: _Axis, up: _Axis) -> str:
    return f"M{_x(spot.x, across):.1f} {_y(spot.y, up):.1f}h.01"
