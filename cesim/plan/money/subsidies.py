"""Public money for an investment: a share of it, from a smallest size on, up to a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.plan.money.timing import Timing
    from cesim.run.sampler import Sampler
    from cesim.scenario.plan import Measure

    Floats = NDArray[np.float64]


def granted(measure: Measure, when: Timing, investment: Floats, drawn: Sampler) -> Floats:
    """Return the subsidy (year, lane), JPY.

    What has been granted up to a year is the rate times what has been spent up to it, at most the cap: the money that
    comes first is subsidised first. An investment that is too small as a whole gets nothing. What is bought again at
    the end of its life is not subsidised: the schemes read so far are for new equipment.

    Parameters
    ----------
    when
        when the measure comes in
    investment : (lane,)
        JPY to carry the measure out in full
    drawn
        a sampler below the measure
    """
    subsidy = measure.subsidy
    if subsidy is None:
        return np.zeros((when.carried.size, investment.size))
    rate = drawn.value("subsidy.rate", subsidy.rate)
    eligible = investment * measure.level.value >= drawn.value("subsidy.minimum", subsidy.minimum)
    cap = np.inf if subsidy.cap is None else drawn.value("subsidy.cap", subsidy.cap)

    def upto(carried: Floats) -> Floats:
        granted_so_far: Floats = np.minimum(rate * np.multiply.outer(carried, investment), cap)
        return granted_so_far

    return np.where(eligible, upto(when.carried) - upto(when.before), 0.0)
