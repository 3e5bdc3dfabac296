"""The network of platforms of a lot-by-lot run, as the scenario supposes it, and what it decided of each bale."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from cesim.run.trace.reporting import asked_of
from cesim.run.trace.words import actors_of
from cesim.trace.platforms.network import Network
from cesim.trace.platforms.network_plan import NetworkPlan, composition_plan
from cesim.trace.reporting.policies import from_mapping

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.events.chain.plan import ChainPlan
    from cesim.quantities.streams import UniformSource
    from cesim.run.lot_task import LotTask

DECIDED: Final = "decided.parquet"
"""What the network decided of each bale that came to a casthouse, beside the lot tables."""


def network_of(task: LotTask, plan: ChainPlan, luck: UniformSource) -> Network:
    """Return the network that the casthouses of a run ask.

    Raises
    ------
    InputError
        ``no_reporting``
    """
    asked = asked_of(task.scenario, task.last, sampler=task.sampler)
    names, habits = plan.names, dict(asked.habits)
    if task.silent:
        habits["actors"] = {**habits["actors"], task.silent: {"coverage": 0.0}}
    policies = from_mapping(habits, actors_of(names.regions))
    return Network(NetworkPlan(policies, composition_plan(asked.desk)), names.yard, names.regions, luck)


def save_network(network: Network, folder: Path) -> dict[str, Any]:
    """Write what a network decided into a folder; return the traffic of CMP and RMP with what casthouses heard."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    decided = network.decisions()
    names = [actor.name for actor in network.suppliers]
    decided_by = [names[number] for number in decided.pop("supplier").tolist()]
    pq.write_table(pa.table({**decided, "supplier": decided_by}), folder / DECIDED, compression="zstd")
    told = len(decided["lot"])
    traffic = {"cmp": asdict(network.cmp.traffic), "rmp": dict(network.rmp)}
    return {"bales": told, "covered": int(decided["covered"].sum()), "traffic": traffic}


def recording_suppliers(folder: Path) -> list[str]:
    """Return the names of those of whose bales there were records, by name."""
    import pyarrow.parquet as pq

    decided = pq.read_table(folder / DECIDED, columns=["supplier", "covered"]).to_pandas()
    return sorted(set(decided.loc[decided["covered"] > 0, "supplier"]))
