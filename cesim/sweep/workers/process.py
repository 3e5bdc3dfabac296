"""What a worker process does: it makes its solver once, then answers chunk after chunk until it is told to end."""

from __future__ import annotations

import os
import pickle
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cesim.errors import InputError, NoAnswer
from cesim.run.lot_workers import begin
from cesim.sweep.workers.answering import answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from cesim.errors import Fault
    from cesim.sweep.solving import Batch
    from cesim.sweep.workers.chunks import Chunk

_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
IDLE: Final = -1.0
"""In the slot, where the second stands at which a run was begun: nothing is being solved."""


class Up(NamedTuple):
    """The process is there and listens: it wants the recipe."""


class Ready(NamedTuple):
    """The solver is made."""


class Cannot(NamedTuple):
    """No solver can be made here."""

    reason: str
    faults: tuple[Fault, ...]


class Answered(NamedTuple):
    """What the oldest chunk given came to."""

    batch: Batch
    seconds: float
    """That the chunk took."""


def serve(pipe: Connection, slot: Any) -> None:
    """Answer what comes through the pipe.

    `slot` is memory shared with the parent: number of the run being solved, and the second at which it was begun.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt of a terminal is the parent's to act upon
    begin()
    try:
        _serve(pipe, slot)
    except (EOFError, OSError):  # nobody is at the other end any more
        os._exit(1)


def _serve(pipe: Connection, slot: Any) -> None:
    _tell(pipe, Up())
    carried = pipe.recv_bytes()
    try:
        recipe = pickle.loads(carried)
        solver, shape = recipe.solver(), recipe.shape
    except BaseException as error:  # noqa: BLE001 -- whatever keeps it from being made is told
        _tell(pipe, cannot(error))
        return
    _tell(pipe, Ready())

    def at(run: int) -> None:
        slot[1] = IDLE  # never the run of now with the second of the last
        slot[0] = run
        slot[1] = time.monotonic()

    while True:
        chunk: Chunk | None = pickle.loads(pipe.recv_bytes())
        if chunk is None:
            return
        begun = time.perf_counter()
        batch = answer(solver, shape, chunk, at)
        slot[1] = IDLE
        _tell(pipe, Answered(batch, time.perf_counter() - begun))


def cannot(error: BaseException) -> Cannot:
    """Return why no solver can be made."""
    faults = error.faults if isinstance(error, InputError | NoAnswer) else ()
    return Cannot(f"{type(error).__name__}: {error}", faults)


def _tell(pipe: Connection, message: tuple[object, ...]) -> None:
    pipe.send_bytes(pickle.dumps(message, protocol=5))


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let processes be started that have one thread of linear algebra each: they are the parallel part."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
