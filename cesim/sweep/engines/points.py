"""The points of a study as engines see them: where their draws come from, and which choices each takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cesim.quantities import KeyedSource
from cesim.sweep.engines.drawing import PointSource, at_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.scenario.model import Scenario
    from cesim.sweep.engines.drawing import Others

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Rows(Protocol):
    """What is needed of a design."""

    def rows(self, first: int, count: int) -> Floats:
        """Points `first` to ``first + count - 1``, shape ``(count, columns)``, strictly inside (0, 1)."""
        ...


@dataclass(frozen=True)
class Choice:
    """A lever that takes one of several values in every point, all alike likely."""

    stream: str
    """Which decides: a column of the design drives it, or it is drawn by its key."""
    options: int

    def taken(self, u: Floats) -> Ints:
        """Which option each point takes (point,)."""
        return np.minimum((u * self.options).astype(np.int64), self.options - 1)


class Varied(Protocol):
    """What a recipe says of its points; see `cesim.sweep.engines.balance.BalanceRecipe`."""

    @property
    def seed(self) -> int:
        """Of the keyed draws."""
        ...

    @property
    def design(self) -> Rows | None:
        """Where columns come from."""
        ...

    @property
    def columns(self) -> Mapping[str, int]:
        """Stream -> number of the column that drives it."""
        ...

    @property
    def varied(self) -> frozenset[str]:
        """Streams that vary though no column drives them."""
        ...

    @property
    def others(self) -> Others:
        """What becomes of the rest."""
        ...

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Levers that are part of the point."""
        ...


def check_points(recipe: Varied, alternatives: Mapping[str, tuple[Scenario, ...]]) -> None:
    """Refuse what no study can ask: a `ValueError`."""
    ways = int(np.prod([choice.options for choice in recipe.choices], dtype=np.int64))
    if not alternatives or any(len(held) != ways for held in alternatives.values()):
        raise ValueError(f"each alternative needs a scenario for each of {ways} combinations of choices")
    if recipe.columns and recipe.design is None:
        raise ValueError("columns without a design")


def source_of(recipe: Varied, points: Ints, replicate: int) -> PointSource:
    """Return the draws of some points (n,), ascending, in a replicate."""
    columns: dict[str, Floats] = {}
    if recipe.design is not None and recipe.columns:
        rows = at_points(points, recipe.design.rows)
        columns = {stream: np.ascontiguousarray(rows[:, at]) for stream, at in recipe.columns.items()}
    varied = recipe.varied | {choice.stream for choice in recipe.choices}
    return PointSource(points, columns, KeyedSource(recipe.seed), varied, recipe.others, replicate)


def way_of(recipe: Varied, source: PointSource) -> Ints:
    """Which combination of choices each point takes (point,)."""
    number = np.zeros(source.points.size, dtype=np.int64)
    for choice in recipe.choices:
        number = number * choice.options + choice.taken(source.u(choice.stream, 0, number.size))
    return number
