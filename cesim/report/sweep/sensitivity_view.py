"""An analysis of what results depend on, as its page looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.sweep.sensitivity import GivenShares, MorrisEffects, SobolIndices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.plan.goals import SeriesKey
    from cesim.report.sweep.varied import Names
    from cesim.sweep.sensitivity import Estimated, LeftOut, Noise, Unvarying, Verdict

Method = Literal["sobol", "morris", "given"]
MATTERS = 0.01
"""Share of the variance below which, with all of its interval, a factor is not shown in a figure."""
MOST = 15
"""Factors of a figure; the table has them all."""


@dataclass(frozen=True)
class Analysed:
    """One result of one alternative, and what it depends on.

    Attributes
    ----------
    series, unit
        indicator, region and year; its unit
    alternative
        name of the alternative
    answer
        indices of its kind, or that it does not vary
    verdict
        whether Sobol' indices are settled; None of other kinds
    noise
        share of the luck of replicates; None where there is one replicate
    left
        which base points, trajectories or points are left out since a run of theirs has no value; None: not asked
    apart
        streams by which runs without a value lie apart from the others: failing is not mere chance there
    """

    series: SeriesKey
    unit: str
    alternative: str
    answer: SobolIndices | MorrisEffects | GivenShares | Unvarying
    verdict: Verdict | None = None
    noise: Noise | None = None
    left: LeftOut | None = None
    apart: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        """How many base points, trajectories or points are left out."""
        return 0 if self.left is None else self.left.count


@dataclass(frozen=True)
class Sensitivities:
    """What the results of a study depend on.

    Attributes
    ----------
    study
        name of the study, by language
    method
        how it was found out
    factors
        names, in the order of all answers
    results
        one for each result that was asked about
    per_base
        runs of a base point or a trajectory, of one alternative
    seconds
        that such a base point took, all alternatives and replicates together; None where it is not known
    level
        of the intervals
    """

    study: Mapping[str, str]
    method: Method
    factors: tuple[str, ...]
    results: tuple[Analysed, ...]
    per_base: int = 1
    seconds: float | None = None
    level: float = 0.95


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
