"""One cell -> one value: a number, a share, a year, one of several choices; or a fault at its place."""

from __future__ import annotations

import math
import re
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault
from cesim.orders.maker.columns import LANGUAGES, known, named
from cesim.orders.maker.sheet import Period
from cesim.text import nearest

if TYPE_CHECKING:
    from cesim.orders.maker.columns import Column, Sheet
    from cesim.orders.maker.rows import Row
    from cesim.scenario.workbook.grid import Cell

MOST: Final = 1e12
"""Kilograms or cars; the world makes some 1e11 kg of plastics for cars in a decade."""
_PERIOD: Final = re.compile(r"(FY|年度)?\s*(20[0-9]{2})\s*(年度?)?", re.IGNORECASE)


def values_of(sheet: Sheet, row: Row, faults: list[Fault]) -> dict[str, Any] | None:
    """Return key -> value of a row; nothing where a cell is missing or wrong, which is told in `faults`."""
    before = len(faults)
    found: dict[str, Any] = {}
    for column in sheet.columns:
        cell = row.cells.get(column.key)
        if cell is not None:
            found[column.key] = _read(sheet, column, cell, faults)
        elif not column.is_optional and column.key in row.heads:
            name = " / ".join(named(f"column.{sheet.key}", column.key, lang) for lang in LANGUAGES)
            faults.append(Fault("maker_cell_missing", row.place, {"missing": name}))
    is_whole = all(column.is_optional or column.key in found for column in sheet.columns)
    return found if is_whole and len(faults) == before else None


def _read(sheet: Sheet, column: Column, cell: Cell, faults: list[Fault]) -> Any:
    if column.kind == "text":
        return cell.text
    if column.kind == "choice":
        return _choice(column, cell, faults)
    if column.kind == "year":
        return _period(sheet, cell, faults)
    return _number(column, cell, faults)


def _number(column: Column, cell: Cell, faults: list[Fault]) -> Fraction | None:
    """Return a number exactly as it is written."""
    fault = _wrong_number(column, cell)
    if fault is not None:
        faults.append(fault)
        return None
    return Fraction(repr(cell.value))


def _wrong_number(column: Column, cell: Cell) -> Fault | None:
    value, told = cell.value, {"found": cell.text}
    if isinstance(value, bool) or not isinstance(value, float) or not math.isfinite(value):
        return Fault("maker_no_number", cell.place, told | {"proposal": _plain(cell.text)})
    if cell.per_cent and column.kind != "share":
        return Fault("cell_per_cent", cell.place, {"found": cell.per_cent, "holds": value})
    if value < 0.0:
        return Fault("maker_negative", cell.place, told)
    if column.kind == "share" and value > 1.0:
        return Fault("maker_share_above_one", cell.place, told | {"proposal": f"{value / 100.0:.6g}"})
    if value > MOST:
        return Fault("maker_too_large", cell.place, told)
    if column.kind == "count" and not value.is_integer():
        return Fault("maker_no_whole", cell.place, told)
    return None


def _plain(text: str) -> str:
    """Return the number that was probably meant: `１，２００ kg` -> 1200; nothing where that is not clear."""
    match = re.match(r"[-+]?[0-9][0-9,]*(\.[0-9]+)?", unicodedata.normalize("NFKC", text).strip())
    return match[0].replace(",", "") if match else ""


def _choice(column: Column, cell: Cell, faults: list[Fault]) -> str | None:
    names = known(f"choice.{column.key}", column.choices)
    words = "true" if cell.value is True else "false" if cell.value is False else cell.text.strip()
    key = names.get(words.casefold())
    if key is None and column.choices == ("yes", "no"):
        key = {"true": "yes", "○": "yes", "1": "yes", "false": "no", "×": "no", "0": "no"}.get(words.casefold())
    if key is None:
        allowed = tuple(
            dict.fromkeys(named(f"choice.{column.key}", one, lang) for lang in LANGUAGES for one in column.choices)
        )
        told = {"found": cell.text, "allowed": allowed, "nearest": nearest(words.casefold(), tuple(names))}
        faults.append(Fault("maker_no_choice", cell.place, told))
    return key


def _period(sheet: Sheet, cell: Cell, faults: list[Fault]) -> Period | None:
    """Return the twelve months of `2028`, `2028年`, `FY2028` or `2028年度`."""
    match = _PERIOD.fullmatch(unicodedata.normalize("NFKC", cell.text).strip())
    if match is None or isinstance(cell.value, bool):
        faults.append(
            Fault("maker_no_period" if sheet.has_fields else "maker_no_year", cell.place, {"found": cell.text})
        )
        return None
    return Period(int(match[2]), is_fiscal=match[1] is not None or match[3] == "年度")
