"""What the platforms would carry of these records, and what it takes of the people who answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.report.casthouse.shell import Figure, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.report.trace.view import TraceView

FIRST_KINDS: Final = 3
"""Most frequent kinds of message that are named beside a platform."""


def platform_section(view: TraceView) -> Section | None:
    """Return the part on platforms; none where nothing was counted."""
    rows = view.rows("platforms")
    if not rows:
        return None
    messages = [row for row in rows if row["what"] == "message"]
    figures = (_figure(view, messages),) if messages else ()
    heads, cells = view.cells("platforms")
    table = Table(view.say("platforms_table"), heads, cells, is_folded=True)
    lead = (view.say("platforms_lead"), *_told(view, rows))
    return Section("platforms", view.say("platforms_head"), lead, figures, (table,), (view.say("platforms_note"),))


def _figure(view: TraceView, messages: list[dict[str, Any]]) -> Figure:
    """A row a platform: all its messages, and the kinds of which there are most."""
    by_platform: dict[str, list[dict[str, Any]]] = {}
    for row in messages:
        by_platform.setdefault(str(row["platform"]), []).append(row)
    totals = {platform: sum(float(row["count"]) for row in held) for platform, held in by_platform.items()}
    axis = axis_of(totals.values())
    rows = []
    for platform, held in by_platform.items():
        most = sorted(held, key=lambda row: -row["count"])[:FIRST_KINDS]
        beside = view.writer.join(
            view.say("traffic_kind", kind=view.names.word("traffic", str(row["of"])), count=f"{row['count']:,.0f}")
            for row in most
        )
        mark = Mark("bar", "k-main", 0.0, totals[platform])
        told = view.say("traffic_total", count=f"{totals[platform]:,.0f}")
        rows.append(Row(view.names.word("platform", platform), (mark,), told, beside))
    return Figure(view.say("platforms_figure"), rows_of(rows, axis), is_wide=True)


def _told(view: TraceView, rows: list[dict[str, Any]]) -> Iterator[str]:
    """What ends at the shredder, and the queue of human answers."""
    held = {(str(row["what"]), str(row["of"])): float(row["count"]) for row in rows}
    if ("identity", "cars_ended") in held:
        cars = f"{held['identity', 'cars_ended']:,.0f}"
        batch = int((view.tracing.about.get("run") or {}).get("asked", {}).get("batch", 1))
        yield view.say("cars_ended_lots", cars=cars, batch=batch) if batch > 1 else view.say("cars_ended", cars=cars)
    work = {name: value for (what, name), value in held.items() if what == "work"}
    if {"answers", "hours", "people", "wait_median", "wait_p90"} <= work.keys():
        yield view.say(
            "desk_told", answers=f"{work['answers']:,.0f}", hours=f"{work['hours']:,.0f}",
            people=f"{work['people']:,.0f}", median=f"{work['wait_median']:,.1f}", late=f"{work['wait_p90']:,.1f}",
        )  # fmt: skip
