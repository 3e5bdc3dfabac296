"""Full factorial: every level of every column with every level of the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.sweep.designs.design import check_asked

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST: Final = 10_000_000
"""Points that a full factorial may have."""


@dataclass(frozen=True)
class Factorial:
    """Mid-quantiles of every column, crossed: of n levels ``(i + 0.5) / n``. The last column changes fastest.

    Raises
    ------
    ValueError
        when a column has no level
    """

    levels: tuple[int, ...]
    """Of each column; a column of one level stays at its median."""

    def __post_init__(self) -> None:
        if min(self.levels, default=1) < 1:
            raise ValueError(f"every column has a level at least: {self.levels}")

    @property
    def columns(self) -> int:
        """Columns of the design."""
        return len(self.levels)

    @property
    def points(self) -> int:
        """The product of the levels."""
        return math.prod(self.levels)

    def rows(self, first: int, count: int) -> NDArray[np.float64]:
        """Points, shape ``(count, columns)``."""
        check_asked(first, count, self.points)
        level = np.stack(np.unravel_index(np.arange(first, first + count), self.levels), axis=1)
        made: NDArray[np.float64] = (level + 0.5) / np.array(self.levels)
        return made
