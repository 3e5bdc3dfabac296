"""What can be melted of accepted scrap at the stated risk, with the error of the simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.estimates import Estimate
from cesim.charge.faults import no_answer
from cesim.charge.margin import calibrated, upper_bound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.shop import ScrapHeats

    Floats = NDArray[np.float64]

BATCHES = 10
"""Parts of the heats whose answers are compared for the standard errors."""
FIGURES = ("recycled_content", "cost", "co2")
_BINDS = 1e-7


@dataclass(frozen=True, eq=False)
class Melting:
    """The charge of accepted scrap: what stands in it, what it costs, and how often it misses the alloy.

    Standard errors are those of the heats (from ten batches of them, each with a margin of its own) and not of the
    lots behind them, which are many more.
    """

    mix: dict[str, float]
    """t charged per t of melt: ``scrap`` and every addition."""
    recycled_content: Estimate
    """Share of the melt that came from accepted scrap."""
    cost: Estimate
    """JPY per t of melt: metal, additions, sorting and energy."""
    co2: Estimate
    """t CO2e per t of melt."""
    margin: float
    """Standard deviations between heats that are kept free of every limit."""
    asked_risk: float
    """Share of heats that may miss a limit."""
    realised_risk: Estimate
    """Share of fresh heats, not those the margin was found on, that miss a limit."""
    risk_bound: float
    """One-sided 95 % upper bound of it."""
    binding: tuple[str, ...]
    """Limits whose margin is used up."""
    batches: Floats
    """Recycled content, cost and CO2 of every batch, (batch, figure); NaN where a batch found no charge."""

    def less(self, other: Melting) -> dict[str, Estimate]:
        """Return how much more this has than another melting of the same heats, figure by figure."""
        spread = _error(self.batches - other.batches)
        pairs = zip(FIGURES, spread, strict=True)
        return {name: Estimate(getattr(self, name) - getattr(other, name), error) for name, error in pairs}


def melted(subject: str, heats: ScrapHeats, fresh: ScrapHeats, sorting: float) -> Melting:
    """Find the charge that keeps the risk asked, and count what it does on fresh heats.

    The margin is the narrowest with which the one-sided 95 % upper bound of the risk on `heats` is the risk asked: a
    share found on the very heats that chose the margin flatters.

    Parameters
    ----------
    sorting
        JPY per t of scrap, beside the price of the scrap.

    Raises
    ------
    NoAnswer
        ``charge_no_margin`` where no margin keeps the risk.
    """
    risk = heats.shop.risk
    margin = calibrated(heats.bound_at, risk)
    if margin is None:
        tight = heats.charge(0.0)
        lines = [name for name, ray in zip(heats.window.names, tight.ray, strict=False) if abs(ray) > 0.0]
        raise no_answer("charge_no_margin", subject, "risk", found=risk, limits=", ".join(lines) or "-")
    charge = heats.charge(margin)
    size = len(heats.scrap) // BATCHES
    batches = np.array([_figures(heats.part(slice(at * size, (at + 1) * size)), sorting) for at in range(BATCHES)])
    bill = zip(_bill(heats, charge.x, sorting), _error(batches), strict=True)
    recycled, cost, co2 = (Estimate(value, error) for value, error in bill)
    off = int(fresh.off(charge.x).sum())
    count = len(fresh.scrap)
    share = off / count
    return Melting(
        dict(zip(heats.shop.names, charge.x.tolist(), strict=True)),
        recycled,
        cost,
        co2,
        margin=margin,
        asked_risk=risk,
        realised_risk=Estimate(share, (share * (1.0 - share) / count) ** 0.5),
        risk_bound=upper_bound(off, count),
        binding=heats.binding(charge.x, margin, _BINDS),
        batches=batches,
    )


def _figures(heats: ScrapHeats, sorting: float) -> tuple[float, ...]:
    """The figures of one batch with a margin of its own."""
    margin = calibrated(heats.risk_at, heats.shop.risk)
    if margin is None:
        return (np.nan,) * len(FIGURES)
    return _bill(heats, heats.charge(margin).x, sorting)


def _bill(heats: ScrapHeats, x: Floats, sorting: float) -> tuple[float, float, float]:
    recycled, cost, co2 = heats.bill(x)
    return recycled, cost + sorting * float(x[0]), co2


def _error(batches: Floats) -> list[float]:
    """Standard error of the mean of batches, by figure."""
    return [float(error) for error in batches.std(axis=0, ddof=1) / np.sqrt(len(batches))]
