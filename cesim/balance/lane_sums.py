"""Sums along a row in the order in which numpy takes them, so that a compiled loop gives the same bits.

numpy adds fewer than eight neighbours one by one, up to 128 in eight accumulators, and halves what is longer (pairwise
summation, `numpy/_core/src/umath/loops_utils.h.src`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.balance.compiled import compiled_into

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@compiled_into
def short_sum(row: Floats, start: int, count: int) -> float:
    """Sum of at most 128 neighbours of a row."""
    if count < 8:
        total = 0.0
        for n in range(start, start + count):
            total += row[n]
        return total
    a, b, c, d = row[start], row[start + 1], row[start + 2], row[start + 3]
    e, f, g, h = row[start + 4], row[start + 5], row[start + 6], row[start + 7]
    whole = count - count % 8
    for n in range(start + 8, start + whole, 8):
        a += row[n]
        b += row[n + 1]
        c += row[n + 2]
        d += row[n + 3]
        e += row[n + 4]
        f += row[n + 5]
        g += row[n + 6]
        h += row[n + 7]
    total = float(((a + b) + (c + d)) + ((e + f) + (g + h)))
    for n in range(start + whole, start + count):
        total += row[n]
    return total


@compiled_into
def long_sum(row: Floats, count: int) -> float:
    """Sum of the first 256 of a row at most."""
    if count <= 128:
        return short_sum(row, 0, count)
    half = count // 2
    half -= half % 8
    return short_sum(row, 0, half) + short_sum(row, half, count - half)
