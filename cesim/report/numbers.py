"""Numbers as a reader wants to see them: by unit, in the reader's language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.text import has

if TYPE_CHECKING:
    from cesim.report.words import Words

KILO_FROM = 10_000.0
"""Japanese texts say 千トン from here on."""


KNOWN = {
    "vehicles": "unit.vehicles",
    "vehicle": "unit.vehicle",
    "JPY": "unit.jpy",
    "t": "unit.t",
    "kt": "unit.kt",
    "years": "unit.years",
}
"""Parts of a unit that have a word; the rest (kg, CO2e) is the same in every language."""


@dataclass(frozen=True)
class Scale:
    """How one unit is written: multiply, keep so many decimals, put the symbol behind."""

    factor: float
    symbol: str
    decimals: int | None
    """None keeps three significant digits."""
    most_decimals: int = 6
    """No tenth of a kilogram of a region's flows is known, no fraction of a car exists."""

    def bare(self, value: float) -> str:
        """Return the number without its unit."""
        scaled = value * self.factor
        if not math.isfinite(scaled):
            raise ValueError(f"not a finite number: {value}")
        if self.decimals is not None:
            text = f"{scaled:,.{self.decimals}f}"
        elif scaled == 0:
            text = "0"
        else:
            places = 2 - math.floor(math.log10(abs(scaled)))
            text = f"{round(scaled, places):,.{min(max(places, 0), self.most_decimals)}f}"
        if float(text.replace(",", "")) == 0:
            return "0" if self.decimals is None else text.removeprefix("-")
        return text.replace("-", "−")

    def full(self, value: float) -> str:
        """Return the number with its unit."""
        return f"{self.bare(value)} {self.symbol}".rstrip()


def scale_for(unit: str, size: float, words: Words) -> Scale:
    """Choose how to write numbers of about `size` in `unit`."""
    if unit == "share":
        return Scale(100.0, "%", 1)
    mass, _, gas = unit.partition(" ")
    if mass == "t" and words.lang == "ja" and abs(size) >= KILO_FROM:
        return Scale(1e-3, words("unit.kt") + gas, None, 2)
    if mass in ("t", "kt"):
        joint = "" if words.lang == "ja" else " "
        return Scale(1.0, (words(f"unit.{mass}") + joint + gas).rstrip(), None, 1)
    parts = [words(KNOWN[part]) if part in KNOWN else part for part in unit.split("/")]
    return Scale(1.0, "/".join(parts), None, 0 if unit == "vehicles" else 6)


def unit_name(unit: str, words: Words) -> str:
    """Name of a unit in the reader's language: `kg/vehicle` becomes kg/台; nothing for numbers without a unit."""
    if unit in ("-", "None"):
        return ""
    parts = [
        words(f"unit_name.{part}") if has(f"report.unit_name.{part}", words.lang) else part for part in unit.split("/")
    ]
    return "/".join(parts)


def write(value: float, unit: str, words: Words) -> str:
    """Write one number with its unit."""
    return scale_for(unit, value, words).full(value)


def write_range(low: float, high: float, unit: str, words: Words, size: float | None = None) -> str:
    """Write a range, both ends in the same scale."""
    scale = scale_for(unit, high if size is None else size, words)
    return f"{scale.bare(low)} – {scale.bare(high)} {scale.symbol}".rstrip()


def write_difference(value: float, unit: str, words: Words) -> str:
    """Write the size of a difference: points for shares, the unit for the rest."""
    if unit == "share":
        return f"{Scale(100.0, '', 1).bare(abs(value))} {words('unit.points')}"
    return write(abs(value), unit, words)


def bare_change(value: float, unit: str, words: Words, size: float | None = None) -> str:
    """Write a difference with its sign and without its unit; `size` chooses the scale."""
    told = scale_for(unit, value if size is None else size, words).bare(value)
    return f"+{told}" if value > 0 and told.strip("0.") else told


def write_change(value: float, unit: str, words: Words, size: float | None = None) -> str:
    """Write a difference with its sign: points for shares, the unit for the rest."""
    return (
        f"{bare_change(value, unit, words, size)} {_of_change(unit, value if size is None else size, words)}".rstrip()
    )


def write_changes(low: float, high: float, unit: str, words: Words, size: float | None = None) -> str:
    """Write the range of a difference, both ends with their signs and in one scale."""
    most = max(abs(low), abs(high)) if size is None else size
    ends = [bare_change(end, unit, words, most) for end in (low, high)]
    return f"{ends[0]} – {ends[1]} {_of_change(unit, most, words)}".rstrip()


def write_error(error: float, unit: str, words: Words, size: float | None = None) -> str:
    """Write a standard error in the unit of a difference: points for shares."""
    return f"{bare_change(error, unit, words, size).lstrip('+')} {_of_change(unit, size or error, words)}".rstrip()


def _of_change(unit: str, size: float, words: Words) -> str:
    """Symbol of a difference."""
    return words("unit.points") if unit == "share" else scale_for(unit, size, words).symbol


def plain(value: object) -> str:
    """Write an input as it was given: six significant digits, nothing where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:,.6g}" if isinstance(value, (int, float)) else str(value)
