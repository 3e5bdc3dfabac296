"""What makes a headline uncertain: the share of its spread by input, and by how well the inputs are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.run.spread import FEWEST_DRAWS, noise_floor, shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cesim.plan.survey.inputs import Input
    from cesim.run.goals import SeriesKey

    Floats = NDArray[np.float64]

STATUSES = ("read", "unverified", "estimate", "given")


@dataclass(frozen=True)
class Spread:
    """The spread of one headline."""

    series: SeriesKey
    shares: Mapping[str, float]
    """Path -> share of the variance, above the noise floor, the largest first."""
    by_status: Mapping[str, float]
    """Status -> sum of those shares."""
    unexplained: float
    """What no single input explains: interactions, and inputs below the noise floor."""
    floor: float
    """Share that chance alone gives some input in one study out of twenty."""


def spreads(
    inputs: Sequence[Input], luck: Mapping[str, Floats], drawn: Mapping[SeriesKey, Floats]
) -> tuple[Spread, ...]:
    """Return the spread of each headline; one without spread, or of fewer than 100 draws, is left out.

    Parameters
    ----------
    luck
        path -> uniform numbers (draw,)
    drawn
        series -> values (draw,)
    """
    held = {one.path: one for one in inputs if not one.is_money}
    told = shares({path: luck[path] for path in held}, drawn)
    out = []
    for series, by_path in told.items():
        floor = noise_floor(drawn[series].size, len(held))
        kept = sorted(((path, value) for path, value in by_path.items() if value > floor), key=lambda one: -one[1])
        by_status = dict.fromkeys(STATUSES, 0.0)
        for path, value in kept:
            by_status[held[path].quantity.status] += value
        rest = max(0.0, 1.0 - sum(by_status.values()))
        out.append(Spread(series, dict(kept), by_status, rest, floor))
    return tuple(out)


__all__ = ["FEWEST_DRAWS", "STATUSES", "Spread", "spreads"]
