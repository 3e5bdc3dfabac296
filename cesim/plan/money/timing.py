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
    before: Floats
    """How far it had come in the year before."""
    renewed: Floats
    """Share of the investment spent again, because its life is over."""

    @property
    def bought(self) -> Floats:
        """By how much it came in during the year: share of the investment spent for the first time."""
        return self.carried - self.before


def timing(measure: Measure, first: int, last: int) -> Timing:
    """Return when a measure spends, from the first year to the last."""
    begin = min(measure.start, first)
    calendar, before = np.arange(begin - 1, last + 1), measure.start - 1
    come: Floats = measure.level.value * ramp(calendar, before, before + measure.ramp.years, measure.ramp.shape)
    spent = _again(np.diff(come), whole_life(measure))
    return Timing(come[first - begin + 1 :], come[first - begin : -1], spent[first - begin :])


def whole_life(measure: Measure) -> int | None:
    """Years until what was bought is bought again: the best estimate, to the nearest whole year, at least one."""
    return None if measure.life is None else max(1, floor(measure.life.value + 0.5))


def _again(bought: Floats, life: int | None) -> Floats:
    """Shares (year,) bought one life ago, two lives ago and so on."""
    spent = np.zeros_like(bought)
    if life is not None:
        for ago in range(life, bought.size, life):
            spent[ago:] += bought[:-ago]
    return spent
