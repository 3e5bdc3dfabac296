"""What a limit costs: the change of the objective when it is moved, to either side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.programme import Programme
    from cesim.charge.sheet import ChargeSheet, Side
    from cesim.charge.simplex import Tableau

    Floats = NDArray[np.float64]

ACTIVE: Final = 1e-8
"""Share of its limit within which a row lies on it."""
STEP: Final = 1e-6
"""Share of its limit by which one is moved to see what the next basis charges."""
NOTHING: Final = 1e-9
"""Share of the largest price below which a price is rounding."""


def on_limit(sheet: ChargeSheet, masses: Floats) -> dict[str, Side]:
    """Return the limits that the mean of a charge lies on: name -> side.

    Parameters
    ----------
    masses
        t of each column, (column,).
    """
    reached = (sheet.rows @ masses)[:-1] / sheet.furnace.mass
    return {
        end.name: end.side
        for end, value in zip(sheet.ends, reached, strict=True)
        if abs(value - end.limit) <= ACTIVE * max(end.limit, 1e-6)
    }


def one_sided(sheet: ChargeSheet, tableau: Tableau, names: dict[str, Side]) -> dict[str, tuple[float, float]]:
    """Return the derivatives of the objective by each limit, when it goes down and when it goes up.

    The limit is moved a little and the programme solved on; the price in the new basis is the derivative on that side,
    exactly, as cost is piecewise linear in a limit. Where nothing is left to charge it is infinite.
    """
    programme = tableau.programme
    found = {name: (_price(sheet, tableau, name, -STEP), _price(sheet, tableau, name, STEP)) for name in names}
    tableau.restock(lower=programme.lower, upper=programme.upper)
    sizes = [abs(price) for pair in found.values() for price in pair if np.isfinite(price)]
    least = NOTHING * max(sizes, default=0.0)
    return {name: pair for name, pair in found.items() if max(map(abs, pair)) > least}


def _price(sheet: ChargeSheet, tableau: Tableau, name: str, share: float) -> float:
    programme = tableau.programme
    own = [at for at, end in enumerate(sheet.ends) if end.name == name]
    lower, upper = moved(sheet, programme, own, share)
    tableau.restock(lower=lower, upper=upper)
    found = tableau.solve()
    tableau.restock(lower=programme.lower, upper=programme.upper)
    return float(found.row_price[own].sum()) if found.status == "optimal" else share / STEP * np.inf


def moved(sheet: ChargeSheet, programme: Programme, ends: list[int], share: float) -> tuple[Floats, Floats]:
    """Return the limits of all rows with those of some ends moved by a share of them (a zero one as if 1e-6)."""
    lower, upper = programme.lower.copy(), programme.upper.copy()
    for at in ends:
        shift = share * max(sheet.ends[at].limit, 1e-6) * sheet.furnace.mass
        lower[at], upper[at] = lower[at] + shift, upper[at] + shift
    return lower, upper
