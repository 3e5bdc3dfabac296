"""From a value back to its probability: what a draw does, the other way round (rule Q17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.quantities.faults import QuantityError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from cesim.quantities.distribution import Law

    Floats = NDArray[np.float64]

LEAST: Final = 2.0**-1022
"""The least probability of a law that has an end below; as near as it comes to that end."""
TAIL: Final = 2.0**-53
"""The least probability of a law without ends, 8.2 standard deviations out: farther is a slip of the pen."""
MOST: Final = 1.0 - 2.0**-53
"""The greatest number below 1."""
_NEAR: Final = 1 << 12
"""Neighbouring numbers each way among which the nearest is looked for first."""
_BESIDE: Final = 4
"""Neighbours that are tried one by one at the end: rounding makes quantiles waver by a bit or two."""
_ENDED: Final = ("uniform", "triangular")


@dataclass(frozen=True, slots=True)
class LawOfYear:
    """What a number may be in one year: a law, or the way from one law to another between two dated knots (Q12).

    Attributes
    ----------
    before, after
        laws at the knots on either side; the same where there is one
    way
        how far the year has come from the one to the other, 0 to 1
    """

    before: Law
    after: Law
    way: float = 0.0

    @property
    def is_certain(self) -> bool:
        """Whether every draw is the same."""
        return all(law.name == "fixed" for law in self._laws)

    @property
    def least(self) -> float:
        """The least probability that is looked at."""
        return LEAST if all(law.name in (*_ENDED, "fixed") for law in self._laws) else TAIL

    @property
    def support(self) -> tuple[float, float]:
        """The least and the greatest value that has a probability; ends of laws that have ends are included."""
        ends = np.array([_ends(law, self.least) for law in (self.before, self.after)])
        low, high = ends[0] + self.way * (ends[1] - ends[0])
        return float(low), float(high)

    @property
    def width(self) -> float:
        """From the 5th to the 95th percentile."""
        low, high = self.draw([0.05, 0.95])
        return float(high - low)

    def draw(self, u: ArrayLike) -> Floats:
        """Values at some probabilities, bit for bit those of a draw (`TimePath.values`, `ppf`)."""
        start = self.before.ppf(u)
        if self.way == 0.0:
            return start
        line: Floats = start + self.way * (self.after.ppf(u) - start)
        return line

    def probability(self, x: ArrayLike) -> Floats:
        """Probabilities whose draws come nearest to some values: mostly to the bit, see Q17.

        Parameters
        ----------
        x
            Values inside `support`, any shape.

        Returns
        -------
        ndarray
            Probabilities strictly between 0 and 1, shape of `x`.

        Raises
        ------
        QuantityError
            ``value_out_of_reach`` for a value outside `support`; ``no_range`` where every draw is the same.
        """
        values = np.array(x, dtype=np.float64, order="C")
        if self.is_certain:
            raise QuantityError("no_range", found=float(self.draw([0.5])[0]))
        low, high = self.support
        outside = ~((values >= low) & (values <= high))
        if outside.any():
            raise QuantityError("value_out_of_reach", found=float(values[outside].flat[0]), allowed=(low, high))
        flat = values.reshape(-1)
        start = _cumulative(self.before, flat) if self.way == 0.0 else np.full(flat.shape, 0.5)
        return nearest(self.draw, flat, np.clip(start, self.least, MOST), self.least).reshape(values.shape)

    @property
    def _laws(self) -> tuple[Law, ...]:
        return (self.before,) if self.way == 0.0 else (self.before, self.after)


def nearest(draw: Callable[[Floats], Floats], x: Floats, start: Floats, least: float) -> Floats:
    """Return the probabilities (n,) whose draws come nearest to `x`, by bisection over neighbouring numbers.

    Parameters
    ----------
    draw
        Rises with the probability, but for the last bits.
    start
        Where each is supposed to be.
    least
        The least probability; the greatest is `MOST`.
    """
    u = start.copy()
    for reach in (_NEAR, None):  # positive floats have the order of their bits read as whole numbers
        open_ = np.flatnonzero(draw(u) != x)
        if not open_.size:
            break
        held, first, last = u[open_].view(np.int64), _bits(least), _bits(MOST)
        below = np.full(open_.size, first) if reach is None else np.maximum(held - reach, first)
        above = np.full(open_.size, last) if reach is None else np.minimum(held + reach, last)
        found, is_between = _between(draw, x[open_], below, above)
        u[open_] = np.where(is_between | (reach is None), found, u[open_])
        if is_between.all():
            break
    return u


def _between(
    draw: Callable[[Floats], Floats], x: Floats, below: NDArray[np.int64], above: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Bisect, then try the neighbours; also say whether the values lay between the ends at all."""
    first, last = below.copy(), above.copy()
    is_between = (draw(below.view(np.float64)) <= x) & (draw(above.view(np.float64)) >= x)
    while (above - below > 1).any():
        middle = below + (above - below) // 2
        is_low = draw(middle.view(np.float64)) < x
        below, above = np.where(is_low, middle, below), np.where(is_low, above, middle)
    best = above.view(np.float64).copy()
    off = np.abs(draw(best) - x)
    for step in range(-_BESIDE, _BESIDE):
        tried = np.clip(above + step, first, last).view(np.float64)
        missed = np.abs(draw(tried) - x)
        best, off = np.where(missed < off, tried, best), np.minimum(missed, off)
    return best, is_between


def _bits(number: float) -> np.int64:
    return np.float64(number).view(np.int64)


def _ends(law: Law, least: float) -> tuple[float, float]:
    if law.name == "fixed":
        return law.centre, law.centre
    if law.name in _ENDED:
        return law.ends
    low, high = law.ppf([least, MOST])
    return float(low), float(high)


def _cumulative(law: Law, x: Floats) -> Floats:
    """Probability of at most `x` (n,), in closed form: right but for rounding."""
    if law.name == "uniform":
        return np.asarray((x - law.ends[0]) / (law.below + law.above))
    if law.name == "triangular":
        return _triangular(law, x)
    from scipy.special import ndtr  # here, since scipy is slow to import

    off = _transformed(law, x) - _transformed(law, np.array(law.centre))
    side = np.where(off < 0.0, law.below, law.above)
    return np.asarray(ndtr(np.divide(off, side, out=np.zeros_like(off), where=side > 0.0)))


def _triangular(law: Law, x: Floats) -> Floats:
    width = law.below + law.above
    left = (x - law.ends[0]) ** 2 / (width * law.below) if law.below > 0.0 else np.zeros_like(x)
    right = 1.0 - (law.ends[1] - x) ** 2 / (width * law.above) if law.above > 0.0 else np.ones_like(x)
    return np.where(x < law.centre, left, right)


def _transformed(law: Law, x: Floats) -> Floats:
    """Take values to the space where the law is normal."""
    if law.name == "lognormal":
        return np.asarray(np.log(x))
    if law.name == "logit-normal":
        with np.errstate(divide="ignore"):  # a draw may round to 1
            return np.asarray(np.log(x) - np.log1p(-x))
    return x
