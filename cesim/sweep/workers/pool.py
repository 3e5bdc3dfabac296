"""Worker processes of our own: a run that hangs is stopped, one that ends its process is found, no other is lost.

What runs come to depends on their numbers alone, so a chunk whose worker was lost is simply done again. In the memory
that it shares with the pool a worker says which run it is at; so the run that went with it is known by name, unless
several were solved together: then each is done again by itself.
"""

from __future__ import annotations

import pickle
import time
from collections import Counter, deque
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError
from cesim.sweep.workers.answering import failed
from cesim.sweep.workers.chunks import Chunk
from cesim.sweep.workers.failing import died, too_long
from cesim.sweep.workers.process import Cannot
from cesim.sweep.workers.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from cesim.sweep.solving import Batch, Recipe
    from cesim.sweep.workers.chunks import Cutter

STARTING_S: Final = 600.0
"""Seconds in which a worker must have made its solver."""
_LOOK_S: Final = 1.0
"""Seconds after which the pool looks round even where nobody speaks."""
_AHEAD_S: Final = 2.0
"""A worker has a second chunk waiting where chunks are shorter than this."""


def solve_in_processes(
    recipe: Recipe, cutter: Cutter, count: int, limit_s: float | None
) -> Generator[Batch, None, None]:
    """Yield what the runs come to, as workers answer; leaving early ends the workers.

    Raises
    ------
    InputError
        When no worker can be started, with the reason; when workers are lost one after the other and nothing comes.
    """
    pool = _Pool(recipe, cutter, count, limit_s)
    try:
        yield from pool.answers()
    finally:
        pool.end()


