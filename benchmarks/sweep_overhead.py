"""What a sweep costs beside its model: microseconds a run of executors, all in one job, and how near 10 ms runs come to
the ideal of two workers.

The model is trivial: 12 inputs, 5 scalars and a series of 31 years (held as 31 rows of 6 numbers). Inputs depend on the
number of the run alone. `log` is the store of a sweep: run log and parts, crash-safe; nothing of the kind is written by
any of the others. Starting the workers is left out of the microseconds (one run is asked of each before) and told
beside them. Peers are taken where they are installed.

On a machine that others use, seconds of the clock say little: the processor's seconds of all processes stand beside
them, a fixed numpy kernel is timed before and after, and the claims are the ratios of one job.

    python benchmarks/sweep_overhead.py [--runs 10000] [--repeat 3] [--workers 2] [--sleep 10000] [--only NAME ...]
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from machine import kernel

from cesim.sweep.solving import Batch, Shape
from cesim.sweep.store import Lock, Store
from cesim.sweep.workers import solve_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

YEARS = tuple(range(2020, 2051))
NAMES = tuple(f"x{place}" for place in range(12))
SCALARS = tuple(f"y{place}" for place in range(5))
SHAPE = Shape(("one",), 1, (*SCALARS, "series"), ("all",), YEARS)
CHUNK = 64
OWN: dict[bool, float] = {}
"""Seconds that the runs themselves took on a worker, by their own account, with the log and without."""
_T = np.arange(31) / 31.0


def inputs(run: int) -> np.ndarray:
    """Twelve numbers between 0 and 1 that depend on the run alone."""
    return (run * 0.6180339887498949 + np.arange(12) * 0.7548776662466927) % 1.0


def model(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Five scalars and a series of 31 years."""
    return x[:5] * x[5:10], x[10] * np.exp(-x[11] * _T)


def named(**x: float) -> dict[str, object]:
    """The same, as a library with named inputs calls it."""
    scalars, series = model(np.array([x[name] for name in NAMES]))
    return dict(zip(SCALARS, scalars.tolist(), strict=True)) | {"series": series}


def solved(run: int) -> tuple[np.ndarray, np.ndarray]:
    return model(inputs(run))


def slept(run: int) -> int:
    time.sleep(0.01)
    return run


def several(call: Callable[[int], object], runs: list[int]) -> list[object]:
    return [call(run) for run in runs]


@dataclass(frozen=True)
class Trivial:
    """The model as a recipe; `seconds` is slept in every run."""

    seconds: float = 0.0
    together: int = 1
    shape: Shape = SHAPE

    def solver(self) -> TrivialSolver:
        return TrivialSolver(self)


class TrivialSolver:
    def __init__(self, recipe: Trivial) -> None:
        self.seconds = recipe.seconds

    def solve(self, runs: np.ndarray) -> Batch:
        begun = time.perf_counter()
        values = np.empty((runs.size, SHAPE.rows, len(SHAPE.indicators)))
        for place, run in enumerate(runs.tolist()):
            if self.seconds:
                time.sleep(self.seconds)
            scalars, series = solved(run)
            values[place, :, :5] = scalars
            values[place, :, 5] = series
        return Batch(runs, values, np.full(runs.size, (time.perf_counter() - begun) / runs.size))


