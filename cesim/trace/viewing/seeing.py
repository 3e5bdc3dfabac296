"""Which records of a whole ledger a viewer sees at a time: what provability goes by for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.text import nearest
from cesim.trace.steps import HANDOVERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Edges, Entries
    from cesim.trace.records import Records
    from cesim.trace.viewing.disclosure import Viewer

    Truths = NDArray[np.bool_]
    Whole = NDArray[np.int64]


def seen(records: Records, viewer: Viewer, now: int, period: tuple[int, int] | None = None) -> Truths:
    """Return which records a viewer sees with their lots, (record,).

    The public sees none. A partner sees handovers with itself, and what its partners wrote of the making of lots that
    it bought from them or of the use of lots that it sold to them. Whoever is in the chain sees all (without names), a
    certifier all of what happened in its period, own books of works included; an actor what it wrote itself.

    Parameters
    ----------
    records
        As written.
    viewer
        Its name is that of an actor of the ledger where its level is ``partner`` or ``own``.
    now
        Second; what is written later is not seen.
    period
        First second, and the one after the last, for a certifier.

    Raises
    ------
    InputError
        ``viewer_no_actor`` with the nearest name.
    """
    entries = records.entries
    written = records.written_s <= now
    if viewer.level == "public":
        return np.zeros(len(records), dtype=np.bool_)
    if viewer.level == "chain":
        return written & ~entries.inside
    if viewer.level == "certifier":
        first, after = period or (-(2**62), 2**62)
        return written & (entries.time_s >= first) & (entries.time_s < after)
    actor = _number(entries, viewer)
    if viewer.level == "own":
        return np.asarray(written & (entries.actor == actor))
    return np.asarray(written & ~entries.inside & _of_partner(entries, actor, viewer.side))


def _of_partner(entries: Entries, actor: int, side: str) -> Truths:
    """Handovers with an actor on one side, and what the other wrote of the lots in them."""
    handover = np.isin(entries.step, HANDOVERS)
    shipping = entries.step == HANDOVERS[0]
    # whoever ships is upstream of whoever receives
    upstream = np.where(shipping, entries.actor, entries.partner)
    downstream = np.where(shipping, entries.partner, entries.actor)
    own, other = (downstream, upstream) if side == "downstream" else (upstream, downstream)
    between = handover & (own == actor)
    moved = between[entries.inputs.entry()]
    whom = np.repeat(other, np.diff(entries.inputs.start))[moved]
    pairs = np.unique(whom * len(entries.lots) + entries.inputs.lot[moved])
    edges = entries.outputs if side == "downstream" else entries.inputs
    visible: Truths = between | (_touches(entries, edges, pairs) & ~handover)
    return visible


def _touches(entries: Entries, edges: Edges, pairs: Whole) -> Truths:
    """Say which entries are of an actor and have a lot on a side, of these pairs of both."""
    entry = edges.entry()
    found = np.isin(entries.actor[entry] * len(entries.lots) + edges.lot, pairs) & (edges.lot >= 0)
    touched: Truths = np.bincount(entry[found], minlength=len(entries)) > 0
    return touched


def _number(entries: Entries, viewer: Viewer) -> int:
    names = [actor.name for actor in entries.names.actors]
    if viewer.name not in names:
        told = {"found": viewer.name, "nearest": nearest(viewer.name, names)}
        raise InputError([Fault("viewer_no_actor", Place(model="viewer"), told)])
    return names.index(viewer.name)
