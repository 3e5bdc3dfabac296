"""A cheap model and what sweeps of it leave, for tests that kill, share out and extend sweeps.

Run as a script it is a sweep that can be killed; it goes on with what stands in the folder:

    python made_up_sweeps.py FOLDER WORKERS|ADDRESS POINTS PAUSE
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent / "store"))
sys.path.insert(0, str(Path(__file__).parent / "workers"))

from made_up_studies import left, lock

from cesim.sweep.designs import design_of
from cesim.sweep.engines.function import FunctionRecipe
from cesim.sweep.execute import Means, answer, runs_of
from cesim.sweep.store import Store

HERE = Path(__file__).parent
INPUTS = {"a": (0.0, 1.0), "b": (-1.0, 1.0), "c": (0.5, 2.0)}
PART = 128
"""Runs of a part: most are sealed long before a sweep of these tests is over."""
BEGUN = "begun"
SEED = 11


@dataclass(frozen=True)
class Model:
    """Some numbers of some numbers; in one of twenty futures there is no answer, and in some it is none."""

    pause: float = 0.0

    def __call__(self, x):
        time.sleep(self.pause)
        if x["a"] > 0.95:
            raise ValueError(f"no answer where a is {x['a']:.6f}")
        if x["b"] < -0.99:
            return {"y": math.inf, "z": 0.0}
        return {"y": math.sin(9 * x["a"]) + x["b"] ** 2, "z": x["a"] * x["c"]}


def recipe(points, kind="sobol", pause=0.0):
    groups = [(name, (at,)) for at, name in enumerate(INPUTS)]
    return FunctionRecipe(Model(pause), INPUTS, ("y", "z"), design_of(kind, groups, SEED, points))


def sweep(folder, points, means=None, kind="sobol", pause=0.0, shard=None):
    """Answer all runs of so many points of a design, in a new folder or in the one that stands there."""
    made = recipe(points, kind, pause)
    own = replace(lock(made.shape, part=PART), shard=shard)
    with Store.open(folder, own) if folder.exists() else Store.create(folder, own, {"study.yaml": "x\n"}) as store:
        answer(made, store, runs_of(points, made, shard), means or Means(1))
    return left(folder)


def begun(folder, means, points, pause):
    """Start a sweep in a process of its own."""
    words = [sys.executable, str(HERE / "made_up_sweeps.py"), str(folder), str(means), str(points), str(pause)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def killed_after(process, seconds):
    """Kill a sweep so many seconds after it has begun to answer, it alone; say whether it was done before.

    Its pipes close when the last of its workers has ended, so this returns only if they end by themselves.
    """
    said = process.stdout.readline()
    assert said.strip() == BEGUN, said + process.stderr.read()
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    _, err = process.communicate(timeout=60)
    assert process.returncode in (0, -9), err
    return process.returncode == 0


def main():
    folder, means, points, pause = sys.argv[1:]
    print(BEGUN, flush=True)
    by = Means(int(means)) if means.isdecimal() else Means(dask=means)
    sweep(Path(folder), int(points), by, pause=float(pause))


if __name__ == "__main__":
    from made_up_sweeps import main as sweeping  # what workers are sent must not belong to the script

    sweeping()
