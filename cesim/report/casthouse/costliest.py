"""Which limit costs most: each moved alone, what it would bring in tonnes and in yen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.charge.codesign import CoDesign
    from cesim.charge.costliest import CostlyLimit
    from cesim.report.casthouse.melting import Because
    from cesim.report.casthouse.writing import Unit, Writer

SHOWN = 12
"""Most limits in a picture; the table has all."""
FIELDS: tuple[tuple[str, Unit], ...] = (("tonnes", "t_year"), ("yen", "jpy_year"), ("co2", "co2_year"))


def costliest_section(
    design: CoDesign, costly: Sequence[CostlyLimit], reasons: Sequence[Because], start: tuple[float, float],
    writer: Writer,
) -> Section:  # fmt: skip
    """Return the part of the page on what each single limit costs; or why that cannot be said."""
    head = writer.say("costliest.head")
    if reasons:
        return Section("costliest", head, tuple(reason.words(writer) for reason in reasons))
    by = writer.given(costly[0].by, "share") if costly else ""
    lead = writer.say(
        "costliest.lead", by=by, level=f"{start[0]:.3g}", widening=f"{start[1]:.3g}",
        demand=writer.given(design.demand, "t"),
    )  # fmt: skip
    figures = tuple(_figure(field, unit, costly, by, writer) for field, unit in FIELDS[:2])
    rows = tuple(
        (
            _name(one, writer), writer.bare(one.limit, "wt"),
            *(writer.bare(getattr(one, field), unit) for field, unit in FIELDS),
        )
        for one in costly
    )  # fmt: skip
    keys = ("limit", "limit_wt", "tonnes_year", "yen_year", "co2_year")
    table = Table(writer.say("costliest.table", by=by), tuple(writer.say(f"column.{key}") for key in keys), rows)
    return Section("costliest", head, (lead,), figures, (table,), (writer.say("costliest.note"),))


def _figure(field: str, unit: Unit, costly: Sequence[CostlyLimit], by: str, writer: Writer) -> Figure:
    shown = sorted(costly, key=lambda one: -abs(getattr(one, field)))[:SHOWN]
    shown.sort(key=lambda one: -getattr(one, field))
    factor = writer.scale(unit).factor
    rows = [
        Row(
            _name(one, writer), (Mark("bar", f"k-{one.side}", 0.0, factor * getattr(one, field)),),
            writer.signed(getattr(one, field), unit), writer.say("costliest.at", limit=writer.full(one.limit, "wt")),
        )
        for one in shown
    ]  # fmt: skip
    keys = tuple(Key(f"k-{side}", writer.say(f"costliest.{side}")) for side in ("grade", "alloy"))
    axis = axis_of(factor * getattr(one, field) for one in shown)
    return Figure(writer.say(f"costliest.{field}", by=by), rows_of(rows, axis), keys)


def _name(one: CostlyLimit, writer: Writer) -> str:
    return writer.say(f"costliest.{one.side}_name", name=writer.limit(one.name))
