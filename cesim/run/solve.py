"""Solve a scenario for all draws, in fixed blocks, and keep what the tables need.

Lanes are solved in blocks of a fixed width, the last one padded, so a draw has the same bits whatever its company.
Flows are reduced to mean and standard deviation as they come; indicator series are kept draw by draw, on disk when
they are many, so memory does not grow with the number of draws.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cesim.balance.chain import solve
from cesim.balance.fleet import NegativeSalesError
from cesim.charge.lexicographic import NotSolvedError
from cesim.errors import Fault, InputError, NoAnswer, Place
from cesim.indicators.formulas import Year, compute
from cesim.ledger.certificate import Auditor, Certificate, Incidence
from cesim.ledger.flows import Edges, FlowView, Layouts, Paper, levels_table
from cesim.quantities import KeyedSource
from cesim.run.accumulate import Moments, Series
from cesim.run.asked import check_asked
from cesim.run.binding import keep
from cesim.run.compile import compile_block
from cesim.run.periods import balance_years
from cesim.run.sampler import Sampler
from cesim.run.series import finish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cesim.balance.chain import YearResult
    from cesim.ledger.flows import Table
    from cesim.quantities import DrawSource
    from cesim.run.compile import Compiled
    from cesim.run.folder import Run
    from cesim.scenario.load import Loaded
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

BLOCK = 128
"""Lanes solved together."""


def simulate(
    scenario: Scenario | Loaded[Scenario] | str | Path,
    draws: int = 1000,
    seed: int = 0,
    *,
    overrides: Mapping[str, object] | None = None,
    progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
) -> Run:
    """Solve a scenario.

    Parameters
    ----------
    scenario
        a scenario, what `open_scenario` returned, or the path of a file
    draws
        1 is the best estimate; more (at most 100,000) are drawn from the declared ranges, the best estimate beside them
    seed
        of the keyed draws
    overrides
        dotted path -> value, for a path only
    progress
        called with (blocks done, blocks in all)
    workers
        processes to use, by default as many as there are processors; the result does not depend on it

    Raises
    ------
    InputError
        for a scenario that is wrong, or numbers that cannot be used
    NoAnswer
        when the model has no answer
    """
    from cesim.run.folder import assemble

    asked = check_asked(draws=draws, seed=seed, **({} if workers is None else {"workers": workers}))
    draws, seed = asked["draws"], asked["seed"]
    loaded = loaded_scenario(scenario, overrides)
    plan = Plan.of(loaded.scenario, seed, draws)
    gathered = all_blocks(plan, asked.get("workers"), progress)
    return assemble(loaded, plan, gathered, draws)


def loaded_scenario(scenario: Any, overrides: Mapping[str, object] | None) -> Loaded[Scenario]:
    """Return the scenario a caller means, with what it was made of; raises `InputError`."""
    from cesim.scenario.load import Loaded, open_scenario
    from cesim.scenario.model import Scenario

    if isinstance(scenario, Loaded):
        return scenario
    if isinstance(scenario, Scenario):
        if scenario.loaded is None or overrides:
            raise InputError([Fault("no_scenario", arguments={"found": "Scenario"})])
        held: Loaded[Scenario] = scenario.loaded
        return held
    if not isinstance(scenario, str | Path):
        raise InputError([Fault("no_scenario", arguments={"found": type(scenario).__name__})])
    return open_scenario(scenario, overrides or {})


@dataclass(frozen=True)
class Plan:
    """What is solved: a scenario, a seed, a number of lanes in blocks of fixed width.

    Where `draws` are given, they come from there and not from the seed.
    """

    scenario: Scenario
    seed: int
    lanes: int
    block: int = BLOCK
    draws: DrawSource | None = None

    @classmethod
    def of(cls, scenario: Scenario, seed: int, draws: int) -> Plan:
        """Return the plan of so many draws: beside more than one the best estimate has a lane of its own."""
        return cls(scenario, seed, 1 if draws == 1 else draws + 1)

    @property
    def width(self) -> int:
        """Lanes in a block; a lone best estimate has a block of its own."""
        return 1 if self.lanes == 1 else self.block

    @property
    def starts(self) -> range:
        """First lane of each block."""
        return range(0, self.lanes, self.width)

    def source(self) -> DrawSource:
        """Where the draws come from."""
        return KeyedSource(self.seed) if self.draws is None else self.draws


@dataclass
class Gathered:
    """What a block leaves, or several blocks together in order."""

    flows: Moments
    substances: Moments
    levels: Moments
    vehicles: Moments
    series: Series
    limits: Series
    """Which element binds (`binding`), what its limit costs (`price`) and lets in (`more`), by alloy and place."""
    certificate: Certificate

    def add(self, other: Gathered) -> None:
        """Take the next block in."""
        for mine, theirs in (
            (self.flows, other.flows), (self.substances, other.substances), (self.levels, other.levels),
            (self.vehicles, other.vehicles),
        ):  # fmt: skip
            mine.add(theirs)
        self.series.add(other.series)
        self.limits.add(other.limits)
        self.certificate = self.certificate.with_(other.certificate)


def all_blocks(plan: Plan, workers: int | None, progress: Callable[[int, int], None] | None) -> Gathered:
    """Solve all blocks of a plan and put them together."""
    from cesim.run.blocks import in_order

    gathered: Gathered | None = None
    total = len(plan.starts)
    if progress is not None:
        progress(0, total)
    for done, block in enumerate(in_order(plan, workers), start=1):
        if gathered is None:
            gathered = block
        else:
            gathered.add(block)
        del block  # or two blocks are held while the next one is solved
        if progress is not None:
            progress(done, total)
    assert gathered is not None
    return gathered


@dataclass(frozen=True)
class Proof:
    """What a block leaves that is solved to hold something else against it."""

    series: Series
    certificate: Certificate


@dataclass
class Bench:
    """What is worked out once for all blocks: the edges, their layout and which columns answer which question."""

    edges: Edges = field(default_factory=Edges)
    layouts: Layouts = field(default_factory=Layouts)
    view: FlowView = field(default_factory=FlowView)
    incidence: Incidence = field(default_factory=Incidence)


def solve_block(plan: Plan, start: int, bench: Bench) -> Gathered:
    """Solve one block of lanes.

    Raises
    ------
    NoAnswer
        when more cars survive than the stock allows, fewer are built than stay, or a charge has no optimum
    """
    with told_as_faults():
        return LaneBlock(plan, start, bench).run()


@contextmanager
def told_as_faults() -> Iterator[None]:
    """What the engines cannot answer is raised as `NoAnswer`."""
    try:
        yield
    except NegativeSalesError as error:
        told = {"found": f"{error.surplus:,.0f}", "year": error.year}
        raise NoAnswer([Fault("stock_below_survivors", Place(model="fleet.stock"), told)]) from error
    except NotSolvedError as error:
        raise NoAnswer([Fault("no_optimum", Place(model="remelting"), {"found": str(error)})]) from error


class LaneBlock:
    """Solves a block year by year and reduces each year to what is kept."""

    def __init__(self, plan: Plan, start: int, bench: Bench) -> None:
        self.plan, self.start, self.bench = plan, start, bench
        self.kept = min(plan.width, plan.lanes - start)
        scenario = plan.scenario
        self.regions = tuple(scenario.regions)
        self.years = balance_years(scenario)
        self.compiled: Compiled = compile_block(scenario, Sampler(plan.source(), start, plan.width))
        self.auditor = Auditor(start - 1, bench.incidence)
        self.paper = Paper()
        self.flows, self.substances, self.levels = Moments(), Moments(spreads=False), Moments()
        self.parts: list[dict[str, tuple[Floats, Floats | None]]] = []
        self.limits = Series()

    def run(self) -> Gathered:
        """Solve it and keep what the tables need."""
        proof = self.proof()
        return Gathered(
            self.flows, self.substances, self.levels, self._vehicles(), proof.series, self.limits.closed(),
            proof.certificate,
        )  # fmt: skip

    def proof(self) -> Proof:
        """Solve it year by year; each is reduced as it comes."""
        certificate: Certificate | None = None
        for result in solve(self.compiled.system, self.bench.edges):
            if result.limits is None:
                self.auditor.opening(levels_table(result.flows, self.bench.layouts))
                continue
            checked = self._year(result)
            certificate = checked if certificate is None else certificate.with_(checked)
            del result  # or the flows of two years are held while the next one is solved
        assert certificate is not None
        return Proof(finish(self.plan.scenario, self.years, self.parts, self.compiled, self.kept), certificate)

    def _year(self, result: YearResult) -> Certificate:
        year = result.flows.year
        flows, levels = result.flows.tables(self.bench.layouts, self.paper)
        at = year - int(self.years[0])
        counted = self.compiled.counted
        vehicles = {"scrapped": counted.scrapped[:, at].T, "exported": counted.exported[:, at].T}
        self.parts.append(compute(Year(self.bench.view, flows, self.regions, vehicles, self.compiled.factors)))
        checked = self.auditor.year(year, flows, levels)
        result.flows.flows.clear()  # the table holds them all
        self._keep(year, result, flows, levels)
        return checked

    def _keep(self, year: int, result: YearResult, flows: Table, levels: Table) -> None:
        """Reduce a year to what is kept of it beside the indicators."""
        first_is_best = self.start == 0
        self._limit(year, result)
        self.flows.take(year, flows.layout, flows.origin[: self.kept], first_is_best)
        self.substances.take(year, flows.layout, flows.substance[: self.kept], first_is_best)
        self.levels.take(year, levels.layout, levels.origin[: self.kept], first_is_best)

    def _limit(self, year: int, result: YearResult) -> None:
        """Keep which element stops more scrap, and what its limit costs, by alloy and site."""
        assert result.limits is not None
        sites = [self.regions[n] for n in self.compiled.system.metal.melters]
        report = self.plan.scenario.report
        keep(self.limits, year, result.limits.first(self.kept), sites, (report.focus_id, report.focus))

    def _vehicles(self) -> Moments:
        """Cars in use by region, as a stock."""
        out = Moments()
        for at, year in enumerate(self.years):
            out.take(int(year), self.regions, self.compiled.counted.stock[: self.kept, at], self.start == 0)
        return out
