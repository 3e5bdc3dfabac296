"""How much of the spread is luck: the noise of replicates told apart from the effect of the parameters.

Points are a random sample of futures, each repeated with other luck: the one-way random-effects model of the analysis
of variance. With r replicates at each of n points, MS_b and MS_w the mean squares between and within points,
``noise = MS_w`` and ``effect = (MS_b - MS_w) / r`` (Searle, Casella and McCulloch 1992, Variance Components, ch. 3).
The interval is a jackknife over points of log(MS_b / MS_w), which does not ask for normal results (Arvesen and
Schmitz 1970, Biometrics 26, 677-686).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.sweep.sensitivity.checked import all_finite, does_not_vary, refused
from cesim.sweep.sensitivity.estimated import Unvarying

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST_POINTS: Final = 10
"""Points below which the noise is not told apart (an estimate)."""


@dataclass(frozen=True)
class Noise:
    """Variance of one result by what it comes from.

    Attributes
    ----------
    noise
        variance among replicates of a point, in squared units of the result
    effect
        variance among points of what they come to on average; 0 where chance has carried it below
    share, low, high
        share of the noise in the variance of a single run, with its interval
    points, replicates
        how many
    level
        of confidence
    """

    noise: float
    effect: float
    share: float
    low: float
    high: float
    points: int
    replicates: int
    level: float


@dataclass(frozen=True)
class Replicates:
    """How many replicates of a point are worth their cost.

    Attributes
    ----------
    code
        ``best``; ``one_is_enough``: more never pay; ``only_noise``: the points do not differ, so that more replicates
        of a single point are as good as more points
    best
        replicates of a point that leave the least error of a mean for the same cost; None for ``only_noise``
    saving
        share of the cost that this saves against one replicate of each of more points
    """

    code: Literal["best", "one_is_enough", "only_noise"]
    best: int | None
    saving: float


def replicate_noise(values: Floats, level: float = 0.95, *, name: str = "") -> Noise | Unvarying:
    """Tell noise and effect of one result apart.

    Parameters
    ----------
    values : (point, replicate)
        every point with the same number of replicates, all finished

    Raises
    ------
    InputError
        ``sweep_values_not_finite``, ``sweep_values_shape``, ``sweep_too_few_points``, ``sweep_too_few_replicates``,
        ``sweep_level``
    """
    points, replicates = _checked(values, level, name)
    if does_not_vary(values):
        return Unvarying("does_not_vary", float(np.median(values)), points)
    means, within = values.mean(axis=1), values.var(axis=1, ddof=1)
    noise = float(within.mean())
    between = float(replicates * means.var(ddof=1))
    effect = max(0.0, (between - noise) / replicates)
    low, high = _interval(means, within, replicates, level)
    return Noise(noise, effect, noise / (noise + effect), low, high, points, replicates, level)


def replicates_worth(noise: Noise, point_cost: float, replicate_cost: float) -> Replicates:
    """Tell how many replicates leave the least error of a mean over all futures for the same cost.

    A point costs `point_cost` once and `replicate_cost` for each of its replicates. At a fixed cost the squared error
    is in proportion to ``(effect + noise / r) (point_cost + r replicate_cost)``, least at ``r = sqrt(noise point_cost
    / (effect replicate_cost))`` (Cochran 1977, Sampling Techniques, ch. 10: units of two stages).

    Raises
    ------
    InputError
        ``sweep_cost``
    """
    if not (np.isfinite([point_cost, replicate_cost]).all() and point_cost >= 0.0 and replicate_cost > 0.0):
        raise refused("sweep_cost", "", point=point_cost, replicate=replicate_cost)
    if noise.effect == 0.0:
        return Replicates("only_noise", None, 0.0)

    def error(r: int) -> float:
        return (noise.effect + noise.noise / r) * (point_cost + r * replicate_cost)

    root = int(np.sqrt(noise.noise * point_cost / (noise.effect * replicate_cost)))
    best = min((max(1, root), root + 1), key=error)
    return Replicates("one_is_enough" if best == 1 else "best", best, 1.0 - error(best) / error(1))


def replicates_for(noise: Noise, most: float) -> int | None:
    """Return how many replicates bring the share of the noise in their mean down to `most`; None if none do.

    Raises
    ------
    InputError
        ``sweep_share``
    """
    if not 0.0 < most < 1.0:
        raise refused("sweep_share", "", found=most)
    if noise.effect == 0.0:
        return None
    return max(1, int(np.ceil(noise.noise / noise.effect * (1.0 - most) / most)))


def _checked(values: Floats, level: float, name: str) -> tuple[int, int]:
    """Points and replicates, if anything can be told from them."""
    if values.ndim != 2:
        raise refused("sweep_values_shape", name, what="values", found=f"{values.ndim} axes", wanted="2 axes")
    points, replicates = values.shape
    all_finite(name, values)
    if points < FEWEST_POINTS:
        raise refused("sweep_too_few_points", name, found=points, least=FEWEST_POINTS)
    if replicates < 2:
        raise refused("sweep_too_few_replicates", name, found=replicates, least=2)
    if not 0.0 < level < 1.0:
        raise refused("sweep_level", name, found=level)
    return points, replicates


def _interval(means: Floats, within: Floats, replicates: int, level: float) -> tuple[float, float]:
    """Ends of the interval of the share of the noise, by leaving out one point after the other.

    Where noise (or difference) shows at one point alone, nothing can be said: from 0 to 1. Without any noise: 0.
    """
    from scipy.special import stdtrit

    n = means.size
    if not within.any():
        return 0.0, 0.0
    noise = (within.sum() - within) / (n - 1)
    centred = means - means.mean()
    left = (centred**2).sum() - centred**2 * n / (n - 1)
    if noise.min() <= 0.0 or left.min() <= 0.0:
        return 0.0, 1.0
    out = np.log(replicates * left / (n - 2) / noise)
    whole = np.log(replicates * means.var(ddof=1) / within.mean())
    pseudo = n * whole - (n - 1) * out
    half = float(stdtrit(n - 1, 0.5 + level / 2)) * pseudo.std(ddof=1) / np.sqrt(n)
    low, high = (_share(float(np.exp(pseudo.mean() + sign * half)), replicates) for sign in (1.0, -1.0))
    return low, high


def _share(ratio: float, replicates: int) -> float:
    """Share of the noise from the ratio of mean squares."""
    return replicates / (max(ratio, 1.0) - 1.0 + replicates)
