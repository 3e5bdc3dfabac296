"""Fingerprints of the edges of records: equal for equal edges in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


def prints(start: Whole, what: Whole, mass: Whole | None = None) -> Whole:
    """Return a fingerprint of the edges of each record, (record,).

    Parameters
    ----------
    start : (record + 1,)
        Where the edges of each begin.
    what, mass : (edge,)
        What they point to, and how much of it; left out of account where no mass is given.
    """
    value = _mixed(what.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15))
    if mass is not None:
        value = _mixed(value ^ _mixed(mass.astype(np.uint64) * np.uint64(3) + np.uint64(1)))
    total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(value, dtype=np.uint64)])
    return np.asarray((total[start[1:]] - total[start[:-1]]).astype(np.int64))


def together(columns: Sequence[Whole]) -> Whole:
    """Return one number for each row of columns; of a million different rows two meet by chance in one case of 10^7."""
    number = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        number = _mixed(number * np.uint64(5) + column.astype(np.uint64) + np.uint64(0xC2B2AE3D27D4EB4F))
    return np.asarray(number.astype(np.int64))


def _mixed(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter the bits (the finaliser of SplitMix64: Steele, Lea and Flood, OOPSLA 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(value ^ (value >> np.uint64(31)))
