"""What a design is: where in the unit cube each point of a study lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Design(Protocol):
    """A list of points, each a row of probabilities, one for every column.

    Row p is the same whatever is asked for before, after or beside it, so that any process may make any rows.
    """

    @property
    def columns(self) -> int:
        """Probabilities of a point."""
        ...

    @property
    def points(self) -> int | None:
        """How many points there are; none where the list goes on and more points leave the earlier ones alone."""
        ...

    def rows(self, first: int, count: int) -> Floats:
        """Points `first` to ``first + count - 1``, shape ``(count, columns)``, strictly inside (0, 1).

        Raises
        ------
        ValueError
            for points that the design does not have
        """
        ...


class Factor(NamedTuple):
    """What a design varies: one column, or several that only mean something together, as shares that add to one do."""

    name: str
    columns: tuple[int, ...]


def check_asked(first: int, count: int, points: int | None) -> None:
    """Refuse rows that a design does not have with a `ValueError`: whoever asks has miscounted."""
    if first < 0 or count < 0:
        raise ValueError(f"rows {first} to {first + count}: neither may be negative")
    if points is not None and first + count > points:
        raise ValueError(f"rows {first} to {first + count}: the design has {points}")


def whole(factors: Iterable[tuple[str, tuple[int, ...]]]) -> tuple[Factor, ...]:
    """Return factors as such; their columns must be 0, 1, 2 and so on, each in one factor.

    Raises
    ------
    ValueError
        for a column in two factors or in none, a factor without columns, a name given twice
    """
    made = tuple(Factor(name, tuple(columns)) for name, columns in factors)
    held = sorted(column for factor in made for column in factor.columns)
    if held != list(range(len(held))) or not all(factor.columns for factor in made):
        raise ValueError(f"each column belongs to one factor, from 0 on: {held}")
    if len({factor.name for factor in made}) < len(made):
        raise ValueError(f"a factor is named twice: {[factor.name for factor in made]}")
    return made


def factor_of_column(factors: tuple[Factor, ...]) -> NDArray[np.int64]:
    """Return the number of the factor of each column, shape ``(columns,)``."""
    number = np.empty(sum(len(factor.columns) for factor in factors), dtype=np.int64)
    for at, factor in enumerate(factors):
        number[list(factor.columns)] = at
    return number
