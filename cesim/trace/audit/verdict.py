"""All that an audit finds, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.audit.bias import Bias, bias
from cesim.trace.audit.closure import ActorClosure, RecordClosure, actor_closure, record_closure
from cesim.trace.audit.completeness import Writing, writing
from cesim.trace.audit.contradictions import contradictions
from cesim.trace.audit.doubles import Overuse, alike_records, born_twice, overuse, same_records
from cesim.trace.audit.evidence import evidence
from cesim.trace.audit.handed import Heavier, heavier
from cesim.trace.audit.holding import Holding, holding
from cesim.trace.audit.overclaims import Claimed, Supply, claimed, supply
from cesim.trace.audit.pairs import Missing, Pairs, pairs
from cesim.trace.audit.slips import slipped
from cesim.trace.audit.suspicion import Suspicion, together
from cesim.trace.audit.weighing import Weighing
from cesim.trace.audit.wrong import Conflict, least_wrong

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.records import Records

    Whole = NDArray[np.int64]

DAY_S: Final = 86_400
TOLD_APART: Final = 1e-6
"""Factors of scales that differ by less are the same."""


@dataclass(frozen=True)
class Findings:
    """The tables of an audit.

    Attributes
    ----------
    closure, stock
        Of each record; of each actor and period.
    pairs, missing, heavier, bias
        Both weighings of handovers, those of which one side is missing, lots handed over heavier than they were made,
        and what all that says of scales.
    slipped : (record,)
        1 where a mass is a thousand times what other weighings of the lot say, -1 where it is a thousandth, else 0.
    overuse
        Of each lot.
    born_twice
        Lots and records, one row for each record that makes a lot which another one makes too.
    same, alike : (record,)
        Groups of records that repeat each other exactly, or in everything but mass and time; -1 for none.
    holding
        Lots used before they are there, by those who do not have them, or never made.
    claimed, supply
        Declared origins: of each record; of each actor and period.
    writing
        How each actor writes.
    """

    closure: RecordClosure
    stock: ActorClosure
    pairs: Pairs
    missing: Missing
    heavier: Heavier
    bias: Bias
    slipped: Whole
    overuse: Overuse
    born_twice: tuple[Whole, Whole]
    same: Whole
    alike: Whole
    holding: Holding
    claimed: Claimed
    supply: Supply
    writing: Writing


@dataclass(frozen=True)
class Audit:
    """What records say of themselves.

    Attributes
    ----------
    tables
        What was found.
    suspicion
        The same in one measure, of each record and of each actor and period.
    found_wrong
        At least so many records are wrong, beyond doubt. It is no estimate of how many are.
    conflicts
        What that rests on.
    """

    tables: Findings
    suspicion: Suspicion
    found_wrong: int
    conflicts: list[Conflict]


def audit(
    records: Records,
    weighing: Weighing | None = None,
    period_s: int = 30 * DAY_S,
    transit_s: int = 14 * DAY_S,
    *,
    losses_told: bool = True,
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
    losses_told
        See `record_closure`.

    Raises
    ------
    InputError
        ``audit_number`` where the period is no positive number of seconds, or the scales are not those of the actors;
        ``audit_times`` and those of `cesim.trace.genealogy.graph.Genealogy` where records do not hang together.
    """
    weighing, entries = weighing or Weighing(), records.entries
    weighing.checked(len(entries.names.actors))
    found, missing = pairs(entries, weighing, transit_s)
    tables = Findings(
        closure=record_closure(entries, weighing, losses_told=losses_told),
        stock=actor_closure(entries, weighing, period_s),
        pairs=found,
        missing=missing,
        heavier=heavier(entries, weighing),
        bias=bias(entries, found),
        slipped=slipped(entries),
        overuse=overuse(entries, weighing),
        born_twice=born_twice(entries),
        same=same_records(entries),
        alike=alike_records(entries),
        holding=holding(entries),
        claimed=claimed(records),
        supply=supply(entries, period_s),
        writing=writing(records),
    )
    wrong, conflicts = least_wrong(contradictions(entries, tables), len(records))
    spread = np.hypot(tables.bias.se, weighing.bias(np.arange(len(entries.names.actors))))
    of_scales = np.abs(tables.bias.bias) / np.maximum(spread, TOLD_APART)
    against = together(entries, evidence(records, tables), period_s, tables.stock.lowest_sigmas, of_scales)
    return Audit(tables, against, wrong, conflicts)
