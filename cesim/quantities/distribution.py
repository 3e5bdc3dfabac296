"""Which law a range stands for, and its quantiles (rules Q1 to Q9)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.quantities.faults import QuantityError
from cesim.quantities.triangular import reach

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cesim.quantities.quantity import Quantity

Kind = Literal["share", "positive", "real"]
Range = Literal["percentiles", "bounds"]
LawName = Literal["fixed", "normal", "lognormal", "logit-normal", "triangular", "uniform"]

SUPPORT: Final[dict[Kind, tuple[float, float]]] = {
    "share": (0.0, 1.0),
    "positive": (0.0, math.inf),
    "real": (-math.inf, math.inf),
}
"""Between which ends a quantity of each kind lies, ends included."""

_DEFAULT: Final[dict[Kind, LawName]] = {
    "share": "logit-normal",
    "positive": "lognormal",
    "real": "triangular",
}
"""Q2."""

_LAW_SUPPORT: Final[dict[LawName, tuple[float, float]]] = {
    "normal": (-math.inf, math.inf),
    "lognormal": (0.0, math.inf),
    "logit-normal": (0.0, 1.0),
}
"""Between which ends the laws of the normal family lie, ends excluded."""

_Z95 = 1.6448536269514722
"""The 95 % quantile of the standard normal."""


@dataclass(frozen=True, slots=True)
class Law:
    """A distribution ready to be drawn from: its name, its centre and how far it reaches each way."""

    name: LawName
    """Which formula the quantiles follow."""

    centre: float
    """The median of a normal family (untransformed), the mode of a triangle, else the best estimate."""

    below: float = 0.0
    """Standard deviation below the centre in the transformed space, or distance to the lower end."""

    above: float = 0.0
    """Standard deviation above the centre in the transformed space, or distance to the upper end."""

    ends: tuple[float, float] = (-math.inf, math.inf)
    """The support; undoes rounding only, never cuts off probability."""

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles at `u`, each a function of its own ``u`` alone (Q9).

        Parameters
        ----------
        u
            Probabilities strictly between 0 and 1, any shape.

        Returns
        -------
        ndarray
            Float64 of the shape of `u`.

        Raises
        ------
        QuantityError
            ``u_out_of_range``; ``not_finite`` if a quantile overflows.
        """
        # fresh and in C order: vector units may round differently where an array is not contiguous
        uniform = np.array(u, dtype=np.float64, order="C")
        inside = (uniform > 0.0) & (uniform < 1.0)
        if not inside.all():
            raise QuantityError("u_out_of_range", found=float(uniform[~inside].flat[0]), allowed="0 < u < 1")
        quantiles = np.clip(self._quantiles(uniform), *self.ends)
        finite = np.isfinite(quantiles)
        if not finite.all():
            raise QuantityError("not_finite", found=self.name, u=float(uniform[~finite].flat[0]))
        return quantiles

    def _quantiles(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.name == "fixed":
            return np.full(u.shape, self.centre)
        if self.name == "uniform":
            return self.ends[0] + u * (self.below + self.above)
        if self.name == "triangular":
            return _triangular(self, u)
        return _two_piece(self, u)


def ppf(quantity: Quantity, u: ArrayLike) -> NDArray[np.float64]:
    """Quantiles of a quantity at the probabilities `u` (any shape, strictly between 0 and 1).

    Deterministic and elementwise: the quantile of one ``u`` is the same bit for bit in any array (Q9).

    Raises
    ------
    QuantityError
        ``u_out_of_range``; ``not_finite`` if a quantile overflows.
    """
    return quantity.law.ppf(u)


def law_of(value: float, low: float | None, high: float | None, dist: LawName | None, range_: Range, kind: Kind) -> Law:
    """Return the law that a best estimate and its range stand for.

    Expects numbers that are finite, in order and inside the support of `kind`, as `Quantity` makes sure.

    Raises
    ------
    QuantityError
        ``distribution_outside_support``, ``wrong_range_for_distribution``, ``triangular_leaves_support``.
    """
    if low is None or high is None or low == high or dist == "fixed":  # Q8
        return Law("fixed", value)
    if range_ == "bounds":
        return _law_on_bounds(value, low, high, dist)
    name = dist or _DEFAULT[kind]
    if name == "triangular":
        return _law_through_percentiles(value, low, high, kind)
    if name == "uniform":
        raise QuantityError("wrong_range_for_distribution", found="uniform, percentiles", allowed="bounds")
    if dist is None and (low == SUPPORT[kind][0] or high == SUPPORT[kind][1]):  # Q4
        return _on_ends("triangular", value, low, high)
    return _law_of_normal_family(name, value, low, high, kind)


def _law_on_bounds(value: float, low: float, high: float, dist: LawName | None) -> Law:
    """Q5, and the half of Q7 that refuses a law without ends."""
    if dist in ("normal", "lognormal", "logit-normal"):
        raise QuantityError("wrong_range_for_distribution", found=f"{dist}, bounds", allowed="percentiles")
    return _on_ends(dist or "triangular", value, low, high)


def _on_ends(name: LawName, value: float, low: float, high: float) -> Law:
    return Law(name, value, value - low, high - value, (low, high))


def _law_through_percentiles(value: float, low: float, high: float, kind: Kind) -> Law:
    """Q6."""
    below, above = reach(value - low, high - value)
    ends = (value - below, value + above)
    least, most = SUPPORT[kind]
    if ends[0] < least or ends[1] > most:
        raise QuantityError(
            "triangular_leaves_support", found=ends, allowed=SUPPORT[kind], rule="Q6", remedy="range: bounds"
        )
    return Law("triangular", value, below, above, ends)


def _law_of_normal_family(name: LawName, value: float, low: float, high: float, kind: Kind) -> Law:
    """Q3, and the half of Q7 that refuses a law which could leave the support."""
    least, most = _LAW_SUPPORT[name]
    if least < SUPPORT[kind][0] or most > SUPPORT[kind][1]:
        raise QuantityError("distribution_outside_support", found=name, allowed=_allowed_for(kind), kind=kind)
    if not (least < low and high < most):
        raise QuantityError("distribution_outside_support", found=(low, high), allowed=(least, most), dist=name)
    centre = _transformed(name, value)
    below = (centre - _transformed(name, low)) / _Z95
    above = (_transformed(name, high) - centre) / _Z95
    return Law(name, value, below, above, (least, most))


def _allowed_for(kind: Kind) -> list[str]:
    least, most = SUPPORT[kind]
    families = [name for name, ends in _LAW_SUPPORT.items() if least <= ends[0] and ends[1] <= most]
    return [*families, "triangular", "uniform", "fixed"]


def _transformed(name: LawName, x: float) -> float:
    """Take a number to the space where the law is normal."""
    if name == "lognormal":
        return math.log(x)
    if name == "logit-normal":
        return math.log(x) - math.log1p(-x)
    return x


def _two_piece(law: Law, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Q3: the two-piece normal, taken back from the transformed space."""
    from scipy.special import expit, ndtri  # here, since scipy is slow to import

    z = ndtri(u)
    step = np.asarray(np.where(z < 0.0, law.below, law.above) * z)
    if law.name == "normal":
        return np.asarray(law.centre + step)
    if law.name == "lognormal":
        with np.errstate(over="ignore", under="ignore"):  # the caller refuses what is not finite
            return np.asarray(law.centre * np.exp(step))
    x = expit(_transformed(law.name, law.centre) + step)
    return np.where(step == 0.0, law.centre, x)  # expit(logit(x)) may miss x by a bit


def _triangular(law: Law, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of the triangle with its mode at the centre."""
    width = law.below + law.above
    left = law.ends[0] + np.sqrt(u * width * law.below)
    right = law.ends[1] - np.sqrt((1.0 - u) * width * law.above)
    return np.where(u * width < law.below, left, right)
