"""Lots that are used for more than they weigh, lots made twice, and records written twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.audit.moves import made, used
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
    lots = lots_of(entries)
    births, uses = made(entries), used(entries)
    births = births.where((births.lot >= 0) & (births.mass_mg >= 0))
    uses = uses.where((uses.lot >= 0) & (uses.mass_mg >= 0))
    order = np.lexsort((births.mass_mg, births.lot))
    heaviest = order[np.append(np.diff(births.lot[order]) != 0, True)] if len(order) else order
    mass, variance, known = np.zeros(lots), np.zeros(lots), np.zeros(lots, dtype=bool)
    at = births.lot[heaviest]
    mass[at], known[at] = births.mass_mg[heaviest], True
    variance[at] = weighing.variance(births.actor, births.mass_mg)[heaviest]
    total = np.bincount(uses.lot, weights=uses.mass_mg, minlength=lots).astype(np.float64)
    variance += np.bincount(uses.lot, weights=weighing.variance(uses.actor, uses.mass_mg), minlength=lots)
    over, sd = np.where(known, np.maximum(total - mass, 0.0), 0.0), np.sqrt(variance)
    return Overuse(mass, total, sigmas_of(over, sd), weighing.reported(over, sd), weighing.beyond_doubt(over, sd))


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
    for edges in (entries.inputs, entries.outputs):
        columns += _prints(edges.start, edges.lot, edges.mass_mg if exact else None)
    if exact:
        columns += _prints(entries.sources.start, entries.sources.origin, entries.sources.mass_mg)
    told = (np.diff(entries.inputs.start) + np.diff(entries.outputs.start)) > 0
    told &= ~_anonymous(entries)
    rows = np.flatnonzero(told)
    _, group, times = np.unique(np.stack(columns, axis=1)[rows], axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    found = np.full(len(entries), -1, dtype=np.int64)
    several = times[group] > 1
    found[rows[several]] = np.unique(group[several], return_inverse=True)[1].reshape(-1)
    return found


def _anonymous(entries: Entries) -> Bools:
    """Whether a record names no lot at all: then nothing tells it from others."""
    named = np.zeros(len(entries), dtype=np.int64)
    for edges in (entries.inputs, entries.outputs):
        record = edges.entry()
        named += np.bincount(record[edges.lot >= 0], minlength=len(entries))
    return np.asarray(named == 0)


def _prints(start: Whole, what: Whole, mass: Whole | None) -> list[Whole]:
    """Two fingerprints of the edges of each record, whatever their order; equal by chance once in 2^120."""
    result = []
    for seed in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F):
        value = _mixed(what.astype(np.uint64) + np.uint64(seed))
        if mass is not None:
            value = _mixed(value ^ _mixed(mass.astype(np.uint64) * np.uint64(3) + np.uint64(seed)))
        total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(value, dtype=np.uint64)])
        result.append((total[start[1:]] - total[start[:-1]]).astype(np.int64))
    return result


def _mixed(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finisher (Steele, Lea and Flood, OOPSLA 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(value ^ (value >> np.uint64(31)))
