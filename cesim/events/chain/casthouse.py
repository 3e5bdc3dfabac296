"""A casthouse: its yard, the clearing of the scrap market for it, and its heats."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from cesim.events.chain.allotment import Allotment, allotted
from cesim.events.chain.charging import Charging
from cesim.events.chain.following import Following
from cesim.events.chain.forming import PressShop
from cesim.events.chain.furnaces import Furnaces
from cesim.events.chain.knowledge import ANALYSIS
from cesim.events.chain.market import Market
from cesim.events.chain.melting import Doors
from cesim.events.chain.opening import lay_down
from cesim.events.chain.outcome import SPEC, YARD_ROOM, ClearingRow, MetalOutcome
from cesim.events.chain.returns import Returns
from cesim.events.chain.tapping import Tapping
from cesim.events.chain.yard import T, Yard
from cesim.events.clock import DAY
from cesim.events.facility import Facility
from cesim.events.faults import refuse
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.events.chain.plan import Capacities, ChainPlan, MetalPlan
    from cesim.events.chain.yard import Bale
    from cesim.events.simulation import Simulation
    from cesim.ledger.informant import Informant

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

NEW_MIXED: Final = "new-mixed"
_LEAST_T: Final = 1e-6
"""t of a product below which none is made in an interval: a gram."""


class Casthouse(Facility):
    """A casthouse with its yard: scrap comes in, and every so many days it is charged.

    At a clearing it knows what parts are wanted until the next, what came back from the press shop, and what it
    believes of its bales. It charges heats; their melts are analysed, corrected, downgraded or refused. What scrap is
    left when a year ends is exported, as in the balance; mixed new scrap of the year waits for the next.

    Parameters
    ----------
    simulation
        The run; `SINKS` and `SOURCES` of the chain are entered.
    plan
        Of the chain.
    melter
        Place along M.
    starts
        Seconds at which the years of the plan begin, and the last ends.
    informant
        Who keeps records.
    """

    kind: ClassVar[str] = "casthouse"

    def __init__(
        self, simulation: Simulation, plan: ChainPlan, melter: int, starts: Sequence[int], informant: Informant
    ) -> None:
        region = plan.years[0].metal.melters[melter]
        place = plan.names.regions[region]
        super().__init__(simulation, f"casthouse {place}", place)
        self.plan, self.melter, self.starts = plan, melter, tuple(starts)
        self.grades, self.can = plan.names.yard, plan.capacities[0][region]
        places = plan.names.regions
        self.yard = Yard(simulation, self.name, self.grades, plan.knowledge, informant, melter, self.draws, places)
        self.market = Market(plan, melter, starts, self.yard, self.name)
        self.doors = Doors(self.lots, self.code)
        self.returns = Returns(self.doors)
        hold_s = 0 if plan.instant else round(plan.practice.hold_hours * 3600)
        rate = None if plan.instant else self.can.melting_t_per_day
        self.furnaces = Furnaces(simulation, f"furnaces {place}", place, rate, hold_s)
        self.press = PressShop(simulation, f"press shop {place}", place, plan, starts)
        self.press.yard = self
        self.outcome = MetalOutcome()
        self.mixed: list[int] = []
        """Mixed new scrap that came with one delivery."""
        self.owed = np.zeros(len(ALLOYS))
        """t of finished metal that heats gone wrong did not make, less what corrected ones made too much."""
        self.charging, self.following = Charging(self), Following(self)
        self.tapping = Tapping(self)
        self._schedule()

    # time

    def _schedule(self) -> None:
        for year, (start, end) in enumerate(pairwise(self.starts)):
            count = max(1, round((end - start) / (self.plan.practice.clearing_days * DAY)))
            if not year:
                lay_down(self, (end - start) // count)
            self.clock.call_at(end - 1, self._end_year, year)
            if self.plan.instant:
                continue
            edges = [start + (end - start) * number // count for number in range(count + 1)]
            for begin, until in pairwise(edges):
                self.clock.call_at(begin, self._clear, (year, begin, until))
        if self.can.yard_t is not None and not self.plan.instant:
            self.clock.call_in(DAY, self._check_room)

    def set_capacity(self, can: Capacities) -> None:
        """Have so much room, and melt so much down, from now on."""
        self.can = can
        self.furnaces.t_per_day = None if self.plan.instant else can.melting_t_per_day

    # lots come in and go

    def receive(self, lot: int) -> None:
        """Take in scrap, and new scrap of the press shop.

        Raises
        ------
        InputError
            ``scrap_unknown`` for a lot that is none.
        """
        mark = self.lots.mark_of[lot]
        self.count_in()
        if mark.kind == "segregated":
            self.returns.put(lot, ALLOYS.index(mark.grade), self.clock._now)
        elif mark.kind == "mixed":
            self.mixed.append(lot)
        elif mark.kind == "scrap" and mark.grade in self.grades:
            self.yard.put(lot, self.grades.index(mark.grade), mark.owner)
        else:
            raise refuse("scrap_unknown", self.name, found=mark.kind, grade=mark.grade)

    def lay_down_mixed(self) -> None:
        """Make one bale of the mixed new scrap that came together: nobody knows any more what of it was what."""
        if self.mixed:
            lot = self.doors.together(self.mixed, self.lots.mark("stored", NEW_MIXED, self.place))
            self.count_out(len(self.mixed) - 1)
            self.yard.put(lot, self.grades.index(NEW_MIXED), self.place)
            self.mixed = []

    def count_in(self) -> None:
        """Note that a lot came."""
        self._tally()
        self.inside += 1
        self.came += 1
        self._came_sum += self.clock._now

    def count_out(self, count: int) -> None:
        """Note that so many lots left, or became part of others."""
        now = self.clock._now
        self._tally()
        self.inside -= count
        self.left += count
        self._left_sum += now * count
        self._begun_sum += now * count

    def export(self, bale: Bale, why: str) -> None:
        """Sell a bale abroad."""
        lot = self.lots.reclassify(bale.lot, self.lots.mark("exported", self.grades[bale.grade], bale.owner), self.code)
        self.ship(lot, "scrap_export")
        self.count_out(1)
        if bale.how != ANALYSIS:  # a downgraded heat was counted when it was downgraded
            self.outcome.family_mg[why] += bale.family

    def _check_room(self, _: object) -> None:
        """Export what finds no room, day by day."""
        self.clock.call_in(DAY, self._check_room)
        self._make_room(self.press.metal())

    def _read(self, metal: MetalPlan) -> None:
        """Look into what came; what holds no metal goes at once."""
        for bale in self.yard.read(metal):
            self.export(bale, SPEC)

    def _make_room(self, metal: MetalPlan) -> None:
        if self.can.yard_t is None or self.plan.instant:
            return
        self._read(metal)
        for bale in self.yard.too_much(self.can.yard_t, metal.price):
            self.export(bale, YARD_ROOM)

    def _end_year(self, year: int) -> None:
        """Export what scrap is left, but for mixed new scrap of the year."""
        metal = self.plan.years[year].metal
        self.lay_down_mixed()
        self._read(metal)
        if self.plan.instant:
            self.following.follow(year)
        keep = self.grades.index(NEW_MIXED)
        for grade, pile in enumerate(self.yard.piles):
            left = list(pile)
            pile.clear()
            for bale in left:
                if grade == keep and bale.came_s >= self.starts[year] and not self.plan.instant:
                    pile.append(bale)
                else:
                    self.export(bale, self.market.why[grade])
        self.market.bought_t[:] = 0.0

    # a clearing

    def _clear(self, given: tuple[int, int, int]) -> None:
        year, begin, until = given
        metal, market, now = self.plan.years[year].metal, self.market, self.clock._now
        self.press.deliver()
        self.lay_down_mixed()
        self._make_room(metal)
        self._read(metal)
        wanted = self._wanted(market.wanted(metal, year, begin, until))
        liquid = wanted * self.press.liquid_share(metal)
        returned = np.minimum(self.returns.ready(now, metal.new_loss), liquid)
        heats = market.heats(liquid * metal.approved)
        rate = self.furnaces.t_per_day
        capacity = np.inf if rate is None else max(0.0, rate * (until - begin) / DAY - self.furnaces.waiting_t())
        offer = market.offer(metal, year, until)
        cleared = market.clear(metal, offer, (liquid - returned) * metal.approved, heats, capacity, now)
        back = returned, self.returns.composition()
        plan = allotted(metal, self.yard, cleared, liquid, back, heats, self.plan.practice.risk)
        market.bought_t += plan.bought.sum(axis=0)
        self._decided(cleared.binding, plan)
        self.charging.charge(metal, plan, wanted, until)
        self._row(liquid, returned, cleared.cut, plan)

    def _wanted(self, wanted: Floats) -> Floats:
        """What is to be made now of what is wanted, t (A): with what is owed, and never less than nothing."""
        asked = wanted + self.owed
        now = np.where(asked < _LEAST_T, 0.0, asked)
        self.owed = asked - now
        return now

    def _decided(self, binding: NDArray[np.int64], plan: Allotment) -> None:
        """Write down which bales each alloy chose, and what was believed of them: ppm of the element that binds."""
        for alloy, (candidates, chosen) in plan.candidates().items():
            element = int(binding[alloy])
            values = [
                round(float(bale.mean[element]) * 1e6) if element >= 0 and bale.mean is not None else 0
                for bale in candidates
            ]
            known = "+".join(sorted({bale.how for bale in candidates}))
            self.simulation.decided(
                f"charge {ALLOYS[alloy]}", self.code, [bale.lot for bale in candidates],
                [bale.lot for bale in chosen], known, values,
            )  # fmt: skip

    def _row(self, liquid: Floats, returned: Floats, cut: Floats, plan: Allotment) -> None:
        own = sum(amount for _, pieces in plan.opened for _, amount in pieces)
        row = ClearingRow(
            self.clock._now, self.name, round(float(liquid.sum()) * T), round(own * T),
            round(float(plan.bought.sum()) * T), round(float(returned.sum()) * T), round(float(cut.sum()) * T),
            len(plan.alloy),
        )  # fmt: skip
        self.outcome.clearings.append(row)
