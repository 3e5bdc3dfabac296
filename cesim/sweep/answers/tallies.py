"""What the runs of a study come to, as tidy tables: spreads, targets met, differences between alternatives, failures.

A future counts once, however often it was repeated. A run without an answer, and a share of nothing, is left out of a
figure and counted beside it; nothing is put in their place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from cesim.indicators import INDICATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.run.goals import Goal
    from cesim.sweep.solving import Shape

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
ENDS: Final = ("p05", "p25", "p50", "p75", "p95")
FIGURES: Final = ("alternative", "indicator", "region", "year", "unit", "runs", "undefined", "mean", *ENDS)
TARGETS: Final = (
    "target", "indicator", "region", "year", "unit", "value", "at_most", "alternative", "futures", "undefined", "met",
    "standard_error", "difference", "difference_error",
)  # fmt: skip
DIFFERENCES: Final = (
    "alternative", "against", "indicator", "region", "year", "unit", "futures", "mean", "standard_error", "p05", "p50",
    "p95", "higher", "lower",
)  # fmt: skip
FAILURES: Final = ("alternative", "status", "reason", "runs")


class Outcomes(Protocol):
    """The finished runs of a study, read column by column."""

    @property
    def shape(self) -> Shape:
        """How runs are numbered."""
        ...

    @property
    def runs(self) -> Ints:
        """Numbers of the runs that are done (run,), ascending."""
        ...

    def series(self, indicator: str, region: str, years: Sequence[int]) -> Floats:
        """Values (run, year) of an indicator in a region in some years, by `runs`; NaN for a share of nothing."""
        ...


@dataclass(frozen=True)
class Cells:
    """Point and alternative of each finished run (run,)."""

    point: Ints
    alternative: Ints

    @classmethod
    def of(cls, outcomes: Outcomes) -> Cells:
        """Read them from the numbers of the runs."""
        shape = outcomes.shape
        return cls(outcomes.runs // shape.per_point, outcomes.runs % len(shape.alternatives))


def figures(
    outcomes: Outcomes, units: Mapping[str, str], years: Sequence[int], every_year: Sequence[str] = ()
) -> pd.DataFrame:
    """Return quantiles over the runs of each alternative, for every indicator and region.

    Parameters
    ----------
    years
        which are told
    every_year
        indicators of which all years are
    """
    shape, cells, rows = outcomes.shape, Cells.of(outcomes), []
    for indicator in shape.indicators:
        wanted = shape.years if indicator in every_year else tuple(years)
        for region in shape.regions:
            values = outcomes.series(indicator, region, wanted)
            for at, name in enumerate(shape.alternatives):
                own = values[cells.alternative == at]
                rows += [(name, indicator, region, year, units[indicator], *told) for year, told in
                         zip(wanted, _spread(own), strict=True)]  # fmt: skip
    return _frame(rows, FIGURES)


def targets(outcomes: Outcomes, goals: Sequence[Goal], together: int = 1) -> pd.DataFrame:
    """Return the share of futures that meet each target, by alternative, with its standard error.

    Parameters
    ----------
    together
        points that were made from each other, from a multiple of this number on, and count as one for the error
    """
    shape, cells, rows = outcomes.shape, Cells.of(outcomes), []
    for goal in goals:
        values = outcomes.series(goal.indicator, goal.region, [goal.year])[:, 0]
        met = [_by_point(cells, at, _met(goal, values)) for at in range(len(shape.alternatives))]
        for name, (points, share) in zip(shape.alternatives, met, strict=True):
            there = np.isfinite(share)
            difference, error = _paired(met[0], (points, share), together)
            rows.append((
                goal.id, goal.indicator, goal.region, goal.year, goal.unit, goal.value, goal.at_most, name,
                int(there.sum()), int((~there).sum()), _mean(share[there]),
                _error(share[there], points[there] // together), difference, error,
            ))  # fmt: skip
    return _frame(rows, TARGETS)


def differences(outcomes: Outcomes, units: Mapping[str, str], years: Sequence[int], together: int = 1) -> pd.DataFrame:
    """Return how each alternative differs from the first in the futures that both have an answer for.

    Parameters
    ----------
    together
        as for `targets`
    """
    shape, cells, rows = outcomes.shape, Cells.of(outcomes), []
    for indicator in shape.indicators if len(shape.alternatives) > 1 else ():
        for region in shape.regions:
            values = outcomes.series(indicator, region, years)
            for year, column in zip(years, values.T, strict=True):
                held = [_by_point(cells, at, column) for at in range(len(shape.alternatives))]
                for name, own in zip(shape.alternatives[1:], held[1:], strict=True):
                    key = (name, shape.alternatives[0], indicator, region, year, units[indicator])
                    rows.append((*key, *_gap(held[0], own, together)))
    return _frame(rows, DIFFERENCES)


def failures(shape: Shape, failed: Mapping[int, tuple[str, str]]) -> pd.DataFrame:
    """Return how many runs failed, by alternative and reason, the most first; `failed` is run -> (status, reason)."""
    counted: dict[tuple[str, str, str], int] = {}
    for run, (status, reason) in failed.items():
        key = shape.alternatives[shape.cell(run).alternative], status, reason
        counted[key] = counted.get(key, 0) + 1
    rows = [(*key, count) for key, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]
    return _frame(rows, FAILURES)


def units_of(indicators: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the unit of each indicator: as the study notes it, else as the registry does, else none."""
    return {name: given.get(name, INDICATORS[name].unit if name in INDICATORS else "-") for name in indicators}


