"""How fast lost records widen the interval, and where the hypothesis stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.trace.curves import Curve, Spot, chart
from cesim.report.trace.findings import lost_share, unknown_share
from cesim.report.trace.view import share_axis

if TYPE_CHECKING:
    from cesim.report.trace.view import TraceView

COLOURS: Final = ("k-main", "k-second", "k-post", "k-alloy", "k-grade", "k-edge")
"""Of products, in their order; every second one is dashed, so that they are told apart without colour."""


def loss_section(view: TraceView) -> Section | None:
    """Return the part on lost records; none where the truth is not known or the table is empty."""
    rows = view.rows("losses")
    if not rows or not view.knows:
        return None
    curves, spots, keys, here = [], [], [], []
    lost = lost_share(view.tracing)
    for at, product in enumerate(one for one in view.products if any(row["product"] == one for row in rows)):
        css = COLOURS[at % len(COLOURS)]
        points = tuple((100.0 * row["lost"], 100.0 * row["width"]) for row in rows if row["product"] == product)
        curves.append(Curve(css, points, bool(at % 2)))
        keys.append(Key(f"{css} {'l-dash' if at % 2 else 'l-line'}", view.product(product)))
        width = unknown_share(view.tracing, product)
        if lost is not None and width is not None:
            spots.append(Spot(css, 100.0 * lost, 100.0 * width))
            here.append(view.say("losses_one", product=view.product(product), width=view.share(width)))
    across = share_axis([*(row["lost"] for row in rows), lost or 0.0])
    up = share_axis([*(row["width"] for row in rows), *(spot.y / 100.0 for spot in spots)])
    body = chart(curves, across, up, (view.say("losses_across"), view.say("losses_up")), spots)
    lead = [view.say("losses_lead")]
    if spots:
        keys.append(Key("k-ink l-dot", view.say("losses_spot")))
        lead.append(view.say("losses_here", lost=view.share(lost), told=view.writer.join(here)))
    figure = Figure(view.say("losses_figure"), body, tuple(keys), view.say("losses_note"), is_wide=True)
    heads, cells = view.cells("losses")
    table = Table(view.say("losses_table"), heads, cells, is_folded=True)
    return Section("losses", view.say("losses_head"), tuple(lead), (figure,), (table,))
