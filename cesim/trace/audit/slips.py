"""Masses written in the wrong unit: a thousand times what the other weighings of the lot say, or a thousandth."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.audit.moves import RECEIVING, SHIPPING, handed, joined, made, used

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

UNIT: Final = 1000.0
"""kg written for t, or g for kg."""
NEAR: Final = log(1.1)
"""How near to the factor the logarithm of a ratio lies; scales differ by less."""


def is_slip(log_ratio: Floats) -> NDArray[np.bool_]:
    """Return whether ratios of masses are those of two units."""
    return np.asarray(np.abs(np.abs(log_ratio) - log(UNIT)) <= NEAR)


def slipped(entries: Entries) -> Whole:
    """Return records with a mass in the wrong unit: 1 for a thousand times too much, -1 for a thousandth, else 0.

    The median of all weighings of a whole lot (its birth and its handovers) is what the others are held against. Of two
    that differ nobody can say which is right: then both are named. Of a use, which may be of a small part of the lot,
    only too much is seen.
    """
    whole = joined(made(entries), handed(entries, SHIPPING), handed(entries, RECEIVING))
    whole = whole.where((whole.lot >= 0) & (whole.mass_mg > 0))
    order = np.lexsort((whole.mass_mg, whole.lot))
    whole = whole.where(order)
    lot, first, times = np.unique(whole.lot, return_index=True, return_counts=True)
    size = int(max(entries.inputs.lot.max(initial=-1), entries.outputs.lot.max(initial=-1))) + 1
    low, high = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    low[lot] = whole.mass_mg[first + (times - 1) // 2]
    high[lot] = whole.mass_mg[first + times // 2]
    found = np.zeros(len(entries), dtype=np.int64)
    for moves, both_ways in ((whole, True), (used(entries), False)):
        moves = moves.where((moves.lot >= 0) & (moves.mass_mg > 0))
        moves = moves.where(low[moves.lot] > 0)
        of_low, of_high = np.log(moves.mass_mg / low[moves.lot]), np.log(moves.mass_mg / high[moves.lot])
        up = is_slip(of_low) & (of_low > 0)
        down = is_slip(of_high) & (of_high < 0) & both_ways
        found[moves.record[down]] = -1
        found[moves.record[up]] = 1
    return found


def log_ratio(a_mg: Whole, b_mg: Whole) -> Floats:
    """Return the logarithm of a ratio of masses; 0 where one of them is not above zero."""
    both = (a_mg > 0) & (b_mg > 0)
    return np.asarray(np.log(np.where(both, a_mg, 1)) - np.log(np.where(both, b_mg, 1)))
