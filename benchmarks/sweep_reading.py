"""The store of a sweep: runs taken in, a finished study resumed, a million result rows read, two such studies compared.

Seconds are processor time of this process, the best of some times for what is read; beside them a fixed numpy kernel,
the limit (numpy's quantiles of arrays that lie in memory already) and DuckDB on the same Parquet files where it is
installed. Ratios to the limit and to DuckDB are the claim. DuckDB runs on one thread, as the rest does.

    OMP_NUM_THREADS=1 python benchmarks/sweep_reading.py [--rows 1000000] [--times 3]
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd  # its import is no part of what is measured
from machine import kernel

from cesim.sweep.solving import Batch, Shape
from cesim.sweep.store import Lock, Store, StudyTables, compare, open_study
from cesim.sweep.store.parts import runs_of_a_part

if TYPE_CHECKING:
    from collections.abc import Callable

INDICATORS = ("rate", "co2_t", "cost_jpy", "landfill_t", "share")
SHAPES = {
    "1 row a run": Shape(("today", "plan"), 1, INDICATORS, ("chubu",), (2035,)),
    "50 rows a run": Shape(("today", "plan"), 1, INDICATORS, tuple("abcde"), tuple(range(2026, 2036))),
}
CHUNK = 64
DUCKDB = """
WITH ours AS (FROM read_parquet('{0}/results/*.parquet')), theirs AS (FROM read_parquet('{1}/results/*.parquet'))
SELECT ours.alternative, ours.region, ours.year, {2}
FROM ours JOIN theirs USING (run, region, year) GROUP BY ALL
"""


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--times", type=int, default=3)
    options = asked.parse_args()
    before = kernel()
    for name, shape in SHAPES.items():
        root = Path(tempfile.mkdtemp(prefix="sweep-"))
        try:
            print(f"{name}, {options.rows:,} result rows of {len(INDICATORS)} indicators")
            studied(root, shape, options.rows // shape.rows, options.times)
        finally:
            shutil.rmtree(root)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"pandas {pd.__version__}; peak memory {peak:,.0f} MB; kernel {before:.2f} s before, {kernel():.2f} s after")


def studied(root: Path, shape: Shape, runs: int, times: int) -> None:
    lock = Lock(
        study={"hash": "made up", "text": ""},
        alternatives=tuple({"name": name, "scenario_hash": "", "levers": {}} for name in shape.alternatives),
        engine="function", seed=0, design={"kind": "monte_carlo"}, columns=(), shape=shape,
        units=dict.fromkeys(INDICATORS, "1"), data_hash="", part=runs_of_a_part(shape),
    )  # fmt: skip
    one, other = root / "one", root / "other"
    for seed, folder in enumerate((one, other)):
        filled(folder, lock, runs, seed)
    told("resumed: opened, compared with the lock, all runs asked for", best(lambda: resumed(one, lock, runs), times))
    study, second = open_study(one), open_study(other)
    told("one result of every run", best(lambda: study.values("rate", shape.regions[0], 2035), times))
    told("all results as a frame", best(study.results, times))
    told("the run log as a frame", best(study.runs, 1))
    ours = best(lambda: compare(study, second), times)
    limit = best(in_memory(study, second), times)
    told(f"two studies compared ({ours / limit:.1f} times the limit)", ours)
    told("the limit: their quantiles and means from memory", limit)
    if find_spec("duckdb"):
        theirs = best(in_duckdb(one, other), times)
        told(f"the same by DuckDB ({theirs / ours:.1f} times ours)", theirs)


def filled(folder: Path, lock: Lock, runs: int, seed: int) -> None:
    """Make a study of made-up runs in chunks, and tell what taking them in costs."""
    shape, drawn = lock.shape, np.random.default_rng(seed)
    seconds = clock = 0.0
    with Store.create(folder, lock) as store:
        for first in range(0, runs, CHUNK):
            numbers = np.arange(first, min(first + CHUNK, runs))
            values = drawn.random((len(numbers), shape.rows, len(INDICATORS)))
            begun, begun_clock = time.process_time(), time.perf_counter()
            store.record(Batch(numbers, values, np.zeros(len(numbers))))
            seconds += time.process_time() - begun
            clock += time.perf_counter() - begun_clock
        begun = time.process_time()
        store.seal()
        seconds += time.process_time() - begun
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(
        f"  {runs:,} runs taken in, {CHUNK} at a time, and sealed: {1e6 * seconds / runs:.1f} us a run"
        f" ({1e6 * clock / runs:.1f} by the clock), {size / 1e6:,.0f} MB"
    )


def resumed(folder: Path, lock: Lock, runs: int) -> None:
    with Store.open(folder, lock) as store:
        assert len(store.finished()) == runs


def in_memory(one: StudyTables, other: StudyTables) -> Callable[[], object]:
    """Return what must be done however the numbers are kept: quantiles and means of both and of the difference."""
    ours, theirs = (study.cube(INDICATORS) for study in (one, other))
    groups = [
        np.moveaxis(cube, (1, 2), (-2, -1)).reshape(*cube.shape[::3], cube.shape[4], -1) for cube in (ours, theirs)
    ]
    first, second = (np.ascontiguousarray(group) for group in groups)

    def job() -> None:
        for values in (first, second, second - first):
            np.quantile(values, (0.05, 0.5, 0.95), axis=-1)
            values.mean(axis=-1)

    return job


def in_duckdb(one: Path, other: Path) -> Callable[[], object]:
    import duckdb

    wanted = [
        f"count({what}), avg({what}), quantile_cont({what}, [0.05, 0.5, 0.95])"
        for name in INDICATORS
        for what in (f"ours.{name}", f"theirs.{name}", f"theirs.{name} - ours.{name}")
    ]
    connection = duckdb.connect(config={"threads": 1})
    return lambda: connection.sql(DUCKDB.format(one, other, ", ".join(wanted))).fetchall()


def best(job: Callable[[], object], times: int) -> float:
    """Return the shortest processor time of some times, s."""
    seconds = []
    for _ in range(times):
        begun = time.process_time()
        job()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def told(what: str, seconds: float) -> None:
    print(f"  {what}: {seconds:.3f} s")


if __name__ == "__main__":
    main()
