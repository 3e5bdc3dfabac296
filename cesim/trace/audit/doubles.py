"""Lots that are used for more than they weigh, lots made twice, and records written twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.audit.moves import made, used
from cesim.trace.audit.prints import prints, together
from cesim.trace.audit.weighing import Weighing, sigmas_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Overuse:
    """Lots used for more than their mass.

    Attributes
    ----------
    lot : (lot of the ledger,)
        Born mass, what was used of it, and the size of the excess in standard deviations (0 where there is none, or
        where no record tells what the lot weighed).
    born_mg, used_mg, sigmas
        As said.
    reported, sure
        More than luck; beyond doubt: of the record of its birth and those of its uses, one at least is wrong.
    """

    born_mg: Floats
    used_mg: Floats
    sigmas: Floats
    reported: Bools
    sure: Bools


def overuse(entries: Entries, weighing: Weighing) -> Overuse:
    """Compare what was used of each lot with what was born.

    A lot that several records make is held to weigh what the heaviest of them says; `born_twice` reports it.
    """
    _, mass, variance, times = born(entries, weighing)
    lots, uses = len(mass), used(entries)
    uses = uses.where((uses.lot >= 0) & (uses.mass_mg >= 0))
    total = np.bincount(uses.lot, weights=uses.mass_mg, minlength=lots).astype(np.float64)
    variance = variance + np.bincount(uses.lot, weights=weighing.variance(uses.actor, uses.mass_mg), minlength=lots)
    over, sd = np.where(times > 0, np.maximum(total - mass, 0.0), 0.0), np.sqrt(variance)
    return Overuse(mass, total, sigmas_of(over, sd), weighing.reported(over, sd), weighing.beyond_doubt(over, sd))


def born(entries: Entries, weighing: Weighing) -> tuple[Whole, Floats, Floats, Whole]:
    """Return the record that makes each lot, its mass and the variance of that, and how many do, (lot,).

    Of several the heaviest counts; the record is -1 where none tells a mass.
    """
    lots, births = lots_of(entries), made(entries)
    births = births.where((births.lot >= 0) & (births.mass_mg >= 0))
    order = np.lexsort((births.mass_mg, births.lot))
    heaviest = births.where(order[np.append(np.diff(births.lot[order]) != 0, True)] if len(order) else order)
    record, mass, variance = np.full(lots, -1, dtype=np.int64), np.zeros(lots), np.zeros(lots)
    record[heaviest.lot] = heaviest.record
    mass[heaviest.lot] = heaviest.mass_mg
    variance[heaviest.lot] = weighing.variance(heaviest.actor, heaviest.mass_mg)
    return record, mass, variance, np.bincount(births.lot, minlength=lots)


def lots_of(entries: Entries) -> int:
    """Return how many lots there are, with those that only edges name."""
    named = (edges.lot.max(initial=-1) for edges in (entries.inputs, entries.outputs))
    return max(len(entries.lots), *(int(one) + 1 for one in named))


def born_twice(entries: Entries) -> tuple[Whole, Whole]:
    """Return lots that several records make, and those records, one row for each; no two of them can both be right."""
    births = made(entries)
    births = births.where(births.lot >= 0)
    rows = np.unique(np.stack([births.lot, births.record]), axis=1)
    lot, times = np.unique(rows[0], return_counts=True)
    these = np.isin(rows[0], lot[times > 1])
    return rows[0][these], rows[1][these]


def same_records(entries: Entries) -> Whole:
    """Return groups of records that say the same, masses and second included: 0, 1, ... by record, -1 for none.

    Whatever was done twice in truth was not done in the same second by the same hands with the same lots.
    """
    return _groups(entries, [entries.time_s, entries.loss_mg, entries.relabel], exact=True)


def alike_records(entries: Entries) -> Whole:
    """Return groups of records of the same actor that name the same lots for the same step: by record, -1 for none.

    Masses and seconds may differ: somebody may have written the same thing down twice, weighing again. It may also be
    true, as where a lot is used in two halves, so it is a hint and no proof.
    """
    return _groups(entries, [], exact=False)


def _groups(entries: Entries, more: list[Whole], exact: bool) -> Whole:
    columns = [entries.step, entries.actor, entries.partner, *more]
    sides = (entries.inputs, entries.outputs)
    columns += [prints(edges.start, edges.lot, edges.mass_mg if exact else None) for edges in sides]
    if exact:
        columns.append(prints(entries.sources.start, entries.sources.origin, entries.sources.mass_mg))
    rows = np.flatnonzero(~_anonymous(entries))
    _, group, times = np.unique(together(columns)[rows], return_inverse=True, return_counts=True)
    found = np.full(len(entries), -1, dtype=np.int64)
    several = times[group] > 1
    found[rows[several]] = np.unique(group[several], return_inverse=True)[1]
    return found


def _anonymous(entries: Entries) -> Bools:
    """Whether a record names no lot at all: then nothing tells it from others."""
    named = np.zeros(len(entries), dtype=np.int64)
    for edges in (entries.inputs, entries.outputs):
        record = edges.entry()
        named += np.bincount(record[edges.lot >= 0], minlength=len(entries))
    return np.asarray(named == 0)
