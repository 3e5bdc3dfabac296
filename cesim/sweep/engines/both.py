"""Both engines for every run, their columns side by side: what queues, yards and luck make of what the balance says.

Both take the same numbers. A replicate is other luck in the works, so lots differ between replicates; the balance knows
no such luck and says the same in all of them. (Where the balance is alone, a replicate redraws what does not vary.)

Lots start from a balance of their own, solved in full and on its way to them. It must say what the balance beside it
says, or the run is not proved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.run.lot_outcome import SHARED
from cesim.sweep.engines.reasons import NotProvedError
from cesim.sweep.solving import Batch, Cell, Failure, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.sweep.engines.balance import BalanceRecipe
    from cesim.sweep.engines.lot_figures import LotYear
    from cesim.sweep.engines.lots import LotsRecipe

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

COMPARED: Final = tuple(name for name in SHARED if name != "elv_count")
"""What both say of the same regions: lots count cars where they are dismantled, the balance where they were in use."""
TOLERANCE: Final = 1e-9
"""Between the two balances, relative: they add up the same numbers, at most in another order."""


@dataclass(frozen=True)
class BothRecipe:
    """A sweep by both engines.

    Attributes
    ----------
    balance
        with one replicate
    lots
        the same alternatives, points, regions and years; it says how many replicates there are
    """

    balance: BalanceRecipe
    lots: LotsRecipe

    def __post_init__(self) -> None:
        if self.balance.replicates != 1 or self.balance.shape.alternatives != self.lots.shape.alternatives:
            raise ValueError("the balance has one replicate and the alternatives of the lots")
        if (self.balance.regions, self.balance.years) != (self.lots.regions, self.lots.years):
            raise ValueError("both engines keep the same regions and years")

    @property
    def shape(self) -> Shape:
        """How runs are numbered: the columns of the balance come first."""
        lots = self.lots.shape
        indicators = (*self.balance.indicators, *lots.indicators)
        return Shape(lots.alternatives, lots.replicates, indicators, lots.regions, lots.years)

    @property
    def units(self) -> dict[str, str]:
        """Indicator -> unit."""
        return {**self.balance.units, **self.lots.units}

    @property
    def together(self) -> int:
        """Lots take nearly all of the time, and do not share work."""
        return 1

    def solver(self) -> BothSolver:
        """Make the solver."""
        return BothSolver(self)


class BothSolver:
    """Asks the balance, then simulates lots where it has an answer."""

    def __init__(self, recipe: BothRecipe) -> None:
        self.shape = recipe.shape
        kept = recipe.balance.indicators
        asked = (*kept, *(name for name in COMPARED if name not in kept))
        balance = replace(recipe.balance, indicators=asked)
        self._one, self._kept = balance.shape, len(kept)
        self._balance, self._lots = balance.solver(), recipe.lots.solver()

    def solve(self, runs: Ints) -> Batch:
        """Return what runs come to; one fails where either engine does, and says which."""
        runs = np.unique(np.asarray(runs, dtype=np.int64))
        width = self._kept
        values = np.full((runs.size, self.shape.rows, len(self.shape.indicators)), np.nan)
        asked, place = np.unique([self._without_replicate(run) for run in runs.tolist()], return_inverse=True)
        there = self._balance.solve(asked.astype(np.int64))
        times_asked = np.bincount(place, minlength=asked.size)
        seconds = there.seconds[place] / times_asked[place]
        failures = {
            int(run): _of("balance", there.failures[int(asked[at])])
            for run, at in zip(runs, place, strict=True)
            if int(asked[at]) in there.failures
        }
        held = np.array([int(run) not in failures for run in runs], dtype=bool)
        values[held, :, :width] = there.values[place[held], :, :width]
        if held.any():
            said = dict(zip(runs.tolist(), there.values[place], strict=True))
            here = self._lots.solve(runs[held], lambda run, rows: self._compare(said[run], rows))
            values[held, :, width:] = here.values
            seconds[held] += here.seconds
            failures |= {run: _of("lots", why) for run, why in here.failures.items()}
            values[[int(run) in here.failures for run in runs]] = np.nan
        return Batch(runs, values, seconds, dict(sorted(failures.items())))

    def _compare(self, said: Floats, rows: Mapping[int, LotYear]) -> None:
        """Refuse lots that start from another balance than what was said (row, indicator) of the same point."""
        for row, year in rows.items():
            for name in COMPARED:
                if name not in year.balance:  # a share of nothing
                    continue
                mine, theirs = float(said[row, self._one.indicators.index(name)]), year.balance[name]
                if not abs(mine - theirs) <= TOLERANCE * max(abs(mine), abs(theirs)):
                    raise NotProvedError(f"another balance: {name} {theirs:.12g}, not {mine:.12g}")

    def _without_replicate(self, run: int) -> int:
        """Return the number of the same run in a balance of one replicate."""
        cell = self.shape.cell(run)
        return self._one.run(Cell(cell.point, 0, cell.alternative))


def _of(engine: str, why: Failure) -> Failure:
    return Failure(why.status, f"{engine}: {why.reason}")
