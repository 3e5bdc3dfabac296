"""Numbers and words of a casthouse page in one language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from cesim.charge.estimates import Estimate
from cesim.report.numbers import Scale
from cesim.report.words import Words
from cesim.text import has

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.text import Language

Unit = Literal[
    "share", "risk", "points", "points_each", "wt", "mix", "jpy", "jpy_t", "t", "t_many", "t_year", "jpy_year",
    "co2", "co2_t", "co2_year", "loads", "cars", "hours", "km", "t_km", "jpy_many",
]  # fmt: skip
"""What a number is of; `points_each` are percentage points already."""
ROUNDING = 1e-9
"""Standard error, as a share of the number, below which it is rounding."""
NORMAL_95 = 1.96
"""Standard errors to either side of an estimate that make a 95 % interval."""


@dataclass(frozen=True)
class Writer:
    """Looks words up under `report.casthouse.` and writes numbers by unit; a word that is missing raises."""

    lang: Language

    @cached_property
    def words(self) -> Words:
        """The words of every report."""
        return Words(self.lang)

    def say(self, key: str, **arguments: object) -> str:
        """Return the text of `report.casthouse.<key>` with its arguments filled in."""
        return self.words(f"casthouse.{key}", **arguments)

    def join(self, parts: Iterable[str]) -> str:
        """Return a list in words."""
        return self.say("comma").join(parts)

    def scale(self, unit: Unit) -> Scale:
        """Return how a unit is written; percent for shares and mass fractions."""
        symbol = self.say(f"unit.{unit}")
        if unit in ("share", "points"):
            return Scale(100.0, symbol, 1)
        if unit in ("risk", "wt"):
            return Scale(100.0, symbol, None)
        if unit in ("jpy", "jpy_t", "loads", "cars", "km", "t_km"):
            return Scale(1.0, symbol, 0)
        factor = 1e-6 if unit in ("jpy_year", "jpy_many") else 1.0
        return Scale(factor, symbol, {"t": 3, "mix": 4, "t_many": 1, "hours": 1}.get(unit))

    def bare(self, value: float, unit: Unit) -> str:
        """Write a number without its unit; a dash where it is of nothing."""
        return self.scale(unit).bare(value) if math.isfinite(value) else self.say("undefined")

    def full(self, value: float, unit: Unit) -> str:
        """Write a number with its unit; a dash where it is of nothing."""
        return self.scale(unit).full(value) if math.isfinite(value) else self.say("undefined")

    def given(self, value: float, unit: Literal["share", "t"]) -> str:
        """Write a number as it was given, without the zeros behind it."""
        scale = self.scale(unit)
        return f"{value * scale.factor:,.6g} {scale.symbol}"

    def short(self, share: float) -> str:
        """Write a share to three significant digits without the zeros behind them."""
        return f"{100.0 * share:.3g} %"

    def signed(self, value: float, unit: Unit) -> str:
        """Write a change with its sign."""
        told = self.full(value, unit)
        return f"+{told}" if math.isfinite(value) and value > 0 and told[0] not in "−0" else told

    def estimate(self, value: float, unit: Unit, *, bare: bool = False, signed: bool = False) -> str:
        """Write a number with its standard error, to two digits of the latter: ``46.12 ± 0.34 %``."""
        if not math.isfinite(value):
            return self.say("undefined")
        scale = self.scale(unit)
        error = error_of(value)
        if error > 0.0:
            places = 1 - math.floor(math.log10(error * scale.factor))
            scale = Scale(scale.factor, scale.symbol, min(max(places, 0), 6))
        told = scale.bare(value)
        if signed and value > 0:
            told = f"+{told}"
        told += f" ± {scale.bare(error)}" if error > 0.0 else ""
        return told if bare else f"{told} {scale.symbol}".rstrip()

    def limit(self, name: str) -> str:
        """Name of a limit as the reader calls it: `Mg min`, `others total`, `free_iron`."""
        bare = name.removesuffix(" min")
        each = bare.removesuffix(" (others each)")
        if has(f"report.casthouse.thing.{bare.replace(' ', '_')}", self.lang):
            bare = self.say(f"thing.{bare.replace(' ', '_')}")
        elif each != bare:
            bare = self.say("limit_each", name=each)
        return self.say("limit_min", name=bare) if name.endswith(" min") else bare

    def limits(self, names: Iterable[str]) -> str:
        """Names of several limits."""
        return self.join(self.limit(name) for name in names)

    def added(self, name: str) -> str:
        """Name of a material of a charge; the accepted scrap has no other name than that."""
        return self.say("accepted_scrap") if name == "scrap" else name


def error_of(value: float) -> float:
    """Return the standard error of an estimate; 0 where there is none, where it is rounding, or not known."""
    error = value.standard_error if isinstance(value, Estimate) else 0.0
    return error if math.isfinite(error) and error > ROUNDING * abs(value) else 0.0
