"""Heats with scrap, by alloy and by what the analysis of their melt led to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.ledger.substances import ALLOYS
from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Axis, Mark, Row, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.report.lots.view import LotView

OUTCOMES: Final = ("good", "corrected", "downgraded", "off_spec")
_CSS: Final = {"good": "k-main", "corrected": "k-pre", "downgraded": "k-second", "off_spec": "k-hot"}


def counts(view: LotView) -> dict[str, dict[str, int]]:
    """Return the heats of the best estimate by alloy and outcome, alloys in the order of the catalogue."""
    table = view.found.tables["heats"]
    held = table[(table["draw"] == 0) & (table["without"] == "")]
    found: dict[str, dict[str, int]] = {}
    for alloy in sorted(map(str, held["alloy"].unique()), key=_place):
        mine = held[held["alloy"] == alloy].groupby("outcome")["heats"].sum()
        found[alloy] = {outcome: int(mine.get(outcome, 0)) for outcome in OUTCOMES}
    return found


def _place(alloy: str) -> tuple[int, str]:
    return (ALLOYS.index(alloy) if alloy in ALLOYS else len(ALLOYS)), alloy


def heat_section(view: LotView) -> Section:
    """Return the part on heats."""
    writer, held = view.writer, counts(view)
    head = writer.say("lots.heats_head")
    if not held:
        return Section("heats", head, (writer.say("lots.heats_none"),))
    columns = ("alloy", *OUTCOMES, "all")
    heads = tuple(writer.say(f"lots.column.{name}") for name in columns)
    rows = [(alloy, *_cells(by)) for alloy, by in held.items()]
    whole = {outcome: sum(by[outcome] for by in held.values()) for outcome in OUTCOMES}
    rows.append((writer.say("lots.total.heats"), *_cells(whole)))
    lead = (writer.say("lots.heats_lead"), *(writer.say(f"lots.outcome_says.{name}") for name in OUTCOMES[1:]))
    return Section(
        "heats",
        head,
        lead,
        (_figure(view, held),),
        (Table(writer.say("lots.heats_table"), heads, tuple(rows), is_folded=True),),
        (writer.say("lots.best_only"),) if view.drawn else (),
    )


def _cells(by: Mapping[str, int]) -> tuple[str, ...]:
    return (*(f"{by[outcome]:,}" for outcome in OUTCOMES), f"{sum(by.values()):,}")


def _figure(view: LotView, held: Mapping[str, Mapping[str, int]]) -> Figure:
    writer = view.writer
    rows = []
    for alloy, by in held.items():
        marks, level, total = [], 0.0, sum(by.values())
        for outcome in OUTCOMES:
            share = 100.0 * by[outcome] / total if total else 0.0
            if share:
                marks.append(Mark("bar", _CSS[outcome], level, level + share))
            level += share
        missed = total - by["good"]
        told = writer.say("lots.heats_told", good=f"{by['good']:,}", all=f"{total:,}")
        beside = writer.say("lots.heats_missed", missed=f"{missed:,}") if missed else ""
        rows.append(Row(alloy, tuple(marks), told, beside))
    axis = Axis(0.0, 100.0, tuple((float(at), f"{at} %") for at in range(0, 101, 20)))
    there = [outcome for outcome in OUTCOMES if any(by[outcome] for by in held.values())]
    keys = tuple(Key(_CSS[outcome], writer.say(f"lots.column.{outcome}")) for outcome in there)
    return Figure(writer.say("lots.heats_figure"), rows_of(rows, axis), keys)
