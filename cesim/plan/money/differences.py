"""The difference of two solutions in the same draws, without the last digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDING: Final = 1e-9
"""A difference below this share of the largest value is one of the order of adding up, not of the plan."""


def difference(after: Floats, before: Floats) -> Floats:
    """Return ``after - before``, any shape, with exact zeros where the two differ by rounding alone."""
    told = after - before
    scale = max(np.abs(after).max(initial=0.0), np.abs(before).max(initial=0.0))
    return np.where(np.abs(told) <= ROUNDING * scale, 0.0, told)
