"""Units at the edge: what people write, and what it is in the unit the model counts in (Q15)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Final, overload

import numpy as np

from cesim.quantities.faults import QuantityError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit measures and how many canonical units it is."""

    name: str
    """As written in files."""

    dimension: str
    """Units convert only inside one dimension."""

    factor: Fraction
    """Canonical units in one of this; exact, so that 14 % is 0.14 to the last bit."""


_DIMENSIONS: Final[dict[str, dict[str, str]]] = {
    # dimension: {unit: factor to the first, canonical one}
    "share": {
        "share": "1",
        "-": "1",
        "%": "1/100",
        "wt%": "1/100",
        "ppm": "1/1000000",
        "kg/kg": "1",
        "t/t": "1",
    },
    "share per year": {"1/year": "1", "%/year": "1/100"},
    "mass": {"t": "1", "kg": "1/1000", "g": "1/1000000", "mg": "1/1000000000", "kt": "1000", "Mt": "1000000"},
    "mass per vehicle": {"kg/vehicle": "1", "t/vehicle": "1000", "g/vehicle": "1/1000"},
    "mass per year": {"t/year": "1", "kg/year": "1/1000", "kt/year": "1000", "Mt/year": "1000000"},
    "mass per time": {"t/h": "1", "kg/h": "1/1000", "kg/min": "60/1000", "t/day": "1/24"},
    "vehicles": {"vehicles": "1", "thousand vehicles": "1000", "million vehicles": "1000000"},
    "vehicles per year": {
        "vehicles/year": "1",
        "thousand vehicles/year": "1000",
        "million vehicles/year": "1000000",
    },
    "money": {"JPY": "1", "thousand JPY": "1000", "million JPY": "1000000", "billion JPY": "1000000000"},
    "money per year": {"JPY/year": "1", "million JPY/year": "1000000", "billion JPY/year": "1000000000"},
    "money per mass": {"JPY/t": "1", "JPY/kg": "1000", "thousand JPY/t": "1000"},
    "money per time": {"JPY/h": "1", "JPY/min": "60"},
    "money per vehicle": {"JPY/vehicle": "1"},
    "money per distance": {"JPY/km": "1"},
    "money per energy": {"JPY/kWh": "1", "JPY/MWh": "1/1000"},
    "money per transport": {"JPY/(t km)": "1"},
    "money per emission": {"JPY/t CO2e": "1", "JPY/kg CO2e": "1000"},
    "time": {"h": "1", "min": "1/60", "s": "1/3600", "days": "24", "months": "730.5", "years": "8766"},
    "time per vehicle": {"h/vehicle": "1", "min/vehicle": "1/60"},
    "emission": {"kg CO2e": "1", "t CO2e": "1000", "kt CO2e": "1000000", "Mt CO2e": "1000000000"},
    "emission per mass": {"kg CO2e/kg": "1", "t CO2e/t": "1", "kg CO2e/t": "1/1000"},
    "emission per energy": {"kg CO2e/kWh": "1", "t CO2e/MWh": "1", "g CO2e/kWh": "1/1000"},
    "emission per transport": {"kg CO2e/(t km)": "1", "g CO2e/(t km)": "1/1000"},
    "energy": {"kWh": "1", "MWh": "1000", "GWh": "1000000", "MJ": "10/36", "GJ": "10000/36"},
    "energy per mass": {
        "kWh/t": "1",
        "kWh/kg": "1000",
        "MJ/t": "10/36",
        "GJ/t": "10000/36",
        "MJ/kg": "10000/36",
    },
    "distance": {"km": "1", "m": "1/1000"},
    "angle": {"deg": "1"},
    "speed": {"km/h": "1"},
    "stress": {"MPa": "1", "GPa": "1000"},
    "density": {"kg/m3": "1", "g/cm3": "1000", "t/m3": "1000"},
}

_UNITS: Final[dict[str, Unit]] = {
    name: Unit(name, dimension, Fraction(factor))
    for dimension, units in _DIMENSIONS.items()
    for name, factor in units.items()
}


def unit_named(name: str) -> Unit:
    """Return the unit written so; full-width letters and subscripts count as plain ones.

    Raises
    ------
    QuantityError
        ``unknown_unit`` with the nearest known ones.
    """
    unit = _UNITS.get(_plain(name))
    if unit is None:
        raise QuantityError("unknown_unit", found=name, allowed=sorted(_UNITS), nearest=_nearest(name, _UNITS))
    return unit


def units_of(dimension: str) -> list[str]:
    """Return the units of a dimension, the canonical one first; empty for an unknown dimension."""
    return list(_DIMENSIONS.get(dimension, ()))


@overload
def convert(value: float, found: str, wanted: str) -> float: ...
@overload
def convert(value: NDArray[np.float64], found: str, wanted: str) -> NDArray[np.float64]: ...
def convert(value: float | NDArray[np.float64], found: str, wanted: str) -> float | NDArray[np.float64]:
    """Return a value written in the unit `found`, counted in the unit `wanted`.

    Raises
    ------
    QuantityError
        ``unknown_unit``; ``wrong_unit`` across dimensions, with the units that would do; ``not_finite``.
    """
    written, counted = unit_named(found), unit_named(wanted)
    if written.dimension != counted.dimension:
        allowed = units_of(counted.dimension)
        raise QuantityError("wrong_unit", found=found, unit=wanted, allowed=allowed, nearest=_nearest(found, allowed))
    ratio = written.factor / counted.factor
    # whole numbers above and below the line: one rounding where a decimal factor would give two
    with np.errstate(over="ignore"):
        converted = value * float(ratio.numerator) / float(ratio.denominator)
    if not np.isfinite(converted).all():
        raise QuantityError("not_finite", found=str(value))
    return converted


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split())


def _nearest(found: str, allowed: dict[str, Unit] | list[str]) -> list[str]:
    return get_close_matches(_plain(found), list(allowed), n=3)
