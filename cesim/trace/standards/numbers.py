"""Numbers: quantities of things, and readings of sensors.

Beyond the standard, which asks for any number: a quantity is neither negative nor above 10^15 of its unit, and the
size of a reading is at most 10^100, so that no arithmetic with them overflows.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.standards.places import kind

if TYPE_CHECKING:
    from cesim.trace.standards.places import At, Objections

MOST_QUANTITY: Final = 1e15
MOST_READING: Final = 1e100


def quantity(value: Any, at: At, found: Objections) -> None:
    """A quantity of things: finite, from 0 to `MOST_QUANTITY`."""
    if _is_number(value, at, found) and not 0 <= value <= MOST_QUANTITY:
        found.refuse("epcis_quantity_out_of_range", at, found=value, least=0, most=MOST_QUANTITY)


def reading(value: Any, at: At, found: Objections) -> None:
    """A number that a sensor gave: finite, from -`MOST_READING` to `MOST_READING`."""
    if _is_number(value, at, found) and not -MOST_READING <= value <= MOST_READING:
        found.refuse("epcis_reading_out_of_range", at, found=value, least=-MOST_READING, most=MOST_READING)


def _is_number(value: Any, at: At, found: Objections) -> bool:
    if type(value) is not float and type(value) is not int:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="number")
        return False
    if type(value) is float and not isfinite(value):
        found.refuse("json_number_too_large", at, found=value)
        return False
    return True
