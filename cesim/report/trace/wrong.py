"""What can still be proved when some of the records are wrong, whichever they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.report.casthouse.shell import Figure, Section, Table
from cesim.report.casthouse.tracks import Row, rows_of
from cesim.report.trace.findings import PAIR, number
from cesim.report.trace.interval import keys_of, marks_of
from cesim.report.trace.view import whole_axis

if TYPE_CHECKING:
    from cesim.report.trace.view import TraceView


def wrong_section(view: TraceView) -> Section | None:
    """Return the part on wrong records; none where the table is empty."""
    rows = view.rows("budget")
    if not rows:
        return None
    asked = view.tracing.judging
    figures = [figure for product in view.products for law in PAIR if (figure := _figure(view, rows, product, law))]
    heads, cells = view.cells("budget")
    table = Table(view.say("budget_table"), heads, cells, is_folded=True)
    stated = view.say(
        "budget_stated", wrong=view.writer.short(asked["wrong_share"]), sd=view.writer.short(asked["weighing_sd"]),
        sure=view.writer.short(asked["confidence"]),
    )  # fmt: skip
    lead = (view.say("budget_lead"), stated)
    return Section("wrong", view.say("budget_head"), lead, tuple(figures), (table,), (view.say("budget_note"),))


def _figure(view: TraceView, rows: list[dict[str, Any]], product: str, law: str) -> Figure | None:
    mine = [row for row in rows if row["product"] == product and row["law"] == law]
    if not mine:
        return None
    told = {(bool(row["stated"]), int(row["wrong"])): row for row in mine}  # no more can be wrong than there are
    ordered = sorted(told.values(), key=lambda row: not row["stated"])
    title = view.say("by_law", product=view.product(product), law=view.say(f"short.{law}"))
    return Figure(title, rows_of([_row(view, row) for row in ordered], whole_axis()), keys_of(view))


def _row(view: TraceView, row: dict[str, Any]) -> Row:
    """A number of wrong records, or the budget of the hypothesis, with what is left of the proof."""
    true = number(row["true"]) if view.knows else None
    name = view.say("budget_row_stated" if row["stated"] else "budget_row", wrong=f"{int(row['wrong']):,}")
    if not row["is_proved"]:
        counts = {"found": f"{int(row['found_wrong']):,}", "allowed": f"{int(row['found_allowed']):,}"}
        reason = view.names.word("reason", str(row["reason"]))
        beside = view.say("not_provable_why", reason=reason, **counts)
        return Row(name, marks_of(None, None, true=true), view.say("not_provable"), beside, is_strong=True)
    marks = marks_of(row["provable"], row["possible"], true=true)
    told = view.between(row["provable"], row["possible"])
    beside = view.say("budget_behind", behind=f"{int(row['records_behind']):,}") if row["stated"] else ""
    return Row(name, marks, told, beside, is_strong=bool(row["stated"]))
