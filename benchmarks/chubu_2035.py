"""The main job: `chubu-2035` with 1,000 draws, beside a fixed numpy kernel measured in the same run.

Each number of draws is solved in a process of its own, so that its memory is its own: the peak of the process that
gathers and of the largest worker. The claims are ratios: seconds a draw to seconds of the kernel, and the memory with
many draws to that with few.

    python benchmarks/chubu_2035.py [--draws 256 1000 2000]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time

from machine import kernel

ONE_RUN = """
import json, resource, sys, time
from cesim.run import simulate
if __name__ == "__main__":
    begun = time.perf_counter()
    run = simulate("chubu-2035", draws=int(sys.argv[1]))
    wall = time.perf_counter() - begun
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
    print(json.dumps({"wall": wall, "cpu": cpu, "gathering": mine.ru_maxrss, "solving": theirs.ru_maxrss,
                      "worst": run.certificate.worst.worst}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, nargs="+", default=[256, 1000, 2000])
    options = parser.parse_args()
    before = kernel(clock=time.perf_counter)
    print(f"{'draws':>6} {'wall s':>8} {'cpu s':>8} {'kernels':>8} {'gather MB':>10} {'solve MB':>9} {'worst':>9}")
    for draws in options.draws:
        answer = subprocess.run([sys.executable, "-c", ONE_RUN, str(draws)], capture_output=True, text=True, check=True)
        told = json.loads(answer.stdout)
        print(
            f"{draws:6} {told['wall']:8.1f} {told['cpu']:8.1f} {told['wall'] / before:8.1f}"
            f" {told['gathering'] / 1024:10.0f} {told['solving'] / 1024:9.0f} {told['worst']:9.1e}"
        )
    print(
        f"kernel: {before:.2f} s before, {kernel(clock=time.perf_counter):.2f} s after; peak of this process"
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
