"""Between which contents the drawn heats of a charge fall: why a mean keeps away from its limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.heats import deviations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.charge.sheet import ChargeSheet

    Floats = NDArray[np.float64]


def spread_of_heats(
    sheet: ChargeSheet, mix: Mapping[str, float], *, heats: int = 20_000, seed: int = 0, inside: float = 0.99
) -> dict[str, tuple[float, float]]:
    """Return the ends of the middle part of drawn heats: limit (element or sum) -> mass fractions.

    Parameters
    ----------
    mix
        t of every material that is charged.
    inside
        Share of the heats that lie between the two ends.
    """
    masses = np.array([mix.get(name, 0.0) for name in sheet.names])
    apart = np.zeros((heats, len(sheet.elements)))
    for mass, lot in zip(masses, sheet.lots, strict=False):
        if mass > 0.0 and lot.varies:
            apart += mass * deviations(sheet, lot, heats, "judge", seed)
    fraction = sheet.melted_fraction(masses, apart)
    ends = [(1.0 - inside) / 2.0, (1.0 + inside) / 2.0]
    found = {}
    for end in sheet.ends:
        low, high = np.quantile(fraction @ end.weights + end.of_melt, ends)
        found[end.name] = (float(low), float(high))
    return found
