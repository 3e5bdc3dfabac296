"""Runs with a box planted in them."""

from __future__ import annotations

import numpy as np


def planted(seed, runs, columns, box, noise=0.0):
    """Inputs (run, column) in (0, 1), marks (run,), and the runs that truly lie in the box {column: (low, high)}."""
    rng = np.random.default_rng(seed)
    inputs = rng.random((runs, columns))
    inside = np.ones(runs, dtype=bool)
    for column, (low, high) in box.items():
        inside &= (inputs[:, column] >= low) & (inputs[:, column] <= high)
    return inputs, inside ^ (rng.random(runs) < noise), inside
