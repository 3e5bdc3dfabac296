"""First-order shares from whatever points there are: Monte Carlo, hypercube, a table of the reader's own.

The shares are those of `cesim.run.spread`: R-squared of a regression, adjusted for its terms. Their intervals are those
of the infinitesimal jackknife, to which a bootstrap of points tends with more and more resamples (Efron 1982, The
Jackknife, the Bootstrap and Other Resampling Plans, ch. 6): with e_i what the regression leaves of the result y_i, each
centred on its mean, and V the mean of y_i^2, point i moves R-squared by ((1 - R^2) y_i^2 - e_i^2) / V, and the standard
error is the root mean square of these over the root of the number of points. Points of a Sobol' sequence or a hypercube
are spread more evenly than chance, so that the true error is mostly less.

What depends on more than the mean is told by SALib: PAWN (Pianosi and Wagener 2015, Environmental Modelling and
Software 67, 1-11) and delta (Borgonovo 2007, Reliability Engineering and System Safety 92, 771-784).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.run.spread import FEWEST_DRAWS, TERMS, noise_floor, shares
from cesim.sweep.sensitivity.checked import all_finite, does_not_vary, refused, same_shape
from cesim.sweep.sensitivity.estimated import Unvarying
from cesim.sweep.sensitivity.salib import via_salib

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.sweep.sensitivity.salib import SalibAnswer

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GivenShares:
    """Which inputs drive one result, by the points already there.

    Attributes
    ----------
    share : (input,)
        of the variance, explained by each input alone; 0 where it is less than chance explains on average
    floor
        a share that chance alone exceeds, for any of the inputs, in one study out of twenty
    points
        how many
    low, high : (input,)
        ends of the interval of each share, as if the points were independent. An interval below the floor says nothing
    level
        of confidence
    """

    share: Floats
    floor: float
    points: int
    low: Floats
    high: Floats
    level: float = 0.95

    @property
    def told(self) -> tuple[int, ...]:
        """Numbers of the inputs above the floor, the largest share first."""
        order = np.argsort(-self.share, kind="stable")
        return tuple(int(j) for j in order if self.share[j] > self.floor)


def given_shares(inputs: Floats, values: Floats, *, level: float = 0.95, name: str = "") -> GivenShares | Unvarying:
    """Tell the first-order shares of one result.

    Parameters
    ----------
    inputs : (point, input)
        columns of the design, in (0, 1)
    values : (point,)
    level
        of confidence of the intervals

    Raises
    ------
    InputError
        ``sweep_values_not_finite``, ``sweep_values_shape``, ``sweep_too_few_points``, ``sweep_not_of_the_design``,
        ``sweep_level``
    """
    points = _checked(inputs, values, name)
    if ((inputs <= 0.0) | (inputs >= 1.0)).any():
        raise refused("sweep_not_of_the_design", name, found=int(((inputs <= 0.0) | (inputs >= 1.0)).sum()))
    if does_not_vary(values):
        return Unvarying("does_not_vary", float(np.median(values)), points)
    if not 0.0 < level < 1.0:
        raise refused("sweep_level", name, found=level)
    columns = {str(j): column for j, column in enumerate(inputs.T)}
    told = shares(columns, {name: values})[name]
    share, floor = np.array([told[j] for j in columns]), noise_floor(points, len(columns))
    half = _half_width(inputs, values, level)
    return GivenShares(share, floor, points, share - half, share + half, level)


def _half_width(inputs: Floats, values: Floats, level: float) -> Floats:
    """Half of the interval of each share (input,)."""
    from scipy.special import ndtri  # here, since scipy is slow to import

    y = (values - values.mean()) / values.std()
    error = np.empty(inputs.shape[1])
    for j, column in enumerate(inputs.T):
        left = _left_over(column, y)
        moved = (left**2).mean() * y**2 - left**2
        error[j] = np.sqrt((moved**2).mean() / y.size)
    half: Floats = -float(ndtri(0.5 - level / 2)) * error
    return half


def _left_over(column: Floats, y: Floats) -> Floats:
    """Return what a regression on polynomials of an input leaves of a result (point,)."""
    basis = np.polynomial.legendre.legvander(2.0 * column - 1.0, TERMS)
    gram, moments = basis.T @ basis / y.size, basis.T @ y / y.size
    coefficients, *_ = np.linalg.lstsq(gram, moments, rcond=1e-10)  # singular where a factor has few levels
    left: Floats = y - basis @ coefficients
    return left


def pawn_indices(inputs: Floats, values: Floats, slices: int = 10, *, name: str = "") -> SalibAnswer | Unvarying:
    """Tell by how much the distribution of one result moves as an input is held: ``median`` and others (input,).

    Raises
    ------
    InputError
        as `given_shares` and `via_salib`
    """
    points = _checked(inputs, values, name)
    if does_not_vary(values):
        return Unvarying("does_not_vary", float(np.median(values)), points)
    return via_salib("pawn", _problem(inputs), inputs, values, {"S": slices}, name=name)


def delta_indices(inputs: Floats, values: Floats, resamples: int = 100, *, name: str = "") -> SalibAnswer | Unvarying:
    """Tell by how much the density of one result moves on average as an input becomes known (input,).

    Raises
    ------
    InputError
        as `given_shares` and `via_salib`
    """
    points = _checked(inputs, values, name)
    if does_not_vary(values):
        return Unvarying("does_not_vary", float(np.median(values)), points)
    return via_salib("delta", _problem(inputs), inputs, values, {"num_resamples": resamples}, name=name)


def _problem(inputs: Floats) -> dict[str, object]:
    names = [str(j) for j in range(inputs.shape[1])]
    return {"names": names, "bounds": [[float(one.min()), float(one.max())] for one in inputs.T]}


def _checked(inputs: Floats, values: Floats, name: str) -> int:
    """Return how many points there are, if anything can be told from them."""
    points = int(inputs.shape[0])
    same_shape(name, "values", values, (points,))
    all_finite(name, inputs, values)
    if points < FEWEST_DRAWS:
        raise refused("sweep_too_few_points", name, found=points, least=FEWEST_DRAWS)
    return points
