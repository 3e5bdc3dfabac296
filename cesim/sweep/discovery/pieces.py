"""A piece of a law between two probabilities, as the nearest law that a scenario can name.

The median of the piece is kept in every case. What is nearest depends on what has to be kept besides:

- **Limited on both sides**: the triangle or the uniform law between the two limits; a law as in the next item where
  that is twice as near, mostly since a limit lies far out in a tail.
- **Open on one side, of a law with a tail** (normal, lognormal, logit-normal): the law of the same family whose 5th,
  50th and 95th percentile are those of the piece. The tail stays; a few draws in a hundred, 3 to 4 where laws are
  near normal, lie a little beyond the limit.
- **Open on one side, of a law with an end**: the triangle or the uniform law, from the limit to where it fits best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.quantities import Quantity, ppf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.quantities.distribution import LawName, Range

    Floats = NDArray[np.float64]
    Ends = tuple[float | None, float | None]

_TAILED: Final = ("normal", "lognormal", "logit-normal")
_PERCENTILES: Final = (0.05, 0.5, 0.95)
_CUT: Final = (0.0, 0.01, 0.02, 0.05, 0.1)
"""Shares of a piece that may be cut off at an open end, so that the middle of it fits better."""
_SHARES: Final = np.arange(1, 40) / 40.0
"""At which quantiles two laws are compared."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A number inside a box: its middle and its bounds."""

    value: float
    """The median of the piece."""
    low: float
    high: float
    dist: LawName
    range: Range
    """``bounds``, or ``percentiles`` where a tail is kept and a few draws lie beyond the limit."""
    is_exact: bool
    """Whether it is the piece itself, not only near it."""

    def law(self, quantity: Quantity) -> Quantity:
        """Return the number with this law, of the kind of another."""
        return Quantity(self.value, self.low, self.high, self.dist, self.range, quantity.kind, quantity.unit)


def piece(quantity: Quantity, low: float | None, high: float | None, ends: Ends = (None, None)) -> Piece:
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
    wanted = ppf(quantity, first + (last - first) * _SHARES)

    def miss(one: Piece) -> float:
        return float(np.abs(_quantiles(one, quantity) - wanted).mean())

    bounded = min(_bounded(quantity, first, last, ends), key=miss)
    if quantity.law.name not in _TAILED:
        return bounded
    tailed = _with_tail(quantity, first, last)
    is_open = first <= 0.0 or last >= 1.0
    if _lies_within(ends, tailed) and (is_open or 2.0 * miss(tailed) < miss(bounded)):
        return tailed
    return bounded


def _with_tail(quantity: Quantity, first: float, last: float) -> Piece:
    """Return the law of the same family through the percentiles of the piece."""
    low, middle, high = (float(one) for one in ppf(quantity, first + (last - first) * np.array(_PERCENTILES)))
    return Piece(middle, low, high, quantity.law.name, "percentiles", is_exact=False)


def _lies_within(ends: Ends, found: Piece) -> bool:
    """Say whether a law with a tail may be had: nothing ends where a percentile of it lies, and it has a width."""
    least, most = ends
    inside = (least is None or least < found.low) and (most is None or found.high < most)
    return inside and found.low < found.value < found.high


def _bounded(quantity: Quantity, first: float, last: float, ends: Ends) -> Iterator[Piece]:
    """Yield the laws with bounds that a piece may be written as."""
    exact = quantity.law.name == "uniform"
    middle = _clipped(float(ppf(quantity, first + 0.5 * (last - first))), ends)
    for cut in (0.0,) if exact or (first > 0.0 and last < 1.0) else _CUT:
        beyond = cut * (last - first)
        near, far = (end + sign * beyond if is_open else end
                     for end, sign, is_open in ((first, 1, first <= 0.0), (last, -1, last >= 1.0)))  # fmt: skip
        if quantity.law.name in _TAILED and (near <= 0.0 or far >= 1.0):  # it never reaches its end
            continue
        least, most = (_clipped(_quantile(quantity, at), ends) for at in (near, far))
        yield Piece(middle, least, most, "uniform", "bounds", exact)
        if not exact:
            whole = quantity.law.name == "triangular" and (near, far) == (0.0, 1.0)
            yield Piece(quantity.value if whole else middle, least, most, "triangular", "bounds", whole)


def _quantile(quantity: Quantity, at: float) -> float:
    if at <= 0.0:
        return quantity.law.ends[0]
    return quantity.law.ends[1] if at >= 1.0 else float(ppf(quantity, at))


def _clipped(value: float, ends: Ends) -> float:
    least, most = ends
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)


def _quantiles(found: Piece, quantity: Quantity) -> Floats:
    if found.low == found.high:
        return np.full(_SHARES.size, found.value)
    return ppf(found.law(quantity), _SHARES)
