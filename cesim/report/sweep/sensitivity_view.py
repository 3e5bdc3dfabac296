"""An analysis of what results depend on, as its page looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.sweep.sensitivity import GivenShares, MorrisEffects, SobolIndices

if TYPE_CHECKING:
    from cesim.report.sweep.varied import Names
    from cesim.sweep.answers.sensitivities import Analysed, Sensitivities
    from cesim.sweep.sensitivity import Estimated

MATTERS = 0.01
"""Share of the variance below which, with all of its interval, a factor is not shown in a figure."""
MOST = 15
"""Factors of a figure; the table has them all."""


@dataclass(frozen=True)
class SensitivityView:
    """Names and words of an analysis in one language."""

    names: Names
    found: Sensitivities

    def say(self, key: str, **arguments: object) -> str:
        """A text of analyses."""
        return self.names.writer.say(f"sensitivity.{key}", **arguments)

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(self.names.varied(name) for name in self.found.factors)

    def title(self, one: Analysed) -> str:
        """Name of a result, with its alternative where there are several."""
        told = self.names.series(one.series)
        several = len({each.alternative for each in self.found.results}) > 1
        return self.say("of_alternative", name=told, alternative=one.alternative) if several else told

    def interval(self, low: float, high: float) -> str:
        """An interval of an index."""
        return f"{self.index(low)} – {self.index(high)}"

    def index(self, value: float) -> str:
        """An index to two decimals, with a proper minus sign."""
        return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def signed_of(answer: MorrisEffects, of: Estimated) -> dict[int, float]:
    """Return mean or spread of effects by number of the factor; a group that moves different ways has none."""
    return {at: float(value) for at, value in zip(answer.signed, of.value, strict=True)}


def order_of(answer: SobolIndices | MorrisEffects | GivenShares) -> list[int]:
    """Return the factors, what matters most first."""
    if isinstance(answer, SobolIndices):
        size = answer.total.value
    elif isinstance(answer, MorrisEffects):
        size = answer.mu_star.value
    else:
        size = answer.share
    return [int(at) for at in np.argsort(-size, kind="stable")]


def shown(answer: SobolIndices | MorrisEffects | GivenShares) -> list[int]:
    """Return the factors of a figure: those that matter, the most first, and at least three."""
    order = order_of(answer)
    if isinstance(answer, SobolIndices):
        matter = [at for at in order if answer.total.high[at] >= MATTERS]
    elif isinstance(answer, MorrisEffects):
        largest = float(answer.mu_star.value.max()) or 1.0
        matter = [at for at in order if answer.mu_star.high[at] >= MATTERS * largest]
    else:
        matter = list(answer.told)
    return matter[:MOST] if len(matter) >= 3 else order[:3]
