"""How wide a safety margin must be for the risk asked to be the risk run: found on simulated heats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

WIDEST: Final = 1024.0
"""Standard deviations at which the search gives up."""
ROUNDS: Final = 24
"""Halvings of the interval between a margin that is too narrow and one that is wide enough."""


def calibrated(risk_at: Callable[[float], float], asked: float, rounds: int = ROUNDS) -> float | None:
    """Return the narrowest margin, in standard deviations, whose realised risk is at most the one asked.

    Parameters
    ----------
    risk_at
        Margin -> share of simulated heats off the limits; always the same heats, so that the margin alone moves it.
    asked
        Share of heats.
    rounds
        Halvings.

    Returns
    -------
    float or None
        None where no margin is wide enough.
    """
    low, high = 0.0, 1.0
    if risk_at(0.0) <= asked:
        return 0.0
    while risk_at(high) > asked:
        low, high = high, 2.0 * high
        if high > WIDEST:
            return None
    for _ in range(rounds):
        middle = (low + high) / 2.0
        if risk_at(middle) <= asked:
            high = middle
        else:
            low = middle
    return high


def upper_bound(off: int, heats: int, confidence: float = 0.95) -> float:
    """Return the one-sided upper confidence bound of a risk of which `off` in `heats` were seen.

    C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404.
    """
    from scipy.special import betaincinv  # here, since scipy is slow to import

    return 1.0 if off >= heats else float(betaincinv(off + 1, heats - off, confidence))
