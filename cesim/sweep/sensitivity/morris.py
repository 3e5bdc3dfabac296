"""Elementary effects (Morris 1991): a screening that asks for few runs.

An elementary effect is what one step of one factor does to the result, divided by the step: on trajectory t and for
factor j, ``e_tj = (f(after) - f(before)) / delta`` (Morris 1991, Technometrics 33, 161-174). ``mu`` is their mean,
``sigma`` their standard deviation (curvature or company of others), ``mu*`` the mean of their sizes, which opposite
signs do not cancel (Campolongo, Cariboni and Saltelli 2007, Environmental Modelling and Software 22, 1509-1518).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.sweep.sensitivity.checked import all_finite, does_not_vary, refused, same_shape
from cesim.sweep.sensitivity.estimated import Estimated, Unvarying
from cesim.sweep.sensitivity.resampling import Resampling

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FEWEST_TRAJECTORIES: Final = 4
"""Trajectories below which no effect is told (an estimate; the literature takes 10 to 50)."""


@dataclass(frozen=True)
class MorrisEffects:
    """What steps of the factors do to one result, in units of the result a whole range of the factor.

    Attributes
    ----------
    mu_star
        mean size of the elementary effects, in the order of the factors
    mu, sigma
        their mean and standard deviation, in the order of `signed`
    signed
        numbers of the factors of which a step has a direction; the columns of a group may go different ways
    trajectories
        how many
    resampling
        how the intervals were made: whole trajectories are drawn again
    """

    mu_star: Estimated
    mu: Estimated
    sigma: Estimated
    signed: tuple[int, ...]
    trajectories: int
    resampling: Resampling


def morris(
    before: Floats,
    after: Floats,
    direction: Ints,
    delta: float,
    resampling: Resampling | None = None,
    *,
    name: str = "",
) -> MorrisEffects | Unvarying:
    """Tell the mean size, the mean and the spread of the elementary effects of one result.

    Parameters
    ----------
    before, after : (trajectory, factor)
        results on both sides of the step that moves the factor
    direction : (trajectory, factor)
        1 up, -1 down, 0 where the columns of a group go different ways: then only the size is told
    delta
        how far a step goes, as a share of the range
    resampling
        how intervals are made; 1,000 resamples, normal, 95 % unless told
    name
        of the result, for the place of a fault

    Raises
    ------
    InputError
        ``sweep_values_not_finite``, ``sweep_values_shape``, ``sweep_step_of_nothing``, ``sweep_too_few_trajectories``
    """
    asked = resampling or Resampling()
    trajectories = _checked(before, after, direction, delta, name)
    if does_not_vary(np.stack([before, after])):
        return Unvarying("does_not_vary", float(np.median(before)), trajectories)
    effects = direction * (after - before) / delta
    signed = np.flatnonzero(direction.all(axis=0))
    counts = np.vstack([np.ones(trajectories), asked.counts(trajectories)])
    size = counts @ np.abs(after - before) / (trajectories * delta)
    mu = counts @ effects[:, signed] / trajectories
    spread = np.stack([_spread(effects[:, signed], row, mean) for row, mean in zip(counts, mu, strict=True)])
    told = [asked.estimated(of[0], of[1:]) for of in (size, mu, spread)]
    return MorrisEffects(told[0], told[1], told[2], tuple(int(j) for j in signed), trajectories, asked)


def _checked(before: Floats, after: Floats, direction: Ints, delta: float, name: str) -> int:
    """Return how many trajectories there are, if anything can be told from them."""
    trajectories = int(before.shape[0])
    same_shape(name, "after", after, before.shape)
    same_shape(name, "direction", direction, before.shape)
    all_finite(name, before, after)
    if not (np.isfinite(delta) and delta > 0.0):
        raise refused("sweep_step_of_nothing", name, found=delta)
    if trajectories < FEWEST_TRAJECTORIES:
        raise refused("sweep_too_few_trajectories", name, found=trajectories, least=FEWEST_TRAJECTORIES)
    return trajectories


def _spread(effects: Floats, counts: Floats, mean: Floats) -> Floats:
    """Standard deviation (factor,) of effects of which each row counts so many times."""
    spread: Floats = np.sqrt(counts @ (effects - mean) ** 2 / (effects.shape[0] - 1))
    return spread
