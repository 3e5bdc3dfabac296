"""What lies at a casthouse when a run begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.material import COUNT
from cesim.events.chain.melting import PRE_AUTO, all_from, of_alloy
from cesim.events.chain.yard import T
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from cesim.events.chain.casthouse import Casthouse

_LEAST_T: Final = 1e-6


def lay_down(house: Casthouse, interval_s: int) -> None:
    """Lay down mixed new scrap of the year before, and what press shops return before they return anything made here.

    `interval_s` is the time between two clearings. The new scrap of one interval may be charged at each clearing until
    the first of this run is back; where everything is instant there is none, since that loop closes within the year.
    """
    metal, m, now = house.plan.years[0].metal, house.melter, house.clock._now
    for number, alloy in enumerate(ALLOYS):
        row = of_alloy(number, metal.opening[m, number] * T)
        if row[:COUNT].any():
            house.mixed.append(_opened(house, "mixed_before", alloy, row))
    house.lay_down_mixed()
    if house.plan.instant:
        return
    back = house.press.returned_share(metal) * metal.finished[m] * interval_s / (house.starts[1] - house.starts[0])
    turns = -(-(house.press.waits_s + house.furnaces.hold_s) // interval_s)
    for number in np.flatnonzero((back > _LEAST_T) & (metal.product[m].sum(axis=1) > 0.0)).tolist():
        product = metal.product[m, number] / metal.product[m, number].sum()
        for turn in range(turns):
            lot = _opened(house, "segregated_before", ALLOYS[number], of_alloy(number, product * back[number] * T))
            house.returns.put(lot, number, now + turn * interval_s)


def _opened(house: Casthouse, kind: str, alloy: str, row: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    house.count_in()
    row = all_from(row, PRE_AUTO)
    return house.lots.create(row, house.lots.mark(kind, alloy), "opening_stock", house.code)
