"""Points for Sobol' indices: two futures, and all that come of lending one factor of the one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cesim.sweep.designs.design import Factor, check_asked, factor_of_column, whole
from cesim.sweep.designs.sobol import Sobol

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class CrossedRow(NamedTuple):
    """What a row of the design is."""

    base: int
    """Number of the base point."""
    matrix: Literal["A", "AB", "BA", "B"]
    factor: int | None
    """Number of the factor that comes from the other matrix."""


class Crossed(NamedTuple):
    """Values by what their rows are; axes behind the rows are kept."""

    a: Floats
    """(base,)"""
    b: Floats
    """(base,)"""
    ab: Floats
    """(base, factor): A with this factor from B"""
    ba: Floats | None
    """(base, factor): B with this factor from A; only for indices of the second order"""


@dataclass(frozen=True)
class Saltelli:
    """Which row is what: per base point A, AB of each factor, for the second order BA of each factor, and B.

    Saltelli (2002, Computer Physics Communications 145, 280-297) with whole groups of columns crossed at once; the
    order is that of SALib's `sample.sobol`.

    Attributes
    ----------
    factors
        each with its columns; every column in one factor
    second_order
        whether pairs of factors are asked for, which takes nearly twice the runs
    """

    factors: tuple[Factor, ...]
    second_order: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "factors", whole(self.factors))

    @property
    def columns(self) -> int:
        """Columns of the design."""
        return len(self._factor_of_column)

    @property
    def per_base(self) -> int:
        """Rows of a base point: k + 2, or 2 k + 2 with the second order."""
        return len(self.factors) * (2 if self.second_order else 1) + 2

    def rows_of(self, base_points: int) -> int:
        """Return how many rows base points have."""
        return base_points * self.per_base

    def base_points(self, rows: int) -> int:
        """Return how many base points are complete within so many rows."""
        return rows // self.per_base

    def row(self, number: int) -> CrossedRow:
        """Return what a row is."""
        base, step = divmod(number, self.per_base)
        if step == 0:
            return CrossedRow(base, "A", None)
        if step == self.per_base - 1:
            return CrossedRow(base, "B", None)
        second, factor = divmod(step - 1, len(self.factors))
        return CrossedRow(base, "BA" if second else "AB", factor)

    @cached_property
    def from_b(self) -> NDArray[np.bool_]:
        """Whether the number stems from B: (row of a base point, column)."""
        own = np.arange(len(self.factors))[:, None] == self._factor_of_column
        none = np.zeros((1, self.columns), dtype=np.bool_)
        return np.concatenate([none, own, *([~own] if self.second_order else []), ~none])

    def split(self, values: Floats) -> Crossed:
        """Return values (row, ...) of whole base points by what their rows are, as views.

        Raises
        ------
        ValueError
            when the last base point is not complete
        """
        if len(values) % self.per_base:
            raise ValueError(f"{len(values)} rows are no multiple of {self.per_base}: a base point is not complete")
        by_base = values.reshape(-1, self.per_base, *values.shape[1:])
        k = len(self.factors)
        ba = by_base[:, k + 1 : 2 * k + 1] if self.second_order else None
        return Crossed(by_base[:, 0], by_base[:, -1], by_base[:, 1 : k + 1], ba)

    @cached_property
    def _factor_of_column(self) -> NDArray[np.int64]:
        return factor_of_column(self.factors)


class SaltelliDesign:
    """The points of a `Saltelli` layout, from a Sobol' sequence of twice as many columns; base points without end.

    Column j of A and of B are columns 2 j and 2 j + 1 of the sequence, so that neither depends on how many follow.
    SALib takes the first half for A and the second for B; over 40 seeds neither way estimates better than the other.
    """

    def __init__(self, layout: Saltelli, seed: int) -> None:
        self.layout, self.seed = layout, seed
        self._base = Sobol(2 * layout.columns, seed)

    @property
    def columns(self) -> int:
        """Columns of A, and of B."""
        return self.layout.columns

    @property
    def points(self) -> None:
        """There is always another base point."""
        return

    def rows(self, first: int, count: int) -> Floats:
        """Points, shape ``(count, columns)``."""
        check_asked(first, count, None)
        if not count:
            return np.empty((0, self.columns))
        base, step = np.divmod(np.arange(first, first + count), self.layout.per_base)
        both = self._base.rows(int(base[0]), int(base[-1] - base[0]) + 1)[base - base[0]]
        crossed: Floats = np.where(self.layout.from_b[step], both[:, 1::2], both[:, 0::2])
        return crossed
