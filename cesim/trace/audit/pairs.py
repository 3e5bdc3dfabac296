"""Two weighings of one lot: what the shipper wrote beside what the receiver wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.audit.moves import RECEIVING, SHIPPING, Moves, handed, joined
from cesim.trace.audit.slips import is_slip, log_ratio
from cesim.trace.audit.weighing import Weighing, sigmas_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

OUTSIDE: Final = ("elsewhere",)
"""Roles of works in other regions: what is shipped to them may leave the ledger."""


@dataclass(frozen=True)
class Pairs:
    """Handovers of which both sides have written.

    Attributes
    ----------
    lot, shipping, receiving : (pair,)
        What was handed over, and the records that say so.
    sent_mg, received_mg : (pair,)
    sigmas : (pair,)
        Size of the difference in standard deviations.
    reported, sure : (pair,)
        More than luck; beyond doubt.
    slip : (pair,)
        1 where the shipper wrote a thousand times what the receiver did, -1 the other way round, else 0.
    """

    lot: Whole
    shipping: Whole
    receiving: Whole
    sent_mg: Whole
    received_mg: Whole
    sigmas: Floats
    reported: Bools
    sure: Bools
    slip: Whole

    def __len__(self) -> int:
        return len(self.lot)


@dataclass(frozen=True)
class Missing:
    """Handovers of which one side has written nothing.

    Attributes
    ----------
    lot, record : (row,)
        What was handed over, and the record that is there.
    by : (row,)
        Actor whose record is missing.
    """

    lot: Whole
    record: Whole
    by: Whole


def pairs(
    entries: Entries, weighing: Weighing, transit_s: int = 0, outside: Sequence[str] = OUTSIDE
) -> tuple[Pairs, Missing]:
    """Lay records of shipping and of receiving side by side.

    A lot that goes the same way several times is paired in the order of time. A record that names no partner or no lot
    is left out; so are shipments of the last `transit_s` seconds, which may still be on the road.

    Parameters
    ----------
    entries
        As written.
    weighing
        Scales of the actors.
    transit_s
        The longest that a shipment is on the road, s.
    outside
        Roles of those whose receipts are not expected here.
    """
    sent, got = _told(entries, SHIPPING), _told(entries, RECEIVING)
    actors = len(entries.names.actors)
    of_sent = (sent.lot * actors + sent.actor) * actors + entries.partner[sent.record]
    of_got = (got.lot * actors + entries.partner[got.record]) * actors + got.actor
    first, second = _in_turn(of_sent, of_got)
    lonely = [np.ones(len(sent), dtype=bool), np.ones(len(got), dtype=bool)]
    lonely[0][first], lonely[1][second] = False, False
    alone = joined(sent.where(lonely[0]), got.where(lonely[1]))
    return _compared(sent.where(first), got.where(second), weighing), _missing(entries, alone, transit_s, outside)


def _in_turn(these: Whole, those: Whole) -> tuple[Whole, Whole]:
    """Return the places of what has the same key: the first of the one with the first of the other, and so on."""
    order, other = np.argsort(these, kind="stable"), np.argsort(those, kind="stable")
    keys, others = these[order], those[other]
    at = np.searchsorted(others, keys) + np.arange(len(keys)) - np.searchsorted(keys, keys)
    found = at < np.searchsorted(others, keys, side="right")
    return order[found], other[at[found]]


def _told(entries: Entries, step: int) -> Moves:
    moves = handed(entries, step)
    return moves.where((moves.lot >= 0) & (moves.actor >= 0) & (entries.partner[moves.record] >= 0))


def _compared(sent: Moves, got: Moves, weighing: Weighing) -> Pairs:
    told = (sent.mass_mg >= 0) & (got.mass_mg >= 0)
    off = np.where(told, (sent.mass_mg - got.mass_mg).astype(np.float64), 0.0)
    masses = [np.maximum(side.mass_mg, 0) for side in (sent, got)]
    sd = np.sqrt(weighing.between(sent.actor, masses[0], got.actor, masses[1]))
    ratio = log_ratio(sent.mass_mg, got.mass_mg)
    return Pairs(
        lot=sent.lot,
        shipping=sent.record,
        receiving=got.record,
        sent_mg=sent.mass_mg,
        received_mg=got.mass_mg,
        sigmas=sigmas_of(np.abs(off), sd),
        reported=weighing.reported(off, sd),
        sure=weighing.beyond_doubt(off, sd),
        slip=np.where(is_slip(ratio), np.sign(ratio), 0).astype(np.int64),
    )


def _missing(entries: Entries, alone: Moves, transit_s: int, outside: Sequence[str]) -> Missing:
    away = np.array([*(actor.role in outside for actor in entries.names.actors), False])
    late = entries.time_s[alone.record] > int(entries.time_s.max(initial=0)) - transit_s
    excused = late | away[entries.partner[alone.record]]
    alone = alone.where(~(excused & (entries.step[alone.record] == SHIPPING)))
    return Missing(alone.lot, alone.record, entries.partner[alone.record])
