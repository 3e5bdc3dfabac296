"""One lot-by-lot run: a lane of a scenario over some years, with some limits switched off."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from cesim.events.chain.build import Chain, resumed
from cesim.events.chain.conversion import chain_laws
from cesim.events.chain.plan import ChainPlan
from cesim.events.simulation import CHECKPOINT
from cesim.ledger.lot_tables import TABLES
from cesim.quantities import KeyedSource
from cesim.run.compile import compile_factors
from cesim.run.compile_facilities import compile_facilities
from cesim.run.lot_flows import flows_frame, read_flows
from cesim.run.lot_limits import without
from cesim.run.lot_outcome import outcome_of
from cesim.run.lot_plan import balance_of, names_of
from cesim.run.sampler import Sampler

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from cesim.ledger.informant import Informant
    from cesim.quantities import DrawSource
    from cesim.run.lot_flows import LotFlows
    from cesim.run.lot_plan import BalanceYear
    from cesim.scenario.model import Scenario
    from cesim.trace.platforms.network import Network

    Floats = NDArray[np.float64]

DONE: Final = "outcome.json"
"""The file that a task leaves when it is done."""


@dataclass(frozen=True)
class LotTask:
    """What is run.

    Attributes
    ----------
    lane
        0 is the best estimate, then come the draws.
    regions
        Numbers of the regions that are simulated lot by lot.
    batch
        Cars that come as one lot.
    off
        Limits that are switched off.
    traced
        Whether casthouses read the records of the scenario's section `reporting`, in place of simple ones.
    silent
        Name of an actor who writes nothing in a traced run; empty for nobody.
    draws
        Where what is uncertain in the scenario comes from, as its first draw; by default from seed and lane.
    replicate
        0 is the luck of a plain run; every other number is other luck in the works, and nothing else.
    """

    scenario: Scenario
    seed: int
    lane: int
    first: int
    last: int
    regions: tuple[int, ...]
    batch: int = 1
    off: tuple[str, ...] = ()
    traced: bool = False
    silent: str = ""
    draws: DrawSource | None = None
    replicate: int = 0

    @property
    def sampler(self) -> Sampler:
        """What is uncertain in the scenario."""
        if self.draws is not None:
            return Sampler(self.draws, 1, 1)
        return Sampler(KeyedSource(self.seed), self.lane, 1)

    @property
    def luck(self) -> Lane:
        """Luck in the works."""
        return Lane(KeyedSource(self.seed), self.lane, self.replicate)

    @property
    def hears(self) -> bool:
        """Whether casthouses ask a network of platforms; where all is known they need not."""
        return self.traced and "knowledge" not in self.off

    @property
    def name(self) -> str:
        """What the folder of the task is called."""
        silent = [f"silent-{self.silent.replace(' ', '-')}"] if self.silent else []
        again = [f"replicate-{self.replicate}"] if self.replicate else []
        return "-".join([f"lane-{self.lane:05}", *again, *(f"without-{limit}" for limit in self.off), *silent])


@dataclass(frozen=True)
class Lane:
    """The luck of a lane: the same for all limits, another for another lane."""

    source: KeyedSource
    lane: int
    replicate: int = 0

    def u(self, name: str, first: int, count: int) -> Floats:
        """Return draws of a stream."""
        again = f"replicate {self.replicate} " if self.replicate else ""
        return self.source.u(f"lots {self.lane} {again}{name}", first, count)


def planned(task: LotTask) -> tuple[ChainPlan, tuple[BalanceYear, ...]]:
    """Return what the chain is given, and the years of the balance that it comes from.

    Raises
    ------
    InputError
        ``no_facilities``
    NoAnswer
        See `cesim.run.solve`.
    """
    scenario = task.scenario
    sampler = task.sampler
    works = [compile_facilities(scenario, sampler, year) for year in range(task.first, task.last + 1)]
    years = tuple(balance_of(scenario, task.seed, task.lane, task.first, task.last, task.regions, task.draws))
    plan = ChainPlan(
        names_of(scenario), task.regions, tuple(year.plan for year in years), tuple(one.capacities for one in works),
        works[0].practice, replace(works[0].knowledge, bale_t=works[0].practice.load_t), works[0].distance_km,
    )  # fmt: skip
    if task.traced and plan.knowledge.records != "perfect":
        plan = replace(plan, knowledge=replace(plan.knowledge, records="simple"))  # there are records to wait for
    return without(plan, task.off), years


def _informant(task: LotTask, plan: ChainPlan, luck: Lane) -> Informant | None:
    """Return who keeps records; none where the plan says so. What a network takes is loaded for those who hear one."""
    if not task.hears:
        return None
    from cesim.run.trace.network import network_of

    return network_of(task, plan, luck)


def begun(task: LotTask, plan: ChainPlan, folder: Path) -> Chain:
    """Return the chain of a task, before its first month; its tables will lie in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    luck = task.luck
    return Chain(plan, luck, folder, task.batch, _informant(task, plan, luck))


def ended(
    task: LotTask, chain: Chain, balance: tuple[BalanceYear, ...], folder: Path
) -> tuple[dict[str, Any], LotFlows]:
    """Return the outcome of a chain that has run, with its laws, and the flows it stands on."""
    certificate = chain_laws(chain)
    factors = compile_factors(task.scenario, task.sampler)
    flows = read_flows(folder, task.first)
    told: dict[str, Any] = outcome_of(task, chain, balance, flows, folder, factors)
    told["laws"] = certificate.as_dict()
    return told, flows


def work(task: LotTask, folder: Path, step: Callable[[], None] | None = None) -> dict[str, Any]:
    """Run a task in a folder and return its outcome; one that was begun there is gone on with.

    Parameters
    ----------
    folder
        Where its tables lie.
    step
        Called at the end of every month.
    """
    done = folder / DONE
    if done.is_file():
        found: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
        return found
    plan, balance = planned(task)
    chain = resumed(folder) if (folder / CHECKPOINT).is_file() else begun(task, plan, folder)
    chain.run(save=True, step=step)
    told, flows = ended(task, chain, balance, folder)
    if task.hears:
        from cesim.run.trace.network import save_network

        told["network"] = save_network(cast("Network", chain.informant), folder)
    if task.lane == 0 and not task.off and not task.silent:
        flows_frame(flows).to_parquet(folder / "flows.parquet", index=False)
    else:  # the tables of one lane are kept; a year of them is large
        for name in TABLES:
            shutil.rmtree(folder / name, ignore_errors=True)
    staged = done.with_suffix(".part")
    staged.write_text(json.dumps(told), encoding="utf-8")
    staged.replace(done)
    return told
