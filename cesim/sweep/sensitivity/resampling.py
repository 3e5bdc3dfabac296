"""Bootstrap of base points: how often each is drawn again, and the interval that follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.errors import Fault, InputError
from cesim.sweep.sensitivity.estimated import Estimated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST_RESAMPLES: Final = 20
"""Below this a spread of resamples says little about itself."""

_AT_ONCE: Final = 1 << 22
"""Numbers of counts that are held at a time: 32 MB."""


@dataclass(frozen=True)
class Resampling:
    """How intervals are made.

    Base points (or trajectories) are drawn again with replacement, each with all the runs that belong to it. The
    points of a Sobol' sequence are spread more evenly than chance, so that the true error is mostly less than the
    interval says.

    Attributes
    ----------
    resamples
        how many; the width of an interval is itself off by about 1 / sqrt(2 resamples), 2 % with 1,000 of them
    level
        of confidence
    interval
        ``normal``: so many standard deviations of the resamples to either side of the estimate;
        ``percentile``: quantiles of the resamples, which wants 1,000 of them
    seed
        resample r depends on the seed, on r and on the number of points alone

    Raises
    ------
    InputError
        ``sweep_resamples``, ``sweep_level``, ``sweep_interval``, ``negative_seed``
    """

    resamples: int = 1000
    level: float = 0.95
    interval: Literal["normal", "percentile"] = "normal"
    seed: int = 0

    def __post_init__(self) -> None:
        faults = []
        if self.resamples < FEWEST_RESAMPLES:
            faults.append(Fault("sweep_resamples", arguments={"found": self.resamples, "least": FEWEST_RESAMPLES}))
        if not 0.0 < self.level < 1.0:
            faults.append(Fault("sweep_level", arguments={"found": self.level}))
        if self.interval not in ("normal", "percentile"):
            allowed = ("normal", "percentile")
            faults.append(Fault("sweep_interval", arguments={"found": self.interval, "allowed": allowed}))
        if self.seed < 0:
            faults.append(Fault("negative_seed", arguments={"found": self.seed}))
        if faults:
            raise InputError(faults)

    def counts(self, points: int, first: int = 0, count: int | None = None) -> Floats:
        """Return how often each point stands in each of some resamples (resample, point); in all unless told."""
        last = self.resamples if count is None else first + count
        drawn = np.empty((last - first, points))
        for row, r in enumerate(range(first, last)):
            random = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(r,)))
            drawn[row] = np.bincount(random.integers(points, size=points), minlength=points)
        return drawn

    def blocks(self, points: int) -> Iterator[Floats]:
        """Yield `counts` of all resamples, so many at a time that they need little memory however many points."""
        step = max(1, _AT_ONCE // max(1, points))
        for first in range(0, self.resamples, step):
            yield self.counts(points, first, min(step, self.resamples - first))

    def estimated(self, value: Floats, resampled: Floats) -> Estimated:
        """Put an interval to estimates (index,) from their resamples (resample, index)."""
        tail = 0.5 - self.level / 2
        if self.interval == "percentile":
            low, high = np.quantile(resampled, (tail, 1.0 - tail), axis=0)
        else:
            from scipy.special import ndtri

            half = -float(ndtri(tail)) * resampled.std(axis=0, ddof=1)
            low, high = value - half, value + half
        return Estimated(value, low, high, resampled)
