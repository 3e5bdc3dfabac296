"""Made-up studies: values that a run's number alone decides, so that every test knows what must be there."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import numpy as np

from cesim.sweep.solving import Batch, Failure, Shape
from cesim.sweep.store import Lock

SHAPE = Shape(("today", "計画"), 2, ("rate", "co2_t"), ("chubu", "rest"), (2030, 2035, 2050))


def lock(shape=SHAPE, part=8, **changed):
    told = {
        "study": {"hash": "abc", "text": "name: 試し\n"},
        "alternatives": tuple(
            {"name": name, "file": "a.yaml", "scenario_hash": "s", "levers": {}, "names": {"ja": name, "en": name}}
            for name in shape.alternatives
        ),
        "engine": "function",
        "seed": 7,
        "design": {"kind": "sobol"},
        "columns": ({"stream": "a", "factor": "a"},),
        "shape": shape,
        "units": dict.fromkeys(shape.indicators, "1"),
        "data_hash": "d" * 64,
        "part": part,
        "code": "c" * 64,
        "git": None,
        "python": "3.11.0",
        "packages": {"numpy": "2.0"},
    }
    return Lock(**{**told, **changed})


def batch(runs, shape=SHAPE, fails=True):
    """What made-up runs come to: every 11th raises, every 17th has no answer, every 5th is a share of nothing."""
    runs = np.array(sorted(runs), dtype=np.int64)
    cells = np.arange(shape.rows * len(shape.indicators)).reshape(1, shape.rows, -1)
    values = np.sin(runs[:, None, None] * 1.37 + cells)
    values[runs % 5 == 3, 0, 0] = np.nan
    failures = {}
    if fails:
        for at, run in enumerate(runs.tolist()):
            if run % 11 == 7 or run % 17 == 9:
                failures[run] = Failure("raised" if run % 11 == 7 else "no_answer", f"試行 {run}")
                values[at] = np.nan
    return Batch(runs, values, runs * 1e-3, failures)


def left(folder):
    """What a sweep leaves: the bytes of every part, the rows of the run log but for seconds, and what waits there."""
    parts = {path.name: path.read_bytes() for path in sorted((folder / "results").iterdir())}
    with closing(sqlite3.connect(f"{(folder / 'runs.sqlite').as_uri()}?mode=ro", uri=True)) as log:
        columns = "run, alternative, point, replicate, status, reason, seed, hash, held"
        rows = log.execute(f"SELECT {columns} FROM runs LEFT JOIN waiting USING (run) ORDER BY run").fetchall()
        return parts, rows, log.execute("SELECT * FROM parts ORDER BY part").fetchall()
