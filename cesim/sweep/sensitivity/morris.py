"""Elementary effects (Morris 1991): a screening that asks for few runs.

An elementary effect is what one step of one factor does to the result, divided by the step: at a trajectory t and a
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
    """What steps of the factors do to one result, in the order of the factors, in units of the result.

    Attributes
    ----------
    mu, mu_star, sigma
        mean, mean size and standard deviation of the elementary effects
    trajectories
        how many
    resampling
        how the intervals were made: whole trajectories are drawn again
    """

    mu: Estimated
    mu_star: Estimated
    sigma: Estimated
    trajectories: int
    resampling: Resampling


def elementary_effects(values: Floats, moved: Ints, delta: Floats, *, name: str = "") -> Floats:
    """Effects (trajectory, factor) of a Morris design.

    Parameters
    ----------
    values : (trajectory, step + 1)
        results along each trajectory; there are as many steps as factors
    moved : (trajectory, step)
        number of the factor that each step moves: every factor once
    delta : (trajectory, step)
        how far, with its sign, as a share of the range of the factor

    Raises
    ------
    InputError
        ``sweep_not_finite``, ``sweep_values_shape``, ``sweep_step_of_nothing``, ``sweep_factor_not_moved_once``
    """
    trajectories, factors = moved.shape
    same_shape(name, "values", values, (trajectories, factors + 1))
    same_shape(name, "delta", delta, (trajectories, factors))
    all_finite(name, values, delta)
    if not delta.all():
        raise refused("sweep_step_of_nothing", name, found=int((delta == 0).sum()))
    if not (np.sort(moved, axis=1) == np.arange(factors)).all():
        raise refused("sweep_factor_not_moved_once", name)
    effects = np.empty((trajectories, factors))
    np.put_along_axis(effects, moved, np.diff(values, axis=1) / delta, axis=1)
    return effects


def morris(
    values: Floats, moved: Ints, delta: Floats, resampling: Resampling | None = None, *, name: str = ""
) -> MorrisEffects | Unvarying:
    """Tell the mean, mean size and spread of the elementary effects of one result.

    Parameters as in `elementary_effects`; 100 resamples, normal intervals of 95 % unless told.

    Raises
    ------
    InputError
        as `elementary_effects`, and ``sweep_too_few_trajectories``
    """
    asked = resampling or Resampling()
    effects = elementary_effects(values, moved, delta, name=name)
    trajectories = effects.shape[0]
    if trajectories < FEWEST_TRAJECTORIES:
        raise refused("sweep_too_few_trajectories", name, found=trajectories, least=FEWEST_TRAJECTORIES)
    if does_not_vary(values):
        return Unvarying("does_not_vary", float(np.median(values)), trajectories)
    counts = np.vstack([np.ones(trajectories), asked.counts(trajectories)])
    mu, size = counts @ effects / trajectories, counts @ np.abs(effects) / trajectories
    spread = np.stack([_spread(effects, row, mean) for row, mean in zip(counts, mu, strict=True)])
    told = [asked.estimated(of[0], of[1:]) for of in (mu, size, spread)]
    return MorrisEffects(told[0], told[1], told[2], trajectories, asked)


def _spread(effects: Floats, counts: Floats, mean: Floats) -> Floats:
    """Standard deviation (factor,) of effects of which each row counts so many times."""
    spread: Floats = np.sqrt(counts @ (effects - mean) ** 2 / (effects.shape[0] - 1))
    return spread
