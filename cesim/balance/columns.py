"""Series side by side: the year-first blocks in which the cohort kernels work.

Arrays come as ``(..., year)`` over any leading axes. A kernel wants them ``(year, series)`` with the leading
axes flattened, in blocks small enough to stay in cache, and what does not vary over a leading axis (draws,
say) must not be tiled over it. Every block has a multiple of eight columns, so that a series meets the same
vector instructions whatever stands beside it: its result is the same bit for bit, alone or in company.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.steps import At, survival_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from cesim.balance.families import Floats
    from cesim.balance.survival import Survival

Shape = tuple[int, ...]
WIDTH = 1024
"""Series per block: 100 years of them and their survival fit the second-level cache (measured: 512 to 4,096)."""
_LANES = 8


@dataclass(frozen=True)
class Block:
    """A run of flat series, from `first` up to `last`, padded by repeating the last one."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """Series in the block."""
        return self.last - self.first

    @property
    def columns(self) -> NDArray[np.intp]:
        """Flat numbers of the series, padded to full lanes."""
        padded = -(-self.count // _LANES) * _LANES
        return np.minimum(np.arange(self.first, self.first + padded), self.last - 1)


def blocks(count: int, width: int = WIDTH) -> Iterator[Block]:
    """Cut `count` series into blocks of at most `width`."""
    for first in range(0, count, width):
        yield Block(first, min(first + width, count))


class Columns:
    """An array ``(..., n)`` read as ``(n, series)`` over wider leading axes, without tiling it."""

    def __init__(self, values: Floats, lead: Shape) -> None:
        own = values.shape[:-1]
        self._rows = np.ascontiguousarray(np.moveaxis(values, -1, 0)).reshape(values.shape[-1], prod(own))
        self._index = _lookup(own, lead)

    def take(self, block: Block) -> Floats:
        """Rows of the block's series, ``(n, series)``; a view where possible, so never write to it."""
        if self._index is not None:
            return np.take(self._rows, self._index[block.columns], axis=1)
        if block.count % _LANES == 0:
            return self._rows[:, block.first : block.last]
        return np.take(self._rows, block.columns, axis=1)


class Curves:
    """The survival of every series over wider leading axes, tabulated block by block."""

    def __init__(self, survival: Survival, lead: Shape, steps: int, at: At) -> None:
        self._survival, self._steps, self._at = survival, steps, at
        self._index = _lookup(survival.shape, lead)

    def take(self, block: Block) -> Floats:
        """Share alive ``(step, series)`` for the block."""
        columns = block.columns
        if self._index is None:
            return self._tabulate(columns)
        wanted, places = np.unique(self._index[columns], return_inverse=True)
        if len(wanted) == len(columns):
            return self._tabulate(self._index[columns])
        own = Block(0, len(wanted))
        return np.take(self._tabulate(wanted[own.columns]), places, axis=1)

    def _tabulate(self, series: NDArray[np.intp]) -> Floats:
        return survival_steps(self._survival, self._steps, self._at, series)


def _lookup(own: Shape, lead: Shape) -> NDArray[np.intp] | None:
    """For every flat series of `lead`, the flat series of `own` that it reads; None if the same."""
    if own == lead:
        return None
    return np.broadcast_to(np.arange(prod(own)).reshape(own), lead).ravel()


def finite(name: str, values: ArrayLike) -> Floats:
    """Floats of at least one axis, refused if not finite."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0:
        raise ValueError(f"{name}: found one number; allowed: an array whose last axis is the year")
    # smallest and largest carry any NaN or infinity, without a table of truths
    if array.size and not (np.isfinite(array.min()) and np.isfinite(array.max())):
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}: found {array[where]!s} at index {where}; allowed: finite numbers")
    return array


def common_lead(**shapes: Shape) -> Shape:
    """Leading shape over which all broadcast; the error names what does not."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"leading axes do not broadcast: {listed}") from None


def year_last(rows: Floats, lead: Shape) -> Floats:
    """View ``(a, ..., series)`` as ``(*lead, a, ...)``."""
    spread = rows.reshape(rows.shape[:-1] + lead)
    own = rows.ndim - 1
    return np.moveaxis(spread, tuple(range(own)), tuple(range(-own, 0)))
