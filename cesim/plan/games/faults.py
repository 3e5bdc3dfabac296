"""What a game refuses, as faults with a code, and the one check that every kernel makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, NoAnswer, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def fault(code: str, measure: str | None = None, **arguments: object) -> Fault:
    """Return a fault of the game, at a measure where it is one measure's."""
    return Fault(code, Place(model="measures" if measure is None else f"measures.{measure}"), arguments)


def refused(code: str, measure: str | None = None, **arguments: object) -> InputError:
    """Return the exception for one thing that is wrong with a game."""
    return InputError([fault(code, measure, **arguments)])


def finite(values: ArrayLike, sets: Sequence[frozenset[str]] = ()) -> Floats:
    """Return values of coalitions, (coalition, ...), as floats; `sets` names the coalitions.

    Raises
    ------
    InputError
        ``game_shape`` where there are no coalitions.
    NoAnswer
        ``game_not_finite``, naming the coalition and the place behind it, where a value is NaN or infinite.
    """
    array = np.asarray(values, dtype=np.float64)
    if not array.shape[:1]:
        raise refused("game_shape", found=array.shape, limits="(coalition, ...)")
    bad = ~np.isfinite(array)
    if bad.any():
        row, *behind = (int(index) for index in np.argwhere(bad)[0])
        named = " + ".join(sorted(sets[row])) or "∅" if row < len(sets) else str(row)
        where = ", ".join(map(str, behind)) or "0"
        raise NoAnswer([fault("game_not_finite", coalition=named, index=where, found=float(array[bad][0]))])
    return array
