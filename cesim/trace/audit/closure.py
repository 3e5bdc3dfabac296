"""Mass-balance closure: of each record, and of what each actor must still have, period after period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.audit.moves import RECEIVING, SHIPPING, per_record, stays
from cesim.trace.audit.periods import periods_of
from cesim.trace.audit.weighing import Weighing, sigmas_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class RecordClosure:
    """Whether what goes into a record comes out of it again.

    Attributes
    ----------
    off_mg, sd_mg : (record,)
        Inputs and sources less outputs and loss; what weighing leaves open. 0 where nothing can be tested: a record
        that makes no lot, or does not tell all its masses.
    sigmas : (record,)
        Size of the first in units of the second.
    reported, sure : (record,)
        More than luck; beyond doubt.
    """

    off_mg: Floats
    sd_mg: Floats
    sigmas: Floats
    reported: Bools
    sure: Bools


@dataclass(frozen=True)
class ActorClosure:
    """What came to actors, what they made of it and what must still be there.

    Attributes
    ----------
    received_mg, supplied_mg, used_mg, made_mg, shipped_mg, lost_mg : (actor, period)
        Supplied is what sources gave; lost is what they declare.
    stock_mg : (actor, period)
        At the end of the period, from the opening stock on.
    lowest_sigmas : (actor, period)
        How far below nothing the stock fell, at its worst moment, in standard deviations; 0 where it never did.
    untold : (actor, period)
        Records so far that do not tell all their masses; they may explain a stock below nothing.
    impossible : (actor, period)
        More left than can have been there. A record is wrong **or missing**: of itself this convicts nobody.
    """

    received_mg: Floats
    supplied_mg: Floats
    used_mg: Floats
    made_mg: Floats
    shipped_mg: Floats
    lost_mg: Floats
    stock_mg: Floats
    lowest_sigmas: Floats
    untold: Whole
    impossible: Bools


@dataclass(frozen=True)
class _Sides:
    """Masses of each side of each record, their variance, and whether all of them are told, (record,)."""

    inputs: Floats
    outputs: Floats
    sources: Floats
    loss: Floats
    variance: Floats
    told: Bools


def _sides(entries: Entries, weighing: Weighing) -> _Sides:
    records = len(entries)
    told, variance, sums = np.ones(records, dtype=bool), np.zeros(records), []
    for edges in (entries.inputs, entries.outputs, entries.sources):
        record = np.repeat(np.arange(records), np.diff(edges.start))
        mass = np.maximum(edges.mass_mg, 0)
        told[record[edges.mass_mg < 0]] = False
        sums.append(per_record(record, mass.astype(np.float64), records))
        variance += per_record(record, weighing.variance(entries.actor[record], mass), records)
    told &= entries.loss_mg >= 0
    return _Sides(sums[0], sums[1], sums[2], np.maximum(entries.loss_mg, 0).astype(np.float64), variance, told)


def record_closure(entries: Entries, weighing: Weighing, *, losses_told: bool = True) -> RecordClosure:
    """Close every record that makes lots.

    Parameters
    ----------
    losses_told
        False where whoever writes has no habit of telling losses: what is missing from a record that tells none may be
        loss, and only more than went in is too much.
    """
    sides = _sides(entries, weighing)
    tested = sides.told & ~stays(entries) & (np.diff(entries.outputs.start) > 0)
    off = np.where(tested, sides.inputs + sides.sources - sides.outputs - sides.loss, 0.0)
    if not losses_told:
        off = np.where((off > 0.0) & (sides.loss == 0.0), 0.0, off)
    sd = np.where(tested, np.sqrt(sides.variance), 0.0)
    return RecordClosure(
        off, sd, sigmas_of(np.abs(off), sd), weighing.reported(off, sd), weighing.beyond_doubt(off, sd)
    )


def actor_closure(
    entries: Entries, weighing: Weighing, period_s: int, opening_mg: Floats | None = None
) -> ActorClosure:
    """Close every actor, period after period.

    Parameters
    ----------
    entries
        As written.
    weighing
        Scales of the actors.
    period_s
        Length of a period, s; the first begins at second 0.
    opening_mg : (actor,)
        What lay there before; nothing unless given.

    Raises
    ------
    InputError
        As `periods_of`.
    """
    actors, (period, many) = len(entries.names.actors), periods_of(entries, period_s)
    sides, staying = _sides(entries, weighing), stays(entries)
    cell = entries.actor * many + period

    known = entries.actor >= 0

    def table(values: Floats, these: Bools) -> Floats:
        these = these & known
        sums = np.bincount(cell[these], weights=values[these], minlength=actors * many)
        return np.asarray(sums.reshape(actors, many), dtype=np.float64)

    receives, ships, makes = entries.step == RECEIVING, entries.step == SHIPPING, ~staying
    change = sides.inputs * (receives.astype(float) - ships) + (sides.outputs - sides.inputs) * makes
    opening = np.zeros(actors) if opening_mg is None else np.asarray(opening_mg, dtype=np.float64)
    lowest, below = _lowest(
        entries, change, np.where(change != 0, sides.variance, 0.0), cell, (actors, many), opening, weighing
    )
    untold = np.bincount(cell[~sides.told & known], minlength=actors * many).reshape(actors, many).cumsum(axis=1)
    return ActorClosure(
        received_mg=table(sides.inputs, receives),
        supplied_mg=table(sides.sources, makes),
        used_mg=table(sides.inputs, makes),
        made_mg=table(sides.outputs, makes),
        shipped_mg=table(sides.inputs, ships),
        lost_mg=table(sides.loss, makes),
        stock_mg=opening[:, None] + table(change, np.ones(len(entries), dtype=bool)).cumsum(axis=1),
        lowest_sigmas=lowest,
        untold=untold.astype(np.int64),
        impossible=below & (untold == 0),
    )


def _lowest(
    entries: Entries,
    change: Floats,
    variance: Floats,
    cell: Whole,
    shape: tuple[int, int],
    opening: Floats,
    weighing: Weighing,
) -> tuple[Floats, Bools]:
    """How far below nothing each actor's stock falls in each period, and whether that is more than luck."""
    worst, reported = np.zeros(shape[0] * shape[1]), np.zeros(shape[0] * shape[1], dtype=bool)
    order = np.lexsort((entries.time_s, entries.actor))
    begins = np.searchsorted(entries.actor[order], np.arange(len(opening) + 1))
    for actor in np.flatnonzero(np.diff(begins)).tolist():
        own = order[begins[actor] : begins[actor + 1]]
        stock = np.minimum(opening[actor] + np.cumsum(change[own]), 0.0)
        spread = np.sqrt(np.cumsum(variance[own]))
        # of things of the same second nobody can say which came first: only the last of them is looked at
        closed = np.append(np.diff(entries.time_s[own]) != 0, True)
        np.maximum.at(worst, cell[own[closed]], sigmas_of(-stock, spread)[closed])
        np.logical_or.at(reported, cell[own[closed]], weighing.reported(stock, spread)[closed])
    return worst.reshape(shape), reported.reshape(shape)
