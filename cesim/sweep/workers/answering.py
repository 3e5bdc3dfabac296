"""A chunk answered, whatever its solver does: an error is an answer, and so is something that is no answer."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from cesim.sweep.solving import Batch, Failure
from cesim.sweep.workers.failing import one_line, raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.sweep.solving import Floats, Ints, Shape, Solver
    from cesim.sweep.workers.chunks import Chunk


def answer(solver: Solver, shape: Shape, chunk: Chunk, at: Callable[[int], None]) -> Batch:
    """Return what the runs of a chunk come to.

    Parameters
    ----------
    at
        called with the number of a run before it is begun; of runs solved together, with the first

    Raises
    ------
    KeyboardInterrupt
        Nothing else: where runs solved together raise, each is solved by itself, and what raises then has failed.
    """
    runs = chunk.runs
    if not chunk.apart and runs.size > 1:
        at(int(runs[0]))
        whole = _Sheet(shape, runs)
        if whole.fill(solver, 0, runs.size) is None:
            return whole.batch()
    sheet = _Sheet(shape, runs)
    for place, run in enumerate(runs.tolist()):
        at(run)
        begun = time.perf_counter()
        error = sheet.fill(solver, place, 1)
        if error is not None:
            sheet.fail(place, raised(error), time.perf_counter() - begun)
    return sheet.batch()


def failed(shape: Shape, run: int, failure: Failure, seconds: float) -> Batch:
    """Return the answer of one run that has none."""
    sheet = _Sheet(shape, np.array([run], dtype=np.int64))
    sheet.fail(0, failure, seconds)
    return sheet.batch()


class _Sheet:
    """The answers of some runs, filled place by place."""

    def __init__(self, shape: Shape, runs: Ints) -> None:
        self.runs = runs
        self.values: Floats = np.full((runs.size, shape.rows, len(shape.indicators)), np.nan)
        self.seconds: Floats = np.zeros(runs.size)
        self.failures: dict[int, Failure] = {}

    def batch(self) -> Batch:
        return Batch(self.runs, self.values, self.seconds, self.failures)

    def fail(self, place: int, failure: Failure, seconds: float) -> None:
        self.values[place] = np.nan
        self.seconds[place] = seconds
        self.failures[int(self.runs[place])] = failure

    def fill(self, solver: Solver, first: int, count: int) -> BaseException | None:
        """Put what some runs come to in their places, or return the error that they raised."""
        places = slice(first, first + count)
        try:
            self._take(solver.solve(self.runs[places]), places)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 -- whatever a model raises, also what is no Exception, is its answer
            return error
        return None

    def _take(self, found: Batch, places: slice) -> None:
        runs = self.runs[places]
        if found.runs.shape != runs.shape or (found.runs != runs).any():
            raise ValueError("the solver answered other runs than those asked for")
        values = np.asarray(found.values, dtype=np.float64)
        if values.shape != self.values[places].shape:
            raise ValueError(f"an answer of shape {values.shape} where {self.values[places].shape} was asked for")
        self.values[places] = values
        self.seconds[places] = found.seconds
        if not math.isfinite(self.seconds[places].sum()):
            raise ValueError("seconds that are no number")
        for run, failure in found.failures.items():
            here = places.start + int(np.searchsorted(runs, run))
            if here >= places.stop or self.runs[here] != run:
                raise ValueError("the solver says why a run failed that it was not asked for")
            self.fail(here, Failure(failure.status, one_line(failure.reason)), float(self.seconds[here]))