def cpu() -> float:
    """Seconds of the processor of this process and of those that it has waited for."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


# -- executors: each a generator that starts, yields once it is warm, and does its runs when it is asked again


def plain_loop(runs: int, _workers: int, seconds: float) -> Iterator[None]:
    yield
    several(slept if seconds else solved, list(range(runs)))


def _ours(runs: int, workers: int, seconds: float, *, log: bool) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "study", _lock()) if log else None
        late = iter((np.arange(workers), np.arange(workers, workers + runs)))
        with solve_all(Trivial(seconds), late, workers=workers) as batches:
            done = 0
            while done < workers:
                done += next(batches).runs.size
            yield
            own = 0.0
            for batch in batches:
                own += float(batch.seconds.sum())
                if store is not None:
                    store.record(batch)
        OWN[log] = own / workers
        if store is not None:
            store.seal()
            store.close()


def pool(runs: int, workers: int, seconds: float) -> Iterator[None]:
    yield from _ours(runs, workers, seconds, log=False)


def pool_and_log(runs: int, workers: int, seconds: float) -> Iterator[None]:
    yield from _ours(runs, workers, seconds, log=True)


def alone_and_log(runs: int, _workers: int, seconds: float) -> Iterator[None]:
    yield from _ours(runs, 1, seconds, log=True)


def _lock() -> Lock:
    return Lock(
        study={"hash": "h", "text": ""}, alternatives=({"name": "one"},), engine="function", seed=0,
        design={"kind": "monte_carlo"}, columns=(), shape=SHAPE, units=dict.fromkeys(SHAPE.indicators, "1"),
        data_hash="d",
    )  # fmt: skip


def futures(runs: int, workers: int, seconds: float) -> Iterator[None]:
    call = slept if seconds else solved
    with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
        list(executor.map(call, range(8 * workers)))
        yield
        for _ in executor.map(call, range(runs), chunksize=CHUNK):
            pass


def joblib(runs: int, workers: int, seconds: float) -> Iterator[None]:
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    call = delayed(slept if seconds else solved)
    with Parallel(n_jobs=workers) as parallel:
        parallel(call(run) for run in range(8 * workers))
        yield
        parallel(call(run) for run in range(runs))
    get_reusable_executor().shutdown(wait=True)  # so that their seconds are counted, and the next begins anew


def _cluster(workers: int) -> Any:
    from distributed import LocalCluster

    return LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.ERROR)


def dask(runs: int, workers: int, seconds: float) -> Iterator[None]:
    from distributed import Client, as_completed

    call = slept if seconds else solved
    with (
        _cluster(workers) as own,
        Client(own) as client,
    ):
        client.gather([client.submit(several, call, [run], pure=False) for run in range(8 * workers)])
        yield
        pieces = [list(range(first, min(first + CHUNK, runs))) for first in range(0, runs, CHUNK)]
        for _ in as_completed([client.submit(several, call, piece, pure=False) for piece in pieces], with_results=True):
            pass


def dask_ours_and_log(runs: int, workers: int, seconds: float) -> Iterator[None]:
    with (
        _cluster(workers) as own,
        tempfile.TemporaryDirectory() as folder,
        Store.create(Path(folder) / "study", _lock()) as store,
    ):
        with solve_all(Trivial(seconds), [np.arange(8 * workers)], dask=own.scheduler_address) as batches:
            list(batches)
        yield
        with solve_all(Trivial(seconds), [np.arange(runs)], dask=own.scheduler_address) as batches:
            for batch in batches:
                store.record(batch)
        store.seal()


def _ema(runs: int, evaluator: Callable[[object], object], call: Callable[..., object]) -> Iterator[None]:
    from ema_workbench import ArrayOutcome, Model, RealParameter, ScalarOutcome, ema_logging

    ema_logging.log_to_stderr(logging.ERROR)
    own = Model("trivial", function=call)
    own.uncertainties = [RealParameter(name, 0.0, 1.0) for name in NAMES]
    own.outcomes = [*(ScalarOutcome(name) for name in SCALARS), ArrayOutcome("series")]
    with evaluator(own) as told:
        told.perform_experiments(scenarios=4, log_progress=True)
        yield
        told.perform_experiments(scenarios=runs, log_progress=True)


def ema_sequential(runs: int, _workers: int, seconds: float) -> Iterator[None]:
    from ema_workbench import SequentialEvaluator

    yield from _ema(runs, SequentialEvaluator, named_and_slept if seconds else named)


def ema_processes(runs: int, workers: int, seconds: float) -> Iterator[None]:
    from ema_workbench import MultiprocessingEvaluator

    yield from _ema(runs, lambda own: MultiprocessingEvaluator(own, workers), named_and_slept if seconds else named)


def named_and_slept(**x: float) -> dict[str, object]:
    time.sleep(0.01)
    return named(**x)


EXECUTORS = {
    "plain loop": (plain_loop, None),
    "cesim, 1 worker, log": (alone_and_log, None),
    "cesim, pool": (pool, None),
    "cesim, pool, log": (pool_and_log, None),
    "concurrent.futures, chunk 64": (futures, None),
    "joblib": (joblib, "joblib"),
    "Dask, chunk 64": (dask, "distributed"),
    "cesim through Dask, log": (dask_ours_and_log, "distributed"),
    "EMA Workbench, sequential": (ema_sequential, "ema_workbench"),
    "EMA Workbench, processes": (ema_processes, "ema_workbench"),
}
OURS = (pool, pool_and_log)
ONE = ("plain loop", "cesim, 1 worker, log", "EMA Workbench, sequential")


@dataclass(frozen=True)
class Timed:
    """Seconds of the clock for the runs and for starting; of the processor for both."""

    wall: float
    starting: float
    used: float


def timed(executor: Callable[[int, int, float], Iterator[None]], *asked: float) -> Timed:
    before, begun = cpu(), time.perf_counter()
    steps = executor(*asked)
    next(steps)
    warm = time.perf_counter()
    for _ in steps:
        pass
    return Timed(time.perf_counter() - warm, warm - begun, cpu() - before)


HEAD = ("us a run", "least", "", "CPU us", "start s", "CPU s")


def table(names: list[str], runs: int, workers: int, seconds: float, repeat: int) -> None:
    """Print a line for each executor; CPU a run is what so many runs take more than nearly none."""
    ideal, loop = seconds * runs / workers, None
    print(f"{'':>30}" + "".join(f"{head or ('x ideal' if ideal else 'x loop'):>10}" for head in HEAD))
    for name in names:
        executor, package = EXECUTORS[name]
        if package and find_spec(package) is None:
            print(f"{name:>30}  not installed")
            continue
        few = timed(executor, workers, workers, seconds)
        told = [timed(executor, runs, workers, seconds) for _ in range(repeat)]
        wall, starting, used = (
            statistics.median(getattr(one, column) for one in told) for column in ("wall", "starting", "used")
        )
        loop = loop or wall
        numbers = (
            f"{1e6 * wall / runs:10.1f}{1e6 * min(one.wall for one in told) / runs:10.1f}"
            f"{wall / (ideal or loop):10.{3 if ideal else 1}f}{1e6 * (used - few.used) / runs:10.1f}"
        )
        slower = (
            f"   x runs' own seconds: {wall / OWN[executor is pool_and_log]:.3f}" if ideal and executor in OURS else ""
        )
        print(f"{name:>30}{numbers}{starting:10.2f}{used:10.2f}{slower}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sleep", type=int, default=10_000, help="runs of 10 ms; 0 for none")
    parser.add_argument("--only", nargs="*", choices=list(EXECUTORS))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    names, workers = options.only or list(EXECUTORS), options.workers
    _lock()  # reads all of the program once
    before, clock = kernel(), kernel(clock=time.perf_counter)
    print(f"{options.runs} runs of a trivial model, {workers} workers, {options.repeat} times each")
    table(names, options.runs, workers, 0.0, options.repeat)
    if options.sleep:
        print(f"{options.sleep} runs of 10 ms, once each: the ideal is {0.01 * options.sleep / workers:.1f} s")
        table([name for name in names if name not in ONE], options.sleep, workers, 0.01, 1)
    print(f"kernel: {before:.2f} s of the processor before ({clock:.2f} s of the clock), {kernel():.2f} s after")


if __name__ == "__main__":
    main()
