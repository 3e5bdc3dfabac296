"""Parts traceability after the public code of Ouranos, as far as it answers: who sees which footprint, and how many do.

Public (code and API v3.0.0, MIT, read): a trace identifier belongs to a kind of part of an operator's plant; structures
have two levels and at most 50 children; there is no lot, no moved quantity and no time of an event; a supplier does not
see how much its customer needs; a footprint is shown to the direct customer once that was allowed; counts of replies go
down the chain without names. Our reading: the period is part of a part's key, since the public example puts it into a
free field. The objects themselves are written by `cesim.trace.exports`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.platforms.faults import refuse
from cesim.trace.platforms.packing import packed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Whole = NDArray[np.int64]

CHILDREN: Final = 50
"""Most of one structure."""
LOST: Final = ("lot", "mass_mg", "time_s", "handover", "loss_mg", "composition", "origin")
"""What a ledger knows of lots and a part has no field for."""


@dataclass(frozen=True)
class Projection:
    """Lots as kinds of parts.

    Attributes
    ----------
    part : (lot,)
        Which part each lot became.
    operator, plant, name, period : (part,)
        Its key.
    """

    part: Whole
    operator: Whole
    plant: Whole
    name: Whole
    period: Whole

    @property
    def lots(self) -> int:
        """Lots that went in."""
        return len(self.part)

    @property
    def parts(self) -> int:
        """Parts that came out."""
        return len(self.operator)

    @property
    def lots_lost(self) -> int:
        """Lots that can no longer be told from another."""
        return self.lots - self.parts

    def alone(self) -> int:
        """Return how many lots still are the only one of their part."""
        return int((np.bincount(self.part, minlength=self.parts) == 1).sum())


def project(operator: ArrayLike, plant: ArrayLike, name: ArrayLike, period: ArrayLike) -> Projection:
    """Fold lots into parts: the same operator, plant, name and period are one part."""
    columns = [np.asarray(one, dtype=np.int64) for one in (operator, plant, name, period)]
    _, first, part = np.unique(packed(*columns), return_index=True, return_inverse=True)
    return Projection(part.ravel().astype(np.int64), *(column[first] for column in columns))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the trades up the chain were answered; no names."""

    completed: int
    trades: int


@dataclass(slots=True)
class _Trade:
    customer: str
    supplier: str
    amount: float
    below: int | None
    footprint: float | None = None
    allowed: bool = False


class Trades:
    """Requests for footprints from customers to suppliers, each under the one that led to it."""

    def __init__(self) -> None:
        self.traffic: Counter[str] = Counter()
        self._trades: list[_Trade] = []

    def request(self, customer: str, supplier: str, amount: float, below: int | None = None) -> int:
        """Ask for the footprint of a part of which so much is needed; return the number of the trade.

        Raises
        ------
        InputError
            ``trade_unknown``, ``trade_children`` for the 51st under one, ``trade_amount`` for less than nothing.
        """
        if below is not None:
            self._trade(below)
            if sum(one.below == below for one in self._trades) >= CHILDREN:
                raise refuse("trade_children", "ouranos", found=below, most=CHILDREN)
        if not amount >= 0.0:
            raise refuse("trade_amount", "ouranos", found=amount)
        self._trades.append(_Trade(customer, supplier, amount, below))
        self.traffic["request"] += 1
        return len(self._trades) - 1

    def answer(self, trade: int, supplier: str, footprint: float, *, allow: bool) -> None:
        """Enter a footprint, kg CO2e; with `allow` its customer may see it. Raises ``trade_not_yours``."""
        held = self._trade(trade)
        if held.supplier != supplier:
            raise refuse("trade_not_yours", "ouranos", found=trade)
        held.footprint, held.allowed = footprint, allow
        self.traffic["answer"] += 1

    def footprint(self, trade: int, viewer: str) -> float | None:
        """Return a footprint as a viewer sees it: its supplier always, its direct customer where that was allowed."""
        held = self._trade(trade)
        self.traffic["footprint"] += 1
        shown = viewer == held.supplier or (viewer == held.customer and held.allowed)
        return held.footprint if shown else None

    def amount(self, trade: int, viewer: str) -> float | None:
        """Return how much is needed, to the customer alone."""
        held = self._trade(trade)
        return held.amount if viewer == held.customer else None

    def counts(self, trade: int) -> Counts:
        """Return how many trades under one, with it, there are and how many were answered."""
        self._trade(trade)
        under = {trade}
        for number, one in enumerate(self._trades):  # a trade stands after the one that led to it
            if one.below in under:
                under.add(number)
        return Counts(sum(self._trades[number].footprint is not None for number in under), len(under))

    def _trade(self, number: int) -> _Trade:
        if not 0 <= number < len(self._trades):
            raise refuse("trade_unknown", "ouranos", found=number)
        return self._trades[number]
