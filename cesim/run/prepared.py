"""A scenario held ready: change some of its paths and have the indicators again, draw by draw.

    with prepare("chubu-2035", draws=1000) as prepared:
        answer = prepared.evaluate({"plan.measures.libs_shared.level": 0.5})
        answer.draws("h1_horizontal_rate_6xxx", "chubu", 2035)

Everything a change does not touch is kept: numbers drawn, fleet and cohorts, treatment and works, and the years before
the first that differs from anything solved before. What is read by what is noted while it is compiled, and arrays are
known by their bytes; no list of paths decides. What was not solved before is solved in full, to the bits a run of the
changed scenario gives, so an answer does not depend on what was asked before it.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.again import STRANDS
from cesim.errors import Fault, InputError
from cesim.run.accumulate import sample
from cesim.run.asked import check_asked
from cesim.run.evaluated import NAMES
from cesim.run.held import HeldBlock, can_hold
from cesim.run.periods import balance_years
from cesim.run.said import Contents, Said
from cesim.run.series import groups
from cesim.run.solve import BLOCK, Plan, all_blocks, loaded_scenario, told_as_faults
from cesim.scenario.model import Scenario
from cesim.scenario.overrides import apply
from cesim.scenario.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.ledger.certificate import Certificate
    from cesim.run.held import Solved
    from cesim.run.solve import Gathered, Proof
    from cesim.scenario.load import Loaded

    Floats = NDArray[np.float64]

MEMORY = 1 << 30
"""Bytes that what was solved may take."""
AHEAD = 8
"""Scenarios that workers are set to before the first of them is waited for."""


@dataclass(frozen=True)
class Evaluated:
    """The indicators of a scenario, draw by draw.

    Attributes
    ----------
    names, regions, years
        the first three axes of `values`; regions and groups of them as in the table `indicators`
    values : (indicator, region, year, lane)
        lane 0 is the best estimate, lane i draw i - 1; NaN for a share of nothing
    solved_from
        first year whose metal was solved for this answer, and whose plastics; None where all was known
    heats
        allocation programmes solved, both kinds together, all lanes
    gap
        largest difference between what a heat holds and what it was asked for, relative to the heat, among those solved
    certificate
        of a run of the same scenario, where a proof was asked for
    """

    names: tuple[str, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]
    values: Floats
    solved_from: tuple[int | None, int | None]
    heats: int
    gap: float
    certificate: Certificate | None = None

    def lanes(self, indicator: str, region: str, year: int) -> Floats:
        """All lanes (lane,) of one indicator, the best estimate first."""
        own: Floats = self.values[self.names.index(indicator), self.regions.index(region), self.years.index(year)]
        return own

    def draws(self, indicator: str, region: str, year: int) -> Floats:
        """The draws (draw,) of one indicator; the best estimate where there is nothing else."""
        return sample(self.lanes(indicator, region, year))


def prepare(
    scenario: Scenario | Loaded[Scenario] | str | Path,
    draws: int = 1000,
    seed: int = 0,
    workers: int | None = None,
    *,
    memory: int = MEMORY,
) -> Prepared:
    """Compile and solve a scenario once, to evaluate changes of it; arguments as for `simulate`.

    `workers` are threads. It holds about 1 MB a draw for the scenario itself, and what was solved since, of which that
    used longest ago is let go beyond `memory` bytes.

    Raises
    ------
    InputError
        for a scenario that is wrong, or numbers that cannot be used
    NoAnswer
        when the model has no answer
    """
    asked = check_asked(draws=draws, seed=seed, workers=workers or os.cpu_count() or 1)
    loaded = loaded_scenario(scenario, None)
    plan = Plan.of(loaded.scenario, asked["seed"], asked["draws"])
    return Prepared(loaded, replace(plan, block=width(plan.lanes, asked["workers"])), asked["workers"], memory)


def width(lanes: int, workers: int) -> int:
    """Lanes of a block: as many blocks for each worker, none of them wider than those of a run, and no lane idle."""
    rounds = -(-lanes // (workers * BLOCK))
    return -(-lanes // (workers * rounds))


class Prepared:
    """A scenario compiled and solved, ready for changes; its threads end with `close` or a `with` block."""

    def __init__(self, loaded: Loaded[Scenario], plan: Plan, workers: int, memory: int = MEMORY) -> None:
        self.loaded, self.plan, self.workers = loaded, plan, workers
        self._contents = Contents()
        # a block belongs to one thread, so that nobody else reads or writes what it holds
        self._crew = [ThreadPoolExecutor(1) for _ in range(min(workers, len(plan.starts)))]
        self._blocks: list[HeldBlock] = []
        if can_hold(plan.scenario):
            said = Said(self._contents, plan.scenario)
            with told_as_faults():
                held = [
                    member.submit(HeldBlock, plan, start, said, memory * plan.width // plan.lanes)
                    for member, start in zip(cycle(self._crew), plan.starts, strict=False)
                ]
                self._blocks = [block.result() for block in held]
        self.base = self.solve(plan.scenario)
        """The indicators of the scenario itself."""

    def __enter__(self) -> Prepared:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the threads; what they were asked and have not begun is not done."""
        for member in self._crew:
            member.shutdown(cancel_futures=True)

    @property
    def solved(self) -> dict[str, int]:
        """Courses of the metal, the plastics and the masses treated solved so far, the widest count of any block."""
        return {name: max((own.strands[name].solved for own in self._blocks), default=0) for name in STRANDS}

    def forget(self) -> None:
        """Let go what was solved since the scenario itself was; it costs time, and changes nothing."""
        for block in self._blocks:
            block.forget()

    def evaluate(self, changes: Mapping[str, object], *, prove: bool = False) -> Evaluated:
        """Set dotted paths and return the indicators, bit for bit those of a run of the changed scenario.

        Every heat that is solved again is held against what was asked of it, limits and mass, and refused where it
        misses; `Evaluated.gap` tells the largest gap. This is no proof of the mass balance: flows and stocks are not
        written, so there is nothing to add up a second time. With ``prove`` a run is made beside: its indicators must
        have the same bits, and its certificate is handed out with them. That takes as long as a run.

        Raises
        ------
        InputError
            for a path or value that cannot be used
        NoAnswer
            when the changed scenario has no answer
        ArithmeticError
            when a run made beside has other bits
        """
        return self.solve(self._changed(changes), prove=prove)

    def solve(self, scenario: Scenario, *, prove: bool = False) -> Evaluated:
        """Return the indicators of a scenario, bit for bit those of a run of it; see `evaluate`.

        For scenarios made by replacing values of the model, which saves reading them again. A scenario may differ from
        the one held in whatever it says, its years and regions too; what it shares with it is kept.
        """
        answer = self._ask(scenario)()
        return self._prove(scenario, answer) if prove else answer

    def solve_all(self, scenarios: Iterable[Scenario]) -> Iterator[Evaluated]:
        """Yield the indicators of many scenarios, in their order, each as `solve` gives them.

        Workers go on to the next scenarios while others are busy, a few scenarios ahead of the one that is handed out.
        Where the caller stops, or one of them has no answer, those ahead are let go.
        """
        ahead: deque[Answer] = deque()
        try:
            for scenario in scenarios:
                ahead.append(self._ask(scenario))
                if len(ahead) > AHEAD:
                    yield ahead.popleft()()
            while ahead:
                yield ahead.popleft()()
        finally:
            for answer in ahead:
                answer.let_go()

    def _ask(self, scenario: Scenario) -> Answer:
        """Set the workers to a scenario."""
        if not isinstance(scenario, Scenario):
            raise InputError([Fault("no_scenario", arguments={"found": type(scenario).__name__})])
        if not self._blocks or not can_hold(scenario):
            return Answer(lambda: self._plainly(scenario))
        names, years = tuple(groups(scenario)), tuple(int(year) for year in balance_years(scenario))
        values = np.empty((len(NAMES), len(names), len(years), self.plan.lanes))
        said = Said(self._contents, scenario)
        jobs = [
            member.submit(block.evaluate, scenario, said, values)
            for member, block in zip(cycle(self._crew), self._blocks, strict=False)
        ]
        return Answer(lambda: _gathered(names, years, values, jobs), jobs)

    def _changed(self, changes: Mapping[str, object]) -> Scenario:
        tree, faults = apply(self.loaded.tree, changes)
        if faults:
            raise InputError(faults)
        return validate(tree, Scenario)

    def _plainly(self, scenario: Scenario) -> Evaluated:
        """Solve everything, by the engine that writes its flows: where loops are not compiled, or do not fit."""
        gathered = self._run(scenario)
        names, years = tuple(groups(scenario)), tuple(int(year) for year in balance_years(scenario))
        return Evaluated(NAMES, names, years, run_values(gathered, names, years), (years[0], years[0]), 0, 0.0)

    def _run(self, scenario: Scenario) -> Gathered:
        return all_blocks(Plan(scenario, self.plan.seed, self.plan.lanes), self.workers, None)

    def _prove(self, scenario: Scenario, answer: Evaluated) -> Evaluated:
        gathered = self._run(scenario)
        if not np.array_equal(run_values(gathered, answer.regions, answer.years), answer.values, equal_nan=True):
            raise ArithmeticError("a re-evaluation gave other bits than a run of the same scenario")
        return replace(answer, certificate=gathered.certificate)


