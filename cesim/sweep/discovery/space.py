"""The runs that a box is looked for in: their inputs by column, sorted, and which of them are of interest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from cesim.errors import Fault, InputError
from cesim.sweep.discovery.boxes import Kind
from cesim.sweep.discovery.finite import refuse_not_finite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.sweep.discovery.boxes import Bools, Floats

FEWEST = 20
"""Below so many runs no box is looked for."""


@dataclass(frozen=True)
class Space:
    """Runs with their inputs.

    Attributes
    ----------
    columns : (column, run)
        inputs, one row an input, so that one input lies together in memory
    of_interest : (run,)
    kinds : (column,)
    order : (column, run)
        the runs in ascending order of each input; equal ones in the order of the runs
    """

    columns: Floats
    of_interest: Bools
    kinds: tuple[Kind, ...]
    order: NDArray[np.intp]

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return int(self.columns.shape[1])

    def only(self, kept: Bools) -> Space:
        """Return some of the runs, the others forgotten."""
        number = np.cumsum(kept) - 1
        order = self.order[kept[self.order]].reshape(len(self.kinds), -1)
        return Space(self.columns[:, kept], self.of_interest[kept], self.kinds, number[order])


def space(
    inputs: ArrayLike, of_interest: ArrayLike, kinds: Sequence[Kind] | None = None, names: Sequence[str] | None = None
) -> Space:
    """Return runs as they are searched.

    Parameters
    ----------
    inputs : (run, column)
        what each run was given; categories as numbers
    of_interest : (run,) of bool
    kinds : (column,)
        all ``continuous`` unless told otherwise
    names : (column,)
        by which a fault names an input

    Raises
    ------
    InputError
        ``discovery_shape``, ``discovery_not_bool``, ``discovery_not_finite`` (one an input),
        ``discovery_kind_unknown``.
    """
    held = np.asarray(inputs, dtype=np.float64)
    marks = np.asarray(of_interest)
    if held.ndim != 2 or marks.shape != held.shape[:1]:
        raise InputError([Fault("discovery_shape", arguments={"found": str(held.shape), "other": str(marks.shape)})])
    if marks.dtype != np.bool_:
        raise InputError([Fault("discovery_not_bool", arguments={"found": str(marks.dtype)})])
    told = tuple(kinds) if kinds is not None else ("continuous",) * held.shape[1]
    if len(told) != held.shape[1] or not set(told) <= set(get_args(Kind)):
        raise InputError([Fault("discovery_kind_unknown", arguments={"found": told, "allowed": get_args(Kind)})])
    refuse_not_finite(held, names, "inputs")
    columns = np.ascontiguousarray(held.T) + 0.0  # no -0.0: it would be another number than 0.0 in a set
    return Space(columns, marks, told, np.argsort(columns, axis=1, kind="stable"))
