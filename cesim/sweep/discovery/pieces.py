"""A piece of a law between two probabilities, as the nearest law that a scenario can name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.quantities import Quantity, ppf

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAIL: Final = 0.05
"""Where a piece that is open ends, for a law that never reaches its end: at the percentiles that ranges are told by."""
_FAR: Final = 0.005
"""Where it ends if it lies wholly in the tail."""
_SHARES: Final = np.arange(1, 20) / 20.0
"""At which quantiles two laws are compared."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A number inside a box: its middle and its bounds."""

    value: float
    """The median of the piece."""
    low: float
    high: float
    dist: Literal["triangular", "uniform"]
    is_exact: bool
    """Whether it is the piece itself, not only near it."""


def piece(
    quantity: Quantity, low: float | None, high: float | None, ends: tuple[float | None, float | None] = (None, None)
) -> Piece:
    """Return the piece of a quantity between two probabilities.

    Parameters
    ----------
    quantity
        with a range
    low, high
        probabilities; nothing where the piece is open
    ends
        the least and the most that the number may be
    """
    first, last = low or 0.0, 1.0 if high is None else high
    if quantity.law.name not in ("uniform", "triangular"):
        first, last = _end(first, last), 1.0 - _end(1.0 - last, 1.0 - first)
    least, most = (_clipped(value, ends) for value in (_quantile(quantity, first), _quantile(quantity, last)))
    quantiles = np.clip(ppf(quantity, first + (last - first) * _SHARES), least, most)
    middle = float(quantiles[_SHARES.size // 2])
    flat = least + (most - least) * _SHARES
    if np.abs(quantiles - flat).max() <= np.abs(quantiles - _triangle(middle, least, most)).max():
        return Piece(middle, least, most, "uniform", quantity.law.name == "uniform")
    whole = quantity.law.name == "triangular" and (first, last) == (0.0, 1.0)
    return Piece(quantity.value if whole else middle, least, most, "triangular", whole)


def _end(near: float, far: float) -> float:
    """Return where a piece ends towards 0, its other end being `far` from there."""
    if near >= TAIL:
        return near
    return max(near, TAIL if far >= 2.0 * TAIL else min(_FAR, 0.1 * far))


def _quantile(quantity: Quantity, at: float) -> float:
    if at <= 0.0:
        return quantity.law.ends[0]
    return quantity.law.ends[1] if at >= 1.0 else float(ppf(quantity, at))


def _clipped(value: float, ends: tuple[float | None, float | None]) -> float:
    least, most = ends
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)


def _triangle(middle: float, least: float, most: float) -> NDArray[np.float64]:
    if least == most:
        return np.full(_SHARES.size, middle)
    return ppf(Quantity(middle, least, most, dist="triangular", range="bounds", kind="real", unit=""), _SHARES)
