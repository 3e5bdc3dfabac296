"""A maker's year: the types it built, the recycled plastics it bought for them, what it planned."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from cesim.ledger.substances import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKETS: Final = ("domestic", "eu", "other")
"""Where a type is sold."""
RECYCLED: Final = tuple(name for name in ORIGINS if name not in ("primary", "run_around"))
"""Origins a maker may buy from: all but virgin plastic and its own run-around scrap."""


@dataclass(frozen=True, slots=True)
class Period:
    """The twelve months that a report is of."""

    year: int
    is_fiscal: bool = False
    """Whether it begins in April (Japanese fiscal year, named by its first calendar year)."""

    def __str__(self) -> str:
        return f"FY{self.year}" if self.is_fiscal else str(self.year)


@dataclass(frozen=True, slots=True)
class BuiltType:
    """The cars of one type for one market."""

    name: str
    market: str
    """One of `MARKETS`."""
    is_new: bool
    """Whether the type was approved in the period."""
    units: int
    plastics_kg: Fraction
    """Of one car, PUR foam included."""

    @property
    def mass_kg(self) -> Fraction:
        """Plastics in all its cars, kg."""
        return self.units * self.plastics_kg


@dataclass(frozen=True, slots=True)
class Purchase:
    """Recycled plastic that went into cars."""

    supplier: str
    polymer: str
    origin: str
    """One of `RECYCLED`."""
    mass_kg: Fraction
    into: str | None = None
    """Name of the type; None for all of them, by the plastics they hold."""


@dataclass(frozen=True, slots=True)
class PlanTarget:
    """What the maker's own plan says for a year; a mass, a share of all plastics, or both."""

    year: int
    mass_kg: Fraction | None = None
    share: Fraction | None = None


@dataclass(frozen=True)
class MakerSheet:
    """Everything that a maker filled in. All masses are exact, so that sums have no rounding of their own."""

    maker: str
    period: Period
    types: tuple[BuiltType, ...]
    purchases: tuple[Purchase, ...]
    plan: tuple[PlanTarget, ...] = ()

    @property
    def units(self) -> int:
        """Cars of all types."""
        return sum(one.units for one in self.types)

    @property
    def mass_kg(self) -> Fraction:
        """Plastics in all cars, kg."""
        return sum((one.mass_kg for one in self.types), Fraction(0))

    def bought_kg(self) -> Mapping[str, Fraction]:
        """Return what was bought by origin, kg; every origin of `RECYCLED` is there."""
        bought = dict.fromkeys(RECYCLED, Fraction(0))
        for one in self.purchases:
            bought[one.origin] += one.mass_kg
        return bought

    def held_kg(self, built: BuiltType) -> Mapping[str, Fraction]:
        """Return what the cars of a type hold by origin, kg: its own purchases, and its part of those for all."""
        held = dict.fromkeys(RECYCLED, Fraction(0))
        part = built.mass_kg / self.mass_kg
        for one in self.purchases:
            if one.into in (None, built.name):
                held[one.origin] += one.mass_kg * (part if one.into is None else 1)
        return held
