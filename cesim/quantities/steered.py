"""A path that measures bend: what would have been, and what each measure does to it from its year on.

A measure comes in over the years like a tide (`ramp`): nothing before its start, everything once it is full. How it
moves the value is one of four ways, and they are applied in this order whatever the order they were written in:

``set``    towards a value: ``v + r (x - v)``; a measure that builds on another comes after it
``scale``  by a factor: ``v (1 + r (x - 1))``
``add``    by an amount: ``v + r x``
``fill``   by a share of what is missing to one: ``v + r x (1 - v)``

with ``r`` the ramp times the level at which the measure is carried out. Each amount has a stream of its own, so that a
measure more or less leaves the luck of everything else as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.quantities.curves import ramp
from cesim.quantities.distribution import ppf
from cesim.quantities.series import TimePath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.quantities.curves import RampShape
    from cesim.quantities.quantity import Quantity
    from cesim.quantities.streams import DrawSource

    Floats = NDArray[np.float64]

How = Literal["set", "scale", "add", "fill"]

ORDER: Final[tuple[How, ...]] = ("set", "scale", "add", "fill")
"""In which the ways are applied."""


@dataclass(frozen=True)
class Effect:
    """What one measure does to one value."""

    how: How
    amount: Quantity
    """In the unit of the value for `set` and `add`, a factor for `scale`, a share for `fill`."""
    stream: str
    """Name of the stream its draws come from: the path of the amount in the scenario."""
    start: int
    """First year in which it acts."""
    years: int
    """Years until it is full, at least one: in the first year of one it is full at once."""
    shape: RampShape = "linear"
    level: float = 1.0
    """Share of it that is carried out."""

    def come_in(self, years: Sequence[int]) -> Floats:
        """How far it has come in (year,), from 0 to its level."""
        return self.level * ramp(years, self.start - 1, self.start - 1 + self.years, self.shape)

    def drawn(self, source: DrawSource, first: int, count: int) -> Floats:
        """Draws `first` to ``first + count - 1`` of the amount, shape ``(count,)``."""
        if source.holds(self.stream):
            return np.full(count, self.amount.value)
        return np.asarray(ppf(self.amount, source.u(self.stream, first, count)), dtype=np.float64)

    def on(self, value: Floats, amount: Floats, years: Sequence[int]) -> Floats:
        """Values (..., year) with the measure; `amount` is (...) or a number."""
        r, x = self.come_in(years), np.asarray(amount, dtype=np.float64)[..., None]
        if self.how == "set":
            return (1.0 - r) * value + r * x
        if self.how == "scale":
            return value * (1.0 + r * (x - 1.0))
        if self.how == "add":
            return value + r * x
        filled: Floats = np.where(r * x == 0.0, value, 1.0 - (1.0 - value) * (1.0 - r * x))
        return filled


@dataclass(frozen=True)
class SteeredPath(TimePath):
    """A path over the years with measures on it. Without effects it is the path."""

    effects: tuple[Effect, ...] = ()
    """In the order in which they are applied (see `ORDER`)."""

    @classmethod
    def of(cls, path: TimePath, effects: Sequence[Effect]) -> SteeredPath:
        """Return a path with measures on it; of those that set, the later one builds on the earlier."""
        ordered = tuple(effect for how in ORDER for effect in effects if effect.how == how)
        return cls(path.knots, path.correlation, path.rho, ordered)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary."""
        return SteeredPath, (dict(self.knots), self.correlation, self.rho, self.effects)

    @property
    def unsteered(self) -> TimePath:
        """The path without any measure."""
        return TimePath(self.knots, self.correlation, self.rho)

    @property
    def is_certain(self) -> bool:
        """Whether every draw is the best estimate in every year."""
        return super().is_certain and all(effect.amount.is_certain for effect in self.effects)

    @property
    def is_constant(self) -> bool:
        """Whether every draw has the same value in all years: not with a measure on it, which comes in over years."""
        return not self.effects and super().is_constant

    def best(self, years: Sequence[int]) -> Floats:
        """Best estimates, shape ``(years,)``."""
        value = super().best(years)
        for effect in self.effects:
            value = effect.on(value, np.array(effect.amount.value), years)
        return value

    def values(self, years: Sequence[int], u: ArrayLike) -> Floats:  # noqa: ARG002 -- refused whatever is asked
        """Quantiles are not defined: path and amounts have luck of their own. Refused with a `TypeError`."""
        raise TypeError("a steered path is drawn, it has no quantiles; see `draw`")

    def draw(self, years: Sequence[int], source: DrawSource, name: str, first: int, count: int) -> Floats:
        """Draws `first` to ``first + count - 1``, shape ``(count, years)``: the path's own, then each measure's."""
        value = self.unsteered.draw(years, source, name, first, count)
        for effect in self.effects:
            value = effect.on(value, effect.drawn(source, first, count), years)
        return value
