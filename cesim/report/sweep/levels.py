"""A level as it is told: never rounded to another one that other futures lie beyond."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from cesim.report.numbers import scale_for

if TYPE_CHECKING:
    from cesim.report.words import Words


def exactly(value: float, unit: str, words: Words) -> str:
    """Write a level as it is, rounded as usual only where that is the same number: counts beside it stay true."""
    scale = scale_for(unit, value, words)
    full, usual = f"{value * scale.factor:,.9g}".replace("-", "−"), scale.bare(value)
    number = usual if _number(usual) == _number(full) else full
    return f"{number} {scale.symbol}".rstrip()


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").replace("−", "-"))
    except InvalidOperation:
        return None
