"""What is found of the futures of interest: boxes, the trajectory they lie on, and how far one may be believed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

Kind = Literal["continuous", "discrete", "category"]
"""``continuous``: peeled by quantiles; ``discrete``: ordered levels, peeled level by level; ``category``: no order."""

Objective = Literal["lenient", "original"]
"""``lenient``: gain of density by run given up (default of the EMA Workbench, ``LENIENT1``); ``original``: density."""

Verdict = Literal["explained", "no_box", "nobody", "everybody", "too_few"]
"""``no_box``: what was found does not hold for runs that it was not found in, or is no denser than all runs;
``nobody``, ``everybody``: none or all of the runs are of interest; ``too_few``: too few to look for a box."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a box demands of one input."""

    column: int
    """Which input, from 0."""
    kind: Kind
    low: float | None = None
    """The input is at least this; nothing where it is not limited below."""
    high: float | None = None
    """The input is at most this; nothing where it is not limited above."""
    kept: tuple[float, ...] = ()
    """Of a category: those that lie in the box, ascending."""
    dropped: tuple[float, ...] = ()
    """Of a category: those that do not."""
    p_low: float | None = None
    """Quasi-p-value of `low`: how likely so many runs of interest would be in the box if it made no difference."""
    p_high: float | None = None
    """Quasi-p-value of `high`."""
    p_kept: float | None = None
    """Quasi-p-value of `kept`."""

    @property
    def p(self) -> float:
        """The least significant of its quasi-p-values."""
        return max((p for p in (self.p_low, self.p_high, self.p_kept) if p is not None), default=math.nan)

    def holds(self, values: Floats) -> Bools:
        """Say which values (run,) of its input it lets in."""
        if self.kind == "category":
            return np.isin(values, self.kept)
        inside = np.ones(len(values), dtype=np.bool_)
        if self.low is not None:
            inside &= values >= self.low
        if self.high is not None:
            inside &= values <= self.high
        return inside


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the space of inputs, and how many of the runs it was found in lie there."""

    restrictions: tuple[Restriction, ...]
    """In the order of the columns, one a column; none for the box that holds everything."""
    inside: int
    """Runs in the box."""
    inside_of_interest: int
    """Runs of interest in the box."""
    runs: int
    """All runs."""
    of_interest: int
    """All runs of interest."""

    @property
    def coverage(self) -> float:
        """The share of the runs of interest that lie in the box (recall)."""
        return self.inside_of_interest / self.of_interest

    @property
    def density(self) -> float:
        """The share of the runs in the box that are of interest (precision)."""
        return self.inside_of_interest / self.inside

    @property
    def mass(self) -> float:
        """The share of all runs that lie in the box."""
        return self.inside / self.runs

    @property
    def base(self) -> float:
        """The share of all runs that are of interest."""
        return self.of_interest / self.runs

    @property
    def harmonic(self) -> float:
        """The harmonic mean of coverage and density; 0 where no run of interest is in the box."""
        return 2.0 * self.inside_of_interest / (self.inside + self.of_interest)

    @property
    def columns(self) -> tuple[int, ...]:
        """The inputs that it restricts."""
        return tuple(restriction.column for restriction in self.restrictions)

    def contains(self, inputs: Floats) -> Bools:
        """Say which runs lie in it; `inputs` is (run, column)."""
        inside = np.ones(len(inputs), dtype=np.bool_)
        for restriction in self.restrictions:
            inside &= restriction.holds(inputs[:, restriction.column])
        return inside


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Every box on the way from all runs to the smallest box, and from there outwards again by pasting."""

    boxes: tuple[Box, ...]
    """The first holds everything."""
    peeled: int
    """How many of them were made by peeling, the first counted; the others by pasting."""

    @property
    def coverage(self) -> Floats:
        """Of each box (box,)."""
        return np.array([box.coverage for box in self.boxes])

    @property
    def density(self) -> Floats:
        """Of each box (box,)."""
        return np.array([box.density for box in self.boxes])

    @property
    def mass(self) -> Floats:
        """Of each box (box,)."""
        return np.array([box.mass for box in self.boxes])

    @property
    def restricted(self) -> NDArray[np.int64]:
        """How many inputs each box restricts (box,)."""
        return np.array([len(box.restrictions) for box in self.boxes], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Prim:
    """What peeling and pasting found, one trajectory a box: each in the runs that the boxes before left over."""

    trajectories: tuple[Trajectory, ...]
    runs: int
    of_interest: int
    objective: Objective
    peel: float
    paste: float
    least_mass: float


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How a box does on runs that it was not found in: each fold is tested by a box found in the other folds."""

    folds: int
    inside: int
    """Held-out runs in the box of their fold, all folds together."""
    inside_of_interest: int
    runs: int
    of_interest: int
    p: float
    """How likely so many of interest would lie there if the box said nothing (hypergeometric)."""

    @property
    def density(self) -> float:
        """The share of the held-out runs in the boxes that are of interest; 0 where none lies there."""
        return self.inside_of_interest / self.inside if self.inside else 0.0

    @property
    def coverage(self) -> float:
        """The share of the runs of interest that the boxes of the other folds catch."""
        return self.inside_of_interest / self.of_interest


@dataclass(frozen=True, slots=True)
class Stability:
    """How often a box found in half of the runs restricts each input (Bryant and Lempert 2010, section 3.3)."""

    resamples: int
    share: Floats
    """By column (column,), from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is told of the runs of interest: a box, or that no box explains them."""

    verdict: Verdict
    box: Box | None
    """The box that is told; nothing unless the verdict is ``explained`` or ``no_box``."""
    position: int | None
    """Which box of the trajectory it was made of."""
    trajectory: Trajectory | None
    held_out: HeldOut | None
    stability: Stability | None
    runs: int
    of_interest: int