class _Pool:
    def __init__(self, recipe: Recipe, cutter: Cutter, count: int, limit_s: float | None) -> None:
        self._shape = recipe.shape
        self._recipe = _carried(recipe)
        self._cutter = cutter
        self._count = count
        self._limit_s = limit_s
        self._context = get_context("spawn")
        self._workers: list[Worker] = []
        self._waiting: deque[Chunk] = deque()
        self._killed: Counter[int] = Counter()
        """Run -> workers lost while it was alone at work."""
        self._patience = 1.0
        """Limits of time that runs solved together have."""
        self._lost_in_vain = 0
        """Workers lost since something was last answered."""

    def answers(self) -> Iterator[Batch]:
        while self._hand_out():
            for worker in self._speaking():
                yield from self._taken(worker)
                if worker.lost:
                    yield from self._replaced(worker, late=False)
            for worker in list(self._workers):
                if self._is_late(worker):
                    worker.kill()
                    yield from self._taken(worker)  # it may have answered in the meantime
                    yield from self._replaced(worker, late=True)

    def end(self) -> None:
        for worker in self._workers:
            if worker.given or not worker.ready:
                worker.process.kill()  # all at once, before any is waited for
        for worker in self._workers:
            worker.end()

    # -- handing out

    def _hand_out(self) -> bool:
        """Give every worker something to do, start the workers that are wanted; say whether anything is under way."""
        for worker in self._workers:
            while worker.ready and not worker.lost and len(worker.given) < self._ahead() and self._has(1):
                worker.give(self._waiting.popleft())
        starting = sum(not worker.ready for worker in self._workers)
        while len(self._workers) < self._count and self._has(starting + 1):
            self._workers.append(Worker(self._context, self._recipe))
            starting += 1
        return bool(self._waiting) or any(worker.given for worker in self._workers)

    def _ahead(self) -> int:
        return 2 if self._cutter.seconds < _AHEAD_S else 1

    def _has(self, count: int) -> bool:
        while len(self._waiting) < count:
            chunk = self._cutter.chunk()
            if chunk is None:
                return False
            self._waiting.append(chunk)
        return True

    # -- listening

    def _speaking(self) -> list[Worker]:
        """Wait until somebody says something or is lost, or a limit of time is reached."""
        signs = {worker.pipe: worker for worker in self._workers} | {
            worker.process.sentinel: worker for worker in self._workers
        }
        heard = wait(list(signs), self._look_again())
        speaking = {id(signs[sign]) for sign in heard}  # type: ignore[index]  # what it was asked for
        return [worker for worker in list(self._workers) if id(worker) in speaking]

    def _look_again(self) -> float:
        now, seconds = time.monotonic(), _LOOK_S
        if self._limit_s is not None:
            for worker in self._workers:
                at = worker.at()
                if at is not None:
                    seconds = min(seconds, at[1] + self._allowed(worker) - now)
        return max(seconds, 0.0)

    def _taken(self, worker: Worker) -> Iterator[Batch]:
        """Yield what a worker has answered."""
        for message in worker.heard():
            if isinstance(message, Cannot):
                raise InputError(message.faults or [_cannot_start(message.reason)])
            chunk = worker.given.popleft()
            self._lost_in_vain = 0
            self._cutter.learn(chunk.runs.size, message.seconds)
            yield message.batch

    # -- what went wrong

    def _allowed(self, worker: Worker) -> float:
        chunk = worker.given[0] if worker.given else None
        limit_s = self._limit_s or 0.0
        return limit_s if chunk is None or _alone(chunk) else limit_s * self._patience

    def _is_late(self, worker: Worker) -> bool:
        now = time.monotonic()
        if not worker.ready:
            if now - worker.started > STARTING_S:
                raise InputError([_cannot_start(f"{STARTING_S:g} s")])
            return False
        at = worker.at()
        return self._limit_s is not None and at is not None and now - at[1] > self._allowed(worker)

    def _replaced(self, worker: Worker, *, late: bool) -> Iterator[Batch]:
        """Do again what a worker had that is lost; yield the answer of a run that is at fault."""
        self._workers.remove(worker)
        self._lost_in_vain += 1
        code = worker.exit_code
        at, given, ready = worker.at(), list(worker.given), worker.ready
        worker.end()
        if not ready and code is not None and code >= 0:
            raise InputError([_cannot_start(f"exit {code}")])
        if self._lost_in_vain > 3 * self._count + 5:
            raise InputError([Fault("sweep_workers_lost", arguments={"found": self._lost_in_vain})])
        for chunk in reversed(given):
            if at is None or not (chunk.runs == at[0]).any():
                self._waiting.appendleft(chunk)
            else:
                yield from self._suspected(chunk, at[0], time.monotonic() - at[1], late=late)

    def _suspected(self, chunk: Chunk, run: int, seconds: float, *, late: bool) -> Iterator[Batch]:
        if not _alone(chunk):
            self._waiting.appendleft(Chunk(chunk.runs, apart=True))
            self._patience *= 2 if late else 1
            return
        others = chunk.without(run)
        if others.runs.size:
            self._waiting.appendleft(others)
        self._killed[run] += not late
        if late:
            self._patience = max(1.0, self._patience / 2)
            yield failed(self._shape, run, too_long(self._limit_s or 0.0), seconds)
        elif self._killed[run] > 1:
            yield failed(self._shape, run, died(), seconds)
        else:
            self._waiting.appendleft(Chunk(np.array([run], dtype=np.int64), apart=True))
            return
        self._lost_in_vain = 0


def _alone(chunk: Chunk) -> bool:
    """Whether its runs are solved one by one."""
    return chunk.apart or chunk.runs.size == 1


def _carried(recipe: Recipe) -> bytes:
    try:
        return pickle.dumps(recipe, protocol=5)
    except Exception as error:  # whatever keeps it from being carried is told
        reason = f"{type(error).__name__}: {error}"
        raise InputError([Fault("sweep_recipe_not_carried", arguments={"reason": reason})]) from error


def _cannot_start(reason: str) -> Fault:
    return Fault("sweep_worker_cannot_start", arguments={"reason": reason})
