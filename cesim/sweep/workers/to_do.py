"""What is still to be handed out, and what is done again because it was lost: no run is forgotten, none done twice."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

import numpy as np

from cesim.sweep.workers.answering import failed
from cesim.sweep.workers.chunks import Chunk
from cesim.sweep.workers.failing import died, too_long

if TYPE_CHECKING:
    from cesim.sweep.solving import Batch, Shape
    from cesim.sweep.workers.chunks import Cutter


class ToDo:
    """Chunks in the order in which they are handed out: first those to be done again, then those never tried.

    Runs solved together that took too long, or lost their process, are done again one by one: who is at fault is then
    known by number. A run that takes too long by itself has failed; so has one that loses a second process by itself.
    """

    def __init__(self, shape: Shape, cutter: Cutter, limit_s: float | None) -> None:
        self._shape = shape
        self._cutter = cutter
        self._limit_s = limit_s
        self._waiting: deque[Chunk] = deque()
        self._lost_with: Counter[int] = Counter()
        self._patience = 1.0
        """Limits of time that runs solved together have: more where nobody among them had been at fault."""

    def has(self, count: int = 1) -> bool:
        """Say whether there are as many chunks to hand out."""
        while len(self._waiting) < count:
            chunk = self._cutter.chunk()
            if chunk is None:
                return False
            self._waiting.append(chunk)
        return True

    def next(self) -> Chunk:
        """Return the next chunk; there must be one."""
        return self._waiting.popleft()

    def again(self, chunk: Chunk) -> None:
        """Take back a chunk that was not answered."""
        if chunk.runs.size:
            self._waiting.appendleft(chunk)

    def answered(self, chunk: Chunk, seconds: float) -> None:
        """Take note of what a chunk took."""
        self._cutter.learn(chunk.runs.size, seconds)

    @property
    def seconds(self) -> float:
        """What the next chunk is expected to take."""
        return self._cutter.seconds

    def allowed(self, chunk: Chunk) -> float:
        """Return the seconds that a run has, or runs solved together have; without a limit, for ever."""
        if self._limit_s is None:
            return float("inf")
        return self._limit_s if _one_by_one(chunk) else self._limit_s * self._patience

    def late(self, chunk: Chunk, run: int, seconds: float, *, kept: bool = False) -> Batch | None:
        """Take back a chunk that was stopped at its limit of time when it was at a run; return that run's failure.

        `kept`: it could not be stopped.
        """
        if not _one_by_one(chunk):
            self._patience *= 2
            self.again(Chunk(chunk.runs, apart=True))
            return None
        self._patience = max(1.0, self._patience / 2)
        self.again(chunk.without(run))
        return failed(self._shape, run, too_long(self._limit_s or 0.0, kept=kept), seconds)

    def lost(self, chunk: Chunk, run: int, seconds: float) -> Batch | None:
        """Take back a chunk whose process was lost when it was at a run; return that run's failure if it has failed."""
        if not _one_by_one(chunk):
            self.again(Chunk(chunk.runs, apart=True))
            return None
        self.again(chunk.without(run))
        self._lost_with[run] += 1
        if self._lost_with[run] > 1:
            return self.dead(run, seconds)
        self.again(Chunk(np.array([run], dtype=np.int64), apart=True))
        return None

    def dead(self, run: int, seconds: float) -> Batch:
        """Return the failure of a run that loses the process that solves it."""
        return failed(self._shape, run, died(), seconds)


def _one_by_one(chunk: Chunk) -> bool:
    return chunk.apart or chunk.runs.size == 1
