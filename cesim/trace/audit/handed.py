"""Lots that change hands heavier than they were made: what two agree on, the birth of the lot may contradict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.audit.doubles import born
from cesim.trace.audit.moves import RECEIVING, SHIPPING, handed
from cesim.trace.audit.weighing import Weighing, sigmas_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Heavier:
    """Lots in handovers beside their births; lots that no record makes, or makes twice, are left out.

    Attributes
    ----------
    lot, record, birth : (row,)
        What is handed over, by which record of shipping or receiving, and the record that makes it.
    sigmas : (row,)
        By how many standard deviations it is heavier than it was made; 0 where it is not. Lighter it may be, since
        some of it may have been used before.
    reported, sure : (row,)
        More than luck; beyond doubt.
    """

    lot: Whole
    record: Whole
    birth: Whole
    sigmas: Floats
    reported: Bools
    sure: Bools


def heavier(entries: Entries, weighing: Weighing) -> Heavier:
    """Compare what is handed over with what was made."""
    of = born(entries)
    found = []
    for step in (SHIPPING, RECEIVING):
        moves = handed(entries, step)
        moves = moves.where((moves.lot >= 0) & (moves.mass_mg >= 0))
        moves = moves.where(of.times[moves.lot] == 1)
        mass, maker = of.mass_mg[moves.lot], entries.actor[of.record[moves.lot]]
        off = np.maximum(moves.mass_mg - mass, 0).astype(np.float64)
        found.append((moves, off, np.sqrt(weighing.between(moves.actor, moves.mass_mg, maker, mass))))
    lot, record = (np.concatenate([getattr(moves, name) for moves, _, _ in found]) for name in ("lot", "record"))
    off, sd = (np.concatenate([row[place] for row in found]) for place in (1, 2))
    return Heavier(
        lot, record, of.record[lot], sigmas_of(off, sd), weighing.reported(off, sd), weighing.beyond_doubt(off, sd)
    )
