"""Rows of whole numbers as one number each, in the same order: a row of them is sorted many times as slowly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

_MOST: Final = 2**62


def packed(*columns: Whole) -> Whole:
    """Return one number for each row of some columns, (row,): equal for equal rows, and in the order of the rows."""
    total = np.zeros(len(columns[0]), dtype=np.int64)
    if not len(total):
        return total
    size = 1
    for column in columns:
        least = int(column.min())
        width = int(column.max()) - least + 1
        if size * width > _MOST:  # far apart: places in the order of what there is take less room
            total, size = _dense(total)
        if size * width > _MOST:
            column, width = _dense(column)
            least = 0
        total, size = total * width + (column - least), size * width
    return total


def first_of(*columns: Whole) -> Whole:
    """Return where each row stands first, in that order."""
    return np.sort(np.unique(packed(*columns), return_index=True)[1])


def distinct(*columns: Whole) -> tuple[Whole, ...]:
    """Return the rows that there are, each once and in order, column by column."""
    first = np.unique(packed(*columns), return_index=True)[1]
    return tuple(column[first] for column in columns)


def _dense(column: Whole) -> tuple[Whole, int]:
    found, place = np.unique(column, return_inverse=True)
    return place.ravel().astype(np.int64), len(found)
