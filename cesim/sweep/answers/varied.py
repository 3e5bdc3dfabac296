"""What a study varies, one number in every future."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Varied:
    """One number that a study varies, in every future.

    Attributes
    ----------
    name
        its path in the scenario
    unit
        as in the scenario; ``rank`` where the values are places in the range, 0 to 1
    values : (future,)
        at the year that is asked about; of options, which of them, from 0
    best
        best estimate of the scenario; None where there is none
    is_relative
        whether 1 stands for today
    options
        what is chosen between, of a choice; nothing else has any
    """

    name: str
    unit: str
    values: Floats
    best: float | None = None
    is_relative: bool = False
    options: tuple[object, ...] = ()

    @property
    def column(self) -> Floats:
        """Its values (future,), under a name that is not one of a data frame."""
        return self.values

    def at(self, futures: NDArray[np.int64]) -> Varied:
        """The same of some futures."""
        return replace(self, values=self.values[futures])

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most of its values."""
        return float(np.min(self.values)), float(np.max(self.values))

    @property
    def factor(self) -> float:
        """By what values are multiplied where they are shown."""
        return 100.0 if self.unit in ("share", "rank") else 1.0
