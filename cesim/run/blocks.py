"""Blocks of lanes through one or several processes, handed back in order."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.run.solve import Bench, Gathered, Plan

WORTH_A_PROCESS = 3
"""Blocks from which starting processes pays."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def in_order(plan: Plan, workers: int | None) -> Iterator[Gathered]:
    """Yield the blocks, first one first, however many processes share the work."""
    from cesim.run.solve import Bench, solve_block

    wanted = workers if workers is not None else (os.cpu_count() or 1)
    if not can_start_processes():
        wanted = 1
    count = min(wanted, len(plan.starts))
    if count < 2 or (workers is None and len(plan.starts) < WORTH_A_PROCESS):
        bench = Bench()
        for start in plan.starts:
            yield solve_block(plan, start, bench)
        return
    # each process has one thread of linear algebra: the blocks are the parallel part
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        with ProcessPoolExecutor(count, get_context("spawn"), initializer=_begin, initargs=(plan,)) as pool:
            yield from pool.map(_solve, plan.starts)
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def can_start_processes() -> bool:
    """Whether a new process could import the main program: not where it was read from the standard input."""
    main = getattr(sys.modules["__main__"], "__file__", None)
    return main is None or Path(main).exists()


_held: dict[str, tuple[Plan, Bench]] = {}
"""What a worker process keeps between blocks."""


def _begin(plan: Plan) -> None:
    from cesim.run.solve import Bench

    _held["plan"] = (plan, Bench())


def _solve(start: int) -> Gathered:
    from cesim.run.solve import solve_block

    plan, bench = _held["plan"]
    return solve_block(plan, start, bench)
