"""The scrap market around a casthouse: what parts are wanted of it, and what it may charge for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.approval import Approval
from cesim.events.chain.clearing import Clearing, Offer
from cesim.events.chain.material import METALS
from cesim.events.chain.outcome import APPROVAL, MELTING, SPEC
from cesim.events.faults import refuse
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.events.chain.clearing import Cleared
    from cesim.events.chain.plan import ChainPlan, MetalPlan
    from cesim.events.chain.yard import Yard

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

_ENOUGH_T: Final = 1e9
"""What is bought without a limit."""


class Market:
    """Wants and offers of one casthouse.

    Of scrap from outside cars, the last grades, the first is limited by `MetalPlan.sash_supply`; of the others there
    is enough.

    Parameters
    ----------
    plan, melter, starts
        As of `Casthouse`.
    yard
        Its yard.
    name
        Of the casthouse, for faults.
    """

    def __init__(self, plan: ChainPlan, melter: int, starts: Sequence[int], yard: Yard, name: str) -> None:
        self.plan, self.melter, self.starts, self.yard, self.name = plan, melter, tuple(starts), yard, name
        first, count = plan.years[0].metal, len(plan.names.yard)
        self.grades = tuple(range(count - len(first.market_composition), count))
        """Grades from outside cars."""
        self.approval = Approval(first, ALLOYS, count, plan.practice.approval_months)
        self.bought_t = np.zeros(len(self.grades))
        """t charged in the year of what is bought."""
        self.why = [SPEC] * count
        """Why the grade was left at the last clearing."""

    def wanted(self, metal: MetalPlan, year: int, begin: int, until: int) -> Floats:
        """Return finished metal wanted between two seconds, t (A)."""
        start, end = self.starts[year], self.starts[year + 1]
        months = np.full(12, 1.0 / 12.0) if metal.monthly is None else metal.monthly / metal.monthly.sum()
        passed = np.interp([begin, until], np.linspace(start, end, 13), np.concatenate([[0.0], np.cumsum(months)]))
        return np.asarray(metal.finished[self.melter] * (passed[1] - passed[0]))

    def heats(self, liquid: Floats) -> Counts:
        """Return how many heats these t (A) are, of about the size that each alloy is made in; at least one.

        Raises
        ------
        InputError
            ``heat_size_missing``
        """
        count = np.ones(len(ALLOYS), dtype=np.int64)
        for alloy in np.flatnonzero(liquid > 0.0).tolist():
            size = self.plan.practice.heat_t.get(ALLOYS[alloy], 0.0)
            if size <= 0.0:
                raise refuse("heat_size_missing", self.name, found=size, alloy=ALLOYS[alloy])
            count[alloy] = max(1, round(liquid[alloy] / size))
        return count

    def offer(self, metal: MetalPlan, year: int, until: int) -> Offer:
        """Return what may be charged: the piles as believed, and what can be bought until a second."""
        count = len(self.plan.names.yard)
        stock, gross, size = np.zeros(count), np.zeros(count), np.zeros(count)
        mean, variance = np.zeros((count, len(METALS))), np.zeros((count, len(METALS)))
        mean[:, 0] = 1.0
        for grade in range(count - len(self.grades)):
            if self.yard.piles[grade]:
                bare, means, variances, heavy = self.yard.beliefs(grade)
                weight = bare / bare.sum()
                mean[grade], variance[grade] = weight @ means, weight @ variances
                stock[grade] = bare.sum() * (1.0 - metal.loss[grade])
                size[grade] = stock[grade] / len(bare)
                gross[grade] = heavy.sum() / stock[grade]
        mean[list(self.grades)] = metal.market_composition / metal.market_composition.sum(axis=1, keepdims=True)
        stock[list(self.grades)] = _ENOUGH_T
        passed = (until - self.starts[year]) / (self.starts[year + 1] - self.starts[year])
        stock[self.grades[0]] = max(0.0, float(metal.sash_supply[self.melter] * passed - self.bought_t[0]))
        return Offer(stock, mean, variance, size, gross)

    def clear(
        self, metal: MetalPlan, offer: Offer, need: Floats, heats: Counts, capacity_t: float, now: int
    ) -> Cleared:
        """Decide which alloy takes how much of which grade, and remember why others were left."""
        open_to = self.approval.open_at(now, offer.stock > 0.0)
        clearing = Clearing(metal, ALLOYS, self.melter, self.plan.practice.risk)
        cleared = clearing.clear(offer, need, heats, open_to, capacity_t)
        waits = np.asarray(self.approval.waits(now)[:, need > 0.0].any(axis=1))
        self.why = [
            MELTING if cut > 0.0 else APPROVAL if wait else SPEC for cut, wait in zip(cleared.cut, waits, strict=True)
        ]
        return cleared
