"""Courses that were solved, kept by what they were made from: what is asked twice is solved once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.again import STRANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from numpy.typing import NDArray

    from cesim.balance.again import Course

    Floats = NDArray[np.float64]

SUMMED = ("melted", "compounded", "treated")
SHARE = {"metal": 0.25, "plastics": 0.25, "treated": 0.5}
"""Of the memory: there are most of what depends on both metal and plastics."""


@dataclass
class Strand:
    """One strand of a course that was solved, and what was worked out from it."""

    arrays: dict[str, Floats]
    """By their names in `Course`; never written again."""
    figures: dict[str, tuple[Hashable, Floats]] = field(default_factory=dict)
    """By name: what it was worked out with, and what it is."""

    def figure(self, name: str, given: Hashable, make: Callable[[], Floats]) -> Floats:
        """What is worked out from the strand and something given, once where the same is given again."""
        known = self.figures.get(name)
        if known is None or known[0] != given:
            known = self.figures[name] = given, make()
        return known[1]

    @property
    def size(self) -> int:
        """Bytes; a figure that is part of an array takes none."""
        figures = (figure for _, figure in self.figures.values() if figure.base is None)
        return sum(own.nbytes for own in (*self.arrays.values(), *figures))


class Strands:
    """One strand of many courses, the one used longest ago let go first where they would take too much memory.

    The first one is never let go: most others begin as it does.
    """

    def __init__(self, strand: str, memory: int) -> None:
        self.names, self.most = STRANDS[strand], SHARE[strand] * memory
        self.solved = 0
        """How many were solved."""
        self._held: OrderedDict[bytes, tuple[Strand, tuple[bytes, ...]]] = OrderedDict()
        self._through: dict[bytes, bytes] = {}
        self._first: bytes | None = None

    def find(self, trail: Sequence[bytes]) -> tuple[Strand | None, int]:
        """What is held with the longest beginning in common, and how many years that is."""
        for year in range(len(trail) - 1, -1, -1):
            found = self._through.get(trail[year])
            if found is not None:
                self._held.move_to_end(found)
                return self._held[found][0], year
        return None, 0

    def keep(self, trail: tuple[bytes, ...], course: Course) -> Strand:
        """Keep a strand of a course."""
        own = Strand({name: _by_sum(name, getattr(course, name)) for name in self.names})
        self._held[trail[-1]] = own, trail
        for mark in trail:  # who came first has the beginning: most others begin as the first of all does
            self._through.setdefault(mark, trail[-1])
        self.solved += 1
        self._first = self._first or trail[-1]
        # figures are worked out after a strand is kept: those of the last one count when the next one comes
        while len(self._held) > 2 and sum(held.size for held, _ in self._held.values()) > self.most:
            self._let_go()
        return own

    def forget(self) -> None:
        """Let all go but the first."""
        while len(self._held) > 1:
            self._let_go()

    def _let_go(self) -> None:
        last = next(mark for mark in self._held if mark != self._first)
        _, trail = self._held.pop(last)
        for mark in trail:
            if self._through.get(mark) == last:
                del self._through[mark]


def _by_sum(name: str, array: Floats) -> Floats:
    """Sums by region (Y, D, sum, R), of which each stands together in memory; that is how the indicators take them."""
    if name not in SUMMED:
        return array
    return np.ascontiguousarray(array.transpose(2, 3, 0, 1)).transpose(2, 3, 0, 1)
