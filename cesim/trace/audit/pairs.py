"""Two weighings of one lot: what the shipper wrote beside what the receiver wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.audit.moves import RECEIVING, SHIPPING, Moves, handed
from cesim.trace.audit.slips import is_slip, log_ratio
from cesim.trace.audit.weighing import Weighing, sigmas_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


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


def pairs(entries: Entries, weighing: Weighing, transit_s: int = 0) -> tuple[Pairs, Missing]:
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
    """
    sent, got = _told(entries, SHIPPING), _told(entries, RECEIVING)
    key = np.concatenate(
        [
            np.stack([sent.lot, sent.actor, entries.partner[sent.record]]),
            np.stack([got.lot, entries.partner[got.record], got.actor]),
        ],
        axis=1,
    )
    side = np.repeat([0, 1], [len(sent), len(got)])
    order = np.lexsort((np.arange(len(side)), side, key[2], key[1], key[0]))
    rank = _ranks(np.vstack([key, side])[:, order])
    full = np.vstack([key[:, order], rank])
    again = np.lexsort((side[order], full[3], full[2], full[1], full[0]))
    full, order = full[:, again], order[again]
    same = np.append((full[:, 1:] == full[:, :-1]).all(axis=0), False)
    first, second = order[same], order[np.roll(same, 1)] - len(sent)
    alone = order[~(same | np.roll(same, 1))]
    return _compared(sent, got, first, second, weighing), _missing(entries, sent, got, alone, transit_s)


def _told(entries: Entries, step: int) -> Moves:
    moves = handed(entries, step)
    return moves.where((moves.lot >= 0) & (moves.actor >= 0) & (entries.partner[moves.record] >= 0))


def _ranks(keys: Whole) -> Whole:
    """Return the place of each column among equal columns that follow each other."""
    if not keys.shape[1]:
        return np.zeros(0, dtype=np.int64)
    begins = np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0))
    first = np.flatnonzero(begins)
    return np.asarray(np.arange(keys.shape[1]) - np.repeat(first, np.diff(np.append(first, keys.shape[1]))))


def _compared(sent: Moves, got: Moves, first: Whole, second: Whole, weighing: Weighing) -> Pairs:
    told = (sent.mass_mg[first] >= 0) & (got.mass_mg[second] >= 0)
    a, b = sent.mass_mg[first], got.mass_mg[second]
    off = np.where(told, (a - b).astype(np.float64), 0.0)
    variance = weighing.variance(sent.actor[first], np.maximum(a, 0))
    sd = np.sqrt(variance + weighing.variance(got.actor[second], np.maximum(b, 0)))
    ratio = log_ratio(a, b)
    return Pairs(
        lot=sent.lot[first],
        shipping=sent.record[first],
        receiving=got.record[second],
        sent_mg=a,
        received_mg=b,
        sigmas=sigmas_of(np.abs(off), sd),
        reported=weighing.reported(off, sd),
        sure=weighing.beyond_doubt(off, sd),
        slip=np.where(is_slip(ratio), np.sign(ratio), 0).astype(np.int64),
    )


def _missing(entries: Entries, sent: Moves, got: Moves, alone: Whole, transit_s: int) -> Missing:
    lot = np.concatenate([sent.lot, got.lot])[alone]
    record = np.concatenate([sent.record, got.record])[alone]
    late = entries.time_s[record] > int(entries.time_s.max(initial=0)) - transit_s
    kept = ~(late & (entries.step[record] == SHIPPING)) if transit_s else np.ones(len(record), dtype=bool)
    return Missing(lot[kept], record[kept], entries.partner[record[kept]])
