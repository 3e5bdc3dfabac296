"""The annual balance as a solver: points go through the draw axis in blocks, alternatives one after the other.

A block is compiled once for all alternatives, and what they share is solved once (`cesim.run.held`). What a run comes
to has the bits of a lane of `cesim run`, whatever stands beside it: lanes do not know each other.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.indicators import INDICATORS
from cesim.run.solve import BLOCK
from cesim.sweep.engines.points import Choice, Points, Rows, source_of, way_of
from cesim.sweep.engines.reasons import failure
from cesim.sweep.engines.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.sweep.engines.company import Company
    from cesim.sweep.solving import Batch

    Ints = NDArray[np.int64]

__all__ = ["BalanceRecipe", "BalanceSolver", "Choice", "Proofs", "Rows"]

Proofs = Literal["none", "some", "all"]
PROVED_EVERY: Final = 64
"""Of the blocks of points, where some are proved: the first, and then every so many."""
MEMORY: Final = 1 << 27
"""Bytes that what alternatives share may take, in each process."""


@dataclass(frozen=True)
class BalanceRecipe(Points):
    """A sweep by the annual balance.

    Attributes
    ----------
    proofs
        which blocks of points a full run must confirm, bit for bit, with a certificate that passes: none, some of them
        (the first and every 64th), or all
    memory
        bytes that what alternatives share may take, in each process
    """

    proofs: Proofs = "some"
    memory: int = MEMORY

    @property
    def units(self) -> dict[str, str]:
        """Indicator -> unit."""
        return {name: INDICATORS[name].unit for name in self.indicators}

    @property
    def together(self) -> int:
        """Runs of a block of points."""
        return BLOCK * self.shape.per_point

    def solver(self) -> BalanceSolver:
        """Make the solver."""
        return BalanceSolver(self)

    def is_proved(self, block: int) -> bool:
        """Whether a full run must confirm a block of points."""
        return self.proofs == "all" or (self.proofs == "some" and block % PROVED_EVERY == 0)


class BalanceSolver:
    """Solves runs block by block of points."""

    def __init__(self, recipe: BalanceRecipe) -> None:
        from cesim.sweep.engines.company import Bureau

        self.recipe, self.shape = recipe, recipe.shape
        self._bureau = Bureau(recipe.memory)
        self._ways = list(recipe.alternatives.values())

    def solve(self, runs: Ints) -> Batch:
        """Return what runs come to."""
        runs = np.unique(np.asarray(runs, dtype=np.int64))
        sheet = Sheet(self.shape, runs, self.recipe.units)
        for block in np.unique(runs // self.recipe.together):
            self._block(runs[runs // self.recipe.together == block], int(block), sheet)
        return sheet.batch()

    def _block(self, runs: Ints, block: int, sheet: Sheet) -> None:
        """Solve runs of one block of points."""
        begun = time.perf_counter()
        try:
            for replicate, company in self._companies(runs, block):
                for answer in self._bureau.answers(company):
                    sheet.write(replicate, answer, company.scenarios[answer.alternative])
        except Exception as error:  # noqa: BLE001 -- a design without these points, or an error of this room
            sheet.fail(runs, failure(error))
        sheet.took(runs, time.perf_counter() - begun)

    def _companies(self, runs: Ints, block: int) -> Iterator[tuple[int, Company]]:
        """Yield the points that are asked for with the same alternatives, replicate by replicate."""
        from cesim.sweep.engines.company import Company

        rest, alternative = np.divmod(runs, len(self._ways))
        point, replicate = np.divmod(rest, self.shape.replicates)
        for own in np.unique(replicate):
            points = np.unique(point[replicate == own])
            asked = np.zeros((points.size, len(self._ways)), dtype=bool)
            asked[np.searchsorted(points, point[replicate == own]), alternative[replicate == own]] = True
            source = source_of(self.recipe, points, int(own))
            way = way_of(self.recipe, source)
            kinds, kind = np.unique(np.column_stack([way, asked]), axis=0, return_inverse=True)
            for n, (number, *wanted) in enumerate(kinds):
                scenarios = {one: self._ways[one][number] for one in np.flatnonzero(wanted).tolist()}
                part = source.taken(np.flatnonzero(kind.reshape(-1) == n))
                yield int(own), Company(part, scenarios, self.recipe.is_proved(block))
