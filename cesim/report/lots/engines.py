"""Indicators lot by lot beside those of the balance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Section, Table
from cesim.report.lots.amounts import Amount, of_draws
from cesim.report.lots.view import RETURNED
from cesim.report.numbers import Scale, scale_for

if TYPE_CHECKING:
    from cesim.report.lots.view import LotView


@dataclass(frozen=True)
class Compared:
    """One indicator of one year in both engines."""

    name: str
    unit: str
    when: str
    lots: Amount
    balance: Amount


def compared(view: LotView) -> list[Compared]:
    """Return the indicators that both engines have, first the metal that came back at the works, over all years."""
    found = [Compared(*view.indicator(RETURNED), view.years, view.steps["realised"], view.returned_in_balance)]
    rows = view.beside[view.beside["indicator"] != RETURNED]
    for (year, key), group in rows.groupby(["year", "indicator"], sort=False):
        by_draw = group.set_index("draw")
        if 0 not in by_draw.index:
            continue
        when = view.writer.say("lots.year", first=year, last=year)
        lots, balance = (of_draws(by_draw[side].dropna()) for side in ("lots", "balance"))
        found.append(Compared(*view.indicator(str(key)), when, lots, balance))
    return found


def engine_section(view: LotView) -> Section:
    """Return the part that sets the lots beside the balance."""
    writer = view.writer
    lead = (writer.say("lots.engines_lead"), writer.say("lots.engines_why"))
    columns = ["indicator", "year", "lots", "balance", "difference"]
    if view.drawn:
        columns.insert(3, "lots_range")
    rows = tuple(_row(view, one) for one in compared(view))
    heads = tuple(writer.say(f"lots.column.{name}") for name in columns)
    notes = (writer.say("lots.engines_note"),)
    return Section("engines", writer.say("lots.engines_head"), lead, tables=(Table("", heads, rows),), notes=notes)


def scale_of(view: LotView, unit: str) -> Scale:
    """Shares to a hundredth of a per cent, tonnes to a tenth: differences of the engines are small."""
    if unit == "share":
        return Scale(100.0, "%", 2)
    if unit == "vehicles":
        return view.writer.scale("cars")
    if unit == "t":
        return view.writer.scale("t_many")
    return scale_for(unit, 0.0, view.writer.words)


def _row(view: LotView, one: Compared) -> tuple[str, ...]:
    scale = scale_of(view, one.unit)
    cells = [one.name, one.when, scale.full(one.lots.best)]
    if view.drawn:
        low, high = one.lots.low, one.lots.high
        cells.append("" if low is None or high is None else f"{scale.bare(low)} – {scale.bare(high)}")
    return (*cells, scale.full(one.balance.best), _difference(view, one, scale))


def _difference(view: LotView, one: Compared, scale: Scale) -> str:
    """Lots less balance: points of shares; of amounts also how much of the balance's."""
    gap, there = one.lots.best - one.balance.best, one.balance.best
    told = scale.bare(gap)
    if float(told.replace(",", "").replace("−", "-")) == 0.0:
        return "0"
    signed = told if gap < 0 else f"+{told}"
    if one.unit == "share":
        return f"{signed} {view.writer.say('unit.points')}"
    part = "" if there == 0 else Scale(100.0, "%", 1).full(gap / there)
    size = f" ({part if gap < 0 else f'+{part}'})" if part else ""
    return f"{signed} {scale.symbol}{size}".replace("  ", " ")
