"""What share of lots is provably, and what share possibly, of the origins that a rule counts.

Matter whose origin no record tells may be of any origin: the share lies between what the records prove of the classes
counted and what they leave after the classes not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bounds:
    """An interval for the share of the classes counted.

    Attributes
    ----------
    provable, possible : (lot,), or () for a group
        From 0 to 1.
    """

    provable: Floats
    possible: Floats

    @property
    def width(self) -> Floats:
        """How much is not known."""
        return np.asarray(self.possible - self.provable)

    def of(self, weight: Floats) -> Bounds:
        """Return the interval of a group of lots, each with its weight (its mass) (lot,) in the group.

        Raises
        ------
        InputError
            ``group_without_mass`` where nothing has a weight, or one is negative.
        """
        total = float(np.sum(weight))
        if not (np.isfinite(total) and total > 0 and np.all(np.asarray(weight) >= 0)):
            raise InputError([Fault("group_without_mass", Place(model="group"), {"found": total})])
        low, high = (float(weight @ side) / total for side in (self.provable, self.possible))
        return Bounds(np.asarray(low), np.asarray(max(low, high)))


def bounds(shares: Floats, counted: Sequence[int]) -> Bounds:
    """Return the intervals of all lots for the share of the classes counted.

    Parameters
    ----------
    shares : (lot, K)
        Of the genealogy that the records tell (`passing.shares`).
    counted
        Places of the classes.

    Raises
    ------
    InputError
        ``class_counted`` where one of them is no class, or stands there twice.
    """
    classes = shares.shape[1]
    chosen = np.asarray(counted, dtype=np.int64)
    if len(chosen) != len(set(chosen.tolist())) or np.any((chosen < 0) | (chosen >= classes)):
        raise InputError([Fault("class_counted", Place(path="counted"), {"found": list(map(int, counted))})])
    counts = np.zeros(classes, dtype=bool)
    counts[chosen] = True
    provable = shares @ counts.astype(np.float64)
    possible = 1.0 - shares @ (~counts).astype(np.float64)
    # sums of shares miss 1 by rounding
    return Bounds(np.clip(provable, 0.0, 1.0), np.clip(np.maximum(provable, possible), 0.0, 1.0))
