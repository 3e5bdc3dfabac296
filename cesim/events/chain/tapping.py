"""Heats are tapped: the charge becomes its alloy, is corrected where it must be, and goes to the mill or back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.events.chain.material import COUNT
from cesim.events.chain.melting import Doors
from cesim.events.chain.outcome import CORRECTED, DOWNGRADED, FINISHED, OFF_SPEC, OTHER_ALLOY
from cesim.events.chain.yard import T
from cesim.ledger.substances import ALLOYS, SIX_THOUSAND

if TYPE_CHECKING:
    from cesim.events.chain.casthouse import Casthouse
    from cesim.events.chain.furnaces import Charged

_SIX: Final = frozenset(ALLOYS.index(alloy) for alloy in SIX_THOUSAND)


class Tapping:
    """The spout of the furnaces of a casthouse.

    Parameters
    ----------
    casthouse
        Whose furnaces they are.
    """

    def __init__(self, casthouse: Casthouse) -> None:
        self.house, self.lots, self.at = casthouse, casthouse.lots, casthouse.furnaces.code
        self.doors = Doors(casthouse.lots, self.at)
        casthouse.furnaces.tapping = self

    def tapped(self, lot: int, heat: Charged) -> None:
        """Pour a heat."""
        house, alloy = self.house, ALLOYS[heat.alloy]
        metal = house.press.metal()
        melt = self.doors.pour(lot, alloy, heat.row)
        if heat.outcome in (DOWNGRADED, OFF_SPEC):
            house.outcome.family_mg[heat.outcome] += heat.family_mg
            house.owed[heat.alloy] += heat.finished_mg / T
            self._put_down(melt, heat, alloy)
            return
        if heat.mending is not None and heat.outcome == CORRECTED:
            primary, additions = heat.mending
            made = self.doors.supply(heat.alloy, metal.windows[heat.alloy].primary * primary, additions)
            melt = self.lots.merge([melt, *made], self.lots.mark("melt", alloy), self.at)
            more = (primary + float(additions.sum())) / float(heat.row[:COUNT].sum())
            house.owed[heat.alloy] -= more * heat.finished_mg / T
        if house.clock._now >= heat.due_s:
            house.outcome.late_mg += heat.finished_mg
        liquid = float(house.press.liquid_share(metal)[heat.alloy])
        semis = self.doors.form(melt, alloy, 1.0 - float(house.press.semis_share(metal)[heat.alloy]))
        where = FINISHED if heat.alloy in _SIX else OTHER_ALLOY
        house.outcome.family_mg[where] += round(heat.family_mg / liquid)
        self.lots.move((semis,), self.at, house.press.code)
        house.press.receive(semis)

    def _put_down(self, melt: int, heat: Charged, alloy: str) -> None:
        """Cast a heat that missed its limits to ingots for castings; where none can take them, let it go."""
        house, lower = self.house, self.house.charging.lower
        if lower is None:
            lot = self.lots.reclassify(melt, self.lots.mark("off_spec", alloy), self.at)
            self.lots.ship(lot, "scrap_export", self.at)
            return
        lot = self.lots.reclassify(melt, self.lots.mark("downgraded", alloy, house.grades[lower]), self.at)
        self.lots.move((lot,), self.at, house.code)
        house.count_in()
        house.yard.put_known(lot, lower, house.place, heat.row)
