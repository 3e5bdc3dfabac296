"""All that an audit finds, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.audit.bias import Bias, bias
from cesim.trace.audit.closure import ActorClosure, RecordClosure, actor_closure, record_closure
from cesim.trace.audit.completeness import Writing, writing
from cesim.trace.audit.doubles import Overuse, alike_records, born_twice, overuse, same_records
from cesim.trace.audit.moves import made, used
from cesim.trace.audit.pairs import Missing, Pairs, pairs
from cesim.trace.audit.weighing import Weighing
from cesim.trace.audit.wrong import Conflict, least_wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.trace.entries import Entries
    from cesim.trace.records import Records

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Audit:
    """What records say of themselves.

    Attributes
    ----------
    closure, stock
        Of each record; of each actor and period.
    pairs, missing, bias
        Both weighings of handovers, those of which one side is missing, and what they say of scales.
    overuse
        Of each lot.
    born_twice
        Lots and records, one row for each record that makes a lot which another one makes too.
    same, alike : (record,)
        Groups of records that repeat each other exactly, or in everything but mass and time; -1 for none.
    writing
        How each actor writes.
    found_wrong
        At least so many records are wrong, beyond doubt. It is no estimate of how many are.
    conflicts
        What that rests on.
    """

    closure: RecordClosure
    stock: ActorClosure
    pairs: Pairs
    missing: Missing
    bias: Bias
    overuse: Overuse
    born_twice: tuple[Whole, Whole]
    same: Whole
    alike: Whole
    writing: Writing
    found_wrong: int
    conflicts: list[Conflict]


def audit(
    records: Records, weighing: Weighing | None = None, period_s: int = 30 * 86_400, transit_s: int = 14 * 86_400
) -> Audit:
    """Audit a ledger of records; nothing but the records is looked at.

    Parameters
    ----------
    records
        As written.
    weighing
        Scales of the actors; exact masses unless given.
    period_s
        Length of a period, s.
    transit_s
        The longest that a shipment is on the road, s (an estimate; it only decides what is not yet missing).

    Raises
    ------
    InputError
        ``audit_number`` where the period is no positive number of seconds.
    """
    weighing, entries = weighing or Weighing(), records.entries
    closure, stock = record_closure(entries, weighing), actor_closure(entries, weighing, period_s)
    found, missing = pairs(entries, weighing, transit_s)
    over, twice = overuse(entries, weighing), born_twice(entries)
    same, alike = same_records(entries), alike_records(entries)
    wrong, counted = least_wrong(_contradictions(entries, closure, found, over, twice, same), len(records))
    return Audit(
        closure, stock, found, missing, bias(entries, found), over, twice, same, alike, writing(records), wrong, counted
    )


def _contradictions(
    entries: Entries, closure: RecordClosure, found: Pairs, over: Overuse, twice: tuple[Whole, Whole], same: Whole
) -> Iterator[Conflict]:
    """Go through the records that cannot all be right."""
    for record in np.flatnonzero(closure.sure).tolist():
        yield Conflict("closure", (record,))
    for pair in np.flatnonzero(found.sure).tolist():
        yield Conflict("pairs", (int(found.shipping[pair]), int(found.receiving[pair])))
    for reason, label, member in (("born_twice", *twice), ("same", same[same >= 0], np.flatnonzero(same >= 0))):
        for several in _groups(label, member):
            yield Conflict(reason, several, len(several) - 1)
    if over.sure.any():
        births, uses = made(entries), used(entries)
        lot = np.concatenate([births.lot, uses.lot])
        record = np.concatenate([births.record, uses.record])
        these = (lot >= 0) & over.sure[lot]
        for several in _groups(lot[these], record[these]):
            yield Conflict("overuse", several)


def _groups(label: Whole, member: Whole) -> list[tuple[int, ...]]:
    """Members that share a label."""
    order = np.argsort(label, kind="stable")
    begins = np.flatnonzero(np.diff(label[order])) + 1
    return [tuple(np.unique(group).tolist()) for group in np.split(member[order], begins) if len(group)]
