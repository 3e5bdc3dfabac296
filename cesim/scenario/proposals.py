"""What a person meant who wrote a text where a number stands."""

from __future__ import annotations

import re
from typing import Final

from cesim.scenario.fullwidth import half

_GROUPED: Final = re.compile(r"[-+]?[0-9]{1,3}([,_ ][0-9]{3})+(\.[0-9]+)?")
_NUMBER: Final = re.compile(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?")
_WITH_UNIT: Final = re.compile(rf"({_NUMBER.pattern})\s*([A-Za-z%][^\s].*|[A-Za-z%])")


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
    if match is None:
        return None
    number, unit = match[1], match[3].strip()
    if unit == "%" and kind == "share":
        return f"{float(number) / 100:g}"
    unit = f'"{unit}"' if unit.startswith("%") else unit
    return f"{{value: {number}, unit: {unit}}}"
