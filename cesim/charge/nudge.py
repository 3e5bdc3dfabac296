"""A programme moved by less than the gate can see, for lots that nothing tells apart.

Lots of the same make, price and scatter can be charged in many equally good ways, and rounding may keep every method
from telling which it has in hand. Moved a little, one of the ways is the best (Wolfe 1963). What solves the moved
programme is handed out only where the gate confirms it for the programme as given, so nobody can tell that it was
moved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.programme import GAP, RESIDUAL, reachable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.programme import Programme

    Floats = NDArray[np.float64]

#: times a programme is moved before it is given up
NUDGES: Final = 8


def nudged(programme: Programme, turn: int) -> Programme:
    """The programme with each cost raised by a share and each limit moved inwards by a size all of their own.

    Each turn moves twice as far as the one before: the first less than a tenth of what the gate can see, the last as
    much as it may just bear, since a limit moved inwards is still met.
    """
    p, far = programme, 0.1 * 2.0**turn
    size = (np.abs(p.rows) * reachable(p)).max(axis=1, initial=0.0)
    dearer = 1.0 + far * GAP * _scattered(p.cost.size, turn)
    inwards = np.minimum(far * RESIDUAL * size * _scattered(p.lower.size, turn + NUDGES), (p.upper - p.lower) / 2)
    return replace(p, cost=p.cost * dearer, lower=p.lower + inwards, upper=p.upper - inwards)


def _scattered(count: int, turn: int) -> Floats:
    """Numbers from 0 to 1, no two the same: multiples of the golden ratio, without their whole part."""
    return np.asarray(((np.arange(count) + 1.0 + turn * count) * (np.sqrt(5.0) - 1.0) / 2.0) % 1.0)
