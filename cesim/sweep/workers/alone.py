"""One worker in this process: nothing is started, nothing crosses a boundary."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cesim.sweep.workers.answering import answer

if TYPE_CHECKING:
    from collections.abc import Generator

    from cesim.sweep.solving import Batch, Recipe
    from cesim.sweep.workers.chunks import Cutter


def solve_alone(recipe: Recipe, cutter: Cutter) -> Generator[Batch, None, None]:
    """Yield what the runs come to, in the order of their numbers."""
    chunk = cutter.chunk()
    if chunk is None:
        return
    solver, shape = recipe.solver(), recipe.shape
    while chunk is not None:
        begun = time.perf_counter()
        batch = answer(solver, shape, chunk, _nobody_asks)
        cutter.learn(chunk.runs.size, time.perf_counter() - begun)
        yield batch
        chunk = cutter.chunk()


def _nobody_asks(_run: int) -> None:
    """Nobody watches over a worker that is this process."""
