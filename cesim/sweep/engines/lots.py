"""The simulation lot by lot as a solver: one run is one lane of one scenario, from beginning to end.

What is uncertain in the scenario takes the value of the point, the same in every alternative and every replicate; a
replicate is other luck in the works and nothing else. Luck belongs to the seed, the point and the replicate, so that
alternatives share it. Without columns, point *p* in replicate 0 has the bits of lane *p* + 1 of `cesim lots`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.errors import InputError
from cesim.events.memory import give_back
from cesim.sweep.engines.lot_figures import LOT_FIGURES, LotYear, figures_of
from cesim.sweep.engines.points import Points, source_of, way_of
from cesim.sweep.engines.reasons import NotProvedError, failure
from cesim.sweep.engines.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.run.lot_task import LotTask
    from cesim.scenario.model import Scenario
    from cesim.sweep.solving import Batch

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Check = Callable[[int, Mapping[int, LotYear]], None]

BROKEN: Final = "mass_not_kept"
"""Code with which a run stops in which a law does not hold."""


@dataclass(frozen=True)
class LotsRecipe(Points):
    """A sweep lot by lot.

    Attributes
    ----------
    indicators
        of `cesim.sweep.engines.lot_figures`
    regions, years
        rows that are kept; all but those of the focus in the years from `first` to `last` have no values
    first, last
        years that are simulated
    batch
        cars that come as one lot
    traced
        whether casthouses read the records of the scenarios' section `reporting`, in place of simple ones
    """

    first: int = field(kw_only=True)
    last: int = field(kw_only=True)
    batch: int = field(default=20, kw_only=True)
    traced: bool = field(default=False, kw_only=True)

    @property
    def units(self) -> dict[str, str]:
        """Indicator -> unit."""
        return {name: LOT_FIGURES[name].unit for name in self.indicators}

    @property
    def together(self) -> int:
        """Runs do not share work."""
        return 1

    def solver(self) -> LotsSolver:
        """Make the solver."""
        return LotsSolver(self)


class LotsSolver:
    """Simulates run after run, each in a folder that is gone when it is done."""

    def __init__(self, recipe: LotsRecipe) -> None:
        from cesim.sweep.engines.scratch import Scratch

        self.recipe, self.shape = recipe, recipe.shape
        self._scratch = Scratch()
        self._ways = list(recipe.alternatives.values())

    def solve(self, runs: Ints, check: Check | None = None) -> Batch:
        """Return what runs come to.

        Parameters
        ----------
        check
            Called with a run and the years that stand in its rows; it raises where they cannot be.
        """
        runs = np.unique(np.asarray(runs, dtype=np.int64))
        sheet = Sheet(self.shape, runs, self.recipe.units)
        for at in range(runs.size):
            own, begun = runs[at : at + 1], time.perf_counter()
            try:
                sheet.put(own, *self._values(int(own[0]), check))
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is the run's own and told of it
                sheet.fail(own, failure(_told(error)))
            sheet.took(own, time.perf_counter() - begun)
        return sheet.batch()

    def _values(self, run: int, check: Check | None) -> tuple[Floats, list[int]]:
        """What a run came to (1, row, indicator), and the rows of which it says nothing."""
        task, shape = self._task(run), self.shape
        with self._scratch.run(run) as folder:
            years = simulated(task, folder)
        give_back()  # a chain knows itself by its works: it would stay beside the next one
        focus = focus_names(task.scenario)
        rows = {
            row: years[year]
            for row, (region, year) in enumerate(product(shape.regions, shape.years))
            if region in focus and year in years
        }
        if check is not None:
            check(run, rows)
        values = np.full((1, shape.rows, len(shape.indicators)), np.nan)
        for row, one in rows.items():
            figures = figures_of(one)
            found = (figures[name] for name in shape.indicators)
            values[0, row] = [np.nan if figure is None else figure for figure in found]
        empty = [row for row in range(shape.rows) if row not in rows]
        return values, empty

    def _task(self, run: int) -> LotTask:
        from cesim.run.lot_plan import in_focus
        from cesim.run.lot_task import LotTask

        recipe, cell = self.recipe, self.shape.cell(run)
        source = source_of(recipe, np.array([cell.point], dtype=np.int64), 0)
        scenario = self._ways[cell.alternative][int(way_of(recipe, source)[0])]
        return LotTask(
            scenario, recipe.seed, cell.point + 1, recipe.first, recipe.last, in_focus(scenario), recipe.batch,
            traced=recipe.traced, draws=source, replicate=cell.replicate,
        )  # fmt: skip


def simulated(task: LotTask, folder: Path) -> dict[int, LotYear]:
    """Run a task in an empty folder and return its years.

    Raises
    ------
    NotProvedError
        where a law does not hold
    InputError, NoAnswer
        see `cesim.run.lot_task`
    """
    from cesim.ledger.lot_reader import SavedRows
    from cesim.run.lot_outcome import transport_of
    from cesim.run.lot_task import begun, ended, planned
    from cesim.sweep.engines.lot_counts import Counting

    plan, balance = planned(task)
    chain = begun(task, plan, folder)
    counting = Counting(chain, task.hears)
    chain.run(step=counting)
    told, _ = ended(task, chain, balance, folder)
    _check(told["laws"])
    tables = SavedRows(folder)
    years = {}
    for number, counts in enumerate(counting.years):
        rows = [row for row in told["indicators"] if row["year"] == task.first + number]
        here, there = (
            {row["indicator"]: float(row[engine]) for row in rows if row[engine] is not None}
            for engine in ("lots", "balance")
        )
        years[task.first + number] = LotYear(here, there, counts, transport_of(tables, chain, number))
    return years


def _check(laws: Mapping[str, Any]) -> None:
    """Refuse what does not balance."""
    if not laws["passed"]:
        broken = [law for law in laws["checks"] if not law["worst"] <= laws["tolerance"]]
        told = "; ".join(f"{law['name']} {law['where']} {law['worst']:.1e}" for law in broken)
        raise NotProvedError(f"laws: {told}")


def _told(error: Exception) -> Exception:
    """Return the error as what it is: a run that stops because mass is not kept is one that is not proved."""
    if isinstance(error, InputError) and error.faults[0].code == BROKEN:
        return NotProvedError(f"laws: {failure(error).reason}")
    return error


def focus_names(scenario: Scenario) -> frozenset[str]:
    """Return the names of regions and groups that are the focus: it is all that is simulated."""
    from cesim.run.series import groups

    there = groups(scenario)
    focus = sorted(there[scenario.report.focus_id])
    return frozenset(name for name, members in there.items() if sorted(members) == focus)
