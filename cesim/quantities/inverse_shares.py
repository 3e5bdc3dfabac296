"""From shares that add to one back to probabilities that draw them (rule Q18)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.quantities.faults import QuantityError
from cesim.quantities.inverse import MOST, TAIL
from cesim.quantities.simplex import dirichlet, matching_concentration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from cesim.quantities.quantity import Quantity

    Floats = NDArray[np.float64]

SUM_TOLERANCE = 1e-9
"""How far written shares may miss one."""


@dataclass(frozen=True)
class LawOfShares:
    """What shares that add to one may be.

    Attributes
    ----------
    best, low, high
        best estimates and ends of their ranges, one for each share, as `Sampler.simplex` has them
    """

    best: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    @classmethod
    def of(cls, shares: Mapping[str, Quantity]) -> LawOfShares:
        """Return the law of the shares of a scenario."""
        held = list(shares.values())
        total = float(np.array([one.value for one in held]).sum())
        return cls(
            tuple(one.value / total for one in held),
            tuple(one.value if one.low is None else one.low for one in held),
            tuple(one.value if one.high is None else one.high for one in held),
        )

    @cached_property
    def concentration(self) -> float:
        """Sum of the parameters of the Dirichlet law."""
        return matching_concentration(self.best, self.low, self.high)

    @property
    def is_certain(self) -> bool:
        """Whether every draw is the best estimate."""
        return bool(np.isinf(self.concentration)) or max(self.best) == 1.0

    @cached_property
    def supports(self) -> tuple[tuple[float, float], ...]:
        """The least and the greatest value of each share that has a probability; a share of zero is zero."""
        from scipy.special import gammaincinv  # here, since scipy is slow to import

        if self.is_certain:
            return tuple((share, share) for share in self.best)
        c = self.concentration
        return tuple(
            (float(gammaincinv(c * share, TAIL) / c), min(1.0, float(gammaincinv(c * share, MOST) / c)))
            if share > 0.0 else (0.0, 0.0)
            for share in self.best
        )  # fmt: skip

    def draw(self, u: ArrayLike) -> Floats:
        """Shares (draw, k) at some probabilities, bit for bit those of a draw."""
        return dirichlet(self.best, u, low=self.low, high=self.high)

    def probability(self, shares: ArrayLike) -> Floats:
        """Probabilities (draw, k) that draw some shares.

        Many do: k probabilities make k - 1 free shares. Of all, those are taken whose gamma variates add to the
        concentration, their mean, so that the probability of each share depends on that share alone and rises with it.

        Raises
        ------
        QuantityError
            ``value_out_of_reach`` for a share outside its `supports`, ``shares_do_not_add_to_one``
        """
        from scipy.special import gammainc  # here, since scipy is slow to import

        x = np.array(shares, dtype=np.float64)
        low, high = np.array(self.supports).T
        outside = ~((x >= low) & (x <= high))
        if outside.any():
            row, column = np.argwhere(outside)[0]
            raise QuantityError("value_out_of_reach", found=float(x[row, column]), allowed=self.supports[column])
        missed = np.abs(x.sum(axis=1) - 1.0)
        if (missed > SUM_TOLERANCE).any():
            worst = float(x[np.argmax(missed)].sum())
            raise QuantityError("shares_do_not_add_to_one", found=worst, allowed=1.0)
        u = np.full(x.shape, 0.5)
        for at, share in enumerate(self.best):
            if share > 0.0:
                u[:, at] = np.clip(gammainc(self.concentration * share, self.concentration * x[:, at]), TAIL, MOST)
        return u
