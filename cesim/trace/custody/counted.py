"""How much of each lot counts by a law: as declared, for certain, at the most, and in truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Set

    from numpy.typing import NDArray

    from cesim.trace.custody.flow import Side
    from cesim.trace.custody.laws import Law

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

VIEWS: Final = ("claimed", "provable", "possible", "true")
"""Knowledge on which a claim may rest; the rows of all masses by view."""
_NOTHING: Final = 1e-12
"""Share of unknown origin below which there is none: what rounding leaves of one."""


def shares(side: Side, origins: Set[str], law: Law, classes: tuple[str, ...]) -> Floats:
    """Return the share of each lot that is of these origins, (view, lot).

    The possible share is the provable one and all of unknown origin beside it; where a law counts the unknown as
    primary, the two are the same.
    """
    counted = np.array([name in origins for name in classes])
    declared, provable, true = (_sum(matrix, counted) for matrix in (side.declared, side.provable, side.true))
    unknown = 1.0 - side.provable.sum(axis=1)
    unknown[unknown < _NOTHING] = 0.0
    possible = provable + unknown if origins and law.unknown == "interval" else provable
    return np.asarray(np.minimum(np.stack([declared, provable, possible, true]), 1.0), dtype=np.float64)


def counted(side: Side, origins: Set[str], law: Law, classes: tuple[str, ...]) -> Whole:
    """Return the mass of each lot that is of these origins, to the nearest mg, (view, lot)."""
    return np.rint(shares(side, origins, law, classes) * side.mass_mg).astype(np.int64)


def _sum(matrix: Floats, counted: NDArray[np.bool_]) -> Floats:
    return np.asarray(matrix[:, counted].sum(axis=1), dtype=np.float64)
