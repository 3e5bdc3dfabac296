"""One normal and one reading: the update of Bayes, with readings below a limit of detection."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Update(NamedTuple):
    """A component after a reading."""

    mean: Floats
    """(element,)."""
    covariance: Floats
    """(element, element)."""
    log_likelihood: float
    """Of the reading under the component as it was."""


def observe(mean: Floats, covariance: Floats, reading: Floats, noise: Floats, hidden: NDArray[np.bool_]) -> Update:
    """Update a normal by a reading of each element.

    Elements are taken one after the other (errors are independent, so the order of full readings does not matter):
    full ones first, then those that only say "below the reading".

    Parameters
    ----------
    mean, covariance
        Of the normal, (element,) and (element, element).
    reading, noise
        Readings and the variances of their errors, (element,).
    hidden
        Where a reading is only an upper bound of itself, (element,).
    """
    likelihood = 0.0
    for at in (*np.flatnonzero(~hidden), *np.flatnonzero(hidden)):
        variance = covariance[at, at] + noise[at]
        gain = covariance[:, at] / variance
        short = reading[at] - mean[at]
        step = _below if hidden[at] else _seen
        shift, narrowing, told = step(short / np.sqrt(variance), float(variance))
        mean = mean + gain * shift
        covariance = covariance - np.outer(gain, gain) * variance * narrowing
        covariance = (covariance + covariance.T) / 2.0
        likelihood += told
    return Update(mean, covariance, likelihood)


def _seen(score: float, variance: float) -> tuple[float, float, float]:
    """Return the shift of the reading, the share of variance it takes away, and its log density."""
    with np.errstate(over="ignore"):  # a reading that far off has no likelihood
        told = -0.5 * (np.square(score) + np.log(2.0 * np.pi * variance))
    return score * variance**0.5, 1.0, float(told)


def _below(score: float, variance: float) -> tuple[float, float, float]:
    """Return the same for a reading known only to lie below: moments of a truncated normal.

    N. L. Johnson, S. Kotz, N. Balakrishnan, *Continuous Univariate Distributions* 1, 1994, sec. 13.10.1.
    """
    from scipy.special import log_ndtr  # here, since scipy is slow to import

    told = float(log_ndtr(score))
    hazard = np.exp(-0.5 * score**2 - 0.5 * np.log(2.0 * np.pi) - told)
    return -hazard * variance**0.5, hazard * (hazard + score), told
