"""Both engines made to do the same: every lot as large as a year, no time, the coefficients and charges of the balance.

What then flows between two processes and two regions must be the same, item by item, substance by substance and origin
by origin, but for a milligram an operation.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.build import Chain
from cesim.events.chain.conversion import chain_laws
from cesim.events.chain.flowing import FLOWS, LOSSES, flow_of
from cesim.events.chain.material import COUNT, by_item, by_origin
from cesim.events.chain.plan import Capacities, ChainPlan, KnowledgePlan, Practice
from cesim.ledger.processes import kind
from cesim.ledger.substances import ITEMS, ORIGINS, PAIRS
from cesim.run.lot_flows import read_flows
from cesim.run.lot_plan import balance_of, names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.ledger.certificate import Certificate
    from cesim.ledger.flows import YearFlows
    from cesim.run.lot_flows import LotFlows
    from cesim.scenario.model import Scenario

_MG: Final = 1e9
Way = tuple[str, str, str, str]
"""Process from, process to, region from, region to."""
GATHERED: Final = ("assembly",)
"""Processes to which lots are delivered without saying in which region: compared by their sum."""
MIXING: Final = frozenset({"melt_down", "melting", "scrap_yard", "new_scrap", "dross"})
"""Processes at whose flows the balance writes elements of a whole mix, and spreads its paint evenly over the items."""


@dataclass(frozen=True)
class Mirror:
    """How well both engines agree.

    Attributes
    ----------
    ways
        Flows compared, each between two processes and two regions.
    cells
        Masses compared.
    worst_mg
        The largest difference.
    where
        The flow and the cell in which it stands.
    operations
        Of the lots: so many milligrams may be rounded.
    certificate
        The laws of the run.
    """

    ways: int
    cells: int
    worst_mg: float
    where: str
    operations: int
    certificate: Certificate

    @property
    def agrees(self) -> bool:
        """Whether the difference is within a milligram an operation."""
        return self.worst_mg <= self.operations and self.certificate.passed


def mirror(scenario: Scenario, year: int, seed: int = 0, lane: int = 0) -> Mirror:
    """Run a year of a scenario in both engines and compare every flow they share.

    Parameters
    ----------
    scenario
        All its regions are taken.
    year
        Of the balance.
    seed, lane
        Of the draws; lane 0 is the best estimate.

    Raises
    ------
    NoAnswer
        See `cesim.run.solve`.
    """
    regions = tuple(range(len(scenario.regions)))
    (balance,) = balance_of(scenario, seed, lane, year, year, regions)
    can = (tuple(Capacities() for _ in regions),)
    nowhere = np.zeros((len(regions), len(regions)))
    plan = ChainPlan(
        names_of(scenario), regions, (balance.plan,), can, Practice(), KnowledgePlan(), nowhere, instant=True
    )
    with tempfile.TemporaryDirectory() as folder:
        chain = Chain(plan, seed, Path(folder))
        chain.run()
        certificate = chain_laws(chain)
        flows = read_flows(Path(folder), year)
    here, there = _of_lots(flows), _of_balance(balance.flows)
    worst, where, cells = 0.0, "", 0
    for way in sorted(set(here) | set(there)):
        for cell in sorted(set(here[way]) | set(there[way])):
            cells += 1
            off = abs(here[way][cell] - there[way][cell])
            if off > worst:
                worst, where = off, " > ".join((*way, *cell))
    ways = len(set(here) | set(there))
    return Mirror(ways, cells, worst, where, chain.simulation.lots.events, certificate)


Cells = defaultdict[tuple[str, str], float]


def _empty() -> defaultdict[Way, Cells]:
    return defaultdict(lambda: defaultdict(float))


def _of_lots(flows: LotFlows) -> defaultdict[Way, Cells]:
    """Masses by flow and cell, mg: items, origins and (item, substance)."""
    found = _empty()
    for key, row in zip(flows.keys, flows.rows, strict=True):
        way = _way(key.process_from, key.process_to, key.region, key.region_to)
        cells = found[way]
        mixes = _mixes(way)
        if not mixes:
            for n in np.flatnonzero(by_item(row[None])[0]):
                cells["item", ITEMS[n]] += float(by_item(row[None])[0, n])
        for n in np.flatnonzero(by_origin(row[None])[0]):
            cells["origin", ORIGINS[n]] += float(by_origin(row[None])[0, n])
        for pair in np.flatnonzero(row[:COUNT]):
            item, what = PAIRS[pair]
            cells["element" if mixes else item, what] += float(row[pair])
    return found


def _of_balance(flows: YearFlows) -> defaultdict[Way, Cells]:
    """The same of the balance, for the flows that the chain has."""
    found = _empty()
    shared = set(_shared())
    for edge, origin, substance in flows.flows:
        if (kind(edge.process_from), kind(edge.process_to)) not in shared:
            continue
        for cell, mass in zip(edge.by_origin, origin[0] * _MG, strict=True):
            way = _way(edge.process_from, edge.process_to, cell.region, cell.region_to)
            found[way]["origin", cell.kind] += mass
            if not _mixes(way):
                found[way]["item", cell.alloy] += mass
        for cell, mass in zip(edge.by_substance, substance[0] * _MG, strict=True):
            way = _way(edge.process_from, edge.process_to, cell.region, cell.region_to)
            found[way]["element" if _mixes(way) else cell.alloy, cell.kind] += mass
    return found


def _mixes(way: Way) -> bool:
    return any(kind(process) in MIXING for process in way[:2])


def _shared() -> Iterator[tuple[str, str]]:
    """Kinds of processes between which lots of the chain go."""
    for begin, end in [*(flow_of(one, "part-6016", "6016") for one in FLOWS), *LOSSES.values()]:  # type: ignore[misc]
        yield kind(begin), kind(end)
    yield "alloy_sorting", "scrap_yard"
    yield "asr_sorting", "pelletising"


def _way(begin: str, end: str, region: str, region_to: str) -> Way:
    return (begin, end, region, "" if end in GATHERED else region_to)
