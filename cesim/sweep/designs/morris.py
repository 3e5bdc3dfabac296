"""Trajectories of the method of Morris: a walk through the cube on which each factor moves once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.sweep.designs.design import Factor, check_asked, factor_of_column, whole
from cesim.sweep.designs.keyed import keyed_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Moves(NamedTuple):
    """What moves on some trajectories, step by step."""

    factor: Ints
    """(trajectory, step): which factor"""
    direction: Ints
    """(trajectory, step): 1 up, -1 down, 0 where columns of a group go different ways"""


class Steps(NamedTuple):
    """Values on both sides of the step on which each factor moves; axes behind the rows are kept.

    The elementary effect is ``direction * (after - before) / delta``; where the direction is 0 only its size means
    something.
    """

    before: Floats
    """(trajectory, factor)"""
    after: Floats
    """(trajectory, factor)"""
    direction: Ints
    """(trajectory, factor)"""


@dataclass(frozen=True)
class Morris:
    """Which step of which trajectory moves what: k + 1 rows a trajectory, one factor between two of them.

    Morris (Technometrics 33, 1991, 161-174), with groups as in Campolongo, Cariboni and Saltelli (Environmental
    Modelling & Software 22, 2007, 1509-1518): every column of a group moves in the same step, each its own way. The
    levels are mid-quantiles, (i + 0.5) / levels, where theirs run from 0 to 1, which no quantile accepts; a move is
    half the levels as theirs is, and `delta` is theirs.

    Attributes
    ----------
    factors
        each with its columns; every column in one factor
    levels
        of every column, even
    seed
        of starts and orders: a trajectory depends on the seed and its number, the start of a column on the column too

    Raises
    ------
    ValueError
        when `levels` is odd or below 2
    """

    factors: tuple[Factor, ...]
    levels: int
    seed: int

    def __post_init__(self) -> None:
        if self.levels < 2 or self.levels % 2:
            raise ValueError(f"{self.levels} levels: an even number is needed, so that all are met equally often")
        object.__setattr__(self, "factors", whole(self.factors))

    @property
    def columns(self) -> int:
        """Columns of the design."""
        return len(self._factor_of_column)

    @property
    def per_trajectory(self) -> int:
        """Rows of a trajectory."""
        return len(self.factors) + 1

    @property
    def step(self) -> float:
        """How far a step moves in probability: half the levels, which lie at the middles of equal parts of 0 to 1."""
        return (self.levels // 2) / self.levels

    @property
    def delta(self) -> float:
        """How far a move goes where the levels run from 0 to 1: ``levels / (2 (levels - 1))``."""
        return self.levels / (2.0 * (self.levels - 1.0))

    def rows_of(self, trajectories: int) -> int:
        """Return how many rows trajectories have."""
        return trajectories * self.per_trajectory

    def trajectories(self, rows: int) -> int:
        """Return how many trajectories are complete within so many rows."""
        return rows // self.per_trajectory

    def starts(self, first: int, count: int) -> Ints:
        """Levels from 0 in which trajectories begin, (trajectory, column); from the lower half it goes up."""
        luck = keyed_rows(self.seed, "morris/start", first, count, self.columns)
        return np.floor(luck * self.levels).astype(np.int64)

    def order(self, first: int, count: int) -> Ints:
        """Factors in the order in which they move, (trajectory, step)."""
        luck = keyed_rows(self.seed, "morris/order", first, count, len(self.factors))
        return np.argsort(luck, axis=1, kind="stable")

    def moves(self, first: int, count: int) -> Moves:
        """Return what moves on the trajectories `first` to ``first + count - 1``."""
        order = self.order(first, count)
        return Moves(order, np.take_along_axis(self._directions(first, count), order, axis=1))

    def split(self, values: Floats, first: int = 0) -> Steps:
        """Return values (row, ...) of whole trajectories, from number `first` on, by the factor that moved.

        Raises
        ------
        ValueError
            when the last trajectory is not complete
        """
        if len(values) % self.per_trajectory:
            raise ValueError(f"{len(values)} rows are no multiple of {self.per_trajectory}: a trajectory is incomplete")
        walks = values.reshape(-1, self.per_trajectory, *values.shape[1:])
        step = np.argsort(self.order(first, len(walks)), axis=1)  # the step on which each factor moves
        at = np.arange(len(walks))[:, None]
        return Steps(walks[at, step], walks[at, step + 1], self._directions(first, len(walks)))

    def _directions(self, first: int, count: int) -> Ints:
        """Direction of each factor, (trajectory, factor)."""
        up = np.where(self.starts(first, count) < self.levels // 2, 1, -1)
        found = [up[:, list(factor.columns)] for factor in self.factors]
        return np.stack([np.where(one.min(axis=1) == one.max(axis=1), one[:, 0], 0) for one in found], axis=1)

    @cached_property
    def _factor_of_column(self) -> Ints:
        return factor_of_column(self.factors)


class MorrisDesign:
    """The points of a `Morris` layout; trajectories without end."""

    def __init__(self, layout: Morris) -> None:
        self.layout = layout
        self._factor_of_column = factor_of_column(layout.factors)

    @property
    def columns(self) -> int:
        """Columns of the design."""
        return self.layout.columns

    @property
    def points(self) -> None:
        """There is always another trajectory."""
        return

    def rows(self, first: int, count: int) -> Floats:
        """Points, shape ``(count, columns)``."""
        check_asked(first, count, None)
        if not count:
            return np.empty((0, self.columns))
        layout = self.layout
        walk, row = np.divmod(np.arange(first, first + count), layout.per_trajectory)
        begins, walks = int(walk[0]), int(walk[-1] - walk[0]) + 1
        start = layout.starts(begins, walks)
        moved_on = np.argsort(layout.order(begins, walks), axis=1)[:, self._factor_of_column]
        has_moved = moved_on[walk - begins] < row[:, None]
        level = (start[walk - begins] + has_moved * (layout.levels // 2)) % layout.levels
        made: Floats = (level + 0.5) / layout.levels
        return made
