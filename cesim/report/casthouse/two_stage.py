"""A charge that is analysed and corrected before casting: what it costs, and what knowing the lots would be worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.charge_figures import pieces_of
from cesim.report.casthouse.mixbar import keys_of, mix_bar
from cesim.report.casthouse.shell import Figure, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of

if TYPE_CHECKING:
    from cesim.charge.charge import Charge
    from cesim.charge.correction import CorrectedCharge
    from cesim.report.casthouse.writing import Writer


def two_stage_section(plan: CorrectedCharge, charge: Charge, writer: Writer) -> Section:
    """Return the part of the page on the charge that counts on its correction."""
    lead = writer.say(
        "two_stage.lead", cost=writer.full(plan.cost, "jpy"), correction=writer.full(plan.correction_cost, "jpy"),
        recycled=writer.full(plan.recycled_content, "share"), missed=writer.full(plan.not_mended, "risk"),
    )  # fmt: skip
    pieces = pieces_of(plan.mix, charge)
    mix = Figure(writer.say("two_stage.mix"), mix_bar(pieces, writer), keys_of(pieces, writer))
    return Section(
        "corrected", writer.say("two_stage.head"), (lead,), (mix, _worth(plan, writer)), _tables(plan, writer)
    )


def _worth(plan: CorrectedCharge, writer: Writer) -> Figure:
    axis = axis_of([plan.evpi, plan.vss])
    rows = [
        Row(
            writer.say(f"two_stage.{key}"), (Mark("bar", "k-main", 0.0, value),), writer.full(value, "jpy"),
            writer.say(f"two_stage.{key}_says"),
        )
        for key, value in (("evpi", plan.evpi), ("vss", plan.vss))
    ]  # fmt: skip
    return Figure(writer.say("two_stage.worth"), rows_of(rows, axis))


def _tables(plan: CorrectedCharge, writer: Writer) -> tuple[Table, ...]:
    names = tuple(dict.fromkeys((*plan.mix, *plan.corrections)))
    rows = tuple(
        (name, writer.bare(plan.mix.get(name, 0.0), "t"), writer.bare(plan.corrections.get(name, 0.0), "t"))
        for name in names
    )
    costs = [
        ("charge_cost", writer.full(plan.charge_cost, "jpy")),
        ("correction_cost", writer.full(plan.correction_cost, "jpy")),
        ("cost", writer.full(plan.cost, "jpy")),
        ("bound", writer.full(plan.bound, "jpy")),
        ("evpi", writer.full(plan.evpi, "jpy")),
        ("vss", writer.full(plan.vss, "jpy")),
        ("recycled", writer.full(plan.recycled_content, "share")),
        ("not_mended", writer.full(plan.not_mended, "risk")),
    ]
    heads = tuple(writer.say(f"column.{key}") for key in ("material", "before_t", "after_t"))
    figures = tuple((writer.say(f"two_stage.{key}"), told) for key, told in costs)
    return (
        Table(writer.say("two_stage.mix_table"), heads, rows),
        Table(
            writer.say("two_stage.cost_table"), (writer.say("column.figure"), writer.say("column.value")), figures
        ),
    )  # fmt: skip
