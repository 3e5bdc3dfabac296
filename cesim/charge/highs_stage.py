"""The last stage of a charge without margins: HiGHS, as scipy brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.programme import Programme, Solution, reachable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: what HiGHS may miss a limit or a reduced cost by, the least it takes
TOLERANCE: Final = 1e-10


def by_highs(programme: Programme) -> Solution | None:
    """Solve with HiGHS (Huangfu and Hall 2018); None where it finds neither an answer nor a proof that there is none.

    The proof is the least share by which all limits must give way: the prices of that programme are the ray.
    """
    n, count = programme.cost.size, programme.lower.size
    told = _asked(programme)
    if told is not None:
        x, price = told
        reduced = programme.cost - price @ programme.rows
        return Solution("optimal", x, float(programme.cost @ x), price, reduced, np.zeros(count), 0)
    size = (np.abs(programme.rows) * reachable(programme)).max(axis=1, initial=0.0)[:, None]
    size = np.where(size > 0.0, size, 1.0)
    free = np.full(count, np.inf)
    told = _asked(
        Programme(
            np.append(np.zeros(n), 1.0),
            np.block([[programme.rows, size], [programme.rows, -size]]),
            np.append(programme.lower, -free),
            np.append(free, programme.upper),
            np.append(programme.stock, 1e6),
        )
    )
    if told is None:
        return None
    none = np.full(n, np.nan)
    ray = told[1][:count] + told[1][count:]
    return Solution("infeasible", none, float("nan"), np.full(count, np.nan), none, ray, 0)


def _asked(programme: Programme) -> tuple[Floats, Floats] | None:
    """The charge and its row prices."""
    from scipy.optimize import linprog

    p = programme
    unit = float(np.abs(p.cost).max(initial=0.0)) or 1.0  # HiGHS measures reduced costs in absolute terms
    same = p.lower == p.upper
    below, above = np.isfinite(p.upper) & ~same, np.isfinite(p.lower) & ~same
    told = linprog(
        p.cost / unit,
        A_ub=np.vstack([p.rows[below], -p.rows[above]]),
        b_ub=np.concatenate([p.upper[below], -p.lower[above]]),
        A_eq=p.rows[same],
        b_eq=p.upper[same],
        bounds=[(0.0, most) for most in p.stock.tolist()],
        method="highs",
        options={"primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE},
    )
    if told.status != 0:
        return None
    price = np.zeros_like(p.lower)
    price[same] = told.eqlin.marginals
    at = int(below.sum())
    price[below] += told.ineqlin.marginals[:at]
    price[above] -= told.ineqlin.marginals[at:]
    price *= unit
    return np.clip(np.asarray(told.x, dtype=np.float64), 0.0, p.stock), price