class Answer:
    """An answer that workers are busy with: call it to have it."""

    def __init__(self, have: Callable[[], Evaluated], jobs: Sequence[Future[Solved]] = ()) -> None:
        self._have, self._jobs = have, jobs

    def __call__(self) -> Evaluated:
        """Wait for the answer; raises what `Prepared.solve` does."""
        try:
            with told_as_faults():
                return self._have()
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Do not begin what has not begun."""
        for job in self._jobs:
            job.cancel()


def _gathered(
    names: tuple[str, ...], years: tuple[int, ...], values: Floats, jobs: Sequence[Future[Solved]]
) -> Evaluated:
    """What the blocks of a scenario wrote, once all have."""
    solved = [job.result() for job in jobs]
    first = (_year(years, min(own.first[strand] for own in solved)) for strand in ("metal", "plastics"))
    heats, gap = sum(own.heats for own in solved), max(own.gap for own in solved)
    return Evaluated(NAMES, names, years, values, (next(first), next(first)), heats, gap)


def _year(years: tuple[int, ...], at: int) -> int | None:
    return years[at] if at < len(years) else None


def run_values(gathered: Gathered | Proof, regions: tuple[str, ...], years: tuple[int, ...]) -> Floats:
    """Return the indicators of a run, as `Evaluated.values`."""
    series = gathered.series
    rows = [[[series.lanes((name, region, str(year))) for year in years] for region in regions] for name in NAMES]
    return np.array(rows)
