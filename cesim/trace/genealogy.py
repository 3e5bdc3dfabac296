"""What was made of what: the form in which shares, bounds and traces are computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Genealogy:
    """Transformations in an order in which every lot is made before it is used.

    Attributes
    ----------
    lots
        Number of lots; those that nothing made are of unknown origin.
    classes
        Number of origin classes K.
    in_start, out_start, source_start : (event + 1,)
        Edges of event e are ``start[e]:start[e + 1]``.
    in_lot, out_lot : (edge,)
        -1 on the input side for matter that is known by its mass alone.
    in_mass, out_mass : (edge,)
        mg; whole numbers below 2**53.
    source_class : (edge,)
        0 to K - 1; -1 where it is not told.
    source_mass : (edge,)
    loss : (event,)
        mg that was lost, as declared.
    relabel : (event,)
        Class of all that leaves, whatever went in; -1 for none.
    """

    lots: int
    classes: int
    in_start: Whole
    in_lot: Whole
    in_mass: Floats
    out_start: Whole
    out_lot: Whole
    out_mass: Floats
    source_start: Whole
    source_class: Whole
    source_mass: Floats
    loss: Floats
    relabel: Whole

    def __len__(self) -> int:
        return len(self.loss)
