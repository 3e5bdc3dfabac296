"""Who hands what to whom: the network of records, with how much of it both sides wrote down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cesim.trace.steps import HANDOVERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run.trace.tracing import Tracing
    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]

TONNE_MG = 1e9


def handovers_frame(tracing: Tracing) -> pd.DataFrame:
    """`handovers`: one row a pair of actors: t handed over, and how much of it was shipped, received, both on record.

    Where the truth is known the mass is the true one; else the larger of what both sides wrote.
    """
    told = tracing.records.entries
    base = tracing.entries
    pair, mass = _pairs(base)
    lots = [_lots(told, step) for step in HANDOVERS]
    lot = base.inputs.lot[_edges(base)]
    both = [np.isin(lot, side) for side in lots]
    frame = pd.DataFrame({
        "giver": pair[0], "taker": pair[1], "mass_t": mass / TONNE_MG,
        "shipped_t": np.where(both[0], mass, 0) / TONNE_MG, "received_t": np.where(both[1], mass, 0) / TONNE_MG,
        "both_t": np.where(both[0] & both[1], mass, 0) / TONNE_MG,
    })  # fmt: skip
    summed = frame.groupby(["giver", "taker"], as_index=False).sum()
    names = [actor.name for actor in base.names.actors] + [""]
    for side in ("giver", "taker"):
        summed[side] = [names[n] for n in summed[side]]
    return summed


def _edges(entries: Entries) -> Whole:
    """Input edges of all handovers that were shipped; of those that nobody shipped on record, as received."""
    into = entries.inputs.entry()
    shipped = np.flatnonzero(entries.step[into] == HANDOVERS[0])
    received = np.flatnonzero(entries.step[into] == HANDOVERS[1])
    alone = received[~np.isin(entries.inputs.lot[received], entries.inputs.lot[shipped])]
    return np.concatenate([shipped, alone])


def _pairs(entries: Entries) -> tuple[tuple[Whole, Whole], Whole]:
    """Giver and taker of each handover edge, and its mass, mg."""
    edge = _edges(entries)
    entry = entries.inputs.entry()[edge]
    shipped = entries.step[entry] == HANDOVERS[0]
    giver = np.where(shipped, entries.actor[entry], entries.partner[entry])
    taker = np.where(shipped, entries.partner[entry], entries.actor[entry])
    return (giver, taker), np.maximum(entries.inputs.mass_mg[edge], 0).astype(np.float64)


def _lots(entries: Entries, step: int) -> Whole:
    """Lots of all handovers of one side."""
    return np.asarray(np.unique(entries.inputs.lot[(entries.step == step)[entries.inputs.entry()]]))
