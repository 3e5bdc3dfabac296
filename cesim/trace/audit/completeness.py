"""How complete and timely records are, what they cost to write, and how far what is claimed lies from what is true."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.audit.moves import RECEIVING, stays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.records import Records

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

MG_PER_T: Final = 1e9


@dataclass(frozen=True)
class Writing:
    """How each actor writes.

    Attributes
    ----------
    records : (actor,)
        Records that others see; what stands in a works' own books is not counted.
    handled_t : (actor,)
        What came in, by its records: received or from sources.
    per_tonne : (actor,)
        Records a tonne; 0 where nothing was handled.
    delay_s : (actor,)
        Median time from what happened to its record; 0 where there is none.
    complete : (actor,)
        Share of its records that name every lot and tell every mass and origin; 0 where there is none.
    """

    records: Whole
    handled_t: Floats
    per_tonne: Floats
    delay_s: Floats
    complete: Floats


def writing(records: Records) -> Writing:
    """Return how each actor writes."""
    entries = records.entries
    actors, many = len(entries.names.actors), len(entries)
    known = entries.actor >= 0
    seen = ~entries.inside & known
    count = np.bincount(entries.actor[seen], minlength=actors)
    whole = np.ones(many, dtype=bool)
    for edges, what in (
        (entries.inputs, entries.inputs.lot),
        (entries.outputs, entries.outputs.lot),
        (entries.sources, entries.sources.origin),
    ):
        record = np.repeat(np.arange(many), np.diff(edges.start))
        whole[record[(what < 0) | (edges.mass_mg < 0)]] = False
    handled = np.bincount(entries.actor[known], weights=_handled(records)[known], minlength=actors) / MG_PER_T
    delay, complete = np.zeros(actors), np.zeros(actors)
    late = (records.written_s - entries.time_s).astype(np.float64)
    for actor in np.flatnonzero(count):
        own = seen & (entries.actor == actor)
        delay[actor], complete[actor] = float(np.median(late[own])), float(whole[own].mean())
    per_tonne = np.divide(count, handled, out=np.zeros(actors), where=handled > 0)
    return Writing(count.astype(np.int64), handled, per_tonne, delay, complete)


def _handled(records: Records) -> Floats:
    """What each record brings to its actor: received, or from sources, mg."""
    entries = records.entries
    told = [np.maximum(edges.mass_mg, 0) for edges in (entries.inputs, entries.sources)]
    sums = []
    for mass, start in zip(told, (entries.inputs.start, entries.sources.start), strict=True):
        total = np.concatenate([[0], np.cumsum(mass)])
        sums.append((total[start[1:]] - total[start[:-1]]).astype(np.float64))
    received = np.where(entries.step == RECEIVING, sums[0], 0.0)
    return np.asarray(received + np.where(stays(entries), 0.0, sums[1]))


def recorded_share(events: int, records: Records) -> float:
    """Return the share of what happened that some record speaks of; it measures against the truth.

    Parameters
    ----------
    events
        Entries of the truth.
    records
        Of it.
    """
    spoken = np.unique(records.event[records.event >= 0])
    return len(spoken) / events if events else 0.0


def mean_over_mass(share: Floats, mass_mg: Floats) -> float:
    """Return the mass-weighted mean of shares of lots; 0 without mass."""
    total = fsum(mass_mg)
    return fsum(share * mass_mg) / total if total else 0.0


def coverage(known: Floats, mass_mg: Floats) -> float:
    """Return the traceability coverage of products: the share of their mass whose origin records reach.

    Parameters
    ----------
    known : (lot,)
        Share of each product of which the origin is provable, whichever it is.
    mass_mg : (lot,)
    """
    return mean_over_mass(known, mass_mg)


def claim_gap(claimed: Floats, true: Floats, mass_mg: Floats) -> float:
    """Return claimed less true share, over the mass; above 0 where too much is claimed. Measures against the truth."""
    return mean_over_mass(np.asarray(claimed - true), mass_mg)
