"""A year of Chubu car by car: every car, part, load, batch and heat, with compositions, edges and tables written.

Seconds are processor time of one process; beside them a fixed numpy kernel, timed before and after, and the ratio to
the balance of the same year. `--save` writes a checkpoint every month, as `cesim lots` does.

    OMP_NUM_THREADS=1 python benchmarks/lots.py [--scenario chubu-baseline] [--year 2025] [--batch 1] [--save]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from machine import kernel

from cesim.events.chain.build import Chain
from cesim.events.chain.conversion import chain_laws
from cesim.quantities import KeyedSource
from cesim.run.lot_flows import read_flows
from cesim.run.lot_plan import in_focus
from cesim.run.lot_task import Lane, LotTask, planned
from cesim.scenario.load import open_scenario


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--scenario", default="chubu-baseline")
    asked.add_argument("--year", type=int, default=2025)
    asked.add_argument("--batch", type=int, default=1)
    asked.add_argument("--save", action="store_true")
    options = asked.parse_args()
    scenario = open_scenario(options.scenario, {}).scenario
    task = LotTask(scenario, 0, 0, options.year, options.year, in_focus(scenario), options.batch)
    before = kernel()
    start = time.process_time()
    plan, _ = planned(task)
    balance = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        start, wall = time.process_time(), time.monotonic()
        chain = Chain(plan, Lane(KeyedSource(0), 0), Path(folder), options.batch)
        chain.run(save=options.save)
        run, waited = time.process_time() - start, time.monotonic() - wall
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet")) / 1e6
        start = time.process_time()
        certificate = chain_laws(chain)
        proof = time.process_time() - start
        start = time.process_time()
        read_flows(Path(folder), options.year)
        flows = time.process_time() - start
    after = kernel()
    cars = sum(site.gate.cars for site in chain.sites)
    lots = chain.simulation.lots
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{options.scenario} {options.year}: {cars:,} cars in lots of {options.batch}")
    print(f"balance up to that year, and what it hands over: {balance:.1f} s")
    print(f"chain: {run:.1f} s processor time ({waited:.1f} s wall), {lots.count:,} lots, {lots.events:,} events")
    print(f"       {lots.count / run:,.0f} lots/s, {run / cars * 1e6:.0f} us a car, {size:,.0f} MB of tables")
    print(f"laws: {proof:.1f} s, {'kept' if certificate.passed else 'BROKEN'}; flow table: {flows:.1f} s")
    print(f"peak memory {peak:,.0f} MB; kernel {before:.2f} s before, {after:.2f} s after")
    print(f"all together {run + proof + flows:.1f} s, {(run + proof + flows) / min(before, after):.0f} kernels")


if __name__ == "__main__":
    main()
