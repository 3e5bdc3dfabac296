"""The gate of a charge: what comes out of the furnace, recomputed from the lots, must be what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.charge.composition import BASE
from cesim.charge.lexicographic import NotSolvedError
from cesim.charge.sheet import melt_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.programme import Verification
    from cesim.charge.sheet import ChargeSheet

    Floats = NDArray[np.float64]

WITHIN: Final = 1e-8
"""Mass fraction (of limits) and share (of masses) by which a charge may miss what it was to keep."""
TRACE: Final = 1e-9
"""Share of the heat below which a material is not charged but rounding."""


def figures(sheet: ChargeSheet, masses: Floats) -> dict[str, Any]:
    """Return what a charge amounts to: the fields of an answer that follow from its masses, (column,)."""
    kept = masses > TRACE * sheet.furnace.mass
    melt = float(sheet.melted @ masses)
    fraction = masses @ sheet.content / melt
    post, pre = (float(sheet.recycled(kind) @ masses) / melt for kind in ("post", "pre"))
    return {
        "mix": {name: float(mass) for name, mass, one in zip(sheet.names, masses, kept, strict=True) if one},
        "melt": melt,
        "composition": dict(zip(sheet.elements, map(float, fraction), strict=True)) | {BASE: float(1 - fraction.sum())},
        "recycled_content": post + pre,
        "post_consumer": post,
        "pre_consumer": pre,
        "cost": float(sheet.price @ masses),
        "co2": float(sheet.co2 @ masses),
    }


def checked(sheet: ChargeSheet, masses: Floats | None, found: Verification, *, on_mean: bool = True) -> Verification:
    """Return the verification of a programme, after the charge itself has been melted and judged.

    Parameters
    ----------
    masses
        t of each column, (column,); None where there is no charge.
    on_mean
        Whether the mean of the heat is to keep the limits.

    Raises
    ------
    NotSolvedError
        Where the proof fails, a stock is overdrawn, the furnace is not full or a limit is missed.
    """
    if not found.holds:
        raise NotSolvedError("the charge does not pass the gate of its programme")
    if masses is None:
        return found
    content, melted = melt_columns(sheet.furnace, sheet.raw, sheet.elements, sheet.names)
    melt, scale = float(melted @ masses), sheet.furnace.mass
    outside = np.maximum(sheet.least - masses, masses - sheet.stock).max() / scale
    if max(float(outside), abs(melt / scale - 1.0)) > WITHIN:
        raise NotSolvedError("the charge overdraws a stock or does not fill the furnace")
    over = _largest_miss(sheet, masses @ content / melt)
    if on_mean and over > WITHIN:
        raise NotSolvedError(f"the charge misses a limit by {over:.2e} mass fraction")
    return found


def _largest_miss(sheet: ChargeSheet, fraction: Floats) -> float:
    """Return by how much the melt misses the limits of the alloy, judged by the alloy itself."""
    melt = dict(zip(sheet.elements, np.clip(fraction, 0.0, 1.0), strict=True))
    if BASE in sheet.alloy.elements:
        melt[BASE] = np.asarray(1.0 - sum(melt.values()))
    return max((float(np.abs(miss)) for miss in sheet.alloy.excess(melt).values()), default=0.0)
