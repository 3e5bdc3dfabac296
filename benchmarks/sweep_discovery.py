"""Discovery in a sweep: a box in 10,000 runs of 12 inputs, the best compromises of 100,000 runs in 3 indicators.

Beside them in the same job: the EMA Workbench's PRIM on the same runs with the same settings (where it is installed),
whose every box is compared with ours, and the comparison of each Pareto point with all runs in numpy.

    python benchmarks/sweep_discovery.py [--runs 10000] [--inputs 12] [--points 100000] [--repeat 5]
"""

from __future__ import annotations

import argparse
import time
import warnings
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from machine import kernel

from cesim.sweep.discovery.choosing import explain
from cesim.sweep.discovery.pareto import pareto
from cesim.sweep.discovery.prim import prim

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = TypeVar("Answer")


def runs_with_a_box(runs: int, inputs: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.random((runs, inputs))
    inside = (x[:, 0] > 0.6) & (x[:, inputs // 3] < 0.5) & (x[:, inputs // 2] > 0.3)
    return x, inside ^ (rng.random(runs) < 0.02)


def timed(work: Callable[[], Answer], repeat: int) -> tuple[Answer, float]:
    """The answer, and the least seconds of CPU of some repetitions after one that warms up."""
    answer, least = work(), np.inf
    for _ in range(repeat):
        begun = time.process_time()
        answer = work()
        least = min(least, time.process_time() - begun)
    return answer, least


def workbench(x: np.ndarray, marks: np.ndarray) -> Callable[[], object] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from ema_workbench.analysis import prim as theirs
        except ImportError:
            return None
        import pandas as pd

    frame = pd.DataFrame(x, columns=[f"x{n:02d}" for n in range(x.shape[1])])

    def find() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return theirs.Prim(frame, marks.copy(), threshold=0.1, peel_alpha=0.05, mass_min=0.05).find_box()

    return find


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--inputs", type=int, default=12)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    before = kernel()
    x, marks = runs_with_a_box(options.runs, options.inputs)
    found, seconds = timed(lambda: prim(x, marks), options.repeat)
    way = found.trajectories[0]
    print(f"PRIM on {options.runs:,} x {options.inputs}: {seconds:.3f} s CPU, {len(way.boxes)} boxes on the way")
    if (find := workbench(x, marks)) is not None:
        theirs, their_seconds = timed(find, 1)
        counts = [(box.inside, box.inside_of_interest) for box in way.boxes]
        told = theirs.peeling_trajectory  # type: ignore[attr-defined]
        alike = counts == list(zip(told.n, told.k, strict=True))
        print(f"EMA Workbench on the same: {their_seconds:.2f} s CPU; {'every' if alike else 'NOT every'} box the same")
        print(f"  this many times ours: {their_seconds / seconds:.0f}")
    (told_of,), seconds = timed(lambda: explain(x, marks), 1)
    assert told_of.box is not None
    print(f"the box that is told, with 5 folds and 10 halves: {seconds:.2f} s CPU; {told_of.verdict}, ", end="")
    print(f"coverage {told_of.box.coverage:.3f}, density {told_of.box.density:.3f}, inputs {told_of.box.columns}")
    values = np.random.default_rng(1).normal(size=(options.points, 3))
    flat = np.column_stack([values[:, :2], -values[:, :2].sum(axis=1)])
    for name, points in (("unlike", values), ("all on the front", flat)):
        front, seconds = timed(lambda points=points: pareto(points, ["high"] * 3), options.repeat)
        print(f"Pareto of {options.points:,} x 3, {name}: {seconds:.3f} s CPU, {front.runs.size:,} points")
        some = points[front.runs[:100]]
        _, plain = timed(lambda points=points, some=some: [(points >= one).all(axis=1).sum() for one in some], 1)
        print(f"  plain numpy, each point against all: {plain / len(some) * front.runs.size:.2f} s for the front alone")
    print(f"kernel: {before:.2f} s before, {kernel():.2f} s after")


if __name__ == "__main__":
    main()
