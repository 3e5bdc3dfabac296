"""The book put together: what is kept, what stands twice and what was made up, in the order of time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.entries import Lots
from cesim.trace.records import FAULTS, Records
from cesim.trace.reporting.declaring import declared
from cesim.trace.reporting.delaying import again, back_date, said_at
from cesim.trace.reporting.making_up import claim_twice, forge
from cesim.trace.selecting import joined, selected
from cesim.trace.steps import HANDOVERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries
    from cesim.trace.reporting.draft import Draft

    Whole = NDArray[np.int64]


def bound(draft: Draft) -> Records:
    """Return the records of a draft.

    At one entry a forged supply stands first, then the record itself, its duplicate, and a second use.
    """
    true, lots = len(draft.truth), len(draft.truth.lots)
    forged = forge(draft, lots)
    double = claim_twice(draft, lots + len(forged.anchor))
    twice = draft.struck("duplicate", draft.kept) if draft.any("duplicate") else np.zeros(true, dtype=bool)
    late, said = back_date(draft), said_at(draft)
    entries = joined(draft.entries(), joined(forged.entries, double.entries))
    thought_of = np.concatenate([np.arange(true), forged.anchor, double.anchor])
    event = np.concatenate([np.arange(true), np.full(len(forged.anchor), -1), double.anchor])
    fault = np.concatenate(
        [draft.fault, _bits("forged", len(forged.anchor)), _bits("double_claim", len(double.anchor))]
    )
    rank = np.repeat([1, 0, 2], [true, len(forged.anchor), len(double.anchor)])
    rows = np.concatenate([np.flatnonzero(draft.kept), np.arange(true, len(entries)), np.flatnonzero(twice)])
    copied = np.arange(len(rows)) >= len(rows) - int(twice.sum())
    order = np.argsort(3 * thought_of[rows] + rank[rows], kind="stable")  # a copy stays behind what it copies
    rows, copied = rows[order], copied[order]
    entries = entries if np.array_equal(rows, np.arange(len(entries))) else selected(entries, rows)
    at = thought_of[rows]
    said_s = said[at]
    said_s[copied] += again(draft, at[copied])
    like = np.concatenate([forged.like, double.like])
    entries = replace(entries, lots=_said(draft.truth.lots, like, entries))
    later = np.where(rows < true, late[at], 0)
    return Records(
        entries=entries,
        event=event[rows],
        written_s=said_s + later,
        declared=declared(draft, entries.actor),
        fault=fault[rows] | copied.astype(np.int64) << FAULTS.index("duplicate"),
        said_s=said_s if later.any() else None,
    )


def _bits(fault: str, count: int) -> Whole:
    return np.full(count, 1 << FAULTS.index(fault))


def _said(lots: Lots, like: Whole, entries: Entries) -> Lots:
    """Return all lots as they are spoken of, those that never were behind the true ones, of the kinds of others."""
    label = None if lots.label is None else [*lots.label, *(f"+{number}" for number in range(len(like)))]
    kind, item = (np.concatenate([column, column[like]]) for column in (lots.kind, lots.item))
    return Lots(kind, item, said_to_weigh(entries, len(kind)), label)


def said_to_weigh(entries: Entries, lots: int) -> Whole:
    """Return what each lot is said to weigh, mg, (lot,).

    That is what it weighed when it was made, or else at the first handover; -1 where nobody says.
    """
    mass = np.full(lots, -1)
    moved = np.isin(entries.step, HANDOVERS)
    handed = np.repeat(moved, np.diff(entries.inputs.start)) if moved.any() else np.zeros(len(entries.inputs.lot), bool)
    for lot, said in (
        (entries.inputs.lot[handed], entries.inputs.mass_mg[handed]),
        (entries.outputs.lot, entries.outputs.mass_mg),
    ):
        mass[lot[::-1]] = said[::-1]  # the last that is put there stays: the first that was said
    return mass
