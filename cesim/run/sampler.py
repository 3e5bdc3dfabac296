"""Draws of everything a scenario leaves uncertain.

A lane is one solution of the model. Lane 0 is the best estimate, lane i is draw i - 1. A value in a lane depends on the
seed, the path of the value in the scenario and the number of the draw, on nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from pydantic import BaseModel

from cesim.quantities import Quantity, TimePath, dirichlet, ppf
from cesim.scenario.levers import number_mark
from cesim.scenario.values import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from cesim.quantities import DrawSource

    Floats = NDArray[np.float64]

Key = TypeVar("Key", bound=str)


class Sampler:
    """Draws values for the lanes ``first`` to ``first + count - 1``; a name is a path below ``at``."""

    def __init__(self, source: DrawSource, first: int, count: int, at: str = "") -> None:
        self.source, self.first, self.count, self._at = source, first, count, at
        self._best = 1 if first == 0 else 0

    def under(self, part: str) -> Sampler:
        """Return a sampler for the part of the scenario at a path: `under("gases").value("remelting", ...)`."""
        return Sampler(self.source, self.first, self.count, f"{self._at}{part}.")

    def uniform(self, name: str) -> Floats:
        """Uniform numbers (lane,) of a stream; 0.5 stands in the lane of the best estimate."""
        drawn = self.source.u(self._at + name, max(self.first - 1, 0), self.count - self._best)
        return np.concatenate([np.full(self._best, 0.5), drawn])

    def value(self, name: str, quantity: Quantity) -> Floats:
        """Return values (lane,)."""
        if quantity.is_certain or self.source.holds(self._at + name):
            return np.full(self.count, quantity.value)
        out = np.asarray(ppf(quantity, self.uniform(name)), dtype=np.float64)
        out[: self._best] = quantity.value
        return out

    def each(self, name: str, held: Mapping[Key, Quantity], keys: Iterable[Key]) -> Floats:
        """Return values (lane, key) of some entries of a mapping."""
        return np.stack([self.value(f"{name}.{key}", held[key]) for key in keys], axis=1)

    def path(self, name: str, path: TimePath, years: Iterable[int]) -> Floats:
        """Return values (lane, year)."""
        years = [int(year) for year in years]
        best = path.best(years)
        if path.is_certain:
            return np.broadcast_to(best, (self.count, len(years))).copy()
        drawn = path.draw(years, self.source, self._at + name, max(self.first - 1, 0), self.count - self._best)
        return np.concatenate([np.broadcast_to(best, (self._best, len(years))), drawn])

    def by_year(self, name: str, path: TimePath, years: Iterable[int]) -> Floats:
        """Return values (lane, year), or (lane, 1) where every year has the same, to be broadcast."""
        years = list(years)
        return self.path(name, path, years[:1] if path.is_constant else years)

    def simplex(self, name: str, shares: Mapping[str, Quantity]) -> dict[str, Floats]:
        """Shares that add to one: name -> (lane,)."""
        values = np.array([q.value for q in shares.values()])
        values = values / values.sum()
        ranged = [q for q in shares.values() if q.low is not None and q.high is not None and q.value > 0]
        held = all(self.source.holds(f"{self._at}{name}.{key}") for key in shares)
        if held or not ranged or (values > 0).sum() < 2:
            return {key: np.full(self.count, value) for key, value in zip(shares, values, strict=True)}
        u = np.stack([self.uniform(f"{name}.{key}") for key in shares], axis=1)
        low = [q.value if q.low is None else q.low for q in shares.values()]
        high = [q.value if q.high is None else q.high for q in shares.values()]
        drawn = dirichlet(values, u, low=low, high=high)
        drawn[: self._best] = values
        return {key: drawn[:, n] for n, key in enumerate(shares)}


def numbers(part: BaseModel, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Quantity]]:
    """Every number of a scenario with its dotted path; the knots of a time path are `path.2035`."""
    for name, field in type(part).model_fields.items():
        mark = number_mark(field.annotation, field.metadata)
        yield from _inside(getattr(part, name), (*path, name), mark is not None and mark.bare)


def _inside(value: object, path: tuple[str, ...], bare: bool) -> Iterator[tuple[str, Quantity]]:
    if isinstance(value, Quantity):
        yield ".".join(path), value
    elif isinstance(value, TimePath) and bare and list(value.knots) == [ALWAYS]:
        yield ".".join(path), value.knots[ALWAYS]
    elif isinstance(value, TimePath):
        for year, quantity in value.knots.items():
            yield ".".join((*path, str(year))), quantity
    elif isinstance(value, BaseModel):
        yield from numbers(value, path)
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from _inside(held, (*path, str(key)), bare)
