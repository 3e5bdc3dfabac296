"""Curves between none and all: the share of jobs worth doing, and a measure that comes in over years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.quantities.faults import QuantityError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RampShape = Literal["linear", "s-curve"]


def share_curve(margin: ArrayLike, spread: ArrayLike) -> NDArray[np.float64]:
    """Return the share of cases in which a job pays, when margins differ by yard and by car (Q16).

    Parameters
    ----------
    margin
        Mean margin of the job (value + incentive - labour - transport), JPY per job.
    spread
        Standard deviation of the margin over yards and vehicles, JPY per job, not negative; broadcast
        against `margin`.

    Returns
    -------
    ndarray
        ``Phi(margin / spread)`` in [0, 1]; without spread 0 below, one half at and 1 above zero margin.

    Raises
    ------
    QuantityError
        ``not_finite``, ``negative_spread``.
    """
    from scipy.special import ndtr  # here, since scipy is slow to import

    mean, sd = np.broadcast_arrays(np.asarray(margin, dtype=np.float64), np.asarray(spread, dtype=np.float64))
    for name, numbers in (("margin", mean), ("spread", sd)):
        strange = numbers[~np.isfinite(numbers)]
        if strange.size:
            raise QuantityError("not_finite", found=str(strange.flat[0]), field=name)
    if (sd < 0.0).any():
        raise QuantityError("negative_spread", found=float(sd.min()), allowed=">= 0")
    with np.errstate(over="ignore"):  # a vanishing spread is a step, which is what infinity gives
        score = np.divide(mean, sd, out=np.where(mean == 0.0, 0.0, np.copysign(np.inf, mean)), where=sd > 0.0)
    return np.asarray(ndtr(score))


def ramp(years: ArrayLike, start: float, full: float, shape: RampShape = "linear") -> NDArray[np.float64]:
    """How far a measure has come in: 0 up to `start`, 1 from `full` on.

    Parameters
    ----------
    years
        Calendar years, any shape.
    start, full
        Last year of nothing and first year of everything; equal for a step, which is full in that year.
    shape
        ``linear``, or ``s-curve``: ``x**2 (3 - 2 x)``, which leaves and arrives without a kink.

    Returns
    -------
    ndarray
        Shares in [0, 1], shape of `years`.

    Raises
    ------
    QuantityError
        ``not_finite``, ``start_after_full``, ``unknown_ramp``.
    """
    calendar = np.array(years, dtype=np.float64)
    if not (np.isfinite(calendar).all() and np.isfinite(start) and np.isfinite(full)):
        raise QuantityError("not_finite", found=(str(years), start, full))
    if start > full:
        raise QuantityError("start_after_full", found=start, allowed=f"<= {full}")
    if shape not in ("linear", "s-curve"):
        raise QuantityError("unknown_ramp", found=shape, allowed=["linear", "s-curve"])
    if start == full:
        return np.asarray(calendar >= full, dtype=np.float64)
    x = np.clip((calendar - start) / (full - start), 0.0, 1.0)
    return x if shape == "linear" else np.asarray(x * x * (3.0 - 2.0 * x))
