"""Heats made of accepted scrap: simulated with common draws, so that two grades see the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.accepted import AcceptedLots
    from cesim.charge.streams import LotTable

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Luck:
    """The draws behind a set of heats, made before anybody knows which lots are taken."""

    stream: Floats
    """Uniform, (heat, slot): which stream a slot is filled from, by its share of the accepted tonnes."""
    start: Floats
    """Uniform, (heat, stream): from where in a stream a heat takes its lots."""

    @classmethod
    def of(cls, heats: int, lots: int, streams: int, seed: int) -> Luck:
        """Draw the luck of so many heats of so many lots each."""
        rng = np.random.default_rng([seed, *b"heats"])
        return cls(rng.random((heats, lots)), rng.random((heats, streams)))


def scrap_of(table: LotTable, taken: NDArray[np.bool_], accepted: AcceptedLots, luck: Luck) -> Floats:
    """Return the true composition of the scrap in each heat, (heat, element): the mean of its lots.

    A heat takes the next accepted lots from its place in each stream on, so lots of a heat come from one yard as far
    as that has enough of them, and their likeness stays in the melt.
    """
    ladder = np.cumsum(accepted.mix)
    stream = np.searchsorted(ladder / ladder[-1], luck.stream, side="right")
    places = np.empty(stream.shape, dtype=np.int64)
    for at in range(len(table.streams)):
        own = stream == at
        if own.any():
            begin, end = table.bounds[at], table.bounds[at + 1]
            lots = begin + np.flatnonzero(taken[begin:end])
            first = np.searchsorted(lots, begin + luck.start[:, at] * (end - begin))
            rank = first[:, None] + np.cumsum(own, axis=1) - 1
            places[own] = lots[rank[own] % lots.size]
    return np.column_stack([column[places].mean(axis=1, dtype=np.float64) for column in table.true])
