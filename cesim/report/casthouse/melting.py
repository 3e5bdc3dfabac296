"""What can be melted of the accepted scrap; or why nothing can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.errors import NoAnswer
from cesim.report.casthouse.mixbar import Piece, keys_of, kind_of, mix_bar
from cesim.report.casthouse.shell import Figure, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.text import hints, message

if TYPE_CHECKING:
    from cesim.charge.graderesult import GradeResult
    from cesim.charge.melting import Melting
    from cesim.errors import Fault
    from cesim.report.casthouse.writing import Writer


@dataclass(frozen=True)
class Because:
    """A reason why nothing can be melted, as the model gave it."""

    fault: Fault

    def words(self, writer: Writer) -> str:
        """Return the sentence with what helps."""
        if self.fault.code == "charge_nothing_accepted":
            return writer.say("melting.nothing_accepted")
        return " ".join((message(self.fault, writer.lang), *hints(self.fault, writer.lang)))


@dataclass(frozen=True)
class MeltingAnswer:
    """A melting, or the reasons why there is none; neither where no alloy was asked for."""

    found: Melting | None
    reasons: tuple[Because, ...] = ()


def melting_of(result: GradeResult) -> MeltingAnswer:
    """Return what can be melted of the accepted scrap of a trial."""
    if result.test.alloy is None:
        return MeltingAnswer(None)
    try:
        return MeltingAnswer(result.melting)
    except NoAnswer as refused:
        return MeltingAnswer(None, tuple(Because(fault) for fault in refused.faults))


def melting_section(melting: Melting, result: GradeResult, writer: Writer) -> Section:
    """Return the part of the page on the melt made of the accepted scrap."""
    shop = result.test.shop
    assert shop is not None
    kinds = {"scrap": "post", **{addition.name: kind_of(addition) for addition in shop.furnace.additions}}
    pieces = [Piece(writer.added(name), kinds[name], mass) for name, mass in melting.mix.items() if mass > 0.0]
    keys = tuple(
        type(key)(key.css, writer.added("scrap")) if key.css == "k-post" else key for key in keys_of(pieces, writer)
    )
    mix = Figure(writer.say("melting.mix"), mix_bar(pieces, writer), keys)
    alloy = result.test.alloy.name if result.test.alloy is not None else ""
    lead = writer.say("melting.lead", alloy=alloy, margin=f"{melting.margin:.3g}")
    stops = writer.say("trial.stops", names=writer.limits(melting.binding)) if melting.binding else ""
    return Section(
        "melting", writer.say("melting.head"), tuple(filter(None, (lead, stops))), (mix, risk_rows(melting, writer)),
        _tables(melting, writer),
    )  # fmt: skip


def no_melting_section(reasons: tuple[Because, ...], writer: Writer) -> Section:
    """Return the part of the page that says why nothing can be melted."""
    return Section("melting", writer.say("melting.head"), tuple(reason.words(writer) for reason in reasons))


def risk_rows(melting: Melting, writer: Writer) -> Figure:
    """Return the risk asked and the one run."""
    factor = writer.scale("risk").factor
    asked, run, bound = melting.asked_risk, melting.realised_risk, melting.risk_bound
    rows = [
        Row(
            writer.say("charge.risk_of_order"), (Mark("bar", "k-none", 0.0, factor * asked),),
            writer.given(asked, "share"),
        ),
        Row(
            writer.say("charge.risk_realised"),
            (Mark("bar", "k-main", 0.0, factor * run), Mark("line", "k-edge", factor * run, factor * bound)),
            writer.estimate(run, "risk"), writer.say("melting.bound", bound=writer.full(bound, "risk")),
        ),
    ]  # fmt: skip
    axis = axis_of(factor * value for value in (asked, float(run), bound))
    return Figure(writer.say("charge.risk_figure"), rows_of(rows, axis))


def _tables(melting: Melting, writer: Writer) -> tuple[Table, ...]:
    mix = tuple((writer.added(name), writer.bare(mass, "t")) for name, mass in melting.mix.items())
    figures = (
        ("recycled_content", writer.estimate(melting.recycled_content, "share")),
        ("cost_t", writer.estimate(melting.cost, "jpy_t")),
        ("co2_each", writer.estimate(melting.co2, "co2_t")),
        ("asked_risk", writer.given(melting.asked_risk, "share")),
        ("realised_risk", writer.estimate(melting.realised_risk, "risk")),
        ("risk_bound", writer.full(melting.risk_bound, "risk")),
        ("margin", f"{melting.margin:.3f}"),
        ("stops", writer.limits(melting.binding) or writer.say("none")),
    )
    heads = writer.say("column.figure"), writer.say("column.value")
    return (
        Table(
            writer.say("melting.figures_table"), heads,
            tuple((writer.say(f"column.{key}"), told) for key, told in figures),
        ),
        Table(writer.say("melting.mix_table"), (writer.say("column.material"), writer.say("column.per_t")), mix),
    )  # fmt: skip
