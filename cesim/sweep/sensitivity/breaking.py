"""Where the model breaks: which inputs of the runs that failed are not like those of the others.

One input at a time; boxes of several inputs are found by PRIM. Each input is asked by the two-sample test of
Kolmogorov and Smirnov, and as many inputs are asked, the p-values are raised by the rule of Holm 1979 (Scandinavian
Journal of Statistics 6, 65-70): in one study out of twenty some input is named that has nothing to do with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.sweep.sensitivity.checked import all_finite, refused, same_shape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

ONE_IN_TWENTY: Final = 0.05
_EXACT: Final = 10_000
"""Product of the two counts up to which p-values are exact."""


@dataclass(frozen=True)
class Separation:
    """How one input of the failed points differs from that of the others.

    Attributes
    ----------
    input
        its number
    distance
        the largest difference of the two distributions, 0 to 1
    at
        the value of the input where it stands
    failed_above, others_above
        shares of the failed and of the other points that lie above it
    p, raised
        p-value alone, and raised for as many inputs as were asked
    """

    input: int
    distance: float
    at: float
    failed_above: float
    others_above: float
    p: float
    raised: float

    @property
    def separates(self) -> bool:
        """Whether chance does not explain it."""
        return self.raised <= ONE_IN_TWENTY


@dataclass(frozen=True)
class Breaking:
    """Which inputs separate failures.

    Attributes
    ----------
    code
        ``separates``; ``nothing_separates``; ``nothing_failed``; ``everything_failed``
    failed, points
        how many
    separations
        every input, what separates most first; empty where nothing or everything failed
    """

    code: Literal["separates", "nothing_separates", "nothing_failed", "everything_failed"]
    failed: int
    points: int
    separations: tuple[Separation, ...]


def breaking(inputs: Iterable[Floats], failed: Bools, *, name: str = "") -> Breaking:
    """Tell which inputs separate the points that failed from the others.

    Parameters
    ----------
    inputs
        each (point,); they are asked one after the other, and none is kept
    failed : (point,)

    Raises
    ------
    InputError
        ``sweep_values_not_finite`` for an input, ``sweep_values_shape``, ``sweep_too_few_points`` without any point
    """
    points, failed = failed.size, failed.astype(np.bool_)
    if not points:
        raise refused("sweep_too_few_points", name, found=0, least=1)
    count = int(failed.sum())
    if count in (0, points):
        return Breaking("nothing_failed" if count == 0 else "everything_failed", count, points, ())
    told = []
    for number, column in enumerate(inputs):
        same_shape(name, "inputs", column, (points,))
        all_finite(name, column)
        told.append(_separation(number, column, failed))
    told.sort(key=lambda one: (one.p, -one.distance, one.input))
    raised = _raised([one.p for one in told])
    separations = tuple(
        Separation(one.input, one.distance, one.at, one.failed_above, one.others_above, one.p, p)
        for one, p in zip(told, raised, strict=True)
    )
    found = any(one.separates for one in separations)
    return Breaking("separates" if found else "nothing_separates", count, points, separations)


def _separation(number: int, column: Floats, failed: Bools) -> Separation:
    """Ask one input."""
    from scipy.stats import ks_2samp

    broken, others = column[failed], column[~failed]
    method: Literal["exact", "asymp"] = "exact" if broken.size * others.size <= _EXACT else "asymp"
    told = ks_2samp(broken, others, method=method)
    at, p = float(told.statistic_location), float(told.pvalue)
    above = [float((of > at).mean()) for of in (broken, others)]
    return Separation(number, float(told.statistic), at, above[0], above[1], p, p)


def _raised(ascending: list[float]) -> list[float]:
    """Raise p-values for as many as there are; what comes later is never lower."""
    count = len(ascending)
    raised = np.maximum.accumulate([min(1.0, (count - i) * p) for i, p in enumerate(ascending)])
    return [float(p) for p in raised]
