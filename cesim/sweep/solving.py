"""What a sweep needs of whatever answers its runs: an engine, or a function of the reader's own.

A run is numbered point by point, so that more points only add numbers at the end: `run = (point x replicates +
replicate) x alternatives + alternative`. What a run comes to depends on its number alone, never on its company.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Status = Literal["done", "no_answer", "raised", "not_proved", "too_long", "died"]
"""``no_answer``: the model has none; ``raised``: an error of the program; ``not_proved``: the certificate failed;
``too_long``: stopped at its limit of time; ``died``: its process was lost."""


class Failure(NamedTuple):
    """Why a run has no result."""

    status: Status
    reason: str
    """One line for the reader: a code of `cesim.errors` with its arguments, or the error's own words."""


class Cell(NamedTuple):
    """Which run it is, in words: all numbers from 0."""

    point: int
    replicate: int
    alternative: int


@dataclass(frozen=True)
class Shape:
    """How runs are numbered, and what each leaves.

    Attributes
    ----------
    alternatives
        names, in order; every point is solved for each of them
    replicates
        how often each is repeated with luck of its own
    indicators
        columns of a result
    regions, years
        rows of a result: every year of the first region, then of the next
    """

    alternatives: tuple[str, ...]
    replicates: int
    indicators: tuple[str, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def per_point(self) -> int:
        """Runs of a point."""
        return len(self.alternatives) * self.replicates

    @property
    def rows(self) -> int:
        """Rows that a run leaves."""
        return len(self.regions) * len(self.years)

    def cell(self, run: int) -> Cell:
        """Return what a number stands for."""
        rest, alternative = divmod(run, len(self.alternatives))
        point, replicate = divmod(rest, self.replicates)
        return Cell(point, replicate, alternative)

    def run(self, cell: Cell) -> int:
        """Return the number of a run."""
        return (cell.point * self.replicates + cell.replicate) * len(self.alternatives) + cell.alternative


@dataclass(frozen=True)
class Batch:
    """What some runs came to.

    Attributes
    ----------
    runs : (run,)
        numbers, ascending
    values : (run, row, indicator)
        NaN for a share of nothing, and throughout where a run failed
    seconds : (run,)
        of the clock; of runs solved together, an equal part each
    failures
        run -> why it has no result
    """

    runs: Ints
    values: Floats
    seconds: Floats
    failures: Mapping[int, Failure] = field(default_factory=dict)


class Solver(Protocol):
    """Answers runs, in the process that it was made in. It never raises for a run: a failure is part of the answer."""

    def solve(self, runs: Ints) -> Batch:
        """Return what runs come to; bit for bit the same whichever runs are asked for together."""
        ...


class Recipe(Protocol):
    """How a solver is made in another process: it crosses the boundary by pickle, a solver does not."""

    @property
    def shape(self) -> Shape:
        """How runs are numbered."""
        ...

    @property
    def together(self) -> int:
        """Runs that are best solved together, from a multiple of this number on: a chunk never crosses one."""
        ...

    def solver(self) -> Solver:
        """Make the solver."""
        ...
