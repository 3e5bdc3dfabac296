"""What a worker of a cluster does with a chunk. It may be any process of any machine, and it outlives the sweep."""

from __future__ import annotations

import pickle
import platform
import time
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from cesim.sweep.store.provenance import code_digest, packages
from cesim.sweep.workers.answering import answer
from cesim.sweep.workers.process import Cannot, cannot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.sweep.solving import Batch, Shape, Solver
    from cesim.sweep.workers.chunks import Chunk

_idle: Final[dict[str, list[tuple[Solver, Shape]]]] = {}
"""Digest of a recipe -> solvers made of it that nobody uses; a worker may have several threads."""
_SETTLED_S: Final = 3.0
"""Age of a process before which its nanny may take its end for a failed start, and start no other."""
_KEPT: Final = 2
"""Recipes whose solvers a worker keeps."""


@dataclass(frozen=True)
class Reply:
    """What became of a chunk: one of these.

    Attributes
    ----------
    worker
        address of the worker
    batch, seconds
        what the runs came to, and the seconds that they took
    late
        the run that was not done in time, and since how many seconds
    cannot
        why no solver can be made here
    unlike
        what differs here: name of a program -> its version
    """

    worker: str
    batch: Batch | None = None
    seconds: float = 0.0
    late: tuple[int, float] | None = None
    cannot: Cannot | None = None
    unlike: Mapping[str, str] | None = None


def programs() -> dict[str, str]:
    """Return the versions of all on which the last bits of an answer depend."""
    import cesim

    return {"cesim": cesim.__version__, "code": code_digest(), "python": platform.python_version(), **packages()}


def carry(recipe: bytes) -> bytes:
    """Return a recipe: as the answer of a task it is held by the cluster, and made again where it is lost."""
    return recipe


def solve_chunk(recipe: bytes, key: str, like: Mapping[str, str], chunk: Chunk, limit_s: float) -> Reply:
    """Answer a chunk.

    Parameters
    ----------
    recipe, key
        the recipe as it is carried, and its digest
    like
        programs of the machine that asks
    limit_s
        seconds of the clock for a run, or for runs solved together
    """
    from distributed import get_worker

    _settle()
    worker = get_worker().address
    here = programs()
    if here != like:
        names = sorted(name for name in {*here, *like} if here.get(name) != like.get(name))
        return Reply(worker, unlike={name: here.get(name, "-") for name in names})
    try:
        solver, shape = _solver(recipe, key)
    except BaseException as error:  # noqa: BLE001 -- whatever keeps it from being made is told
        return Reply(worker, cannot=cannot(error))
    if limit_s == float("inf"):
        begun = time.perf_counter()
        batch = answer(solver, shape, chunk, lambda _run: None)
        reply = Reply(worker, batch, time.perf_counter() - begun)
    else:
        reply = _in_time(worker, solver, shape, chunk, limit_s)
    if reply.late is None:  # otherwise a thread still uses it
        _idle.setdefault(key, []).append((solver, shape))
    return reply


def _settle() -> None:
    import psutil  # comes with distributed

    age = time.time() - psutil.Process().create_time()
    time.sleep(min(max(0.0, _SETTLED_S - age), _SETTLED_S))


def _solver(recipe: bytes, key: str) -> tuple[Solver, Shape]:
    kept = _idle[key] = _idle.pop(key, [])  # the one used last stands last
    for forgotten in list(_idle)[:-_KEPT]:
        _idle.pop(forgotten, None)
    if kept:
        return kept.pop()
    made = pickle.loads(recipe)
    return made.solver(), made.shape


def _in_time(worker: str, solver: Solver, shape: Shape, chunk: Chunk, limit_s: float) -> Reply:
    """Answer in a thread of its own, so that it can be given up."""
    at = (int(chunk.runs[0]), time.monotonic())
    done, batches, begun = Event(), [], at[1]

    def begin(run: int) -> None:
        nonlocal at
        at = (run, time.monotonic())

    def work() -> None:
        try:
            batches.append(answer(solver, shape, chunk, begin))
        finally:
            done.set()

    Thread(target=work, daemon=True).start()
    while not done.wait(max(0.0, at[1] + limit_s - time.monotonic())):
        run, since = at
        if time.monotonic() - since >= limit_s:
            return Reply(worker, late=(run, time.monotonic() - since))
    return Reply(worker, batches[0], time.monotonic() - begun)
