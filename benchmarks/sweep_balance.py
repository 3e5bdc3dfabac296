"""Futures of `chubu-2035` through the balance, as a sweep solves them: draws a second, and memory, beside numpy.

Blocks of 128 points are solved one after the other in one process, as each worker of a sweep does: its CPU seconds a
block, and how its memory grows from the first block to the last. From that the time of 100,000 futures on two workers
follows; `--workers 2 --draws 100000` solves them all and measures it. Nothing is stored: that is the executor's.

    python benchmarks/sweep_balance.py [--draws 1280] [--workers 1] [--alternatives 1] [--proofs none]
"""

from __future__ import annotations

import argparse
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from machine import kernel

from cesim.run.evaluated import NAMES
from cesim.run.periods import balance_years
from cesim.run.solve import BLOCK
from cesim.scenario import open_scenario
from cesim.sweep.engines.balance import BalanceRecipe

if TYPE_CHECKING:
    from cesim.sweep.engines.balance import Proofs
    from cesim.sweep.solving import Solver

GOAL_DRAWS, GOAL_WORKERS, GOAL_S = 100_000, 2, 600.0
LEVER = "fleet.export.hazard_scale"


class Block(NamedTuple):
    """What a block took."""

    wall: float
    cpu: float
    peak_mb: float
    failures: int
    total: float
    """Of all indicators, so that nothing is left out."""


_held: dict[str, tuple[BalanceRecipe, Solver]] = {}


def begin(recipe: BalanceRecipe) -> None:
    """Make the solver of a process; the first two lanes load the loops."""
    solver = recipe.solver()
    solver.solve(np.arange(2))
    _held["held"] = recipe, solver


def solve(first: int) -> Block:
    """Solve one block of runs."""
    wall, cpu = time.perf_counter(), time.process_time()
    recipe, solver = _held["held"]
    batch = solver.solve(np.arange(first, first + recipe.together))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Block(wall, cpu, peak, len(batch.failures), float(np.nansum(batch.values)))


def recipe_of(alternatives: int, proofs: Proofs) -> BalanceRecipe:
    """A sweep of so many alternatives, the first of them the scenario itself."""
    ways = {"as it is": (open_scenario("chubu-2035").scenario,)}
    for scale in np.linspace(0.5, 0.9, alternatives - 1).tolist():
        ways[f"exports {scale}"] = (open_scenario("chubu-2035", {LEVER: scale}).scenario,)
    scenario = ways["as it is"][0]
    years = tuple(int(year) for year in balance_years(scenario))
    return BalanceRecipe(ways, NAMES, (scenario.report.focus_id,), years, proofs=proofs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10 * BLOCK)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--alternatives", type=int, default=1)
    parser.add_argument("--proofs", choices=("none", "some", "all"), default="none")
    options = parser.parse_args()
    recipe, before = recipe_of(options.alternatives, options.proofs), kernel()
    starts = [n * recipe.together for n in range(-(-options.draws // BLOCK))]
    begun = time.perf_counter()
    with ProcessPoolExecutor(options.workers, get_context("spawn"), begin, (recipe,)) as pool:
        blocks = list(pool.map(solve, starts))
    wall, after = time.perf_counter() - begun, kernel()
    cpu = np.array([block.cpu for block in blocks])
    typical, kernels = float(np.median(cpu)), (before + after) / 2
    print(f"{len(blocks)} blocks of {recipe.together} runs on {options.workers} workers: {wall:.0f} s, started and all")
    print(f"CPU seconds a block: median {typical:.2f}, least {cpu.min():.2f}, most {cpu.max():.2f}")
    print(f"                     {typical / kernels:.2f} kernels ({before:.2f} s before, {after:.2f} s after)")
    print(f"runs a second of one processor: {recipe.together / typical:.0f}")
    blocks_each = GOAL_DRAWS / BLOCK / GOAL_WORKERS
    print(f"{GOAL_DRAWS:,} draws on {GOAL_WORKERS} workers: {blocks_each * typical:.0f} s (goal {GOAL_S:.0f} s)")
    early, late = blocks[min(2, len(blocks) - 1)].peak_mb, max(block.peak_mb for block in blocks)
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak of a worker: {early:.0f} MB at first, {late:.0f} MB at last; of this process {here:.0f} MB")
    print(f"failures: {sum(block.failures for block in blocks)}; sum of all: {sum(block.total for block in blocks)!r}")


if __name__ == "__main__":
    main()
