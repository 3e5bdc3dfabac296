"""Sobol' indices of first, total and second order, 20 inputs and 2^14 base points, with intervals of 100 resamples.

The results are those of Sobol's G-function. Beside it, in the same job and of the same results: SALib, which must
give the same values, and a fixed numpy job.

    python benchmarks/sweep_sensitivity.py [--inputs 20] [--points 16384] [--resamples 100] [--alone]
"""

from __future__ import annotations

import argparse
import resource
import time
import warnings
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from machine import kernel
from scipy.stats import qmc

from cesim.sweep.sensitivity import Resampling, SobolIndices, sobol_indices, verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Answer = TypeVar("Answer")
    Floats = NDArray[np.float64]


def g_function(u: Floats, a: Floats) -> Floats:
    return ((np.abs(4 * u - 2) + a) / (1 + a)).prod(axis=-1)


def results(inputs: int, points: int) -> tuple[Floats, Floats, Floats, Floats]:
    """A, B, AB and BA."""
    drawn = qmc.Sobol(2 * inputs, rng=0).random(points)
    a, b, weights = drawn[:, :inputs], drawn[:, inputs:], np.geomspace(0.3, 99.0, inputs)

    def lent(to: Floats, of: Floats, j: int) -> Floats:
        return g_function(np.where(np.arange(inputs) == j, of, to), weights)

    ab, ba = (np.stack([lent(*two, j) for j in range(inputs)], axis=1) for two in ((a, b), (b, a)))
    return g_function(a, weights), g_function(b, weights), ab, ba


def timed(job: Callable[[], Answer]) -> tuple[Answer, float]:
    """Answer and CPU seconds."""
    begun = time.process_time()
    answer = job()
    return answer, time.process_time() - begun


def theirs(runs: tuple[Floats, ...], resamples: int) -> dict[str, Floats]:
    from SALib.analyze import sobol

    a, b, ab, ba = runs
    y = np.concatenate([a[:, None], ab, ba, b[:, None]], axis=1).ravel()
    problem = {"num_vars": ab.shape[1], "names": [f"x{j}" for j in range(ab.shape[1])]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told: dict[str, Floats] = sobol.analyze(problem, y, num_resamples=resamples, seed=1)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20)
    parser.add_argument("--points", type=int, default=2**14)
    parser.add_argument("--resamples", type=int, default=100)
    parser.add_argument("--alone", action="store_true", help="without SALib")
    options = parser.parse_args()
    runs, asked, before = results(options.inputs, options.points), Resampling(options.resamples), kernel()
    a, b, ab, ba = runs
    sobol_indices(a[:64], b[:64], ab[:64], ba[:64])  # what is imported where it is used
    _, short = timed(lambda: sobol_indices(a, b, ab, resampling=asked))
    (told, used), (again, more) = (timed(lambda: sobol_indices(a, b, ab, ba, asked)) for _ in range(2))
    assert isinstance(told, SobolIndices)
    assert isinstance(again, SobolIndices)
    assert told.second is not None
    told_of = f"{options.inputs} inputs x {options.points:,} points, {options.resamples} resamples"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{told_of}: first and total {short:.2f} s CPU; with the second order {used:.2f}, again {more:.2f} s CPU")
    said = verdict(told)
    print(f"peak of this process {peak:.0f} MB; verdict: {said.code}, {said.needed:,} points")
    if not options.alone:
        wanted, salib = timed(lambda: theirs(runs, options.resamples))
        upper = np.triu_indices(options.inputs, 1)
        worst = max(
            float(np.abs(found - of).max())
            for found, of in (
                (told.first.value, wanted["S1"]),
                (told.total.value, wanted["ST"]),
                (told.second.value, wanted["S2"][upper]),
            )
        )
        wide = told.second.width / 2 / wanted["S2_conf"][upper]
        print(f"SALib: {salib:.1f} s CPU, {salib / min(used, more):.0f} times as much; values differ by {worst:.0e}")
        print(f"  half widths of the second order against SALib's: {wide.min():.2f} to {wide.max():.2f} times")
    print(f"kernel: {before:.2f} s CPU before, {kernel():.2f} s after")


if __name__ == "__main__":
    main()
