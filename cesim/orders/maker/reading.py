"""A maker's workbook -> what the maker filled in, with every fault at its cell."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cesim.errors import Fault, InputError
from cesim.orders.maker.cells import values_of
from cesim.orders.maker.columns import ALL, MAKER, PLAN, RECYCLATE, SHEETS, TYPES, known
from cesim.orders.maker.grids import open_grids
from cesim.orders.maker.rows import rows_of
from cesim.orders.maker.sheet import BuiltType, MakerSheet, PlanTarget, Purchase
from cesim.text import nearest

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.errors import Place
    from cesim.orders.maker.columns import Sheet
    from cesim.orders.maker.rows import Row
    from cesim.orders.maker.sheet import Period

    Values = dict[str, Any]


def read_maker(path: Path) -> MakerSheet:
    """Read a workbook, or a folder of CSV files with one file for each sheet.

    Raises
    ------
    InputError
        With everything that is wrong: sheets and columns that are missing or unknown, text in the cell of a number,
        origins, polymers and types that do not exist, a negative number, more recycled plastic than the cars of a
        type have plastics, merged cells, formulas that failed.
    """
    grids = open_grids(path)
    faults: list[Fault] = []
    rows = {sheet.key: rows_of(sheet, *grids[sheet.key], faults) if sheet.key in grids else [] for sheet in SHEETS}
    about = _all(MAKER, rows, faults)
    types = _types(_all(TYPES, rows, faults), faults)
    names = tuple(row.cells["type"].text for row in rows[TYPES.key] if "type" in row.cells)
    purchases = _purchases(_all(RECYCLATE, rows, faults), names, faults)
    plan = _plan(_all(PLAN, rows, faults), about[0][1]["period"] if about else None, faults)
    if faults:
        raise InputError(faults)
    _, made = about[0]
    sheet = MakerSheet(made["name"], made["period"], tuple(types), tuple(one for _, one in purchases), tuple(plan))
    if found := _too_much(sheet, [place for place, _ in purchases]):
        raise InputError(found)
    return sheet


def _all(sheet: Sheet, rows: dict[str, list[Row]], faults: list[Fault]) -> list[tuple[Row, Values]]:
    read = [(row, values_of(sheet, row, faults)) for row in rows[sheet.key]]
    return [(row, values) for row, values in read if values is not None]


def _types(read: list[tuple[Row, Values]], faults: list[Fault]) -> list[BuiltType]:
    seen: dict[str, Place] = {}
    types = []
    for row, of in read:
        name, place = of["type"], row.cells["type"].place
        if name in seen:
            faults.append(Fault("row_twice", place, {"found": name, "other": seen[name]}))
        elif name.casefold() in known("choice.into", (ALL,)):
            faults.append(Fault("maker_type_all", place, {"found": name}))
        elif of["units"] > 0 and of["plastics_kg"] == 0:
            faults.append(Fault("maker_no_plastics", row.cells["plastics_kg"].place, {"found": name}))
        seen.setdefault(name, place)
        types.append(BuiltType(name, of["market"], of["new"] == "yes", int(of["units"]), of["plastics_kg"]))
    if read and not faults and not sum(one.units for one in types):
        faults.append(Fault("maker_no_cars", read[0][0].cells["units"].place))
    return types


def _purchases(
    read: list[tuple[Row, Values]], names: tuple[str, ...], faults: list[Fault]
) -> list[tuple[Place, Purchase]]:
    everything = known("choice.into", (ALL,))
    purchases = []
    for row, of in read:
        into: str | None = of["into"]
        if into is not None and into.casefold() in everything:
            into = None
        elif into not in names:
            told = {"found": into, "allowed": names, "nearest": nearest(str(into), names)}
            faults.append(Fault("maker_type_unknown", row.cells["into"].place, told))
        bought = Purchase(of["supplier"], of["polymer"], of["origin"], of["mass_kg"], into)
        purchases.append((row.cells["mass_kg"].place, bought))
    return purchases


def _plan(read: list[tuple[Row, Values]], period: Period | None, faults: list[Fault]) -> list[PlanTarget]:
    seen: dict[int, Place] = {}
    plan = []
    for row, of in read:
        year, place = of["year"].year, row.cells["year"].place
        if year in seen:
            faults.append(Fault("row_twice", place, {"found": str(year), "other": seen[year]}))
        elif "target_kg" not in of and "target_share" not in of:
            faults.append(Fault("maker_no_target", place, {"found": str(year)}))
        elif period is not None and of["year"].is_fiscal and not period.is_fiscal:
            faults.append(Fault("maker_year_of_other_kind", place, {"found": str(of["year"]), "other": str(period)}))
        seen.setdefault(year, place)
        plan.append(PlanTarget(year, of.get("target_kg"), of.get("target_share")))
    return sorted(plan, key=lambda one: one.year)


def _too_much(sheet: MakerSheet, places: list[Place]) -> list[Fault]:
    """Return a fault, at the row that does it, where a type would hold more recycled plastic than plastics."""
    faults = []
    for built in sheet.types:
        part = built.mass_kg / sheet.mass_kg
        held = Fraction(0)
        for one, place in zip(sheet.purchases, places, strict=True):
            if one.into in (None, built.name):
                held += one.mass_kg * (part if one.into is None else 1)
            if held > built.mass_kg:
                told = {"found": float(held), "allowed": float(built.mass_kg), "type": built.name}
                faults.append(Fault("maker_too_much", place, told))
                break
    return faults
