"""The one door: runs to be solved go in, what they come to comes out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError
from cesim.run.blocks import can_start_processes
from cesim.sweep.workers.chunks import Cutter

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from types import TracebackType

    from cesim.sweep.solving import Batch, Ints, Recipe


class Answers:
    """What runs come to, batch after batch in any order; used in a ``with`` statement, leaving it ends every worker."""

    def __init__(self, batches: Generator[Batch, None, None]) -> None:
        self._batches = batches

    def __iter__(self) -> Iterator[Batch]:
        return self._batches

    def __next__(self) -> Batch:
        return next(self._batches)

    def close(self) -> None:
        """End the workers; what has not been handed over is lost."""
        self._batches.close()

    def __enter__(self) -> Answers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def solve_all(
    recipe: Recipe,
    runs: Iterable[Ints],
    *,
    workers: int | None = None,
    limit_s: float | None = None,
    dask: str | None = None,
) -> Answers:
    """Solve runs, each once, in this process, in others, or on a cluster.

    Parameters
    ----------
    runs
        numbers of the runs still to do, in pieces of any length, ascending throughout; read as they are needed
    workers
        processes; one where nothing else is said on a machine with one core. One without a limit of time is this
        process itself, and so it is where none can be started
    limit_s
        seconds of the clock after which a run is stopped and has failed
    dask
        address of the scheduler of a Dask cluster

    Raises
    ------
    InputError
        ``sweep_workers_few``, ``sweep_limit_not_positive``, ``sweep_workers_on_cluster``,
        ``sweep_limit_without_processes`` at once; while answers are read: ``sweep_recipe_not_carried``,
        ``sweep_worker_cannot_start``, ``sweep_workers_lost``, those of a cluster, and what making the solver raises.
    """
    _check(workers, limit_s, dask)
    if dask is not None:
        from cesim.sweep.workers.cluster import solve_on_cluster

        return Answers(solve_on_cluster(recipe, runs, dask, limit_s))
    count = _cores() if workers is None else workers
    if can_start_processes() and (count > 1 or limit_s is not None):
        from cesim.sweep.workers.pool import solve_in_processes

        return Answers(solve_in_processes(recipe, Cutter(recipe, runs), count, limit_s))
    if limit_s is not None:
        raise InputError([Fault("sweep_limit_without_processes")])
    from cesim.sweep.workers.alone import solve_alone

    return Answers(solve_alone(recipe, Cutter(recipe, runs)))


def _check(workers: int | None, limit_s: float | None, dask: str | None) -> None:
    faults = []
    if workers is not None and workers < 1:
        faults.append(Fault("sweep_workers_few", arguments={"found": workers}))
    if limit_s is not None and not 0 < limit_s < float("inf"):
        faults.append(Fault("sweep_limit_not_positive", arguments={"found": limit_s}))
    if dask is not None and workers is not None:
        faults.append(Fault("sweep_workers_on_cluster", arguments={"found": workers}))
    if faults:
        raise InputError(faults)


def _cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
