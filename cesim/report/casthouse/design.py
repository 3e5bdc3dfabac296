"""The page of a co-design: every level of the scrap grade with every width of the alloy, and which limit costs most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import NoAnswer
from cesim.report.casthouse.costliest import costliest_section
from cesim.report.casthouse.design_figures import as_they_are, binding_told, bound_of, front_plot, maps_figure
from cesim.report.casthouse.melting import Because
from cesim.report.casthouse.shell import Page, Section, Table, paired, render
from cesim.report.casthouse.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cesim.charge.codesign import CoDesign
    from cesim.charge.costliest import CostlyLimit
    from cesim.charge.designs import Designs
    from cesim.report.casthouse.shell import Expectation
    from cesim.text import Language

    Place = tuple[int, int]

TERMS = (
    "scrap_grade", "level", "widening", "recycled", "risk", "margin", "front", "costliest", "common_draws",
)  # fmt: skip

ALIKE = 5e-4
"""Recycled content, share of the melt, by which designs may differ and still be called equal."""


def design_page(
    design: CoDesign,
    lang: Language,
    *,
    title: str,
    asked: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    expected: Sequence[Expectation] = (),
    remarks: Sequence[str] = (),
    level: float = 1.0,
    widening: float = 1.0,
    risk: float | None = None,
) -> str:
    """Return the page of a co-design as HTML text; other parameters as `trial_page`.

    Parameters
    ----------
    level, widening
        The design from which single limits are moved to see which costs most.
    risk
        Share of heats that the best design may miss; None: any.
    """
    writer = Writer(lang)
    designs = design.grid()
    reasons: tuple[Because, ...] = ()
    costly: list[CostlyLimit] = []
    try:
        costly = design.costliest_limit(level, widening)
    except NoAnswer as refused:
        reasons = tuple(Because(fault) for fault in refused.faults)
    is_there = bool(np.isfinite(designs.recycled_content).any())
    sections = [_map_section(designs, writer)]
    if is_there:
        sections.append(_front_section(design, designs, writer))
    sections.append(costliest_section(design, costly, reasons, (level, widening), writer))
    sections.append(_all_section(designs, design.heats, writer))
    page = Page(
        writer=writer,
        kind="design",
        title=title,
        headline=tuple(_headline(design, designs, costly, risk, writer)),
        sections=tuple(sections),
        terms=TERMS,
        is_bad=not is_there,
        more_method=(
            writer.say(
                "design.drawn", lots=f"{design.lots:,}", heats=f"{design.heats:,}", margin=f"{design.margin:g}",
                goal=writer.say(f"charge.of_{design.goal}"), seed=design.seed,
            ),
        ),
        asked=paired(asked),
        expected=tuple(expected),
        remarks=tuple(remarks),
    )  # fmt: skip
    return render(page)


def _headline(
    design: CoDesign, designs: Designs, costly: list[CostlyLimit], risk: float | None, writer: Writer
) -> list[str]:
    names = {"grade": design.grade.name, "alloy": design.alloy.name}
    if not np.isfinite(designs.recycled_content).any():
        return [writer.say("design.none", **names, count=designs.recycled_content.size)]
    best = _best(designs, risk)
    first = "design.first" if risk is None or designs.risk[best] <= risk else "design.first_over"
    told = [writer.say(first, **names, best=_told(best, designs, design.heats, writer))]
    if risk is not None and first == "design.first":
        told[0] = writer.say(
            "design.first_within", **names, best=_told(best, designs, design.heats, writer),
            risk=writer.full(risk, "risk"),
        )  # fmt: skip
    now = as_they_are(designs)
    if now is not None and now != best and np.isfinite(designs.recycled_content[now]):
        told.append(writer.say("design.now", now=_told(now, designs, design.heats, writer)))
    if costly and costly[0].tonnes > 0.0:
        top = max(costly, key=lambda limit: limit.tonnes)
        told.append(
            writer.say(
                "design.costliest", side=writer.say(f"design.side_{top.side}"), name=writer.limit(top.name),
                by=writer.given(top.by, "share"), tonnes=writer.full(top.tonnes, "t_year"),
                yen=writer.full(top.yen, "jpy_year"),
            )
        )  # fmt: skip
    return told


def _best(designs: Designs, risk: float | None) -> Place:
    """Return the design with most recycled content; of equal ones the narrowest alloy, then the narrowest grade.

    Of those that keep the risk, where any does.
    """
    shares = np.nan_to_num(designs.recycled_content, nan=-1.0)
    keeps = np.nan_to_num(designs.risk, nan=1.0) <= (1.0 if risk is None else risk)
    if (keeps & (shares >= 0.0)).any():
        shares = np.where(keeps, shares, -1.0)
    levels, widths = np.nonzero(shares >= shares.max() - ALIKE)
    return min(zip(levels.tolist(), widths.tolist(), strict=True), key=lambda place: (place[1], place[0]))


def _told(place: Place, designs: Designs, heats: int, writer: Writer) -> str:
    return writer.say(
        "design.one", level=f"{designs.levels[place[0]]:.3g}", widening=f"{designs.widening[place[1]]:.3g}",
        recycled=writer.full(float(designs.recycled_content[place]), "share"),
        cost=writer.full(float(designs.cost[place]), "jpy_t"), co2=writer.full(float(designs.co2[place]), "co2_t"),
        risk=writer.full(float(designs.risk[place]), "risk"),
        bound=writer.full(bound_of(float(designs.risk[place]), heats), "risk"), heats=f"{heats:,}",
        binding=binding_told(str(designs.binding[place]), writer),
    )  # fmt: skip


def _map_section(designs: Designs, writer: Writer) -> Section:
    lead = writer.say("design.map_lead")
    return Section("maps", writer.say("design.map_head"), (lead,), (maps_figure(designs, writer),))


def _front_section(design: CoDesign, designs: Designs, writer: Writer) -> Section:
    front = design.front()
    rows = tuple(
        (
            *(f"×{row[key]:.3g}" for key in ("level", "widening")),
            *_numbers(row, design.heats, writer), binding_told(str(row["binding"]), writer),
        )
        for row in front
    )  # fmt: skip
    heads = ("level", "widening", "recycled_pc", "cost_jpy_t", "co2_t_t", "risk_pc", "bound_pc", "binds_most")
    table = Table(
        writer.say("design.front_table", count=len(front)), tuple(writer.say(f"column.{key}") for key in heads), rows,
        is_folded=True,
    )  # fmt: skip
    return Section(
        "front", writer.say("design.front_head"), (writer.say("design.front_lead", count=len(front)),),
        (front_plot(design, designs, writer),), (table,),
    )  # fmt: skip


def _numbers(row: Mapping[str, object], heats: int, writer: Writer) -> tuple[str, ...]:
    """Return recycled content, cost, CO2, risk and its bound of a design, without units."""
    risk = float(str(row["risk"]))
    return (
        writer.bare(float(str(row["recycled_content"])), "share"), writer.bare(float(str(row["cost"])), "jpy_t"),
        writer.bare(float(str(row["co2"])), "co2_t"), writer.bare(risk, "risk"),
        writer.bare(bound_of(risk, heats), "risk"),
    )  # fmt: skip


def _all_section(designs: Designs, heats: int, writer: Writer) -> Section:
    """Return every design with all its numbers: the maps and points read from here."""
    rows = []
    for level, factor in enumerate(designs.levels):
        for width, wide in enumerate(designs.widening):
            place = level, width
            row = {name: float(getattr(designs, name)[place]) for name in ("recycled_content", "cost", "co2", "risk")}
            rows.append(
                (
                    f"×{factor:.3g}", f"×{wide:.3g}", *_numbers(row, heats, writer),
                    binding_told(str(designs.binding[place]), writer),
                    *(writer.bare(float(mass), "mix") for mass in designs.mix[place]),
                )
            )  # fmt: skip
    keys = ("level", "widening", "recycled_pc", "cost_jpy_t", "co2_t_t", "risk_pc", "bound_pc", "binds_most")
    heads = [writer.say(f"column.{key}") for key in keys]
    heads += [writer.say("design.mix_of", name=name) for name in designs.names]
    sources = designs.names[: designs.accepted.shape[1]]
    gates = tuple(
        (f"×{factor:.3g}", *(writer.bare(float(share), "share") for share in designs.accepted[level]))
        for level, factor in enumerate(designs.levels)
    )
    gate_heads = (writer.say("column.level"), *(writer.say("design.accepted_of", name=name) for name in sources))
    return Section(
        "all", writer.say("design.all_head"), (), (),
        (
            Table(writer.say("design.gate_table"), gate_heads, gates, is_folded=True),
            Table(
                writer.say("design.all_table", count=len(rows)), tuple(heads), tuple(rows), id="designs", is_folded=True
            ),
        ),
    )  # fmt: skip
