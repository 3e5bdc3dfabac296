"""Limits of a box as they are told: the shortest number that parts the futures inside from those outside.

A limit lies between two futures. Any number between them says the same of all futures of the study, so the shortest is
told, and the counts that stand beside it stay true to the last future.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cesim.sweep.discovery.boxes import Restriction

    Floats = NDArray[np.float64]

Side = Literal["above", "below", "between", "among"]
_DIGITS = 60
"""Enough for the difference of any two numbers of a computer that a study holds."""


@dataclass(frozen=True)
class Told:
    """A limit of one input in numbers as they are written.

    Attributes
    ----------
    side
        which way it limits; ``among``: one of several options
    low, high
        the numbers, in the unit they are shown in; None where there is none
    kept
        the options let in
    """

    side: Side
    low: Decimal | None = None
    high: Decimal | None = None
    kept: tuple[float, ...] = ()


def told(restriction: Restriction, values: Floats, factor: float = 1.0) -> Told | None:
    """Return how a limit is told of the values (run,) of its input; None where it keeps nothing out.

    Parameters
    ----------
    factor
        by which values are multiplied where they are shown; 100 for per cent
    """
    if restriction.kind == "category":
        return Told("among", kept=restriction.kept) if restriction.dropped else None
    low = high = None
    if restriction.low is not None and (values < restriction.low).any():
        outside, inside = values[values < restriction.low].max(), values[values >= restriction.low].min()
        low = shortest(_exact(outside, factor), _exact(inside, factor))
    if restriction.high is not None and (values > restriction.high).any():
        inside, outside = values[values <= restriction.high].max(), values[values > restriction.high].min()
        high = shortest(_exact(inside, factor), _exact(outside, factor))
    if low is None and high is None:
        return None
    return Told("above" if high is None else "below" if low is None else "between", low, high)


def shortest(low: Decimal, high: Decimal) -> Decimal:
    """Return the number with the fewest decimals that lies between two others, the nearest to their middle of these."""
    if not low < high:
        raise ValueError(f"nothing lies between {low} and {high}")
    with localcontext() as context:
        context.prec = 4 * _DIGITS
        middle = (low + high) / 2
        exponent = max(abs(low), abs(high)).adjusted() + 1
        while True:
            step = Decimal(1).scaleb(exponent)
            found = (middle / step).to_integral_value(ROUND_HALF_EVEN) * step
            if low < found < high:
                return found
            exponent -= 1


def written(number: Decimal) -> str:
    """Write a number in full, with a proper minus sign."""
    plain = f"{number:,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace("-", "−")


def _exact(value: float, factor: float) -> Decimal:
    """Return the product exactly: two numbers that differ still differ."""
    with localcontext() as context:
        context.prec = 4 * _DIGITS
        return Decimal(float(value)) * Decimal(str(factor))
