"""Runs without a value left out because the reader says so: with all that was made from the same base point, and told.

An estimator of a crossed design compares runs of one base point (of one trajectory), so that a base point with one run
missing has nothing to say and goes whole. What is left tells of the part of the world in which the model answers, not
of the whole: what the runs that failed would have come to is unknown, and no index of the whole can be had.

Of what is left the base points are not quite those of chance any more: those near the part that fails are lost more
often. If a share s of them is left out, their law differs from that of chance by at most s (in total variation). With
10 % left out by corners of one or two factors no index of the Ishigami function or of Sobol's G-function moved by more
than 0.03, which is less than the width that a verdict asks for (0.05); above 10 % nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.sweep.sensitivity.breaking import breaking
from cesim.sweep.sensitivity.checked import refused, same_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

MOST_LEFT_OUT: Final = 0.1
"""Share of the base points (trajectories, points) above which nothing is told of the others."""


@dataclass(frozen=True)
class LeftOut:
    """What is left out of an analysis.

    Attributes
    ----------
    answered : (group,)
        whether every run of a base point (trajectory, point) has a value
    per_group
        rows of the design of each
    failed, runs
        runs without a value, and all runs
    """

    answered: Bools
    per_group: int
    failed: int
    runs: int

    @property
    def groups(self) -> int:
        """How many base points there were."""
        return int(self.answered.size)

    @property
    def count(self) -> int:
        """How many of them are left out."""
        return int(self.groups - self.answered.sum())

    def rows(self) -> Bools:
        """Say which rows of the design are kept (row,)."""
        return np.repeat(self.answered, self.per_group)


def left_out(values: Floats, per_group: int = 1, *, name: str = "") -> LeftOut:
    """Tell which base points have a value in every run of theirs.

    Parameters
    ----------
    values : (row, ...)
        in the order of the design; behind the rows the replicates, of which none may be missing
    per_group
        rows that are made from each other: those of a base point or of a trajectory, 1 of points of their own

    Raises
    ------
    InputError
        ``sweep_values_shape`` where a group is not complete; ``sweep_too_many_left_out``
    """
    rows = values.shape[0]
    same_shape(name, "values", values, (rows - rows % per_group, *values.shape[1:]))
    finite = np.isfinite(values)
    answered: Bools = np.logical_and.reduce(finite.reshape(rows // per_group, -1), axis=1)
    found = LeftOut(answered, per_group, int(finite.size - finite.sum()), int(finite.size))
    if found.count > MOST_LEFT_OUT * found.groups:
        told = {"found": found.count, "total": found.groups, "most": f"{100 * MOST_LEFT_OUT:.0f} %"}
        raise refused("sweep_too_many_left_out", name, **told)
    return found


def parts_from_others(inputs: Floats, values: Floats, *, name: str = "") -> tuple[int, ...]:
    """Return the inputs by which rows without a value lie apart from the others: then failing is not mere chance.

    Parameters
    ----------
    inputs : (row, input)
        of rows that are drawn independently of each other, such as A and B of a Saltelli design: rows that lend each
        other their numbers would make chance look sure
    values : (row, ...)

    Raises
    ------
    InputError
        as `cesim.sweep.sensitivity.breaking.breaking`
    """
    failed: Bools = np.logical_or.reduce(~np.isfinite(values).reshape(values.shape[0], -1), axis=1)
    return tuple(one.input for one in breaking(inputs.T, failed, name=name).separations if one.separates)
