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
    of = born(entries)
    lots, mass, maker = len(of.record), of.mass_mg, np.append(entries.actor, -1)[of.record]
    uses = used(entries)
    uses = uses.where((uses.lot >= 0) & (uses.mass_mg >= 0))

    def sums(values: Floats | Whole | Bools) -> Floats:
        return np.asarray(np.bincount(uses.lot, weights=values, minlength=lots), dtype=np.float64)

    total = sums(uses.mass_mg)
    over = np.where(of.times > 0, np.maximum(total - mass, 0.0), 0.0)
    others = sums((uses.actor != maker[uses.lot]) | (uses.actor < 0)) > 0
    # factors of several actors may all point the same way: at worst they add up
    factor = np.where(
        others, np.hypot(weighing.bias(maker) * mass, sums(weighing.bias(uses.actor) * uses.mass_mg)), 0.0
    )
    own = np.where(others, 0.0, weighing.bias(maker) * over)
    variance = weighing.variance(maker, mass) + sums(weighing.variance(uses.actor, uses.mass_mg)) + factor**2 + own**2
    sd = np.where(of.times > 0, np.sqrt(variance), 0.0)
    return Overuse(
        mass.astype(np.float64), total, sigmas_of(over, sd),
        weighing.reported(over, sd), weighing.beyond_doubt(over, sd),
    )  # fmt: skip


@dataclass(frozen=True)
class Born:
    """How lots came into being, (lot,) each.

    Attributes
    ----------
    record
        Which makes the lot, of several the one that makes it heaviest; -1 where none tells a mass.
    mass_mg
        By that record; 0 for none.
    times
        How many tell a mass.
    """

    record: Whole
    mass_mg: Whole
    times: Whole


def born(entries: Entries) -> Born:
    """Return the births of all lots."""
    lots, births = lots_of(entries), made(entries)
    births = births.where((births.lot >= 0) & (births.mass_mg >= 0))
    times = np.bincount(births.lot, minlength=lots)
    if (times > 1).any():  # the heaviest last, which stays
        births = births.where(np.lexsort((births.mass_mg, births.lot)))
    record, mass = np.full(lots, -1, dtype=np.int64), np.zeros(lots, dtype=np.int64)
    record[births.lot], mass[births.lot] = births.record, births.mass_mg
    return Born(record, mass, times)


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
