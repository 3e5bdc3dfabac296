"""The triangular law known by its mode and its 5th and 95th percentile."""

from __future__ import annotations

import math
from functools import lru_cache

TAIL = 0.05
"""The probability below `low` and above `high` of a range of percentiles."""


@lru_cache(maxsize=4096)
def reach(below: float, above: float) -> tuple[float, float]:
    """How far the ends lie from the mode.

    With ``S`` the width, ``A = t S`` and ``B = (1 - t) S`` the reach below and above, the 5 % quantile
    lies ``S (t - sqrt(p t))`` below the mode and the 95 % quantile ``S ((1 - t) - sqrt(p (1 - t)))``
    above. Their ratio has one root ``t`` in ``[p, 1 - p]``, found by bisection to the last bit.

    Parameters
    ----------
    below, above
        Distances from the mode to the 5th and to the 95th percentile, not negative, not both zero.

    Returns
    -------
    tuple[float, float]
        ``(A, B)``: distances from the mode to the lower and to the upper end.
    """
    smaller, larger = TAIL, 1.0 - TAIL
    while smaller < (middle := 0.5 * (smaller + larger)) < larger:
        if below * _offset(1.0 - middle) > above * _offset(middle):
            smaller = middle
        else:
            larger = middle
    t = larger
    width = (below + above) / (_offset(t) + _offset(1.0 - t))
    return t * width, (1.0 - t) * width


def _offset(t: float) -> float:
    """Distance from the mode to the near percentile, in widths; rises with `t` from 0 at ``t = p``."""
    return t - math.sqrt(TAIL * t)
