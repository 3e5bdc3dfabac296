"""The last stage of a charge with safety margins: Clarabel, where it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from cesim.charge.cone import ConeSolution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.cone import ConeProgramme

    Floats = NDArray[np.float64]


def by_clarabel(programme: ConeProgramme, tolerance: float = 1e-10) -> ConeSolution | None:
    """Solve with Clarabel (Goulart and Chen 2024); None where it is not installed or finds no answer."""
    try:
        import clarabel
    except ImportError:
        return None
    base = programme.base
    matrix, limits, cones, sides = _conic_form(programme, clarabel)
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    n = base.cost.size
    told = clarabel.DefaultSolver(sparse.csc_matrix((n, n)), base.cost, matrix, limits, cones, settings).solve()
    status = str(told.status)
    if status not in ("Solved", "AlmostSolved", "PrimalInfeasible", "AlmostPrimalInfeasible"):
        return None
    price, side, bend = _prices(programme, np.asarray(told.z), sides)
    if status.endswith("Infeasible"):
        none = np.full(n, np.nan)
        return ConeSolution(
            "infeasible", none, float("nan"), np.full(base.lower.size, np.nan), none, price, side, bend, "clarabel", 0
        )
    x = np.clip(told.x, 0.0, base.stock)
    reduced = base.cost - price @ base.rows + np.einsum("q,qk,qkn->n", programme.z, bend, programme.factor)
    no_ray = np.zeros(base.lower.size)
    return ConeSolution("optimal", x, float(base.cost @ x), price, reduced, no_ray, side, bend, "clarabel", 0)


def _conic_form(
    programme: ConeProgramme, clarabel: Any
) -> tuple[sparse.csc_matrix, Floats, list[Any], list[tuple[int, int, int]]]:
    """``limits - matrix @ x`` in the cones: bounds, one-sided rows, then a cone for each limit with a margin.

    The last answer tells row, side and risky number (-1 for none) of what follows the bounds.
    """
    base, risky = programme.base, programme.risky.tolist()
    n = base.cost.size
    blocks, limits = [-np.eye(n), np.eye(n)], [np.zeros(n), base.stock]
    plain: list[tuple[int, int, int]] = []
    margins: list[tuple[int, int, int]] = []
    for i in range(base.lower.size):
        for which, limit in enumerate((base.lower[i], base.upper[i])):
            if np.isfinite(limit):
                (margins if i in risky else plain).append((i, which, risky.index(i) if i in risky else -1))
    for i, which, q in [*plain, *margins]:
        sign, limit = (1.0, base.upper[i]) if which else (-1.0, base.lower[i])
        blocks.append(sign * base.rows[i : i + 1])
        limits.append(np.array([sign * limit]))
        if q >= 0:
            blocks.append(-programme.z[q] * programme.factor[q])
            limits.append(np.zeros(programme.factor.shape[1]))
    cones = [clarabel.NonnegativeConeT(2 * n + len(plain))]
    cones += [clarabel.SecondOrderConeT(1 + programme.factor.shape[1]) for _ in margins]
    return sparse.csc_matrix(np.vstack(blocks)), np.concatenate(limits), cones, [*plain, *margins]


def _prices(programme: ConeProgramme, dual: Floats, sides: list[tuple[int, int, int]]) -> tuple[Floats, Floats, Floats]:
    """Clarabel's dual as net row prices, prices of both sides and directions."""
    price = np.zeros(programme.base.lower.size)
    side = np.zeros((programme.risky.size, 2))
    bend = np.zeros((programme.risky.size, programme.factor.shape[1]))
    at = 2 * programme.base.cost.size
    for i, which, q in sides:
        own = max(float(dual[at]), 0.0)
        price[i] += -own if which else own
        at += 1
        if q >= 0:
            side[q, which] = own
            bend[q] -= dual[at : at + bend.shape[1]]
            at += bend.shape[1]
    return price, side, bend
