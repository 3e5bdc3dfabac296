"""What records do to lots: make them, use them up, or hand them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Edges, Entries

    Whole = NDArray[np.int64]

SHIPPING: Final = STEPS.index("shipping")
RECEIVING: Final = STEPS.index("receiving")
STAYING: Final = tuple(
    STEPS.index(step) for step in ("analysis", "packing", "shipping", "receiving", "correction", "transfer")
)
"""Steps after which a lot is the lot it was."""


@dataclass(frozen=True)
class Moves:
    """Lots in records, one row for each time a record names a lot.

    Attributes
    ----------
    lot, record, actor, mass_mg : (move,)
        Lots and masses are -1 where the record does not tell them.
    """

    lot: Whole
    record: Whole
    actor: Whole
    mass_mg: Whole

    def __len__(self) -> int:
        return len(self.lot)

    def where(self, these: NDArray[np.bool_] | Whole) -> Moves:
        """Return some of the rows, or all in another order."""
        return Moves(self.lot[these], self.record[these], self.actor[these], self.mass_mg[these])


def joined(*parts: Moves) -> Moves:
    """Return the rows of several, one part after the other."""
    return Moves(
        np.concatenate([part.lot for part in parts]),
        np.concatenate([part.record for part in parts]),
        np.concatenate([part.actor for part in parts]),
        np.concatenate([part.mass_mg for part in parts]),
    )


def stays(entries: Entries) -> NDArray[np.bool_]:
    """Return which entries leave their lots as they are, (entry,)."""
    return np.isin(entries.step, STAYING)


def used(entries: Entries) -> Moves:
    """Return what goes into something else or is disposed of."""
    moves = _moves(entries, entries.inputs)
    return moves.where(~stays(entries)[moves.record])


def made(entries: Entries) -> Moves:
    """Return what comes into being."""
    moves = _moves(entries, entries.outputs)
    return moves.where(~stays(entries)[moves.record])


def handed(entries: Entries, step: int) -> Moves:
    """Return what is shipped or received."""
    moves = _moves(entries, entries.inputs)
    return moves.where(entries.step[moves.record] == step)


def _moves(entries: Entries, edges: Edges) -> Moves:
    record = edges.entry()
    return Moves(edges.lot, record, entries.actor[record], edges.mass_mg)


def per_record(edges_record: Whole, values: NDArray[np.float64], records: int) -> NDArray[np.float64]:
    """Return sums of values of edges by record, (record,)."""
    return np.asarray(np.bincount(edges_record, weights=values, minlength=records), dtype=np.float64)
