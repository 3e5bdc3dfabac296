"""Reducing draws as they come: mean and standard deviation of tables, counts, and series kept draw by draw."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_COLUMNS = 1024
"""Columns reduced together, so that they stay in the cache."""

Number = TypeVar("Number", bound=np.generic)

Key = tuple[str, str, str]
"""Indicator, region or group, year."""


def sample(lanes: NDArray[Number], axis: int = 0) -> NDArray[Number]:
    """The draws among the lanes of a run, along an axis: all but the best estimate, unless it is the only one.

    The draws are a view of the lanes.
    """
    if lanes.shape[axis] <= 1:
        return lanes
    kept = [slice(None)] * lanes.ndim
    kept[axis] = slice(1, None)
    return lanes[tuple(kept)]


@dataclass
class _Year:
    layout: object
    count: int
    mean: Floats
    spread: Floats | None
    """Sum of squared deviations from the mean."""
    best: Floats | None


@dataclass
class Moments:
    """Mean and standard deviation of every column of a yearly table.

    Blocks are joined in their order (Chan, Golub and LeVeque 1983), so the result does not depend on who solved them.
    The lane of the best estimate is kept apart and does not count as a draw, unless it is the only one. Without
    ``spreads`` the mean is kept alone.
    """

    years: dict[int, _Year] = field(default_factory=dict)
    spreads: bool = True

    def take(self, year: int, layout: object, values: Floats, first_is_best: bool) -> None:
        """Reduce the values (lane, column) of a year."""
        best = np.array(values[0]) if first_is_best and self.spreads else None
        drawn = sample(values) if first_is_best else values
        mean, spread = np.empty(drawn.shape[1]), np.empty(drawn.shape[1]) if self.spreads else None
        for start in range(0, drawn.shape[1], _COLUMNS):
            part = slice(start, start + _COLUMNS)
            held = np.array(drawn[:, part].T, order="C")  # a copy: the next year still needs the values
            mean[part] = held.mean(axis=1)
            if spread is None:
                continue
            held -= mean[part, None]
            spread[part] = np.einsum("cd,cd->c", held, held)
        self.years[year] = _Year(layout, drawn.shape[0], mean, spread, best)

    def add(self, other: Moments) -> None:
        """Take the next block in."""
        for year, theirs in other.years.items():
            mine = self.years[year]
            count = mine.count + theirs.count
            delta = theirs.mean - mine.mean
            mine.mean = mine.mean + delta * (theirs.count / count)
            if mine.spread is not None and theirs.spread is not None:
                mine.spread = mine.spread + theirs.spread + delta**2 * (mine.count * theirs.count / count)
            mine.count = count

    def sd(self, year: int) -> Floats:
        """Standard deviation over the draws (0 for one draw)."""
        held = self.years[year]
        if held.spread is None:
            raise ValueError("only the mean was kept")
        out: Floats = np.sqrt(held.spread / max(held.count - 1, 1))
        return out


class Series:
    """Values by key, lane after lane; what does not fit into memory waits in a temporary file."""

    IN_MEMORY = 64 * 2**20
    """Bytes held before the blocks go to disk."""

    def __init__(self) -> None:
        self._open: dict[Key, Floats] = {}
        self._keys: list[Key] = []
        self._number: dict[Key, int] = {}
        self._blocks: list[NDArray[np.float64]] = []
        self._size = 0
        self._file: BinaryIO | None = None

    def put(self, key: Key, values: Floats) -> None:
        """Set the lanes of a key in the block that is being made."""
        self._open[key] = values

    def closed(self) -> Series:
        """Close the block: after this it can be joined and read."""
        self._keys = list(self._open)
        self._number = {key: n for n, key in enumerate(self._keys)}
        self._blocks = [np.stack([self._open[key] for key in self._keys])]
        self._size = self._blocks[0].nbytes
        self._open = {}
        return self

    @property
    def keys(self) -> list[Key]:
        """All keys, in the order in which they were put."""
        return self._keys

    def add(self, other: Series) -> None:
        """Take the next block in."""
        if other._keys != self._keys:
            raise ValueError("blocks of one run must hold the same series")
        for block in other._blocks:
            self._blocks.append(self._kept(block))

    def _kept(self, block: Floats) -> Floats:
        self._size += block.nbytes
        if self._size <= self.IN_MEMORY:
            return block
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the series
        offset = self._file.seek(0, 2)
        self._file.write(block.tobytes())
        self._file.flush()
        return np.memmap(self._file, dtype=np.float64, mode="r", offset=offset, shape=block.shape)

    def whole(self, key: Key) -> Floats | None:
        """All lanes of a key; None where it is not there or a lane has no value: a share of nothing has none."""
        if key not in self._number:
            return None
        lanes = self.lanes(key)
        return lanes if np.isfinite(lanes).all() else None

    def lanes(self, key: Key) -> Floats:
        """All lanes of a key that is there, NaN for a share of nothing."""
        row = self._number[key]
        return np.concatenate([block[row] for block in self._blocks])

    def drawn(self, key: Key) -> Floats | None:
        """The sample of a key, or None as for `whole`."""
        lanes = self.whole(key)
        return None if lanes is None else sample(lanes)
