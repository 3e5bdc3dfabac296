"""Plain draws as a design: column j is the roll of tickets of its own stream, as a run draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.quantities import uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class KeyedDesign:
    """Keyed draws of some streams; point p is draw p of a run with the same seed.

    Attributes
    ----------
    streams
        one a column
    seed
        of the study
    """

    streams: tuple[str, ...]
    seed: int

    @property
    def columns(self) -> int:
        """Streams."""
        return len(self.streams)

    @property
    def points(self) -> None:
        """There is no end."""

    def rows(self, first: int, count: int) -> Floats:
        """Points `first` to ``first + count - 1``, shape ``(count, columns)``, strictly inside (0, 1)."""
        drawn = [uniforms(self.seed, stream, first, count) for stream in self.streams]
        return np.stack(drawn, axis=1) if drawn else np.empty((count, 0))
