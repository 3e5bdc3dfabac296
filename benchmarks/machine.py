"""How fast the machine is today: a fixed numpy job beside which the seconds of every benchmark are read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable


def kernel(products: int = 40, clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of so many products of 1,000 x 1,000 matrices and as many sums, by the clock given."""
    a = np.random.default_rng(0).random((1000, 1000))
    begun = clock()
    for _ in range(products):
        a = a @ a
        a /= a.sum()
    return clock() - begun
