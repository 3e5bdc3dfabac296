"""Measured flows that do not balance, moved as little as their uncertainty allows until they do.

Linear weighted least squares: of all ``x`` with ``constraints @ x = totals``, the one that minimises
``(x - measured)' V^-1 (x - measured)``. Sources: VDI 2048 Part 1 (2017); S. Narasimhan and C. Jordache,
Data Reconciliation and Gross Error Detection (2000), chapters 3 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cesim.balance.families import Floats


@dataclass(frozen=True)
class GlobalTest:
    """Chi-square test of all constraints together; a small `p_value` says that something is grossly wrong."""

    statistic: float
    degrees: int
    p_value: float


@dataclass(frozen=True)
class Reconciled:
    """Reconciled values and how much the constraints had to say about each of them.

    `adjustability` is 1 - sd / sd measured; `detectability` is sqrt(1 - (1 - adjustability)^2); both are 0 for
    a value that no constraint can correct, which is not `redundant`. `measurement_test` is the correction
    beside its own standard deviation, 0 where there is none.
    """

    reconciled: Floats
    sd: Floats
    adjustability: Floats
    detectability: Floats
    redundant: NDArray[np.bool_]
    measurement_test: Floats
    covariance: Floats
    global_test: GlobalTest


def reconcile(measured: ArrayLike, sd: ArrayLike, constraints: ArrayLike, totals: ArrayLike = 0.0) -> Reconciled:
    """Reconcile `measured` values with linear constraints.

    Parameters
    ----------
    measured
        ``(value,)``.
    sd
        Standard deviations ``(value,)``, above 0; or the covariance ``(value, value)``.
    constraints
        Coefficients ``(constraint, value)``; constraints may repeat each other, not contradict.
    totals
        What each constraint adds up to, 0 for a balance.

    Raises
    ------
    ValueError
        For values that are not finite, shapes that do not fit, an sd not above 0, or constraints that no
        values can meet.
    """
    values, spread, rows = (np.asarray(one, dtype=np.float64) for one in (measured, sd, constraints))
    if not all(np.isfinite(one).all() for one in (values, spread, rows)):
        raise ValueError("measured, sd, constraints: found a value that is not finite")
    if values.ndim != 1 or rows.ndim != 2 or rows.shape[1] != len(values):
        raise ValueError(f"constraints {rows.shape} do not fit measured {values.shape}")
    variance = np.diag(spread**2) if spread.ndim == 1 else spread
    if variance.shape != (len(values),) * 2 or (np.diag(variance) <= 0.0).any():
        raise ValueError(f"sd: found shape {spread.shape}, smallest {spread.min():g}; allowed: above 0")
    gain = variance @ rows.T
    inverse, degrees = _pseudo_inverse(rows @ gain)
    miss = rows @ values - np.asarray(totals, dtype=np.float64)
    corrected = values - gain @ inverse @ miss
    left = rows @ corrected - np.asarray(totals, dtype=np.float64)
    size = np.abs(rows) @ np.abs(values) + np.abs(totals)
    if (np.abs(left) > 1e-9 * np.maximum(size, 1e-300)).any():
        raise ValueError(f"constraints {np.flatnonzero(np.abs(left) > 1e-9 * size).tolist()} contradict others")
    return _result(values, corrected, variance, gain @ inverse @ gain.T, float(miss @ inverse @ miss), degrees)


def _pseudo_inverse(matrix: Floats) -> tuple[Floats, int]:
    """Inverse on the constraints that say something new, and how many those are."""
    scale = np.sqrt(np.diag(matrix))
    scale = np.where(scale > 0.0, scale, 1.0)
    sizes, vectors = np.linalg.eigh(matrix / np.outer(scale, scale))
    kept = sizes > 1e-10
    inverse = (vectors[:, kept] / sizes[kept]) @ vectors[:, kept].T
    return inverse / np.outer(scale, scale), int(kept.sum())


def _result(
    values: Floats, corrected: Floats, variance: Floats, removed: Floats, statistic: float, degrees: int
) -> Reconciled:
    from scipy.special import chdtrc

    before, gone = np.diag(variance), np.maximum(np.diag(removed), 0.0)
    redundant = gone > 1e-12 * before
    after = np.sqrt(np.where(redundant, np.maximum(before - gone, 0.0), before))
    adjustability = 1.0 - after / np.sqrt(before)
    test = np.divide(np.abs(values - corrected), np.sqrt(gone), out=np.zeros_like(values), where=redundant)
    return Reconciled(
        reconciled=np.where(redundant, corrected, values),
        sd=after,
        adjustability=adjustability,
        detectability=np.sqrt(1.0 - (1.0 - adjustability) ** 2),
        redundant=redundant,
        measurement_test=test,
        covariance=variance - removed,
        global_test=GlobalTest(statistic, degrees, float(chdtrc(degrees, statistic)) if degrees else 1.0),
    )
