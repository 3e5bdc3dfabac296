"""The sheet on which answers are written down, run by run.

A share of nothing has no value (NaN). Anything else that is not finite is an error of the program, and its run a
failure: it never stands among results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.run.evaluated import NAMES
from cesim.run.periods import balance_years
from cesim.run.series import groups
from cesim.sweep.solving import Batch, Failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.scenario.model import Scenario
    from cesim.sweep.engines.company import Answer
    from cesim.sweep.solving import Shape

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Sheet:
    """Results of some runs, in ascending order of their numbers, as they come in.

    Parameters
    ----------
    shape, runs
        how runs are numbered, and which these are (run,)
    units
        indicator -> unit
    """

    def __init__(self, shape: Shape, runs: Ints, units: Mapping[str, str]) -> None:
        self.shape, self.runs = shape, runs
        self._values = np.full((runs.size, shape.rows, len(shape.indicators)), np.nan)
        self._seconds = np.zeros(runs.size)
        self._failures: dict[int, Failure] = {}
        self._is_share = np.array([units[name] == "share" for name in shape.indicators], dtype=bool)

    def write(self, replicate: int, answer: Answer, scenario: Scenario) -> None:
        """Write what an alternative came to in some points of a replicate."""
        shape = self.shape
        runs = (answer.points * shape.replicates + replicate) * len(shape.alternatives) + answer.alternative
        if isinstance(answer.found, Failure):
            self.fail(runs, answer.found)
            return
        self.put(runs, self._kept(answer.found, scenario))

    def put(self, runs: Ints, values: Floats, empty: Sequence[int] = ()) -> None:
        """Write what runs came to (run, row, indicator); rows that the engine does not fill are left empty."""
        wrong = np.isinf(values) | (np.isnan(values) & ~self._is_share)
        wrong[:, list(empty)] = False
        at = np.searchsorted(self.runs, runs)
        self._values[at] = values
        for lane in np.flatnonzero(wrong.any(axis=(1, 2))):
            row, column = np.argwhere(wrong[lane])[0]
            self.fail(runs[[lane]], self._not_finite(int(row), int(column), values[lane, row, column]))

    def fail(self, runs: Ints, why: Failure) -> None:
        """Write why runs have no result."""
        self._values[np.searchsorted(self.runs, runs)] = np.nan
        self._failures |= dict.fromkeys(runs.tolist(), why)

    def took(self, runs: Ints, seconds: float) -> None:
        """Write what runs that were solved together took, an equal part each."""
        self._seconds[np.searchsorted(self.runs, runs)] = seconds / runs.size

    def batch(self) -> Batch:
        """Return all that is written."""
        return Batch(self.runs, self._values, self._seconds, dict(sorted(self._failures.items())))

    def _kept(self, found: Floats, scenario: Scenario) -> Floats:
        """(indicator, group, year, point) of a scenario -> (point, row, indicator) of the sheet."""
        shape, names, years = self.shape, list(groups(scenario)), balance_years(scenario).tolist()
        indicators = [NAMES.index(name) for name in shape.indicators]
        regions, held = [names.index(name) for name in shape.regions], [years.index(year) for year in shape.years]
        kept = found[np.ix_(indicators, regions, held)]
        return np.ascontiguousarray(kept.transpose(3, 1, 2, 0)).reshape(kept.shape[3], shape.rows, len(indicators))

    def _not_finite(self, row: int, column: int, value: float) -> Failure:
        region, year = divmod(row, len(self.shape.years))
        told = f"{self.shape.indicators[column]} region={self.shape.regions[region]} year={self.shape.years[year]}"
        return Failure("raised", f"not_finite indicator={told} found={value}")