def _spread(values: Floats) -> Iterator[tuple[Any, ...]]:
    """Yield count, left out, mean and quantiles of each year of values (run, year)."""
    for column in values.T:
        there = column[np.isfinite(column)]
        ends = np.quantile(there, QUANTILES) if len(there) else [math.nan] * len(QUANTILES)
        yield len(there), len(column) - len(there), _mean(there), *map(float, ends)


def _met(goal: Goal, values: Floats) -> Floats:
    """Return 1 where a target is met, 0 where it is missed, NaN where there is nothing to compare with."""
    met = values <= goal.value if goal.at_most else values >= goal.value
    return np.where(np.isfinite(values), met.astype(np.float64), np.nan)


def _by_point(cells: Cells, alternative: int, values: Floats) -> tuple[Ints, Floats]:
    """Return points and the mean over their replicates, of one alternative; NaN where none has a value."""
    own = cells.alternative == alternative
    points, at = np.unique(cells.point[own], return_inverse=True)
    chosen = values[own]
    there = np.isfinite(chosen)
    count = np.bincount(at[there], minlength=len(points))
    total = np.bincount(at[there], weights=chosen[there], minlength=len(points))
    return points, np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _paired(first: tuple[Ints, Floats], own: tuple[Ints, Floats], together: int) -> tuple[float, float]:
    points, gaps = _gaps(first, own)
    return _mean(gaps), _error(gaps, points // together)


def _gaps(first: tuple[Ints, Floats], own: tuple[Ints, Floats]) -> tuple[Ints, Floats]:
    """Return the points that both have a value at, and by how much the second is more."""
    points, one, two = np.intersect1d(first[0], own[0], assume_unique=True, return_indices=True)
    gaps = own[1][two] - first[1][one]
    there = np.isfinite(gaps)
    return points[there], gaps[there]


def _gap(first: tuple[Ints, Floats], own: tuple[Ints, Floats], together: int) -> tuple[Any, ...]:
    points, gaps = _gaps(first, own)
    if not len(gaps):
        return 0, *[math.nan] * 7
    ends = (float(end) for end in np.quantile(gaps, (0.05, 0.5, 0.95)))
    return (
        len(gaps),
        _mean(gaps),
        _error(gaps, points // together),
        *ends,
        float((gaps > 0).mean()),
        float((gaps < 0).mean()),
    )


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else math.nan


def _error(values: Floats, groups: Ints) -> float:
    """Standard error of a mean over points of which those of a group depend on each other; NaN for a single group.

    The spread of the sums of groups about the mean; with one point a group it is the usual standard deviation over the
    root of the number.
    """
    if not len(values):
        return math.nan
    _, at = np.unique(groups, return_inverse=True)
    count = int(at.max()) + 1
    if count < 2:
        return math.nan
    total = np.bincount(at, weights=values - values.mean(), minlength=count)
    return float(np.sqrt(count / (count - 1) * (total**2).sum()) / len(values))


def _frame(rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))
