"""Luck by name and identity: what an actor draws for a bale depends on who it is, which bale and what for."""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cesim.quantities.streams import UniformSource

_BLOCK: Final = 64
"""Draws made at once; one alone would cost as much as all of them."""
_KEPT: Final = 8192
"""Blocks that are kept, 4 MB; the oldest goes first. Bales of many suppliers and grades come mixed, each with rolls of
its own, so many short blocks are met again where few long ones would be made anew each time."""
_NORMAL: Final = NormalDist()


class Luck:
    """Numbered tickets on rolls with names, such as ``records.dismantler Aichi.coverage``.

    Parameters
    ----------
    source
        `KeyedSource` of a seed, or the columns of a design.
    """

    def __init__(self, source: UniformSource) -> None:
        self._source = source
        self._blocks: dict[tuple[str, int], NDArray[np.float64]] = {}

    def at(self, name: str, index: int) -> float:
        """Return the draw of an identity, uniform on (0, 1)."""
        block, place = divmod(index, _BLOCK)
        held = self._blocks.get((name, block))
        if held is None:
            if len(self._blocks) >= _KEPT:
                del self._blocks[next(iter(self._blocks))]
            held = self._blocks[name, block] = self._source.u(name, block * _BLOCK, _BLOCK)
        return float(held[place])

    def duration(self, name: str, index: int, mean: float, cv: float) -> float:
        """Return a log-normal duration of this mean and coefficient of variation, in the unit of the mean."""
        if mean <= 0.0:
            return 0.0
        variance = log(1.0 + cv * cv)
        return self.around(name, index, mean * exp(-variance / 2.0), sqrt(variance))

    def around(self, name: str, index: int, median: float, spread: float) -> float:
        """Return a log-normal number of this median; `spread` is the standard deviation of its logarithm."""
        if median <= 0.0 or spread <= 0.0:
            return median
        return median * exp(spread * _NORMAL.inv_cdf(self.at(name, index)))

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_blocks": {}}  # they come back as they were
