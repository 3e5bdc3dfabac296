"""Cutting the runs still to do into chunks: what a worker is handed at once, and answers at once.

What a run comes to depends on its number alone, so how runs are cut changes nothing but the time that it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.sweep.solving import Ints, Recipe

CHUNK_S: Final = 0.2
"""Seconds that a chunk should take: long beside the handing over, short beside what one is willing to lose."""
MOST_RUNS: Final = 1024
MOST_BYTES: Final = 2**20
"""Of an answer: whoever writes answers down pays some milliseconds for each, however short; longer ones fill memory."""
_GROWTH: Final = 4
"""Times by which a chunk may be longer than one already measured."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """Runs that are handed over together.

    Attributes
    ----------
    runs : (run,)
        numbers, ascending
    apart
        whether each is solved by itself, so that one is known by name when it takes too long or ends its process
    """

    runs: Ints
    apart: bool

    def without(self, run: int) -> Chunk:
        """Return the others."""
        return Chunk(self.runs[self.runs != run], self.apart)


class Cutter:
    """Takes one chunk after the other off the runs still to do.

    Runs that are best solved together stay together: a chunk is what is left of one such group. Where runs gain nothing
    from company, a chunk holds as many as take `CHUNK_S` by what was measured so far, one run to begin with.
    """

    def __init__(self, recipe: Recipe, runs: Iterable[Ints], most_bytes: int = MOST_BYTES) -> None:
        shape = recipe.shape
        self._together = recipe.together
        self._source = iter(runs)
        self._left = np.empty(0, dtype=np.int64)
        self._last = -1
        size = max(1, 8 * shape.rows * len(shape.indicators))
        self._most = max(1, min(MOST_RUNS, most_bytes // size))
        self._runs = 1
        self._longest = 1
        self._seconds_a_run: float | None = None
        if self._together < 1:
            raise ValueError(f"runs are solved {self._together} together")

    def chunk(self) -> Chunk | None:
        """Return the next chunk, or nothing when every run has been handed out."""
        if not self._have(1):
            return None
        if self._together == 1:
            self._have(self._runs)
            return Chunk(self._cut(self._runs), apart=True)
        edge = (int(self._left[0]) // self._together + 1) * self._together
        while self._left[-1] < edge and self._read():
            pass
        return Chunk(self._cut(int(np.searchsorted(self._left, edge))), apart=False)

    def learn(self, runs: int, seconds: float) -> None:
        """Take note of what a chunk took: seconds of a worker's clock for so many runs."""
        measured = seconds / runs
        before = self._seconds_a_run
        self._seconds_a_run = measured if before is None else (before + measured) / 2
        self._longest = max(self._longest, runs)
        fitting = int(min(CHUNK_S / self._seconds_a_run, self._most)) if self._seconds_a_run > 0 else self._most
        self._runs = max(1, min(fitting, _GROWTH * self._longest))

    @property
    def seconds(self) -> float:
        """What the next chunk will take by what was measured; nothing is known yet: 0."""
        return (self._seconds_a_run or 0.0) * max(self._runs, self._together)

    def _have(self, count: int) -> bool:
        while self._left.size < count:
            if not self._read():
                return self._left.size > 0
        return True

    def _read(self) -> bool:
        for runs in self._source:
            if runs.size:
                self._check(runs)
                self._left = np.concatenate([self._left, runs])
                return True
        return False

    def _check(self, runs: Ints) -> None:
        if runs[0] <= self._last or (np.diff(runs) <= 0).any():
            raise ValueError("the numbers of the runs to do must ascend")
        self._last = int(runs[-1])

    def _cut(self, count: int) -> Ints:
        cut, self._left = self._left[:count], self._left[count:]
        return cut
