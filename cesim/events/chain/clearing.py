"""One clearing of the scrap market of a casthouse: which alloy takes how much of which grade.

The rounds of the balance, one after the other, on what is believed of the piles in the yard: the limits of each alloy
are drawn in by a margin for what is not known of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.dilution import AlloyWindow, Heat, Yard, dilute
from cesim.events.chain.heats import GUARD, deviations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.chain.plan import MetalPlan

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Counts = NDArray[np.int64]

_ROUNDS: Final = 2
"""Times that the margin is worked out anew from the charge it led to."""
_NOTHING: Final = 1e-9
"""t, a milligram."""


@dataclass(frozen=True)
class Offer:
    """What may be charged, after melt loss.

    Attributes
    ----------
    stock : (G,)
        t
    mean, variance : (G, METALS)
        believed of a bale, mass fractions
    size : (G,)
        t of a bale; the smaller, the more errors cancel in a heat
    gross : (G,)
        t melted down for one t recovered; 0 for what is bought
    """

    stock: Floats
    mean: Floats
    variance: Floats
    size: Floats
    gross: Floats


@dataclass(frozen=True)
class Cleared:
    """What was decided.

    Attributes
    ----------
    taken : (G, A)
        t recovered
    cut : (G,)
        t that would have been taken, had it been possible to melt it down
    binding : (A,)
        element whose limit stops more scrap, -1 where none does
    """

    taken: Floats
    cut: Floats
    binding: NDArray[np.int64]


class Clearing:
    """The market between the piles of a yard and the alloys of a casthouse in one year.

    Parameters
    ----------
    metal
        Of the year.
    alloys
        Names along A.
    melter
        Place along M.
    risk
        Chance accepted that a heat is off its limits.
    """

    def __init__(self, metal: MetalPlan, alloys: tuple[str, ...], melter: int, risk: float) -> None:
        self.metal, self.alloys, self.risk = metal, alloys, risk
        self.wanted = metal.wanted[melter]
        self._prices = np.array([metal.primary_price]), metal.addition_price[None]

    def clear(self, offer: Offer, need: Floats, heats: Counts, open_to: Flags, capacity_t: float) -> Cleared:
        """Go through the rounds.

        Parameters
        ----------
        offer
            What lies there.
        need, heats : (A,)
            t open to scrap and the number of heats they are
        open_to : (G, A)
            which grade an alloy may take, as far as approval goes
        capacity_t
            scrap that can be melted down
        """
        left, taken = offer.stock.copy(), np.zeros(open_to.shape)
        cut, binding = np.zeros(left.size), np.full(len(self.alloys), -1)
        charges: dict[int, Heat] = {}
        for name, allowed, kind in self.metal.rounds:
            alloy = self.alloys.index(name)
            grades = np.array([g for g in allowed if open_to[g, alloy] and left[g] > _NOTHING], dtype=np.intp)
            if not grades.size or need[alloy] <= _NOTHING:
                continue
            worth = np.zeros(grades.size) if kind == "casting" else self.wanted[grades]
            charge = self._charge(
                alloy, grades, worth, offer, left, float(need[alloy]), int(heats[alloy]), charges, taken
            )
            scrap = charge.scrap[0]
            down = float(scrap @ offer.gross[grades])
            if down > capacity_t:
                kept = np.where(offer.gross[grades] > 0.0, capacity_t / down, 1.0)
                cut[grades] += scrap * (1.0 - kept)
                scrap = scrap * kept
                need = np.where(np.arange(need.size) == alloy, 0.0, need)  # what comes in its place is primary
            else:
                charges[alloy] = charge
            capacity_t = max(0.0, capacity_t - float(scrap @ offer.gross[grades]))
            binding[alloy] = charge.binding[0] if charge.binding[0] >= 0 else binding[alloy]
            taken[grades, alloy] += scrap
            left[grades] = np.maximum(left[grades] - scrap, 0.0)
        return Cleared(taken, cut, binding)

    def _charge(
        self,
        alloy: int,
        grades: NDArray[np.intp],
        worth: Floats,
        offer: Offer,
        left: Floats,
        need: float,
        heats: int,
        charges: dict[int, Heat],
        taken: Floats,
    ) -> Heat:
        """One round of one alloy, at the risk asked."""
        start = charges.get(alloy)
        yard = Yard(left[None, grades], offer.mean[None, grades], worth[None], self.metal.price[None, grades])
        sure = not offer.variance[grades].any() and not offer.variance[taken[:, alloy] > 0.0].any()
        margin = np.zeros(offer.mean.shape[1])
        charge = start
        for _ in range(1 if sure else 1 + _ROUNDS):
            window = tightened(self.metal.windows[alloy], margin + 2.0 * GUARD, start, need)
            charge = dilute(np.array([need]), window, yard, self._prices, start)
            amounts = taken[:, alloy].copy()
            amounts[grades] += charge.scrap[0]
            margin = deviations(self.risk) * spread(amounts / heats, offer) * heats / need
        assert charge is not None
        return charge


def spread(amounts: Floats, offer: Offer) -> Floats:
    """Return the standard deviation of what scrap brings into one heat, t (METALS), of amounts t (G).

    Bales err independently: a heat of many small ones is known better than a heat of one.
    """
    own = amounts * np.minimum(amounts, offer.size)
    return np.asarray(np.sqrt(own @ offer.variance))


def tightened(window: AlloyWindow, margin: Floats, start: Heat | None = None, need: float = 0.0) -> AlloyWindow:
    """Return limits drawn in by a margin, mass fractions (METALS), but never past what always holds.

    That is primary metal with additions up to the lower limits, and what is in the furnace already.
    """
    raised = window.lower > window.primary
    floor = np.where(raised, window.lower, window.primary)
    lower = np.where(raised, np.minimum(window.lower + margin, (window.lower + window.upper) / 2.0), window.lower)
    upper = np.where(window.upper < 1.0, np.maximum(window.upper - margin, np.maximum(floor, lower)), window.upper)
    if start is not None and need > 0.0:
        here = start.content[0] / need
        lower, upper = np.minimum(lower, np.maximum(here, window.lower)), np.maximum(upper, here)
    lower = np.where(raised, np.maximum(lower, window.lower), window.lower)
    return replace(window, lower=lower, upper=np.minimum(np.maximum(upper, lower), window.upper))
