"""Shares that must add to one: how a car's aluminium divides into sheet, extrusion and casting (Q11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.quantities.faults import QuantityError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_SUM_TOLERANCE = 1e-9
"""How far written shares may miss one; they are then divided by their sum."""

_WIDTH_IN_SD = 2 * 1.6448536269514722
"""From the 5th to the 95th percentile of a normal there are so many standard deviations."""

_SMALL = 1e-280
"""Below this the inverse gamma function underflows and its first term is used in logarithms."""


def dirichlet(
    values: ArrayLike,
    u: ArrayLike,
    *,
    concentration: float | None = None,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Draw shares that add to one, with `values` as their means.

    Each draw is k independent gamma variates by inversion, divided by their sum (Devroye, *Non-Uniform
    Random Variate Generation*, 1986, ch. XI.4). What rounding leaves over goes to the largest share. A
    share of zero stays exactly zero; a share of one, or shares none of which has a range, stay as they are.

    Parameters
    ----------
    values
        Best shares, shape ``(k,)``, adding to one within 1e-9.
    u
        One probability per draw and share, shape ``(draws, k)``, strictly between 0 and 1.
    concentration
        Sum of the Dirichlet's parameters, positive; or else
    low, high
        5th and 95th percentile of each share, shape ``(k,)``, from which `matching_concentration` is taken.

    Returns
    -------
    ndarray
        Shares, shape ``(draws, k)``; every row depends on its own row of `u` alone.

    Raises
    ------
    QuantityError
        ``shares_not_flat``, ``share_out_of_range``, ``shares_do_not_add_to_one``, ``wrong_shape``,
        ``u_out_of_range``, ``concentration_or_range``, ``concentration_out_of_range``, and those of
        `matching_concentration`.
    """
    best = _accepted_shares(values)
    uniform = _accepted_uniforms(u, best.size)
    if concentration is None and low is not None and high is not None:
        concentration = matching_concentration(best, low, high)
    elif concentration is None or low is not None or high is not None:
        raise QuantityError("concentration_or_range", allowed="concentration, or low and high")
    elif not 0.0 < concentration < np.inf:
        raise QuantityError("concentration_out_of_range", found=str(concentration), allowed="> 0, finite")
    if np.isinf(concentration) or best.max() == 1.0:
        return np.tile(best, (uniform.shape[0], 1))
    return _shares_of_gammas(best, concentration, uniform)


def matching_concentration(values: ArrayLike, low: ArrayLike, high: ArrayLike) -> float:
    """Return the one concentration whose widths match the declared ranges.

    A Dirichlet share has relative spread ``sqrt((1 - v) / v / (c + 1))``; a range has
    ``(high - low) / (2 * 1.645 v)``. Over the shares with a range, the concentration ``c`` makes the
    medians of the two equal.

    Parameters
    ----------
    values, low, high
        Shares and their 5th and 95th percentile, shape ``(k,)``.

    Returns
    -------
    float
        Infinite when no share has a range.

    Raises
    ------
    QuantityError
        ``wrong_shape``, ``share_out_of_range``, ``low_above_value``, ``value_above_high``; ``range_at_zero``
        for a zero share with a range; ``ranges_too_wide`` when no Dirichlet is that wide.
    """
    best = _accepted_shares(values)
    least, most = (_accepted_range(ends, best) for ends in (low, high))
    _check_order(least, best, most)
    ranged = most > least
    if not ranged.any():
        return float("inf")
    v = best[ranged]
    declared = float(np.median((most - least)[ranged] / (_WIDTH_IN_SD * v)))
    widest = float(np.median(np.sqrt((1.0 - v) / v)))  # reached as the concentration goes to zero
    if declared >= widest:
        raise QuantityError("ranges_too_wide", found=declared, allowed=f"< {widest}")
    return (widest / declared) ** 2 - 1.0


def _accepted_shares(values: ArrayLike) -> NDArray[np.float64]:
    shares = np.array(values, dtype=np.float64)
    if shares.ndim != 1 or shares.size == 0:
        raise QuantityError("shares_not_flat", found=shares.shape, allowed="(k,), k >= 1")
    _check_shares(shares)
    total = float(shares.sum())
    if abs(total - 1.0) > _SUM_TOLERANCE:
        raise QuantityError("shares_do_not_add_to_one", found=total, allowed=1.0)
    return shares / total


def _accepted_range(ends: ArrayLike, best: NDArray[np.float64]) -> NDArray[np.float64]:
    accepted = np.array(ends, dtype=np.float64)
    if accepted.shape != best.shape:
        raise QuantityError("wrong_shape", found=accepted.shape, allowed=best.shape)
    _check_shares(accepted)
    return accepted


def _accepted_uniforms(u: ArrayLike, k: int) -> NDArray[np.float64]:
    uniform = np.array(u, dtype=np.float64, order="C")
    if uniform.ndim != 2 or uniform.shape[1] != k:
        raise QuantityError("wrong_shape", found=uniform.shape, allowed=f"(draws, {k})")
    outside = uniform[~((uniform > 0.0) & (uniform < 1.0))]
    if outside.size:
        raise QuantityError("u_out_of_range", found=float(outside[0]), allowed="0 < u < 1")
    return uniform


def _check_shares(shares: NDArray[np.float64]) -> None:
    outside = shares[~((shares >= 0.0) & (shares <= 1.0))]
    if outside.size:
        raise QuantityError("share_out_of_range", found=float(outside[0]), allowed=(0.0, 1.0))


def _check_order(least: NDArray[np.float64], best: NDArray[np.float64], most: NDArray[np.float64]) -> None:
    for place in range(best.size):
        low, value, high = float(least[place]), float(best[place]), float(most[place])
        # dividing the written shares by their sum may move a value a little past its own range
        if low > value + _SUM_TOLERANCE:
            raise QuantityError("low_above_value", found=low, allowed=f"<= {value}", place=place)
        if high < value - _SUM_TOLERANCE:
            raise QuantityError("value_above_high", found=value, allowed=f"<= {high}", place=place)
        if value == 0.0 and high > low:
            raise QuantityError("range_at_zero", found=(low, high), allowed=(0.0, 0.0), place=place)


def _shares_of_gammas(best: NDArray[np.float64], concentration: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    present = np.flatnonzero(best)
    logs = [_log_gamma_quantile(concentration * float(best[place]), u[:, place].copy()) for place in present]
    largest = np.maximum.reduce(logs)
    parts = [np.exp(log - largest) for log in logs]  # from the largest down, so that the sum is at least one
    total = _sum(parts)
    shares = np.zeros((u.shape[0], best.size))
    for place, part in zip(present, parts, strict=True):
        shares[:, place] = part / total
    draws = np.arange(u.shape[0])
    shares[draws, shares.argmax(axis=1)] += 1.0 - _sum([shares[:, place] for place in present])
    return shares


def _log_gamma_quantile(shape: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of the gamma quantile; in the far left tail from ``u = x**a / Gamma(a + 1)``."""
    from scipy.special import gammaincinv, gammaln  # here, since scipy is slow to import

    quantile = gammaincinv(shape, u)
    tail = (np.log(u) + gammaln(shape + 1.0)) / shape
    return np.where(quantile > _SMALL, np.log(np.maximum(quantile, _SMALL)), tail)


def _sum(columns: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Add column by column: a reduction along rows could change its order with the number of rows."""
    total = np.zeros_like(columns[0])
    for column in columns:
        total += column
    return total
