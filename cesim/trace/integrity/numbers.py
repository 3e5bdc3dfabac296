"""Numbers that every reader reads alike: finite, and no whole number beyond 2^53."""

from __future__ import annotations

from math import isfinite
from typing import Final

from cesim.trace.integrity.misplaced import Misplaced

LARGEST: Final = 2**53
"""Beyond it a reader whose numbers are doubles (RFC 8259, section 6) no longer tells whole numbers apart."""


def plain_number(value: float) -> int | float:
    """Return a number, whole where it is whole, so that 26.0 and 26 are one.

    Raises
    ------
    Misplaced
        ``event_number_not_finite``, ``event_number_too_big``.
    """
    if type(value) is int and -LARGEST <= value <= LARGEST:
        return value
    if isinstance(value, float):
        if not isfinite(value):
            raise Misplaced("event_number_not_finite", found=str(value))
        if value.is_integer():
            value = int(value)
    if not -LARGEST <= value <= LARGEST:
        raise Misplaced("event_number_too_big", found=str(value) if isinstance(value, float) else _shown(value))
    return value


def _shown(value: int) -> str:
    return str(value) if value.bit_length() < 1000 else f"{value >> (value.bit_length() - 1)}..."
