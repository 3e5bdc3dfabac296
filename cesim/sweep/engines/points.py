"""The points of a study as engines see them: where their draws come from, and which choices each takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cesim.quantities import KeyedSource
from cesim.sweep.engines.drawing import PointSource, at_points
from cesim.sweep.solving import Shape

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


@dataclass(frozen=True)
class Points:
    """What the recipes of all engines say of their points.

    Attributes
    ----------
    alternatives
        name -> the scenario under each combination of choices, the last choice changing fastest; all scenarios have the
        same years, regions and focus
    indicators, regions, years
        what is kept of a run
    seed
        of the keyed draws
    replicates
        how often each point is repeated
    design, columns
        where columns come from, and stream -> number of the column that drives it; a column may drive several
    varied, others
        as in `drawing.PointSource`
    choices
        levers that are part of the point

    Raises
    ------
    ValueError
        for what no study can ask
    """

    alternatives: Mapping[str, tuple[Scenario, ...]]
    indicators: tuple[str, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]
    seed: int = 0
    replicates: int = 1
    design: Rows | None = None
    columns: Mapping[str, int] = field(default_factory=dict)
    varied: frozenset[str] = frozenset()
    others: Others = "drawn"
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        ways = int(np.prod([choice.options for choice in self.choices], dtype=np.int64))
        if not self.alternatives or any(len(held) != ways for held in self.alternatives.values()):
            raise ValueError(f"each alternative needs a scenario for each of {ways} combinations of choices")
        if self.columns and self.design is None:
            raise ValueError("columns without a design")

    @property
    def shape(self) -> Shape:
        """How runs are numbered."""
        return Shape(tuple(self.alternatives), self.replicates, self.indicators, self.regions, self.years)


def source_of(recipe: Points, points: Ints, replicate: int) -> PointSource:
    """Return the draws of some points (n,), ascending, in a replicate."""
    columns: dict[str, Floats] = {}
    if recipe.design is not None and recipe.columns:
        rows = at_points(points, recipe.design.rows)
        columns = {stream: np.ascontiguousarray(rows[:, at]) for stream, at in recipe.columns.items()}
    varied = recipe.varied | {choice.stream for choice in recipe.choices}
    return PointSource(points, columns, KeyedSource(recipe.seed), varied, recipe.others, replicate)


def way_of(recipe: Points, source: PointSource) -> Ints:
    """Which combination of choices each point takes (point,)."""
    number = np.zeros(source.points.size, dtype=np.int64)
    for choice in recipe.choices:
        number = number * choice.options + choice.taken(source.u(choice.stream, 0, number.size))
    return number
