"""Blocks of lanes through one or several processes, handed back in order."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cesim.run.solve import Plan

T = TypeVar("T")

WORTH_A_PROCESS = 3
"""Blocks from which starting processes pays."""


def in_order(plan: Plan, work: Callable[[Plan, int], T], workers: int | None) -> Iterator[T]:
    """Yield what ``work`` makes of each block, first block first, however many processes share the work."""
    wanted = workers if workers is not None else (os.cpu_count() or 1)
    count = min(wanted, len(plan.starts))
    if count < 2 or (workers is None and len(plan.starts) < WORTH_A_PROCESS):
        for start in plan.starts:
            yield work(plan, start)
        return
    # each process has one thread of linear algebra: the blocks are the parallel part
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            yield from pool.map(work, [plan] * len(plan.starts), plan.starts)
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
