"""Mill and press shop: semis become finished parts, and what is cut off goes back."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from cesim.events.chain.melting import weights
from cesim.events.clock import DAY
from cesim.events.facility import Facility
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.events.chain.plan import ChainPlan, MetalPlan
    from cesim.events.rules import Mark, Rule
    from cesim.events.simulation import Simulation

    Floats = NDArray[np.float64]

FLOWS: Final = {
    "finished": ("part_making.{grade}", "assembly"),
    "new_scrap": ("part_making.{grade}", "new_scrap"),
    "segregated": ("new_scrap", "melt_down.new-{grade}"),
    "mixed": ("new_scrap", "scrap_yard.new-mixed"),
}
LOSSES: Final[dict[tuple[str, str], tuple[str, str]]] = {}
SINKS: Final = ("assembly", "closing_stock")
SOURCES: Final[tuple[str, ...]] = ()


class PressShop(Facility):
    """Parts are pressed out of semis; the skeletons wait, by alloy, until they are fetched.

    They are fetched before each clearing of the casthouse, those that have waited `Practice.return_days`. Then they
    become pre-consumer scrap; what is kept by alloy returns to its own, the rest goes to the yard, mixed.

    Parameters
    ----------
    simulation, name, place
        See `Facility`.
    plan
        Of the chain.
    starts
        Seconds at which its years begin, and the last ends.
    """

    kind: ClassVar[str] = "press_shop"

    def __init__(self, simulation: Simulation, name: str, place: str, plan: ChainPlan, starts: Sequence[int]) -> None:
        super().__init__(simulation, name, place)
        self.plan, self.starts = plan, tuple(starts)
        self.yard: Facility | None = None
        """Where offcuts are brought; the casthouse enters itself."""
        self.waits_s = 0 if plan.instant else round(plan.practice.return_days * DAY)
        self.piles: dict[str, list[tuple[int, int]]] = {alloy: [] for alloy in ALLOYS}
        """Second from which it may be fetched, and lot, by alloy."""
        self._rules: dict[tuple[str, int, int], Rule] = {}

    def metal(self) -> MetalPlan:
        """Return the plan of the year it is."""
        year = bisect_right(self.starts, self.clock._now) - 1
        return self.plan.years[min(year, len(self.plan.years) - 1)].metal

    def semis_share(self, metal: MetalPlan) -> Floats:
        """Return semis of a tonne of liquid metal, (A): what returns inside the mill is molten again, at a loss."""
        again = 1.0 - metal.mill_return * (1.0 - metal.new_loss)
        return np.asarray((1.0 - metal.mill_return) / again)

    def liquid_share(self, metal: MetalPlan) -> Floats:
        """Return liquid metal for a tonne of finished parts, (A)."""
        return np.asarray(1.0 / (self.semis_share(metal) * (1.0 - metal.press_scrap)))

    def returned_share(self, metal: MetalPlan) -> Floats:
        """Return segregated new scrap of a tonne of finished parts, (A)."""
        return np.asarray(metal.press_scrap / (1.0 - metal.press_scrap) * metal.segregated)

    def receive(self, lot: int) -> None:
        """Press parts at once; they leave for assembly."""
        now, alloy = self.clock._now, self.lots.mark_of[lot].grade
        self._tally()
        self.inside += 1
        self.came += 1
        self._came_sum += now
        cut = float(self.metal().press_scrap[ALLOYS.index(alloy)])
        for mark, part in self._split(lot, "finished", "new_scrap", alloy, 1.0 - cut):
            if mark == "finished":
                self.ship(part, "assembly")
            else:
                self.piles[alloy].append((now + self.waits_s, part))
        if not cut:
            self._leaves(1, now)
        elif self.plan.instant:
            self.deliver()

    def _split(self, lot: int, first: str, second: str, alloy: str, share: float) -> list[tuple[str, int]]:
        """Divide a lot in two kinds by the share of the first; where all is one kind it is named so."""
        weight = weights(share)
        marks: list[Mark] = [self.lots.mark(kind, alloy) for kind in (first, second)]
        if not all(weight):
            only = marks[0] if weight[0] else marks[1]
            return [(only.kind, self.lots.reclassify(lot, only, self.code))]
        rule = self._rules.get((first + alloy, *weight))
        if rule is None:
            rule = self._rules[first + alloy, *weight] = self.lots.splitting(marks, weight)
        return list(zip((first, second), self.lots.split(lot, rule, self.code), strict=True))

    def deliver(self) -> None:
        """Send back what has waited long enough."""
        now, lots = self.clock._now, self.lots
        for number, (alloy, pile) in enumerate(self.piles.items()):
            ready = [lot for second, lot in pile if second <= now]
            if not ready:
                continue
            self.piles[alloy] = [entry for entry in pile if entry[0] > now]
            offcuts = lots.mark("offcuts", alloy)
            lot = ready[0] if len(ready) == 1 else lots.merge(ready, offcuts, self.code)
            lot = lots.reclassify(lot, offcuts, self.code, "new_scrap")
            kept = float(self.metal().segregated[number])
            for kind, part in self._split(lot, "segregated", "mixed", alloy, kept):
                if kind == "segregated" and self.plan.instant:
                    self.ship(part, "closing_stock")  # the balance closes this loop within the year
                elif self.yard is not None:
                    self.send(part, self.yard)
            self._leaves(len(ready), now)

    def _leaves(self, count: int, now: int) -> None:
        self._tally()
        self.inside -= count
        self.left += count
        self._left_sum += now * count
        self._begun_sum += now * count
