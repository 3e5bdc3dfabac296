"""Masses from outside: a number and its unit become whole milligrams, or are refused with their place."""

from __future__ import annotations

from math import copysign, inf
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.trace.imports.said import UNTOLD_MG

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.errors import Place

MOST_MG: Final = 2**50
"""No lot and no side of an event is heavier, a million tonnes: what chain of custody reckons with, exactly."""
MG_OF: Final = {
    "KGM": 1e6,
    "GRM": 1e3,
    "MGM": 1.0,
    "TNE": 1e9,
    "KTN": 1e12,
    "DTN": 1e8,
    "HGM": 1e5,
    "LBR": 453_592.37,
    "ONZ": 28_349.523125,
    "STN": 907_184_740.0,
    "LTN": 1_016_046_908.8,
}
"""Milligrams of a unit by its code of UN/ECE Recommendation 20 (status: read in other descriptions of it). ``DTN`` is
a hundred kilograms, ``STN`` and ``LTN`` are the ton of 2,000 and of 2,240 pounds."""


def milligrams(
    value: float, of_unit: float, place: Callable[[], Place], faults: list[Fault], least: float = 0.0
) -> int:
    """Return a mass in whole milligrams; one that cannot be is put among the faults and nothing is said of it.

    Exact for a number with up to six decimals of a kilogram; a fraction of a milligram is rounded.

    Parameters
    ----------
    value, of_unit
        The number, and the milligrams of its unit.
    place
        Returns where it stands; asked only for a fault, for it takes long.
    least
        -`MOST_MG` for a loss, which may be a gain.
    """
    mass = value * of_unit if abs(value) < 1e300 else copysign(inf, value)
    if least <= mass < MOST_MG:
        return round(mass)
    code = "import_mass_negative" if mass < least == 0.0 else "import_mass_too_large"
    faults.append(Fault(code, place(), {"found": str(value), "allowed": f"{MOST_MG // 10**9:,} t"}))
    return UNTOLD_MG
