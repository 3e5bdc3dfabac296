"""What a person meant who wrote a text where a number stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cesim.scenario.fullwidth import half
from cesim.scenario.scalars import NotANumber, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

_GROUPED: Final = re.compile(r"[-+]?[0-9]{1,3}([,_ ][0-9]{3})+(\.[0-9]+)?")
_NUMBER: Final = re.compile(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?")
_OTHER_BASE: Final = re.compile(r"[-+]?0[xXoObB][0-9a-fA-F]+")
_WITH_UNIT: Final = re.compile(rf"({_NUMBER.pattern})\s*([A-Za-z%][^\s].*|[A-Za-z%])")
_DECIMAL_COMMA: Final = re.compile(r"([-+]?)(0|[1-9][0-9]*),([0-9]+)")
_USUAL_UNIT: Final = re.compile(rf"({_NUMBER.pattern}|[-+]?[0-9][0-9,]*)\s*(?:t|wt%|mass%|t/h|t/t|JPY/t|円/t|t/年|t/a)")
"""A unit in which plain fields are stated anyway; any other (kg, %) would change the number."""


def unquoted(text: str, kinds: Sequence[type]) -> str | None:
    """Return a text without its quotes where it would then be of one of these kinds, else nothing.

    A file reads `0.85` as a number; a text that says so was written in quotes.
    """
    try:
        return text if type(resolve(text)) in kinds else None
    except NotANumber:
        return None


def number_meant(text: str, kind: str = "") -> str | None:
    """Return how to write the number that a text seems to mean, or nothing.

    `1,000` and `1_000` lose their grouping, `80%` becomes 0.8 where a share stands, `120 t` a value with
    its unit, a quoted or full-width number a plain one.
    """
    written = half(text)
    if _GROUPED.fullmatch(written):
        written = re.sub(r"[,_ ]", "", written)
    if _NUMBER.fullmatch(written):
        return written
    match = _WITH_UNIT.fullmatch(written)
    if match is None or _OTHER_BASE.fullmatch(written):
        return None
    number, unit = match[1], match[3].strip()
    if unit == "%" and kind == "share":
        return f"{float(number) / 100:g}"
    unit = f'"{unit}"' if unit.startswith("%") else unit
    return f"{{value: {number}, unit: {unit}}}"


def bare_number(text: str) -> str | None:
    """Return the number that a text seems to mean where only a number may stand, or nothing.

    `0,40` has a decimal comma, `3,000` a grouping one; `3000 t` loses a unit in which such fields are stated anyway,
    while `95 %` and `20 kg` mean another number and are left to their writer.
    """
    written = half(text).strip()
    if match := _USUAL_UNIT.fullmatch(written):
        written = match[1].strip()
    if (match := _DECIMAL_COMMA.fullmatch(written)) and (match[2] == "0" or len(match[3]) != 3):
        return f"{match[1]}{match[2]}.{match[3]}"
    if _GROUPED.fullmatch(written) or _NUMBER.fullmatch(written):
        return re.sub(r"[,_ ]", "", written)
    return None
