"""Latin hypercube: of n points, one in each n-th of every column."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.sweep.designs.design import check_asked
from cesim.sweep.designs.keyed import keyed_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]

MOST: Final = 10_000_000
"""Points that a Latin hypercube may have."""
_ROUNDS: Final = 8
"""Of the shuffle."""
_MORE_ROUNDS: Final = 64
"""Divided by the base: few points have few digits to be mixed, and need more rounds to meet every order equally."""


@dataclass(frozen=True)
class Hypercube:
    """A Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979, 239-245), point by point.

    Each column puts the points into its n strata by a permutation of its own, and the point anywhere in its stratum.
    The permutation is not a shuffled list, which every process would have to hold, but worked out for the points
    asked: Feistel rounds ``(l, r) -> (r, l + f(r))`` over digits to the base of about the square root of n, with
    tables f of random digits; what falls beyond n goes through once more (Black and Rogaway, CT-RSA 2002).

    All points belong together, so more of them would be another design. Column j depends on the seed, on n and j alone.

    Raises
    ------
    ValueError
        for no point, or more than `MOST`
    """

    columns: int
    points: int
    seed: int

    def __post_init__(self) -> None:
        if not 1 <= self.points <= MOST:
            raise ValueError(f"{self.points} points: a Latin hypercube has 1 to {MOST}")

    def rows(self, first: int, count: int) -> Floats:
        """Points, shape ``(count, columns)``."""
        check_asked(first, count, self.points)
        within = keyed_rows(self.seed, "hypercube/within", first, count, self.columns)
        made = (self.strata(first, count) + within) / self.points
        return np.minimum(made, 1.0 - 2.0**-53)  # the last stratum's upper end rounds to 1

    def strata(self, first: int, count: int) -> Ints:
        """Stratum of each point, from 0, shape ``(count, columns)``: in every column each stratum once."""
        asked = np.broadcast_to(np.arange(first, first + count, dtype=np.int32)[:, None], (count, self.columns))
        column = np.broadcast_to(np.arange(self.columns, dtype=np.int32), asked.shape)
        found = self._shuffled(asked, column)
        beyond = found >= self.points
        while beyond.any():
            found[beyond] = self._shuffled(found[beyond], column[beyond])
            beyond = found >= self.points
        if self.points > 1:
            found ^= (found < 2) & self._swapped
        return found

    def _shuffled(self, number: Ints, column: Ints) -> Ints:
        """Permute the numbers below ``base ** 2``, each by the tables of its column."""
        wide = self.columns  # digits are kept as they stand in a table: digit * columns + column
        left, right = (digit * wide + column for digit in np.divmod(number, self._base))
        beyond = self._base * wide
        for table in self._tables:
            left, right = right, left + table.take(right)
            right -= beyond * (right >= beyond)
        return left // wide * self._base + right // wide

    @cached_property
    def _swapped(self) -> NDArray[np.bool_]:
        """Columns in which the first two strata change places: rounds alone would make all orders even, or all odd."""
        swapped: NDArray[np.bool_] = keyed_rows(self.seed, "hypercube/swap", 0, 1, self.columns)[0] < 0.5
        return swapped

    @property
    def _base(self) -> int:
        return math.isqrt(self.points - 1) + 1

    @cached_property
    def _tables(self) -> Ints:
        """Random digits times columns, (round, digit * columns + column)."""
        rounds = _ROUNDS + _MORE_ROUNDS // self._base
        luck = keyed_rows(self.seed, "hypercube/rounds", 0, rounds * self._base, self.columns)
        return (np.floor(luck * self._base).astype(np.int32) * self.columns).reshape(rounds, -1)
