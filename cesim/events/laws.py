"""Laws that hold in every run: of queues at each facility, and of mass in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.ledger.certificate import Certificate, Check
from cesim.ledger.lot_proof import prove_lots
from cesim.ledger.lot_reader import SavedRows
from cesim.ledger.lot_tables import EVENT_KINDS
from cesim.ledger.lot_writer import LotWriter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.events.facility import Statistics
    from cesim.events.simulation import Simulation
    from cesim.ledger.lot_balance import Tables

_MOVE = EVENT_KINDS.index("move")


def laws(simulation: Simulation) -> Certificate:
    """Return the proof of a run that has ended: mass from its tables, queues from its facilities.

    The tables of a folder are read back from it.
    """
    ledger = simulation.ledger
    tables: Tables = SavedRows(ledger.folder) if isinstance(ledger, LotWriter) else ledger
    queues = queue_laws(facility.statistics() for facility in simulation.facilities)
    return Certificate((*prove_lots(tables).checks, *queues, _contents(simulation, tables)), tolerance=0.0)


def queue_laws(seen: Iterable[Statistics]) -> tuple[Check, ...]:
    """Return, over all facilities, how far each law is off, in lots or lot seconds: whole numbers, without tolerance.

    Little's law on a sample path: the area under the count of lots is the sum of their sojourns, of those that wait,
    of those that are worked on; those not gone yet count with their time so far (J. D. C. Little, 2011).
    """
    laws_: dict[str, list[tuple[int, str]]] = {"little": [], "utilisation": [], "flow": []}
    for one in seen:
        pairs = (
            (one.inside_area, one.sojourn_sum),
            (one.waiting_area, one.wait_sum),
            (one.busy_area, one.service_sum),
        )
        laws_["little"].append((max(abs(area - total) for area, total in pairs), one.facility))
        beyond = max(0, one.busy_area - one.servers * one.seconds, one.busy - one.servers)
        laws_["utilisation"].append((beyond, one.facility))
        laws_["flow"].append((abs(one.came - one.left - one.inside), one.facility))
    return tuple(_law(name, found) for name, found in laws_.items())


def _law(name: str, found: list[tuple[int, str]]) -> Check:
    off, where = max(found, default=(0, ""))
    return Check(name, len(found), float(off), where if off else "")


def _contents(simulation: Simulation, tables: Tables) -> Check:
    """What went into each facility less what went out is what lies there, mg."""
    lots = simulation.lots
    count = len(simulation.facilities)
    total = np.zeros(count, dtype=np.int64)
    order = {name: number for number, name in enumerate(lots.facilities.names)}
    kind, facility = tables.column("event", "kind"), tables.column("event", "facility")
    to = np.where(kind == _MOVE, tables.column("event", "facility_to"), facility)
    names = tables.names.get("facility", ())
    number = np.array([order.get(name, -1) for name in names] or [-1])
    for sign, side, where in ((-1, "in", facility), (1, "out", to)):
        lot, event = tables.column(f"event_{side}", "lot"), tables.column(f"event_{side}", "event")
        mass = tables.column(f"event_{side}", "mass_mg")[lot >= 0]
        np.add.at(total, number[where[event[lot >= 0]]], sign * mass)
    held = list(lots.facility_of)
    there = np.array([lots.facility_of[lot] for lot in held], dtype=np.int64)
    np.subtract.at(total, there, lots.masses(held) if held else there)
    worst = int(np.argmax(np.abs(total))) if count else 0
    off = float(np.abs(total).max(initial=0))
    return Check("contents", count, off, simulation.facilities[worst].name if off else "")
