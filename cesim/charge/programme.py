"""A linear programme of one charge, its answer, and the gate every answer passes.

``minimise cost @ x  subject to  lower <= rows @ x <= upper,  0 <= x <= stock``.

Every column has a finite stock. That is what makes the gate strong: for *any* row prices ``y`` the number

    bound(y) = sum_r (y_r lower_r if y_r > 0 else y_r upper_r) + sum_j min(0, cost_j - (rows' y)_j) stock_j

is below the cost of every allowed charge. So an answer is proved by its own prices, and a programme without answer by
prices (a ray) whose bound at cost zero is above zero (Farkas). Nothing the solver kept for itself is trusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.charge.refusals import as_floats, below_zero, crossed, limits_hold, not_finite, raise_all, shape_faults

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.errors import Fault

    Floats = NDArray[np.float64]

#: a row may be missed by this share of the largest contribution a single column can make to it
RESIDUAL = 1e-9

#: the cost may lie above the proved bound by this share of the sizes that enter the bound
GAP = 1e-9

#: the share of the largest cost of a column that counts as no cost: where the answer costs nothing, all is rounding
NOTHING = 1e-5

#: a certificate of infeasibility must be positive by this share of the sizes that enter it
CERTAIN = 1e-13


@dataclass(frozen=True)
class Programme:
    """A charge as arrays; refuses what is not a programme, all faults at once.

    Attributes
    ----------
    cost : (n,)
        per unit of each column (JPY per t)
    rows : (m, n)
        contribution of each column to each row (mass fraction)
    lower, upper : (m,)
        limits of the rows (t); -inf and inf where there is none, equal for an equality
    stock : (n,)
        what there is of each column (t), finite

    Raises
    ------
    InputError
        with a fault for every array that is not finite, has the wrong shape, crosses its partner or is negative
    """

    cost: Floats
    rows: Floats
    lower: Floats
    upper: Floats
    stock: Floats

    def __post_init__(self) -> None:
        for name in ("cost", "rows", "lower", "upper", "stock"):
            object.__setattr__(self, name, as_floats(name, getattr(self, name)))
        if not self._holds():
            raise_all(self._faults())

    def _holds(self) -> bool:
        """Whether all is well, in a few sums: this is asked for every charge, the faults only for a wrong one."""
        count, columns = self.rows.shape if self.rows.ndim == 2 else (-1, -1)
        if not (self.cost.shape == self.stock.shape == (columns,) and self.lower.shape == self.upper.shape == (count,)):
            return False
        if columns == 0:
            return False
        total = np.add.reduce(self.cost) + np.add.reduce(self.rows, axis=None) + np.add.reduce(self.stock)
        return isfinite(total) and limits_hold(self.lower, self.upper) and bool(np.minimum.reduce(self.stock) >= 0.0)

    def _faults(self) -> list[Fault]:
        wrong = shape_faults(self.rows, cost=(self.cost, 1), stock=(self.stock, 1), lower=(self.lower, 0))
        wrong += shape_faults(self.rows, upper=(self.upper, 0))
        return wrong or [
            *not_finite("cost", self.cost),
            *not_finite("rows", self.rows),
            *not_finite("stock", self.stock),
            *below_zero("stock", self.stock),
            *crossed(self.lower, self.upper),
        ]


@dataclass(frozen=True)
class Solution:
    """The answer to a programme.

    Attributes
    ----------
    status : "optimal" or "infeasible"
    x : (n,)
        NaN where the programme has no answer
    objective : float
        ``cost @ x``; NaN where there is no answer
    row_price : (m,)
        d objective / d row limit: above zero when raising the active limit raises the cost
    column_price : (n,)
        d objective / d stock where the stock is used up (not above zero), else what the column's price is too high by
    ray : (m,)
        zero for an optimum; else row prices that prove that the limits cannot be met together (`farkas`)
    pivots : int
    """

    status: Literal["optimal", "infeasible"]
    x: Floats
    objective: float
    row_price: Floats
    column_price: Floats
    ray: Floats
    pivots: int


@dataclass(frozen=True)
class Verification:
    """What the gate found, from the raw inputs alone.

    Attributes
    ----------
    holds : bool
    primal : float
        largest miss of a row or a stock, as a share of the largest contribution of one column to that row
    dual : float
        largest price with the wrong sign (on a limit that is infinite), as a share of the largest price
    gap : float
        cost above the proved bound, as a share of the sizes in the bound; of a ray: minus its margin
    """

    holds: bool
    primal: float
    dual: float
    gap: float


def verify(programme: Programme, solution: Solution, residual: float = RESIDUAL, gap: float = GAP) -> Verification:
    """Recompute residuals and gap of an optimum, or the margin of a certificate, from the raw inputs."""
    if solution.status == "infeasible":
        margin = farkas(programme, solution.ray)
        return Verification(margin > CERTAIN, 0.0, 0.0, -margin)
    primal = row_miss(programme, solution.x)
    value, size, wrong = dual_bound(programme, programme.cost, solution.row_price)
    cost = float(programme.cost @ solution.x)
    size += float(np.abs(programme.cost) @ solution.x)
    size += NOTHING * float((np.abs(programme.cost) * reachable(programme)).max())
    over = (cost - value) / size if size > 0 else 0.0
    same = bool(abs(solution.objective - cost) <= gap * size) if size > 0 else solution.objective == 0.0
    return Verification(bool(primal <= residual and abs(over) <= gap and wrong <= gap and same), primal, wrong, over)


def dual_bound(programme: Programme, cost: Floats, price: Floats) -> tuple[float, float, float]:
    """The bound that row prices prove, the sizes in it, and the largest price on an infinite limit (see module)."""
    limit = np.where(price > 0, programme.lower, programme.upper)
    open_end = ~np.isfinite(limit)
    largest = float(np.abs(price).max(initial=0.0))
    wrong = float(np.abs(price[open_end]).max(initial=0.0)) / largest if largest > 0 else 0.0
    kept = np.where(open_end, 0.0, price)
    terms = kept * np.where(open_end, 0.0, limit)
    reduced = cost - kept @ programme.rows
    at_stock = np.minimum(reduced, 0.0) * programme.stock
    size = float(np.abs(terms).sum() + np.abs(at_stock).sum())
    return float(terms.sum() + at_stock.sum()), size, wrong


def farkas(programme: Programme, ray: Floats) -> float:
    """Margin by which a ray proves that no charge meets all rows: above zero is a proof.

    The ray weighs the rows. Its bound at cost zero would be a lower bound of zero; if it is positive, nothing is
    allowed. The margin is a share of the sizes that enter.
    """
    value, size, wrong = dual_bound(programme, np.zeros_like(programme.cost), ray)
    return value / size if size > 0 and wrong == 0.0 else -np.inf


def row_miss(programme: Programme, x: Floats) -> float:
    """Largest miss of a row (share of the largest contribution a column can make) or of a stock (share of it)."""
    if not np.isfinite(x).all():
        return np.inf
    activity = programme.rows @ x
    miss = np.maximum(programme.lower - activity, activity - programme.upper)
    reach = np.minimum(programme.stock, np.maximum(np.abs(x), reachable(programme)))
    size = (np.abs(programme.rows) * reach).max(axis=1, initial=0.0)
    size = np.where(size > 0, size, 1.0)
    outside = np.maximum(-x, x - programme.stock).max(initial=0.0)
    largest = max(float(reach.max(initial=0.0)), float(np.abs(x).max(initial=0.0)))
    return float(max((miss / size).max(initial=0.0), outside / largest if largest > 0 else outside))


def reachable(programme: Programme) -> Floats:
    """What the rows without negative entries let each column be at most; the stock where none does."""
    whole = (programme.rows >= 0).all(axis=1) & (programme.upper > 0) & np.isfinite(programme.upper)
    rows, upper = programme.rows[whole], programme.upper[whole]
    at_most = np.full(rows.shape, np.inf)
    np.divide(upper[:, None], rows, out=at_most, where=rows > 0)
    least: Floats = np.minimum(at_most.min(axis=0, initial=np.inf), programme.stock)
    return least
