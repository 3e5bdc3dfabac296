"""Bunkers of a compounder: pellets of one grade as a queue of milligrams, first in, first out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cesim.events.chain.blending import components
from cesim.events.chain.material import COUNT
from cesim.events.sharing import shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass
class Bunker:
    """What lies of one grade at a clearing, the lot that came first in front; it is drawn off from the front."""

    lots: Sequence[int]
    rows: Whole
    """(lot, column) mg"""
    drawn: int = 0
    """mg drawn off so far."""
    takers: list[tuple[int, int]] = field(default_factory=list)
    """Who drew, and up to which milligram."""

    def __post_init__(self) -> None:
        self._ends = np.concatenate([[0], self.rows[:, :COUNT].sum(axis=1).cumsum()])
        self._components = np.concatenate([np.zeros((1, 3), dtype=np.int64), components(self.rows).cumsum(axis=0)])

    @property
    def left(self) -> int:
        """Return what is not drawn off, mg."""
        return int(self._ends[-1]) - self.drawn

    def brought(self, mass: float) -> Floats:
        """Return polymer, filler and additive of the next milligrams, mg, (3,)."""
        return self._up_to(self.drawn + mass) - self._up_to(self.drawn)

    def _up_to(self, mass: float) -> Floats:
        """Polymer, filler and additive of so many milligrams from the front."""
        last = min(int(self._ends.searchsorted(mass)), len(self._ends) - 1)
        here: Floats = self._components[last].astype(np.float64)
        if last and self._ends[last] > mass:
            lot = self._components[last] - self._components[last - 1]
            here -= (self._ends[last] - mass) / (self._ends[last] - self._ends[last - 1]) * lot
        return here

    def draw(self, who: int, mass: int) -> None:
        """Let somebody draw off the next milligrams."""
        if mass:
            self.drawn += mass
            self.takers.append((who, self.drawn))

    def cuts(self, number: int) -> tuple[list[int], Whole]:
        """Return who takes of a lot (-1 what is left), and what each takes, mg, (taker, substance), exactly."""
        begin, end = int(self._ends[number]), int(self._ends[number + 1])
        if begin == end:  # a lot of nothing goes with the next
            return [next(taker for taker, up_to in self.takers if up_to > begin)], self.rows[[number], :COUNT]
        who, rows, here = [], [], begin
        rest = self.rows[number, :COUNT]
        for taker, up_to in [*self.takers, (-1, end)]:
            mass = min(up_to, end) - here
            if mass > 0:
                piece = shared(np.array([[mass]]), rest[None, :, None])[0, :, 0]
                who.append(taker)
                rows.append(piece)
                rest = rest - piece
                here += mass
        return who, np.array(rows)

    def touched(self) -> int:
        """Return how many lots are drawn on."""
        return int(np.searchsorted(self._ends[:-1], self.drawn)) if self.drawn else 0
