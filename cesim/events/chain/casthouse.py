"""A casthouse: its yard, the clearing of the scrap market for it, and its heats."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from cesim.events.chain.allotment import Allotment, allotted
from cesim.events.chain.approval import Approval
from cesim.events.chain.charging import Charging
from cesim.events.chain.clearing import Clearing, Offer
from cesim.events.chain.following import PRE_AUTO, Following
from cesim.events.chain.forming import PressShop
from cesim.events.chain.furnaces import Furnaces
from cesim.events.chain.knowledge import ANALYSIS
from cesim.events.chain.material import COUNT, METALS
from cesim.events.chain.melting import Doors, all_from, of_alloy
from cesim.events.chain.outcome import APPROVAL, MELTING, SPEC, YARD_ROOM, ClearingRow, MetalOutcome
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

    from cesim.events.chain.plan import ChainPlan, MetalPlan
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
        self.grades, self.can = plan.names.yard, plan.capacities[region]
        self.market = tuple(range(len(self.grades) - 2, len(self.grades)))
        self.yard = Yard(simulation, self.name, self.grades, plan.knowledge, informant, melter, self.draws)
        self.doors = Doors(self.lots, self.code)
        self.returns = Returns(self.doors)
        hold_s = 0 if plan.instant else round(plan.practice.hold_hours * 3600)
        rate = None if plan.instant else self.can.melting_t_per_day
        self.furnaces = Furnaces(simulation, f"furnaces {place}", place, rate, hold_s)
        self.press = PressShop(simulation, f"press shop {place}", place, plan, starts)
        self.press.yard = self
        self.outcome = MetalOutcome()
        first = plan.years[0].metal
        self.approval = Approval(first, ALLOYS, len(self.grades), plan.practice.approval_months)
        self.mixed: list[int] = []
        """Mixed new scrap that came with one delivery."""
        self.owed = np.zeros(len(ALLOYS))
        """t of finished metal that heats gone wrong did not make, less what corrected ones made too much."""
        self.why = [SPEC] * len(self.grades)
        """Why the grade was left at the last clearing."""
        self.bought_t = np.zeros(2)
        """t of scrap from outside cars charged in the year."""
        self.charging, self.following = Charging(self), Following(self)
        self.tapping = Tapping(self)
        self._open_year(first)
        self._schedule()

    # time

    def _schedule(self) -> None:
        days = self.plan.practice.clearing_days
        for year, (start, end) in enumerate(pairwise(self.starts)):
            self.clock.call_at(end - 1, self._end_year, year)
            if self.plan.instant:
                continue
            count = max(1, round((end - start) / (days * DAY)))
            edges = [start + (end - start) * number // count for number in range(count + 1)]
            for begin, until in pairwise(edges):
                self.clock.call_at(begin, self._clear, (year, begin, until))
        if self.can.yard_t is not None and not self.plan.instant:
            self.clock.call_in(DAY, self._check_room)

    def _open_year(self, metal: MetalPlan) -> None:
        """Lay down what the balance has in the yard at the beginning, and what press shops return at first."""
        for number, alloy in enumerate(ALLOYS):
            row = of_alloy(number, metal.opening[self.melter, number] * T)
            if row[:COUNT].any():
                self._begin("mixed_before", alloy, all_from(row, PRE_AUTO))
        self._lay_down_mixed()
        if self.plan.instant:
            return
        length, interval = self.starts[1] - self.starts[0], self.plan.practice.clearing_days * DAY
        wanted = metal.finished[self.melter] * interval / length
        back = self.press.returned_share(metal) * wanted
        for turn in range(-(-(self.press.waits_s + self.furnaces.hold_s) // interval)):
            for number in np.flatnonzero(back > _LEAST_T).tolist():
                product = metal.product[self.melter, number]
                row = of_alloy(number, product / max(product.sum(), 1e-300) * back[number] * T)
                if row[:COUNT].any():
                    self._begin("segregated_before", ALLOYS[number], all_from(row, PRE_AUTO), turn * interval)

    def _begin(self, kind: str, alloy: str, row: Whole, from_s: int = 0) -> None:
        lot = self.lots.create(row, self.lots.mark(kind, alloy), "opening_stock", self.code)
        self.count_in()
        if kind == "mixed_before":
            self.mixed.append(lot)
        else:
            self.returns.put(lot, ALLOYS.index(alloy), self.clock._now + from_s)

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

    def _lay_down_mixed(self) -> None:
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
        self._lay_down_mixed()
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
                    self.export(bale, self.why[grade])
        self.bought_t[:] = 0.0

    # a clearing

    def _clear(self, given: tuple[int, int, int]) -> None:
        year, begin, until = given
        metal, m, now = self.plan.years[year].metal, self.melter, self.clock._now
        self.press.deliver()
        self._lay_down_mixed()
        self._make_room(metal)
        self._read(metal)
        wanted = np.maximum(self._wanted(metal, year, begin, until) + self.owed, 0.0)
        wanted[wanted < _LEAST_T] = 0.0
        self.owed[:] = 0.0
        liquid = wanted * self.press.liquid_share(metal)
        returned = np.minimum(self.returns.ready(now, metal.new_loss), liquid)
        need = (liquid - returned) * metal.approved
        heats = self._heats(liquid * metal.approved)
        offer = self._offer(metal, year, until)
        offered = offer.stock > 0.0
        open_to = self.approval.open_at(now, offered)
        rate = self.furnaces.t_per_day
        capacity = np.inf if rate is None else max(0.0, rate * (until - begin) / DAY - self.furnaces.waiting_t())
        clearing = Clearing(metal, ALLOYS, m, self.plan.practice.risk)
        cleared = clearing.clear(offer, need, heats, open_to, capacity)
        self._note_why(cleared.cut, offered)
        back = returned, self.returns.composition()
        plan = allotted(metal, self.yard, cleared, liquid, back, heats, self.plan.practice.risk)
        self.bought_t += plan.bought.sum(axis=0)
        self._decided(cleared.binding, plan)
        self.charging.charge(metal, plan, wanted, until)
        self._row(liquid, returned, cleared.cut, plan)

    def _wanted(self, metal: MetalPlan, year: int, begin: int, until: int) -> Floats:
        """Finished metal wanted between two seconds, t (A)."""
        start, end = self.starts[year], self.starts[year + 1]
        months = np.full(12, 1.0 / 12.0) if metal.monthly is None else metal.monthly / metal.monthly.sum()
        passed = np.interp([begin, until], np.linspace(start, end, 13), np.concatenate([[0.0], np.cumsum(months)]))
        return np.asarray(metal.finished[self.melter] * (passed[1] - passed[0]))

    def _heats(self, liquid: Floats) -> NDArray[np.int64]:
        """How many heats, of about the size that each alloy is made in, (A); at least one."""
        count = np.ones(len(ALLOYS), dtype=np.int64)
        for alloy in np.flatnonzero(liquid > 0.0).tolist():
            size = self.plan.practice.heat_t.get(ALLOYS[alloy], 0.0)
            if size <= 0.0:
                raise refuse("heat_size_missing", self.name, found=size, alloy=ALLOYS[alloy])
            count[alloy] = max(1, round(liquid[alloy] / size))
        return count

    def _offer(self, metal: MetalPlan, year: int, until: int) -> Offer:
        """What may be charged: the piles as believed, and what is bought."""
        count = len(self.grades)
        stock, gross, size = np.zeros(count), np.zeros(count), np.zeros(count)
        mean, variance = np.zeros((count, len(METALS))), np.zeros((count, len(METALS)))
        mean[:, 0] = 1.0
        for grade in range(count - len(self.market)):
            if not self.yard.piles[grade]:
                continue
            bare, means, variances, heavy = self.yard.beliefs(grade)
            weight = bare / bare.sum()
            mean[grade], variance[grade] = weight @ means, weight @ variances
            stock[grade] = bare.sum() * (1.0 - metal.loss[grade])
            size[grade] = stock[grade] / len(bare)
            gross[grade] = heavy.sum() / stock[grade]
        for n, grade in enumerate(self.market):
            mean[grade] = metal.market_composition[n] / metal.market_composition[n].sum()
        passed = (until - self.starts[year]) / (self.starts[year + 1] - self.starts[year])
        stock[self.market[0]] = max(0.0, metal.sash_supply[self.melter] * passed - self.bought_t[0])
        stock[self.market[1]] = 1e9
        return Offer(stock, mean, variance, size, gross)

    def _note_why(self, cut: Floats, offered: NDArray[np.bool_]) -> None:
        """Remember why scrap that is left was not taken."""
        waits = (self.approval.from_s > self.clock._now).any(axis=1) & offered
        self.why = [MELTING if cut[g] > 0.0 else APPROVAL if waits[g] else SPEC for g in range(len(self.grades))]

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
