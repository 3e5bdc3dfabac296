"""Whether Sobol' indices are settled, and how many base points it takes if they are not.

Two things are asked, as Sarrazin, Pianosi and Wagener 2016 (Environmental Modelling and Software 79, 135-152) do: that
the widest interval is narrow enough, and that the first factors stand in an order that more points would not change.
A factor whose total index cannot be more than `Goal.matters` is left out of both.

Intervals narrow with the root of the number of points. With a Sobol' sequence they mostly narrow faster, so that the
number told is on the safe side.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.sweep.sensitivity.checked import refused

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.sweep.sensitivity.estimated import Estimated
    from cesim.sweep.sensitivity.sobol import SobolIndices

    Floats = NDArray[np.float64]

Kind = Literal["first", "total"]


@dataclass(frozen=True)
class Goal:
    """When indices count as settled.

    Attributes
    ----------
    width
        from end to end, the widest interval that will do
    ranked
        how many of the factors with the highest total index have to stand in order
    matters
        a factor whose total index is below this with all of its interval is left out

    Raises
    ------
    InputError
        ``sweep_goal``
    """

    width: float = 0.05
    ranked: int = 3
    matters: float = 0.05

    def __post_init__(self) -> None:
        if not (0.0 < self.width < 1.0 and self.ranked >= 0 and 0.0 <= self.matters < 1.0):
            raise refused("sweep_goal", "", width=self.width, ranked=self.ranked, matters=self.matters)


@dataclass(frozen=True)
class Verdict:
    """Whether the indices of a result are settled.

    Attributes
    ----------
    code
        ``converged``; ``too_wide``: an interval is wider than the goal; ``order_open``: two of the first factors may
        yet change places (told only where no interval is too wide)
    points
        base points now
    needed
        base points in all that are expected to settle it, a power of two; `points` where it is settled
    matter
        numbers of the factors that matter, the highest total index first
    widest, widest_factor, widest_kind
        the widest interval among them, whose, and of which index; 0, None and None where nothing matters
    open_pair
        the two factors whose order is open, the higher first; the ones that ask for most points
    goal
        what was asked
    """

    code: Literal["converged", "too_wide", "order_open"]
    points: int
    needed: int
    matter: tuple[int, ...]
    widest: float
    widest_factor: int | None
    widest_kind: Kind | None
    open_pair: tuple[int, int] | None
    goal: Goal

    @property
    def more(self) -> int:
        """Base points still to be run."""
        return self.needed - self.points


def verdict(indices: SobolIndices, goal: Goal | None = None) -> Verdict:
    """Say whether first-order and total indices are settled, and how many base points it takes."""
    asked = goal or Goal()
    order = np.argsort(-indices.total.value, kind="stable")
    matter = tuple(int(j) for j in order if indices.total.high[j] >= asked.matters)
    widest, factor, kind = _widest(indices, matter)
    for_width = (widest / asked.width) ** 2
    for_order, pair = _for_order(indices, matter[: asked.ranked], asked)
    code: Literal["converged", "too_wide", "order_open"] = "converged"
    if for_width > 1.0:
        code = "too_wide"
    elif for_order > 1.0:
        code = "order_open"
    needed = _power_of_two(indices.points * max(for_width, for_order)) if code != "converged" else indices.points
    return Verdict(code, indices.points, needed, matter, widest, factor, kind, pair, asked)


def _widest(indices: SobolIndices, matter: tuple[int, ...]) -> tuple[float, int | None, Kind | None]:
    """Widest interval of those that matter."""
    kinds: tuple[tuple[Kind, Estimated], ...] = (("first", indices.first), ("total", indices.total))
    every = [(float(of.width[j]), j, kind) for kind, of in kinds for j in matter]
    return max(every, key=lambda one: one[0], default=(0.0, None, None))


def _for_order(indices: SobolIndices, first: tuple[int, ...], goal: Goal) -> tuple[float, tuple[int, int] | None]:
    """How many times the points it takes to tell neighbours apart, and the pair that asks for most.

    Two neighbours are told apart when the interval of their difference leaves out zero, or when it lies within the
    width of the goal: then they are as good as equal, and their order does not matter.
    """
    worst: tuple[float, tuple[int, int] | None] = (1.0, None)
    for higher, lower in pairwise(first):
        of = indices.total
        gap = of.value[[higher]] - of.value[[lower]]
        difference = indices.resampling.estimated(gap, of.resampled[:, [higher]] - of.resampled[:, [lower]])
        half, apart = float(difference.width[0]) / 2, abs(float(gap[0]))
        apart_for = half / apart if apart else np.inf
        equal_for = half / (goal.width - apart) if apart < goal.width else np.inf
        times = min(apart_for, equal_for) ** 2
        if times > worst[0]:
            worst = (times, (higher, lower))
    return worst


def _power_of_two(points: float) -> int:
    """Return the power of two at or above a number."""
    return 1 << int(np.ceil(np.log2(points)))
