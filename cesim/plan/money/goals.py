"""Targets with a plan and without it: in how many futures each is met, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from cesim.run.series import ALL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run import Evaluated
    from cesim.scenario.model import Scenario, TargetSpec

    Met = NDArray[np.bool_]


@dataclass(frozen=True)
class Chance:
    """A share of futures, and how far it may be off because the draws are only so many."""

    share: float
    draws: int

    @classmethod
    def of(cls, met: Met) -> Chance:
        """Return the share of draws (draw,) in which something holds."""
        return cls(float(met.mean()), met.size)

    @property
    def error(self) -> float:
        """Standard error, ``sqrt(p (1 - p) / n)``; with p = 0 or 1 the draws have not seen the other case."""
        return sqrt(self.share * (1.0 - self.share) / self.draws)


@dataclass(frozen=True)
class Goal:
    """One target with the plan and without it."""

    target: str
    indicator: str
    region: str
    year: int
    value: float
    legal: bool
    chosen: Chance
    without: Chance
    gained: Chance
    """Futures in which the target is met with the plan and missed without it."""
    lost: Chance
    """Futures in which it is the other way round."""
    shortfall: tuple[float, float]
    """Mean of what is missing to the target, with the plan and without it, in the unit of the indicator."""


def where(scenario: Scenario, target: TargetSpec) -> str:
    """Return the region a target is compared with: the focus, or the whole country."""
    return scenario.report.focus_id if target.scope == "focus" else ALL


def short_of(scenario: Scenario, name: str, answer: Evaluated) -> NDArray[np.float64] | None:
    """Return what is missing (draw,) to a target, zero or less where it is met.

    None where its year is not computed, or the indicator is a share of nothing in some draw.
    """
    target = scenario.targets[name]
    if target.year not in answer.years or target.indicator not in answer.names:
        return None
    drawn = answer.draws(target.indicator, where(scenario, target), target.year)
    if not np.isfinite(drawn).all():
        return None
    sign = 1.0 if target.direction == "at_least" else -1.0
    missing: NDArray[np.float64] = sign * (target.value.value - drawn)
    return missing


def goals(scenario: Scenario, chosen: Evaluated, without: Evaluated) -> list[Goal]:
    """Return the targets that can be compared, in the order of the scenario."""
    out = []
    for name, target in scenario.targets.items():
        short, before = short_of(scenario, name, chosen), short_of(scenario, name, without)
        if short is None or before is None:
            continue
        met, met_before = short <= 0, before <= 0
        out.append(
            Goal(
                name, target.indicator, where(scenario, target), target.year, target.value.value, target.legal,
                Chance.of(met), Chance.of(met_before), Chance.of(met & ~met_before), Chance.of(met_before & ~met),
                (float(np.maximum(short, 0.0).mean()), float(np.maximum(before, 0.0).mean())),
            )
        )  # fmt: skip
    return out


def all_met(scenario: Scenario, answer: Evaluated, names: tuple[str, ...] | None = None) -> Chance | None:
    """Return the share of futures in which all targets (or those named) are met at once; None without any target."""
    asked = scenario.targets if names is None else names
    held = [short for name in asked if (short := short_of(scenario, name, answer)) is not None]
    return Chance.of(np.all([short <= 0 for short in held], axis=0)) if held else None
