"""The rounding rule of specifications: round the reading to the decimals of the limit, then compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.composition import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

_PLACES = ((0.001, 4), (0.01, 3), (0.55, 2))
"""wt% up to which a limit is written with so many decimals; one decimal beyond."""


def decimals_of(limit: float) -> int:
    """Return the decimals in wt% with which a limit (mass fraction) of an aluminium alloy is written.

    Below 0.001 %: four; below 0.01 %: three; through 0.55 %: two; above: one (The Aluminum Association,
    *International Alloy Designations and Chemical Composition Limits*, standard rules for limits). Castings of JIS
    print fewer; their tables carry the printed decimals.
    """
    percent = round(100.0 * limit, 9)
    for up_to, places in _PLACES:
        if percent < up_to or (up_to == _PLACES[-1][0] and percent == up_to):
            return places
    return 1


def rounded(value: Floats, decimals: int) -> Floats:
    """Round mass fractions to so many decimals in wt%, ties to the even digit (ASTM E29; JIS Z 8401, rule A).

    Binary noise is taken off first, so that 0.125 % is a tie although 0.00125 is none in floating point.
    """
    scale = 10.0 ** (decimals + 2)
    return np.asarray(np.rint(np.round(value * scale, 6)) / scale)


def at_most(value: Floats, limit: float, decimals: int | None = None) -> Booleans:
    """Say where a value keeps an upper limit: exactly, or rounded to `decimals` in wt% first."""
    compared = value if decimals is None else rounded(value, decimals)
    return np.asarray(compared <= limit + TOLERANCE)


def at_least(value: Floats, limit: float, decimals: int | None = None) -> Booleans:
    """Say where a value keeps a lower limit; see `at_most`."""
    compared = value if decimals is None else rounded(value, decimals)
    return np.asarray(compared >= limit - TOLERANCE)
