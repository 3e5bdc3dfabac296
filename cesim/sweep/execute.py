"""Answering runs until all are there: what is finished is never asked again, what comes is kept at once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.sweep.store.run_log import BY_CHANCE
from cesim.sweep.workers import solve_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.sweep.solving import Ints, Recipe
    from cesim.sweep.store import Store

    Progress = Callable[[int, int, int], None]
    """Called with (finished, all, failed)."""


@dataclass(frozen=True)
class Means:
    """What runs are answered with; none of it changes an answer.

    Attributes
    ----------
    workers
        processes; as many as there are processors where not said
    dask
        address of a cluster's scheduler, in place of own processes
    """

    workers: int | None = None
    dask: str | None = None


def runs_of(points: int, recipe: Recipe, shard: tuple[int, int] | None) -> Ints:
    """Return the runs of the first points, ascending; of a shard its own blocks of runs solved together."""
    runs = np.arange(points * recipe.shape.per_point, dtype=np.int64)
    if shard is None:
        return runs
    own, all_of_them = shard
    mine: Ints = runs[(runs // recipe.together) % all_of_them == own - 1]
    return mine


def answer(
    recipe: Recipe,
    store: Store,
    runs: Ints,
    means: Means,
    limit_s: float | None = None,
    progress: Progress | None = None,
) -> int:
    """Answer the runs that the store lacks, or that were lost by chance, and return how many were answered.

    What was answered is kept whatever happens then; where all goes well the store is sealed at the end.
    """
    lost = [run for run, failure in store.failed().items() if failure.status in BY_CHANCE]
    finished = np.setdiff1d(store.finished(), np.array(lost, dtype=np.int64), assume_unique=True)
    missing = np.setdiff1d(runs, finished, assume_unique=True)
    done, failed = runs.size - missing.size, 0
    if progress is not None:
        progress(done, runs.size, failed)
    with closing(solve_all(recipe, [missing], workers=means.workers, limit_s=limit_s, dask=means.dask)) as batches:
        for batch in batches:
            store.record(batch)
            done, failed = done + batch.runs.size, failed + len(batch.failures)
            if progress is not None:
                progress(done, runs.size, failed)
    store.seal()
    return int(missing.size)
