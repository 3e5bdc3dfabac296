"""The network of handovers as a picture: roles in the order of the chain, ribbons as wide as their mass."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from cesim.report.trace.network_layout import BAR, SLOT, THIN, laid_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.report.trace.network import Link
    from cesim.report.trace.network_layout import Layout, Spot, Way
    from cesim.report.trace.view import TraceView

WIDE: Final = 1150.0
HATCH: Final = Markup(
    '<defs><pattern id="net-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0h6v6h-6z" fill="#fff"/><path d="M0 0h2.4v6h-2.4z" fill="#9aa6b2"/></pattern></defs>'
)
"""What nobody recorded: told apart from the rest without colour."""


def drawn(view: TraceView, links: Sequence[Link]) -> Markup | None:
    """Return the picture; none where there is nothing to draw from left to right."""
    layout = laid_out(links)
    if layout is None:
        return None
    ribbons = Markup("").join(_ribbon(view, layout, way, ends) for way, ends in layout.ways)
    nodes = Markup("").join(_node(view, node, spot) for node, spot in layout.spots.items() if not spot.is_lane)
    return Markup(
        '<div class="scroll"><svg class="net" viewBox="0 0 {:g} {:.0f}" role="img" aria-label="{}">{}{}{}</svg></div>'
    ).format(WIDE, layout.high, view.say("network_figure"), HATCH, ribbons, nodes)


def _ribbon(view: TraceView, layout: Layout, way: Way, ends: tuple[tuple[float, float], ...]) -> Markup:
    """Return one handover: what both sides, one side and nobody recorded, side by side."""
    link = way.link
    thick = max(layout.scale * link.mass, THIN) / link.mass
    spots = [layout.spots[place] for place in way.places]
    parts, level = [], 0.0
    for css, mass in (("k-main", link.both), ("k-soft", link.one), ("k-hatch", link.nobody)):
        if mass > 0.0:
            parts.append(
                Markup('<path class="{}" d="{}"/>').format(css, _path(spots, ends, thick * level, thick * mass))
            )
        level += mass
    told = view.say(
        "ribbon_told", giver=view.names.role(link.giver), taker=view.names.role(link.taker),
        mass=view.tonnes(link.mass), share=view.share(link.both / link.mass),
    )  # fmt: skip
    return Markup("<g><title>{}</title>{}</g>").format(told, Markup("").join(parts))


def _path(spots: Sequence[Spot], ends: tuple[tuple[float, float], ...], off: float, thick: float) -> str:
    """Return the outline of a band: along its upper edge to the right, along its lower edge back."""
    upper, lower = [], []
    for (one, other), (start, end) in zip(pairwise(spots), ends, strict=True):
        left, right = one.x + (0.0 if one.is_lane else BAR), other.x
        bend, top, foot = (left + right) / 2, start + off, end + off
        upper.append(f"{left:.1f} {top:.2f}C{bend:.1f} {top:.2f} {bend:.1f} {foot:.2f} {right:.1f} {foot:.2f}")
        top, foot = top + thick, foot + thick
        lower.append(f"{right:.1f} {foot:.2f}C{bend:.1f} {foot:.2f} {bend:.1f} {top:.2f} {left:.1f} {top:.2f}")
    return f"M{'L'.join([*upper, *reversed(lower)])}z"


def _node(view: TraceView, node: str, spot: Spot) -> Markup:
    role, _, side = node.partition(":")
    name = view.names.role(role)
    if side or node == "elsewhere":
        name = view.say(f"net_{side or 'from'}" if role == "elsewhere" else f"net_{side}", role=name)
    told = view.say("net_told", mass=view.tonnes(spot.mass), share=view.share(spot.both))
    x, y = spot.x + BAR + 5, spot.y + max(spot.high, SLOT) / 2
    return Markup(
        '<path class="bar" d="M{:.1f} {:.1f}h{:g}v{:.1f}h-{:g}z"/><text class="name" x="{:.1f}" y="{:.1f}">{}</text>'
        '<text x="{:.1f}" y="{:.1f}">{}</text>'
    ).format(spot.x, spot.y, BAR, max(spot.high, 2.0), BAR, x, y - 3, name, x, y + 12, told)
