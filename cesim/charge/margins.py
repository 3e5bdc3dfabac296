"""The margin: a risk kept as if everything were normal. And what every way to keep a risk can do.

A way knows one number, how tight it is, and is asked for charges at several of them (`calibrating`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from cesim.charge.cone import ConeProgramme, solve_cone
from cesim.charge.prices import NOTHING, STEP, moved
from cesim.charge.simplex import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.sheet import ChargeSheet, Side

    Floats = NDArray[np.float64]


class Method(Protocol):
    """A way to keep a risk."""

    start: float
    """Tightness to begin with."""

    def solve(self, tightness: float) -> Floats | None:
        """Return masses, (column,); None where there is no charge. 0 is the charge of the means."""

    def pace(self, tightness: float) -> float:
        """Return by how much the logarithm of the risk falls, about, where the tightness grows by one."""

    def nominal(self, masses: Floats) -> float:
        """Return the risk that the method itself sees in a charge."""

    def prices(self, tightness: float) -> dict[str, tuple[Side, float, float]]:
        """Return the limits that bind: name -> side and the derivatives of what is least, down and up."""


class Normal:
    """Mean and standard deviation: every limit keeps ``tightness`` standard deviations free.

    A. Charnes, W. W. Cooper, Management Science 6 (1959) 73; for scrap G. Gaustad, P. Li, R. Kirchain, Resources,
    Conservation and Recycling 52 (2007) 335. Begins with the risk shared out evenly (Bonferroni).
    """

    def __init__(self, sheet: ChargeSheet, cost: Floats, joint: float) -> None:
        from scipy.special import ndtri  # here, since scipy is slow to import

        self.sheet, self.programme = sheet, sheet.programme(cost)
        self.factor = _factors(sheet)
        self.risky = np.flatnonzero(self.factor.any(axis=(1, 2)))
        self.start = float(-ndtri(joint / max(self.risky.size, 1)))

    def solve(self, tightness: float) -> Floats | None:
        """See `Method`."""
        if tightness <= 0.0 or self.risky.size == 0:
            return of_the_means(self.sheet, self.programme.cost)
        told = solve_cone(self._at(tightness))
        return None if told.status == "infeasible" else told.x + self.sheet.least

    def pace(self, tightness: float) -> float:
        """See `Method`; that of a normal tail."""
        return max(tightness, 1.0)

    def nominal(self, masses: Floats) -> float:
        """Return the sum of the risks of all limits as if normal, at most 1."""
        from scipy.special import ndtr

        spread = np.linalg.norm(self.factor @ masses, axis=1)[: len(self.sheet.ends)]
        room = np.abs((self.sheet.rows @ masses)[:-1] - self._limits())
        has = spread > 0.0
        return min(1.0, float(ndtr(-room[has] / spread[has]).sum()))

    def prices(self, tightness: float) -> dict[str, tuple[Side, float, float]]:
        """See `Method`."""
        if tightness <= 0.0 or self.risky.size == 0:
            return {}
        told = solve_cone(self._at(tightness))
        largest = float(np.abs(told.row_price[:-1]).max(initial=0.0))
        bound = [at for at in range(len(self.sheet.ends)) if abs(told.row_price[at]) > NOTHING * largest]
        found = {}
        for at in bound:
            down, up = (self._price(tightness, at, share) for share in (-STEP, STEP))
            found[self.sheet.ends[at].name] = (self.sheet.ends[at].side, down, up)
        return found

    def _price(self, tightness: float, at: int, share: float) -> float:
        lower, upper = moved(self.sheet, self.programme, [at], share)
        told = solve_cone(self._at(tightness, lower, upper))
        return float(told.row_price[at]) if told.status == "optimal" else share / STEP * np.inf

    def _at(self, z: float, lower: Floats | None = None, upper: Floats | None = None) -> ConeProgramme:
        base = self.programme
        if lower is not None and upper is not None:
            base = type(base)(base.cost, base.rows, lower, upper, base.stock)
        return ConeProgramme(base, self.risky, self.factor[self.risky], np.full(self.risky.size, z))

    def _limits(self) -> Floats:
        return self.sheet.furnace.mass * np.array([end.limit for end in self.sheet.ends])


def of_the_means(sheet: ChargeSheet, cost: Floats) -> Floats | None:
    """Return the best charge if every lot were its mean, (column,); None where there is none."""
    told = solve(sheet.programme(cost))
    return None if told.status == "infeasible" else told.x + sheet.least


def _factors(sheet: ChargeSheet) -> Floats:
    """Return the standard deviation that a tonne of each lot brings to each row, (row, lot, column), on a diagonal.

    What scatters in a row is the element less what the limit allows the melt to grow by.
    """
    factor = np.zeros((len(sheet.ends) + 1, len(sheet.names), len(sheet.names)))
    for column, lot in enumerate(sheet.lots):
        order = [lot.belief.elements.index(element) for element in sheet.elements]
        covariance = lot.belief.covariance()[np.ix_(order, order)]
        for at, end in enumerate(sheet.ends):
            felt = end.weights * sheet.gain + (end.of_melt - end.limit) * sheet.slope
            factor[at, column, column] = np.sqrt(max(float(felt @ covariance @ felt), 0.0))
    return factor
