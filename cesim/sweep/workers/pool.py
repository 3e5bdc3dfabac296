"""Worker processes of our own: a run that hangs is stopped, one that ends its process is found, no other is lost.

What runs come to depends on their numbers alone, so a chunk whose worker was lost is simply done again. In the memory
that it shares with the pool a worker says which run it is at, so a run that ends its process is known by number.
"""

from __future__ import annotations

import pickle
import time
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError
from cesim.sweep.workers.process import Cannot
from cesim.sweep.workers.to_do import ToDo
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
    pool = _Pool(carried(recipe), ToDo(recipe.shape, cutter, limit_s), count)
    try:
        yield from pool.answers()
    finally:
        pool.end()


class _Pool:
    def __init__(self, recipe: bytes, to_do: ToDo, count: int) -> None:
        self._recipe = recipe
        self._to_do = to_do
        self._count = count
        self._context = get_context("spawn")
        self._workers: list[Worker] = []
        self._lost_in_vain = 0
        """Workers lost since something was last answered."""

    def answers(self) -> Iterator[Batch]:
        while self._hand_out():
            for worker in self._speaking():
                yield from self._taken(worker)
                if worker.lost:
                    yield from self._replaced(worker, late=False)
            for worker in [worker for worker in self._workers if self._overdue_in(worker) <= 0.0]:
                worker.kill()
                yield from self._taken(worker)  # it may have answered in the meantime
                yield from self._replaced(worker, late=True)

    def end(self) -> None:
        for worker in self._workers:
            if worker.given or not worker.ready:
                worker.process.kill()  # all of them before any is waited for
        for worker in self._workers:
            worker.end()

    def _hand_out(self) -> bool:
        """Give every worker something to do, start the workers that are wanted; say whether anything is under way."""
        ahead = 2 if self._to_do.seconds < _AHEAD_S else 1
        for worker in self._workers:
            while worker.ready and not worker.lost and len(worker.given) < ahead and self._to_do.has():
                worker.give(self._to_do.next())
        starting = sum(not worker.ready for worker in self._workers)
        while len(self._workers) < self._count and self._to_do.has(starting + 1):
            self._workers.append(Worker(self._context, self._recipe))
            starting += 1
        return self._to_do.has() or any(worker.given for worker in self._workers)

    def _speaking(self) -> list[Worker]:
        """Wait until somebody says something or is lost, or a limit of time is reached; return who it was."""
        seconds = max(0.0, min([_LOOK_S, *map(self._overdue_in, self._workers)]))
        signs = [sign for worker in self._workers for sign in (worker.pipe, worker.process.sentinel)]
        heard = wait(signs, seconds)
        return [worker for worker in self._workers if worker.pipe in heard or worker.process.sentinel in heard]

    def _overdue_in(self, worker: Worker) -> float:
        """Return the seconds that a worker has left for what it is at."""
        now = time.monotonic()
        if not worker.ready:
            return worker.started + STARTING_S - now
        if not worker.given:
            return float("inf")
        at, allowed = worker.at(), self._to_do.allowed(worker.given[0])
        return allowed if at is None else at[1] + allowed - now  # one that has not begun is looked at again in time

    def _taken(self, worker: Worker) -> Iterator[Batch]:
        """Yield what a worker has answered."""
        for message in worker.heard():
            if isinstance(message, Cannot):
                raise InputError(message.faults or [_cannot_start(message.reason)])
            self._to_do.answered(worker.given.popleft(), message.seconds)
            self._lost_in_vain = 0
            yield message.batch

    def _replaced(self, worker: Worker, *, late: bool) -> Iterator[Batch]:
        """Do again what a worker had that is lost; yield the answer of a run that is at fault."""
        self._workers.remove(worker)
        self._lost_in_vain += 1
        code, at, to_do = worker.exit_code, worker.at(), self._to_do
        worker.end()
        if not worker.ready and (late or code is None or code >= 0):  # a signal is from outside: it is tried again
            raise InputError([_cannot_start(f"{STARTING_S:g} s" if late else f"exit {code}")])
        if self._lost_in_vain > 3 * self._count + 5:
            raise InputError([Fault("sweep_workers_lost", arguments={"found": self._lost_in_vain})])
        for chunk in reversed(worker.given):
            if at is None or not (chunk.runs == at[0]).any():
                to_do.again(chunk)
                continue
            seconds = time.monotonic() - at[1]
            failed = to_do.late(chunk, at[0], seconds) if late else to_do.lost(chunk, at[0], seconds)
            if failed is not None:
                self._lost_in_vain = 0
                yield failed


def carried(recipe: Recipe) -> bytes:
    """Return a recipe as it is carried to another process.

    Raises
    ------
    InputError
        ``sweep_recipe_not_carried`` where it cannot be.
    """
    try:
        return pickle.dumps(recipe, protocol=5)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError([Fault("sweep_recipe_not_carried", arguments={"reason": reason})]) from error


def _cannot_start(reason: str) -> Fault:
    return Fault("sweep_worker_cannot_start", arguments={"reason": reason})
