"""What a compound is made of and what it must hold to: feeds and windows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cesim.charge.faults import Refusals
from cesim.data import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.data import Row

    Window = tuple[float | None, float | None]

MELT_FLOW = "mfr"
DENSITY = "density"
PROPERTIES = (MELT_FLOW, "impact", "modulus", "ash", "talc", DENSITY)
"""Melt flow rate (g/10 min), notched Charpy (kJ/m2), flexural modulus (GPa), ash and talc (mass fractions), g/cm3."""
_SPELLED = {"flexural_modulus": "modulus", "charpy": "impact", "mfr": MELT_FLOW, "density": DENSITY, "ash": "ash"}
_PERCENT = "wt%"


@dataclass(frozen=True)
class Feed:
    """Something that goes into a compound: a recyclate, virgin polymer, talc masterbatch.

    Raises
    ------
    InputError
        For a negative stock, price or property, shares above one, and an unknown property.
    """

    name: str
    """As the compounder calls it."""
    price: float
    """JPY/t."""
    stock: float
    """t at hand."""
    recycled: float
    """Recycled share of its mass, 0 to 1."""
    properties: Mapping[str, float]
    """Property -> value; see `PROPERTIES`."""
    substances: Mapping[str, float] = field(default_factory=dict)
    """Substance of concern -> mass fraction."""
    co2: float = 0.0
    """t CO2e/t."""

    def __post_init__(self) -> None:
        with Refusals(f"Feed {self.name}") as refusals:
            for name in ("price", "stock", "co2"):
                refusals.number(name, getattr(self, name), 0.0)
            refusals.number("recycled", self.recycled, 0.0, 1.0)
            for name, value in self.properties.items():
                if refusals.known("properties", name, PROPERTIES):
                    refusals.number(name, value, 0.0, 1.0 if name in ("ash", "talc") else float("inf"))
            for name, value in self.substances.items():
                refusals.number(name, value, 0.0, 1.0)


@dataclass(frozen=True)
class CompoundLimits:
    """What a compound must hold to: a window for each property, and a ceiling for each substance in every feed.

    A substance of concern is limited in what goes in, not in what comes out: a feed above the ceiling may not be
    thinned until it passes.

    Raises
    ------
    InputError
        For windows that cross, an unknown property, ceilings outside 0 to 1.
    """

    name: str
    """The compound."""
    windows: Mapping[str, Window]
    """Property -> (least, most); None: open."""
    substances: Mapping[str, float] = field(default_factory=dict)
    """Substance -> highest mass fraction in any feed."""
    rows: tuple[Row, ...] = field(default=(), repr=False)
    """Where the windows were read; empty for one's own."""

    def __post_init__(self) -> None:
        with Refusals(f"CompoundLimits {self.name}") as refusals:
            for name, (low, high) in self.windows.items():
                refusals.known("windows", name, PROPERTIES)
                for end in (low, high):
                    if end is not None:
                        refusals.number(name, end, 0.0)
                if low is not None and high is not None and low > high:
                    refusals.refuse("charge_limits_crossed", name, lower=low, upper=high)
            for name, ceiling in self.substances.items():
                refusals.number(name, ceiling, 0.0, 1.0)

    @classmethod
    def named(cls, name: str, substances: Mapping[str, float]) -> CompoundLimits:
        """Return the usual windows of a compound of the process table, such as ``interior_td20``.

        A row for "at least" gives its value; another row gives its two ends, since it is written as a range. The
        table has no ceilings of substances, so they are asked for.

        Raises
        ------
        InputError
            ``charge_unknown_name`` with the nearest compound.
        """
        prefix = "pl.spec."
        found: dict[str, list[Row]] = {}
        for row in rows("plastics_processes"):
            if row.key.startswith(prefix):
                found.setdefault(row.key.split(".")[2], []).append(row)
        with Refusals("CompoundLimits") as refusals:
            refusals.known("name", name, found)
        windows = {_SPELLED[row.key.split(".")[3]]: _window(row) for row in found[name]}
        return cls(name, windows, substances, tuple(found[name]))


def _window(row: Row) -> Window:
    scale = 0.01 if row.unit == _PERCENT else 1.0
    ends = (row.value, None) if row.key.endswith(".min") else (row.low, row.high)
    return (None if ends[0] is None else scale * ends[0], None if ends[1] is None else scale * ends[1])
