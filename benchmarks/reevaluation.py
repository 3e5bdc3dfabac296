"""`chubu-2035` with changed measures, re-evaluated: draws a second, beside a full run and a fixed numpy kernel.

All in the same job. The heading case changes LIBS sorting in 2030 and 2035, so that every heat of 2026 to 2050 is
solved again; the table says how many years and heats that were. CPU seconds tell what the work costs, wall seconds what
one waits; on a machine that others use too, wall seconds say little. With `--prove` the first answer is compared, bit
for bit, with a full run.

    python benchmarks/reevaluation.py [--draws 1000] [--repeat 3] [--prove]
"""

from __future__ import annotations

import argparse
import resource
import time
from typing import TYPE_CHECKING

from machine import kernel

from cesim.run import prepare, simulate
from cesim.scenario import open_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

MEASURES: dict[str, dict[str, object]] = {
    "sorting from 2028": {"plan.measures.libs_shared.changes.share.amount": 0.8},
    "sorting from 2032": {"plan.measures.libs_shared.start": 2032},
    "hoods taken off": {"plan.measures.hoods.changes.hood.amount": 0.9},
    "incentive": {"dismantling.incentive.2030": 20.0},
    "identified": {"plan.measures.handheld_analysis.changes.identified.amount": 0.7},
    "wider 6016": {"remelting.alloys.6016.widen.Fe": 1.3},
    "cap of PP": {"plan.measures.recycled_grades_in_drawings.changes.pp.amount": 0.3},
    "gases": {"gases.remelting": 0.5},
    "exports (fleet)": {"fleet.export.hazard_scale": 0.8},
}


def timed(job: Callable[[], object]) -> tuple[object, float, float]:
    """Answer, wall and CPU seconds of this process and of those it waited for."""
    begun, before = time.perf_counter(), _cpu()
    answer = job()
    return answer, time.perf_counter() - begun, _cpu() - before


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def best_of(repeat: int, job: Callable[[], object]) -> tuple[object, float, float]:
    """The answer with the least wall and the least CPU seconds of several repeats."""
    runs = [timed(job) for _ in range(repeat)]
    return runs[0][0], min(run[1] for run in runs), min(run[2] for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--prove", action="store_true")
    options = parser.parse_args()
    before, draws = kernel(clock=time.perf_counter), options.draws
    first = next(iter(MEASURES.values()))
    _, wall, cpu = timed(lambda: simulate(open_scenario("chubu-2035", first), draws=draws))
    print(f"full run: {wall:.1f} s, {cpu:.1f} s CPU, {draws / wall:.0f} draws/s; kernel {before:.2f} s")
    held, made, made_cpu = timed(lambda: prepare("chubu-2035", draws=draws))
    print(f"prepared: {made:.1f} s, {made_cpu:.1f} s CPU (the first time on a machine the loops are compiled, too)")
    print(
        f"{'measure':>20} {'from':>11} {'heats':>9} {'wall s':>7} {'draws/s':>8} {'cpu s':>6} {'per 2 cpu s':>11}"
        f" {'full/this cpu':>13} {'kernels':>8} {'gap':>8}"
    )
    for name, changes in MEASURES.items():
        answer, wall, cpu_again = best_of(options.repeat, lambda changes=changes: held.evaluate(changes))
        years = "/".join(str(year or "-") for year in answer.solved_from)
        print(
            f"{name:>20} {years:>11} {answer.heats:9} {wall:7.2f} {draws / wall:8.0f} {cpu_again:6.2f}"
            f" {2 * draws / cpu_again:11.0f} {cpu / cpu_again:13.0f} {wall / before:8.2f} {answer.gap:8.0e}"
        )
    if options.prove:
        proven = held.evaluate(first, prove=True)
        print(f"bits as those of a full run; its certificate: {proven.certificate.worst.worst:.1e}")
    held.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    after = kernel(clock=time.perf_counter)
    print(f"kernel: {before:.2f} s before, {after:.2f} s after; peak of this process {peak:.0f} MB")


if __name__ == "__main__":
    main()
