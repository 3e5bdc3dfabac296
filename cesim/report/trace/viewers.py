"""To whom a share can be proved: anybody, or a certifier, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Figure, Section, Table
from cesim.report.casthouse.tracks import Row, rows_of
from cesim.report.trace.findings import PAIR, number
from cesim.report.trace.interval import keys_of, marks_of
from cesim.report.trace.view import whole_axis

if TYPE_CHECKING:
    from typing import Any

    from cesim.report.trace.view import TraceView


def viewer_section(view: TraceView) -> Section | None:
    """Return the part on viewers; none where the table is empty."""
    rows = view.rows("bounds")
    if not rows:
        return None
    figures = [figure for product in view.products for law in PAIR if (figure := _figure(view, rows, product, law))]
    heads, cells = view.cells("bounds")
    table = Table(view.say("bounds_table"), heads, cells, is_folded=True)
    lead = (view.say("bounds_lead"), view.say("bounds_when"))
    return Section("bounds", view.say("bounds_head"), lead, tuple(figures), (table,), (view.say("bounds_note"),))


def _figure(view: TraceView, rows: list[dict[str, Any]], product: str, law: str) -> Figure | None:
    axis = whole_axis()
    told = [
        Row(
            view.names.word("viewer", str(row["viewer"])),
            marks_of(row["provable"], row["possible"], true=number(row["true"]) if view.knows else None),
            view.between(row["provable"], row["possible"]),
        )
        for row in rows if row["product"] == product and row["law"] == law
    ]  # fmt: skip
    if not told:
        return None
    title = view.say("by_law", product=view.product(product), law=view.say(f"short.{law}"))
    return Figure(title, rows_of(told, axis), keys_of(view))
