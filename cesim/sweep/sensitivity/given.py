"""First-order shares from whatever points there are: Monte Carlo, hypercube, a table of the reader's own.

The shares are those of `cesim.run.spread`. What depends on more than the mean is told by SALib: PAWN (Pianosi and
Wagener 2015, Environmental Modelling and Software 67, 1-11) and delta (Borgonovo 2007, Reliability Engineering and
System Safety 92, 771-784).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.run.spread import FEWEST_DRAWS, noise_floor, shares
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
    """

    share: Floats
    floor: float
    points: int

    @property
    def told(self) -> tuple[int, ...]:
        """Numbers of the inputs above the floor, the largest share first."""
        order = np.argsort(-self.share, kind="stable")
        return tuple(int(j) for j in order if self.share[j] > self.floor)


def given_shares(inputs: Floats, values: Floats, *, name: str = "") -> GivenShares | Unvarying:
    """Tell the first-order shares of one result.

    Parameters
    ----------
    inputs : (point, input)
        columns of the design, in (0, 1)
    values : (point,)

    Raises
    ------
    InputError
        ``sweep_values_not_finite``, ``sweep_values_shape``, ``sweep_too_few_points``, ``sweep_not_of_the_design``
    """
    points = _checked(inputs, values, name)
    if ((inputs <= 0.0) | (inputs >= 1.0)).any():
        raise refused("sweep_not_of_the_design", name, found=int(((inputs <= 0.0) | (inputs >= 1.0)).sum()))
    if does_not_vary(values):
        return Unvarying("does_not_vary", float(np.median(values)), points)
    columns = {str(j): column for j, column in enumerate(inputs.T)}
    share = shares(columns, {name: values})[name]
    return GivenShares(np.array([share[j] for j in columns]), noise_floor(points, len(columns)), points)


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
