"""A function of the reader's own as what answers the runs: numbers by name in, numbers by name out.

For what a researcher wants to sweep beside the model, and for trying the machinery on something small:

    def model(x):
        return {"y": x["a"] + x["b"] ** 2}

    sweep_function(model, {"a": (0.0, 1.0), "b": (-1.0, 1.0)}, ("y",), "runs/mine", samples=1024)

The function must stand in a module that another process can import, unless there is one worker.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.sweep.solving import Batch, Failure, Shape

if TYPE_CHECKING:
    from cesim.sweep.designs import Design
    from cesim.sweep.solving import Floats, Ints

Model = Callable[[dict[str, float]], Mapping[str, float]]


@dataclass(frozen=True)
class FunctionRecipe:
    """A function, what goes in and what comes out.

    Attributes
    ----------
    function
        called with every input by name
    inputs
        name -> least and most; a column of the design each, in this order
    outputs
        names that it returns
    design
        points; column j drives input j
    """

    function: Model
    inputs: Mapping[str, tuple[float, float]]
    outputs: tuple[str, ...]
    design: Design

    @property
    def shape(self) -> Shape:
        """One alternative, one row a run."""
        return Shape(("function",), 1, self.outputs, ("all",), (0,))

    @property
    def together(self) -> int:
        """Runs do not share work."""
        return 1

    def solver(self) -> FunctionSolver:
        """Make the solver."""
        return FunctionSolver(self)


class FunctionSolver:
    """Calls the function run by run."""

    def __init__(self, recipe: FunctionRecipe) -> None:
        self._function, self._outputs, self._design = recipe.function, recipe.outputs, recipe.design
        self._names = tuple(recipe.inputs)
        ends = np.array(list(recipe.inputs.values()), dtype=np.float64).reshape(-1, 2)
        self._low, self._width = ends[:, 0], ends[:, 1] - ends[:, 0]

    def solve(self, runs: Ints) -> Batch:
        """Return what runs come to; an exception is a failure of its run."""
        values = np.full((runs.size, 1, len(self._outputs)), np.nan)
        seconds = np.empty(runs.size)
        failures: dict[int, Failure] = {}
        inputs = self._inputs(runs).tolist()
        for at, run in enumerate(runs.tolist()):
            begun = time.perf_counter()
            try:
                told = self._function(dict(zip(self._names, inputs[at], strict=True)))
                values[at, 0] = [float(told[name]) for name in self._outputs]
                if not np.isfinite(values[at]).all():
                    raise ArithmeticError("not finite")
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is told as the reason of the run
                values[at] = np.nan
                failures[run] = Failure("raised", f"{type(error).__name__}: {error}".splitlines()[0])
            seconds[at] = time.perf_counter() - begun
        return Batch(runs, values, seconds, failures)

    def _inputs(self, runs: Ints) -> Floats:
        """Inputs (run, name)."""
        first, last = int(runs[0]), int(runs[-1])
        rows = self._design.rows(first, last - first + 1)[runs - first]
        return self._low + rows * self._width
