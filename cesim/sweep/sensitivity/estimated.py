"""What an analysis answers: indices with their intervals, or that there is nothing to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimated:
    """Indices of one kind, in the order of the factors (or of the pairs).

    Attributes
    ----------
    value : (index,)
        the estimate; noise may carry it a little below 0 or above 1, and it is left there
    low, high : (index,)
        ends of the interval
    resampled : (resample, index)
        the same index from each resample of the base points
    """

    value: Floats
    low: Floats
    high: Floats
    resampled: Floats

    @property
    def width(self) -> Floats:
        """Widths of the intervals (index,)."""
        return self.high - self.low


@dataclass(frozen=True)
class Unvarying:
    """A result of which no index can be told. It is not the same as one that nothing matters to.

    Attributes
    ----------
    code
        ``does_not_vary``: every run gives the same value; ``hardly_varies``: so few base points differ from the
        others that an index would be chance
    value
        the value, or the one in the middle
    points
        base points looked at
    """

    code: Literal["does_not_vary", "hardly_varies"]
    value: float
    points: int
