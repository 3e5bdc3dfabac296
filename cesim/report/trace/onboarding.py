"""Whom to bring on board: what a role would add if it recorded all, and in which order to begin from nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.trace.columns import NEEDS_TRUTH
from cesim.report.trace.view import whole_axis

if TYPE_CHECKING:
    from cesim.report.trace.view import TraceView

LEAST = 5e-4
"""Gain that is nothing in the numbers of the page."""


def onboarding_section(view: TraceView) -> Section | None:
    """Return the part on whom to bring on board; none where there is nothing on it."""
    figures = [*_fuller(view), *_order(view), *_points(view)]
    tables = []
    for name in ("fuller", "onboarding", "values", "points"):
        heads, cells = view.cells(name)
        if cells and (view.knows or name not in NEEDS_TRUTH):
            tables.append(Table(view.say(f"{name}_table"), heads, cells, is_folded=True))
    if not figures and not tables:
        return None
    lead = [view.say("onboarding_lead")]
    if view.knows and view.rows("fuller"):
        lead.append(view.say("fuller_lead"))
    notes = (view.say("onboarding_note"), view.say("values_note"))
    return Section("onboarding", view.say("onboarding_head"), tuple(lead), tuple(figures), tuple(tables), notes)


def _fuller(view: TraceView) -> list[Figure]:
    """A figure a product: points by which the interval narrows if all of a role record everything."""
    held = view.rows("fuller") if view.knows else []
    axis = axis_of(100.0 * row["gain"] for row in held)
    figures = []
    for product in view.products:
        mine = sorted((row for row in held if row["product"] == product), key=lambda row: -row["gain"])
        rows = [
            Row(
                view.names.role(str(row["role"])), (Mark("bar", "k-main", 0.0, 100.0 * row["gain"]),),
                view.say("gained", points=view.writer.signed(-row["gain"], "points")),
                view.say("gained_to", before=view.writer.bare(row["before"], "share"), after=view.share(row["after"])),
            )
            for row in mine if abs(row["gain"]) >= LEAST
        ]  # fmt: skip
        if rows:
            figures.append(Figure(view.say("fuller_figure", product=view.product(product)), rows_of(rows, axis)))
    return figures


def _order(view: TraceView) -> list[Figure]:
    """A figure a product: what is still unknown after each step, beginning with nobody."""
    figures = []
    for product in view.products:
        mine = sorted((row for row in view.rows("onboarding") if row["product"] == product), key=lambda r: r["step"])
        rows = []
        for row in mine:
            joins = view.names.of("joins", str(row["actor"] or ""))
            name = view.say("step", step=int(row["step"]), actor=joins) if row["step"] else joins
            rows.append(Row(name, (Mark("bar", "k-soft", 0.0, 100.0 * row["width"]),), view.share(row["width"])))
        if rows:
            title = view.say("order_figure", product=view.product(product))
            keys = (Key("k-soft", view.say("key.unknown")),)
            figures.append(Figure(title, rows_of(rows, whole_axis()), keys))
    return figures


def _points(view: TraceView) -> list[Figure]:
    """A figure of the metal that returns only because casthouses could read a supplier's records."""
    held = view.rows("points") if view.knows else []
    rows = [
        Row(
            view.names.actor(str(row["actor"])),
            (Mark("bar", "k-main" if row["worth_t"] >= 0.0 else "k-second", 0.0, row["worth_t"]),),
            view.say("worth_t", mass=f"{row['worth_t']:,.1f}".replace("-", "−")),
            view.say("worth_points", points=f"{row['worth_points']:+.3f}".replace("-", "−")),
        )
        for row in sorted(held, key=lambda row: -row["worth_t"])
    ]  # fmt: skip
    if not rows:
        return []
    axis = axis_of(float(row["worth_t"]) for row in held)
    return [Figure(view.say("points_figure"), rows_of(rows, axis), note=view.say("points_note"), is_wide=True)]
