"""Aluminium from the scrap yard to finished parts: all casthouses of a run, and what their lots are as flows."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Final

from cesim.events.chain import forming, melting
from cesim.events.chain.casthouse import Casthouse
from cesim.events.chain.outcome import MetalOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cesim.events.chain.plan import ChainPlan
    from cesim.events.simulation import Simulation
    from cesim.ledger.informant import Informant

FLOWS: Final[Mapping[str, tuple[str, str]]] = melting.FLOWS | forming.FLOWS
LOSSES: Final[Mapping[tuple[str, str], tuple[str, str]]] = melting.LOSSES | forming.LOSSES
SINKS: Final = (*melting.SINKS, *forming.SINKS)
SOURCES: Final = (*melting.SOURCES, *forming.SOURCES)


def casthouses(
    simulation: Simulation, plan: ChainPlan, starts: Sequence[int], informant: Informant
) -> dict[int, Casthouse]:
    """Build the casthouses of all melting regions inside; return them by region.

    Parameters
    ----------
    simulation
        The run; `SINKS` and `SOURCES` are entered in its accounts, and its columns are those of `material`.
    plan
        Of the chain.
    starts
        Seconds at which its years begin, and the last ends.
    informant
        Who keeps records.
    """
    melters = plan.years[0].metal.melters
    return {
        region: Casthouse(simulation, plan, melter, starts, informant)
        for melter, region in enumerate(melters)
        if region in plan.inside
    }


def outcome(houses: Iterable[Casthouse]) -> MetalOutcome:
    """Return what became of the metal, over all casthouses."""
    return reduce(add, (house.outcome for house in houses), MetalOutcome())
