"""A map of designs: level of the grade upwards, width of the alloy to the right, one field a design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from cesim.report.casthouse.colours import ink_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.report.casthouse.writing import Writer

LETTERED = 9
"""Most columns at which a field bears its number."""
NAMED = 10
"""Most ends of an axis that are named."""


@dataclass(frozen=True)
class Field:
    """One design on a map."""

    colour: str
    """Empty where there is no charge."""
    text: str
    """What stands in it where there is room."""
    is_now: bool
    """Whether it is the design of limits as they are."""


def design_map(fields: Sequence[Sequence[Field]], levels: Sequence[str], widths: Sequence[str], writer: Writer) -> str:
    """Return a map; `fields` is (level, width), the lowest level first, and is drawn with it at the bottom."""
    wide, high = len(widths), len(levels)
    lettered = wide <= LETTERED and high <= 2 * LETTERED
    cells = [
        _cell(field, level * wide + width, lettered=lettered)
        for level in range(high - 1, -1, -1)
        for width, field in enumerate(fields[level])
    ]
    up = [(1.0 - (at + 0.5) / high, name) for at, name in _named(levels)]
    across = [((at + 0.5) / wide, name) for at, name in _named(widths)]
    return Markup(
        '<div class="map"><span class="up">↑ {}</span><div class="levels">{}</div>'
        '<div class="cells" data-wide="{}" tabindex="0" role="group" aria-label="{}" '
        'style="grid-template-columns:repeat({},minmax(0,1fr))">{}</div>'
        '<div class="widths">{}</div><span class="across">{} →</span></div>'
    ).format(
        writer.say("design.level_axis"), places(up, "top"), wide, writer.say("design.map_label"), wide,
        Markup("").join(cells), places(across, "left"), writer.say("design.widening_axis"),
    )  # fmt: skip


def places(named: Sequence[tuple[float, str]], side: str) -> Markup:
    """Return the names along an axis, each at its share of the way."""
    one = Markup('<span style="{}:{}%">{}</span>')
    return Markup("").join(one.format(side, f"{100 * share:.2f}", name) for share, name in named)


def _cell(field: Field, at: int, *, lettered: bool) -> Markup:
    text = field.text if lettered else ""
    css = " ".join(name for name, there in (("no", not field.colour), ("now", field.is_now)) if there)
    kind = Markup(' class="{}"').format(css) if css else ""
    if not field.colour:
        return Markup('<i{} data-at="{}">{}</i>').format(kind, at, text)
    style = f"background:{field.colour}" + (f";color:{ink_on(field.colour)}" if text else "")
    return Markup('<i{} data-at="{}" style="{}">{}</i>').format(kind, at, style, text)


def _named(names: Sequence[str]) -> list[tuple[int, str]]:
    """Return the ends of an axis that are named: all, or evenly chosen ones with first and last."""
    if len(names) <= NAMED:
        return list(enumerate(names))
    chosen = {round(step * (len(names) - 1) / 5) for step in range(6)}
    return [(at, names[at]) for at in sorted(chosen)]
