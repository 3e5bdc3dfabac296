"""Who holds which lot, as far as records tell: lots used before they are there, and by those who do not have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.audit.moves import RECEIVING, SHIPPING, Moves, handed, joined, made, used

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Holding:
    """Where a lot is named by records that use it up or hand it over.

    Attributes
    ----------
    lot, record : (row,)
    birth : (row,)
        Record that makes the lot, the first of several; -1 where none does.
    unborn : (row,)
        No record makes it: the record of its birth is missing, or there never was such a lot.
    early : (row,)
        It is made at a later second than it is used. One of the two records is wrong.
    foreign : (row,)
        By the records somebody else has it: a handover is not recorded, or the wrong lot is named.
    """

    lot: Whole
    record: Whole
    birth: Whole
    unborn: Bools
    early: Bools
    foreign: Bools

    def __len__(self) -> int:
        return len(self.lot)


def holding(entries: Entries) -> Holding:
    """Follow every lot from hand to hand.

    Whoever makes or receives a lot has it; once it is shipped, whoever it is shipped to may have it too. Before the
    first record that tells who has it, anybody may.
    """
    births, uses, sent, got = (
        made(entries),
        used(entries),
        handed(entries, SHIPPING),
        handed(entries, RECEIVING),
    )
    kind = np.repeat([0, 1, 2, 3], [len(births), len(uses), len(sent), len(got)])
    every = joined(births, uses, sent, got)
    named = every.lot >= 0
    every, kind = every.where(named), kind[named]
    # of one record the birth of a lot counts before what is done with it
    order = np.lexsort((kind, every.record, every.lot))
    every, kind = every.where(order), kind[order]
    begins = np.append(True, np.diff(every.lot) != 0) if len(every) else np.zeros(0, dtype=bool)
    partner = entries.partner[every.record]
    holder, since = _last((kind == 0) | (kind == 3), begins, every.actor)
    towards, sent_at = _last(kind == 2, begins, partner)
    whose = np.where(kind == 3, partner, every.actor)
    known = (since >= 0) & (whose >= 0)
    foreign = known & (holder != whose) & ~((sent_at > since) & (towards == whose)) & (kind != 0)
    # what is received was with its shipper, and what is on the way to its receiver may be there already
    foreign &= ~((kind == 3) & (sent_at > since) & (towards == every.actor))
    birth = _births(births, len(entries), every.lot)
    rows = kind != 0
    time = entries.time_s
    early = (birth >= 0) & (time[np.maximum(birth, 0)] > time[every.record])
    return Holding(
        every.lot[rows], every.record[rows], birth[rows], (birth < 0)[rows], early[rows], (foreign & ~early)[rows]
    )


def _last(these: Bools, begins: Bools, values: Whole) -> tuple[Whole, Whole]:
    """Return the value of the last such row before each row of the same lot, and its place; -1 where there is none."""
    place = np.arange(len(these))
    first = np.maximum.accumulate(np.where(begins, place, 0))
    seen = np.maximum.accumulate(np.where(these, place, -1))
    before = np.append(-1, seen[:-1]) if len(seen) else seen
    at = np.where(before >= first, before, -1)
    return np.where(at >= 0, values[np.maximum(at, 0)], -1), at


def _births(births: Moves, records: int, lot: Whole) -> Whole:
    """Return the first record that makes each of the lots; -1 for none."""
    size = int(max(births.lot.max(initial=-1), lot.max(initial=-1))) + 1
    first = np.full(size, records)
    named = births.lot >= 0
    np.minimum.at(first, births.lot[named], births.record[named])
    found = first[lot]
    return np.where(found < records, found, -1)
