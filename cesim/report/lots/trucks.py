"""Loads on the roads of a lot-by-lot run: what they came to and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.report.casthouse.shell import Section, Table
from cesim.report.lots.amounts import Amount, heads, of_draws

if TYPE_CHECKING:
    from cesim.report.casthouse.writing import Unit
    from cesim.report.lots.view import LotView

COLUMNS: Final[tuple[tuple[str, Unit, float], ...]] = (
    ("loads", "loads", 1.0), ("km", "km", 1.0), ("t_km", "t_km", 1.0), ("cost_jpy", "jpy_many", 1.0),
    ("co2_kg", "co2", 1e-3),
)  # fmt: skip
"""Column of the table, its unit, and what it is multiplied by to be in that unit."""


def truck_rows(view: LotView) -> list[tuple[str, Unit, Amount]]:
    """Return what is told of trucks: its name, its unit, its amount in it."""
    table = view.found.tables["transport"].set_index("draw")
    return [
        (view.writer.say(f"lots.truck.{name}"), unit, of_draws(table[name].astype(float) * factor))
        for name, unit, factor in COLUMNS
    ]


def truck_section(view: LotView) -> Section:
    """Return the part on trucks."""
    writer = view.writer
    rows = tuple(
        (name, writer.scale(unit).symbol, *amount.cells(writer, unit)) for name, unit, amount in truck_rows(view)
    )
    columns = (writer.say("column.figure"), writer.say("column.unit"), *heads(writer, drawn=view.drawn))
    held = view.about["assumed"]
    lead = writer.say(
        "lots.trucks_lead", load=f"{held['load_t']:g}", hulks=f"{held['hulks_a_load']:g}",
        cost=f"{held['cost_jpy_per_km']:g}", co2=f"{held['co2_kg_per_tkm']:g}",
    )  # fmt: skip
    return Section("trucks", writer.say("lots.trucks_head"), (lead,), tables=(Table("", columns, rows),))
