"""Luck by name: every entity has streams of its own, and its draws depend on nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cesim.quantities.streams import UniformSource

_BLOCK: Final = 1024
"""Draws made at once; one alone would cost as much as all of them."""
_KEPT: Final = 16
"""Blocks of a stream that are kept."""


class Stream:
    """A roll of numbered tickets with a name on it, such as ``shredder Nagoya.seconds``.

    The ticket is chosen by a stable identity (the serial of a vehicle, the count of heats of this furnace), never by
    the number of a lot or the order of calls; so another facility, or twice the lots elsewhere, changes no ticket.
    """

    def __init__(self, source: UniformSource, name: str) -> None:
        self.name = name
        self._source = source
        self._blocks: dict[int, list[float]] = {}

    def at(self, index: int) -> float:
        """Return the draw of an identity, uniform on (0, 1)."""
        block = index // _BLOCK
        held = self._blocks.get(block)
        if held is None:
            if len(self._blocks) >= _KEPT:
                del self._blocks[next(iter(self._blocks))]
            held = self._blocks[block] = self._source.u(self.name, block * _BLOCK, _BLOCK).tolist()
        return held[index % _BLOCK]

    def some(self, first: int, count: int) -> NDArray[np.float64]:
        """Return the draws of many identities that follow each other, (count,)."""
        return self._source.u(self.name, first, count)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_blocks": {}}  # they come back as they were


class Draws:
    """All streams of a run.

    Parameters
    ----------
    source
        `KeyedSource` of a seed, or the columns of a design.
    """

    def __init__(self, source: UniformSource) -> None:
        self._source = source
        self._streams: dict[str, Stream] = {}

    def stream(self, name: str) -> Stream:
        """Return the stream of a name, always the same object."""
        if name not in self._streams:
            self._streams[name] = Stream(self._source, name)
        return self._streams[name]
