"""What was taken at the gate: a selected sample, described by what it truly holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.streams import LotTable

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AcceptedLots:
    """The true composition of the lots that were taken, by stream and together.

    Lots are taken because they read low, and part of a low reading is luck: what was taken holds more than its own
    readings say, on average. So the readings of accepted lots describe nothing, and none are given here.
    """

    elements: tuple[str, ...]
    """Symbols of the element axes."""
    weight: Floats
    """Share of each stream in the tonnes that came to the gate, (stream,)."""
    lots: Floats
    """Lots taken, (stream,)."""
    share: Floats
    """Share of each stream's lots that were taken, (stream,)."""
    means: Floats
    """True mean mass fractions, (stream, element); NaN where a stream had no lot taken."""
    covariances: Floats
    """True covariance of one lot, (stream, element, element); NaN as above."""

    @property
    def mix(self) -> Floats:
        """Share of each stream in the accepted tonnes, (stream,); NaN where nothing was taken."""
        tonnes = self.weight * self.share
        return np.asarray(tonnes / tonnes.sum()) if tonnes.sum() > 0.0 else np.full(tonnes.shape, np.nan)

    @property
    def mean(self) -> Floats:
        """True mean mass fractions of all that was taken, (element,)."""
        there = self.lots > 0
        return np.asarray(self.mix[there] @ self.means[there]) if there.any() else np.full(len(self.elements), np.nan)

    @property
    def covariance(self) -> Floats:
        """True covariance of a lot picked from all that was taken, (element, element)."""
        there = self.lots > 0
        if not there.any():
            return np.full((len(self.elements),) * 2, np.nan)
        apart = self.means[there] - self.mean
        within = self.covariances[there] + np.einsum("si,sj->sij", apart, apart)
        return np.asarray(np.einsum("s,sij->ij", self.mix[there], within))

    @property
    def standard_error(self) -> Floats:
        """Standard error of `mean` by simulation, (element,), as if lots were independent."""
        there = self.lots > 0
        spread = np.einsum("sii->si", self.covariances[there]) / self.lots[there, None]
        return np.asarray(np.sqrt(np.square(self.mix[there]) @ spread))


def moments_of(table: LotTable, taken: NDArray[np.bool_]) -> AcceptedLots:
    """Return the moments of the lots taken, summed in double precision about the mean of all lots of the stream."""
    streams, size = len(table.streams), len(table.elements)
    centre = np.array([_middle(table, at) for at in range(streams)])
    count, first = np.zeros(streams), np.zeros((streams, size))
    second = np.zeros((streams, size, size))
    for at, block in table.blocks():
        chosen = taken[block]
        apart = (table.true[:, block] - centre[at][:, None]) * chosen
        exact = apart.astype(np.float64)
        count[at] += np.count_nonzero(chosen)
        first[at] += exact.sum(axis=1)
        second[at] += exact @ exact.T
    with np.errstate(invalid="ignore", divide="ignore"):
        shift = first / count[:, None]
        covariances = second / count[:, None, None] - np.einsum("si,sj->sij", shift, shift)
    return AcceptedLots(table.elements, table.weight, count, count / np.diff(table.bounds), centre + shift, covariances)


def _middle(table: LotTable, at: int) -> NDArray[np.float32]:
    """Somewhere in the middle of a stream, (element,), so that squares lose no digits."""
    begin = int(table.bounds[at])
    return np.asarray(table.true[:, begin : min(begin + 1000, int(table.bounds[at + 1]))].mean(axis=1))
