"""Bales dealt to heats: the first come is charged first, and a bale is cut where a heat is full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]


@dataclass(frozen=True)
class Pieces:
    """Parts of bales, each for one heat, in the order of the pile.

    Attributes
    ----------
    bale, heat : (piece,)
        place of the bale in its pile, and of the heat among those asked for
    amount : (piece,)
        t recovered
    """

    bale: Places
    heat: Places
    amount: Floats


def dealt(bales: Floats, heats: Floats) -> Pieces:
    """Deal a pile: bales (bale) t recovered, wants of heats (heat) t, both in their order.

    What heats want beyond the pile they do not get.
    """
    ends_of_bales, ends_of_heats = np.cumsum(bales), np.cumsum(heats)
    last = min(ends_of_bales[-1], ends_of_heats[-1]) if bales.size and heats.size else 0.0
    cuts = np.union1d(ends_of_bales, ends_of_heats)
    ends = np.union1d(cuts[cuts < last], [last]) if last > 0.0 else np.zeros(0)
    starts = np.concatenate([[0.0], ends[:-1]]) if ends.size else ends
    middle = (starts + ends) / 2.0
    bale = np.searchsorted(ends_of_bales, middle, side="right")
    heat = np.searchsorted(ends_of_heats, middle, side="right")
    # the middle of a piece one rounding long is its end
    return Pieces(np.minimum(bale, bales.size - 1), np.minimum(heat, heats.size - 1), ends - starts)
