"""Records written from the truth: entries a second for policies from honest to crooked.

Seconds are processor time of one process, the best of some runs; beside them a fixed numpy kernel, and the limit: the
time in which numpy copies the arrays of the same ledger. The ratio to that copy is the claim.

    OMP_NUM_THREADS=1 python benchmarks/trace_records.py [--cars 2000] [--times 40] [--runs 3]
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from machine import kernel

from cesim.quantities import KeyedSource
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "trace"))
from made_up import random_loop, repeated

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.trace.entries import Entries

POLICIES = {
    "honest": Policy(),
    "incomplete": Policy(coverage=0.9, omission=0.05),
    "late": Policy(delay_days=3.0, delay_spread=1.0, back_dated=0.05, back_dated_days=30.0),
    "clumsy": Policy(bias_sd=0.01, weighing_sd=0.005, unit_slip=0.01, swapped=0.02, duplicate=0.01),
    "lying": Policy(
        over_claim=0.1, pre_as_post=0.1, double_claim=0.05, forged=0.02, collusion=0.1, collusion_gain=0.2
    ),
    "everything": Policy(
        coverage=0.9, omission=0.05, delay_days=3.0, delay_spread=1.0, back_dated=0.05, back_dated_days=30.0,
        declaration="FMD", misc=0.05, bias_sd=0.01, weighing_sd=0.005, unit_slip=0.01, swapped=0.02, duplicate=0.01,
        over_claim=0.1, pre_as_post=0.1, double_claim=0.05, forged=0.02, collusion=0.1, collusion_gain=0.2,
    ),
}  # fmt: skip
"""Made-up habits: what they cost is measured here, not whether anybody has them."""


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--cars", type=int, default=2000)
    asked.add_argument("--times", type=int, default=40)
    asked.add_argument("--runs", type=int, default=3)
    options = asked.parse_args()
    truth = repeated(random_loop(0, options.cars, dismantlers=20, casthouses=3), options.times)
    write_records(
        random_loop(0, 20), Policies(otherwise=POLICIES["everything"]), KeyedSource(0)
    )  # what is imported once
    edges = sum(len(side.mass_mg) for side in (truth.inputs, truth.outputs, truth.sources))
    print(f"{len(truth):,} entries, {len(truth.lots):,} lots, {edges:,} edges, {len(truth.names.actors)} actors")
    before = kernel()
    limit = best(lambda: copied(truth), options.runs)
    print(f"numpy copies the arrays in {limit:.3f} s, {len(truth) / limit:,.0f} entries/s: the limit")
    for name, policy in POLICIES.items():
        policies = Policies(otherwise=policy)
        seconds = best(lambda policies=policies: write_records(truth, policies, KeyedSource(0)), options.runs)
        print(f"{name:>12}: {seconds:5.2f} s, {len(truth) / seconds:>10,.0f} entries/s, {seconds / limit:5.1f} copies")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"peak memory {peak:,.0f} MB; kernel {before:.2f} s before, {kernel():.2f} s after")


def best(job: Callable[[], object], runs: int) -> float:
    """Return the shortest processor time of some runs, s."""
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        job()
        seconds.append(time.process_time() - start)
    return min(seconds)


def copied(part: Entries) -> list[object]:
    """Copy every array of a ledger."""
    out: list[object] = []
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, np.ndarray):
            out.append(value.copy())
        elif field.name in ("lots", "inputs", "outputs", "sources"):
            out.append(copied(value))
    return out


if __name__ == "__main__":
    main()
