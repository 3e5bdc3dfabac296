"""When money of a measure is spent: as it comes in, again when what was bought is worn out, and year by year."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from cesim.quantities import ramp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.scenario.plan import Measure

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Timing:
    """How much of a measure is there in each year, and how much of its investment is spent.

    Shares of the measure carried out in full, shape ``(year,)``: a measure at a level of 0.5 comes to 0.5.
    """

    carried: Floats
    """How far it has come in: what its running cost is multiplied by."""
    bought: Floats
    """By how much it came in during the year: share of the investment spent for the first time."""
    renewed: Floats
    """Share of the investment spent again, because its life is over."""


def timing(measure: Measure, years: NDArray[np.int64]) -> Timing:
    """Return when a measure spends, in calendar years (year,) in any order."""
    return Timing(_carried(measure, years), _bought(measure, years), _renewed(measure, years))


def whole_life(measure: Measure) -> int | None:
    """Years until what was bought is bought again: the best estimate, to the nearest whole year, at least one."""
    return None if measure.life is None else max(1, floor(measure.life.value + 0.5))


def _carried(measure: Measure, years: NDArray[np.int64]) -> Floats:
    before = measure.start - 1
    come: Floats = measure.level.value * ramp(years, before, before + measure.ramp.years, measure.ramp.shape)
    return come


def _bought(measure: Measure, years: NDArray[np.int64]) -> Floats:
    return _carried(measure, years) - _carried(measure, years - 1)


def _renewed(measure: Measure, years: NDArray[np.int64]) -> Floats:
    """What was bought one life ago, two lives ago and so on."""
    life = whole_life(measure)
    spent = np.zeros(years.shape)
    if life is None or not years.size:
        return spent
    for ago in range(life, int(years.max()) - measure.start + 1, life):
        spent += _bought(measure, years - ago)
    return spent
