"""How one end of an interval hangs on each record: what flows through it, and how the scatter of weighings moves it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.genealogy.graph import sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.genealogy.graph import Genealogy

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Side:
    """One end of the interval of a claim.

    Parameters
    ----------
    total, through : (event,)
        The most that went in, mg (`Genealogy.total`); how much of the claim went through.
    proved : (lot,)
        Share of the classes of this end that is proved of each lot.
    chosen : (K,)
        Which classes these are.
    """

    def __init__(
        self, genealogy: Genealogy, total: Floats, through: Floats, proved: Floats, chosen: NDArray[np.bool_]
    ) -> None:
        self.genealogy, self.total, self.through, self.proved = genealogy, total, through, proved
        self.of_class = np.append(chosen, False).astype(np.float64)  # class -1 is the last
        self.pooled = np.zeros(len(genealogy))
        made = genealogy.birth >= 0
        self.pooled[genealogy.birth[made]] = proved[made]
        self.influence = through * self.pooled
        """How much of the claim flows through each event whose origin is proved to be of these classes, (event,)."""

    @cached_property
    def order(self) -> Whole:
        """Events through which something flows, the most first."""
        some = np.flatnonzero(self.influence)
        return some[np.argsort(-self.influence[some], kind="stable")]

    @cached_property
    def _summed(self) -> Floats:
        return np.concatenate([[0.0], np.cumsum(self.influence[self.order])])

    def largest(self, count: int) -> float:
        """Return what flows at most through so many records."""
        return float(self._summed[min(count, len(self.order))])

    def scatter(self, *, careful: bool) -> tuple[float, float]:
        """Return variance and bias of this end, for a unit of scatter; `careful` where records may be taken away."""
        ratio, short = self._careful if careful else self._plain, self._short
        told = self.genealogy.relabel < 0  # a class that is told hangs on no weighing
        variance = (self.through**2 * np.maximum(ratio[0], short[0]))[told].sum()
        bias = (self.through * np.maximum(ratio[1], short[1]))[told].sum()
        return float(variance), float(bias)

    @cached_property
    def _careful(self) -> tuple[Floats, Floats]:
        return self._if_complete(careful=True)

    @cached_property
    def _plain(self) -> tuple[Floats, Floats]:
        return self._if_complete(careful=False)

    @cached_property
    def _short(self) -> tuple[Floats, Floats]:
        return self._if_short()

    def _if_complete(self, *, careful: bool) -> tuple[Floats, Floats]:
        """Return variance and bias of the share of each event, for a unit of scatter, if all inputs are on record.

        The share is ``C / A`` of the inputs: a weighing m of share s moves it by ``(s - C / A) m / A``.
        """
        g = self.genealogy
        into = np.divide(1.0, g.went_in, out=np.zeros(len(g)), where=g.went_in > 0)
        pooled = np.minimum(self.pooled * self.total * into, 1.0)
        variance, bias = np.zeros(len(g)), np.zeros(len(g))
        proved = np.append(self.proved, 0.0)  # lot -1 is the last
        sides = (
            (g.in_start, proved[g.in_lot], g.in_mass),
            (g.source_start, self.of_class[g.source_class], g.source_mass),
        )
        for start, share, mass in sides:
            event = np.repeat(np.arange(len(g)), np.diff(start))
            off = np.maximum(share, pooled[event]) if careful else np.abs(share - pooled[event])
            variance += sums(start, (off * mass * into[event]) ** 2)
            bias += sums(start, off * (mass * into[event]) ** 2)
        return variance, bias

    def _if_short(self) -> tuple[Floats, Floats]:
        """Return the same if inputs are missing: the share is ``C / T``, and T is what left, weighed piece by piece."""
        g = self.genealogy
        within = np.divide(1.0, self.total, out=np.zeros(len(g)), where=self.total > 0)
        left = np.divide(1.0, g.came_out, out=np.zeros(len(g)), where=g.came_out > 0)
        event = np.repeat(np.arange(len(g)), np.diff(g.in_start))
        variance = sums(g.in_start, (np.append(self.proved, 0.0)[g.in_lot] * g.in_mass * within[event]) ** 2)
        event = np.repeat(np.arange(len(g)), np.diff(g.source_start))
        variance += sums(g.source_start, (self.of_class[g.source_class] * g.source_mass * within[event]) ** 2)
        event = np.repeat(np.arange(len(g)), np.diff(g.out_start))
        spread = sums(g.out_start, (g.out_mass * left[event]) ** 2) + (g.loss * left) ** 2
        return variance + self.pooled**2 * spread, self.pooled * spread
