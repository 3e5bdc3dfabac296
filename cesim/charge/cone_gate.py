"""The gate of charges with safety margins for the compiled stages: what their prices prove, what their rows miss.

Prices. Side 0 is the lower limit, side 1 the upper; ``side`` holds both prices without sign, and ``bend[q]`` the vector
with ``|bend| <= side[0] + side[1]`` for which ``z bend' F x`` stands in for the price of the margin. Any such numbers
prove a bound (`margin_bound`), whatever way they were found. Compiled like `kernel`, and for the same reason loops.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.compiled import compiled
from cesim.charge.interior import lines, spread_back
from cesim.charge.kernel import NOTHING, OPTIMAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Entries = tuple[Ints, Ints, Floats]


@compiled
def entries(factor: Floats, z: Floats) -> Entries:
    """The non-zero entries of ``z_q F_q``, line by line."""
    cones, k, n = factor.shape
    begin = np.empty((cones, k + 1), np.int64)
    count = 0
    for q in range(cones):
        for at in range(k):
            for j in range(n):
                if factor[q, at, j] != 0.0:
                    count += 1
    place, value = np.empty(count, np.int64), np.empty(count)
    count = 0
    for q in range(cones):
        for at in range(k):
            begin[q, at] = count
            for j in range(n):
                if factor[q, at, j] != 0.0:
                    place[count] = j
                    value[count] = z[q] * factor[q, at, j]
                    count += 1
        begin[q, k] = count
    return begin, place, value


@compiled
def gate_sizes(rows: Floats, upper: Floats, stock: Floats, size: Floats) -> None:
    """The largest contribution of a column to each row, by which the gate measures a miss (see `programme`)."""
    reach = stock.copy()
    for i in range(upper.size):
        whole = upper[i] > 0.0 and upper[i] < math.inf
        for j in range(stock.size):
            whole = whole and rows[i, j] >= 0.0
        if whole:
            for j in range(stock.size):
                if rows[i, j] > 0.0:
                    reach[j] = min(reach[j], upper[i] / rows[i, j])
    for i in range(upper.size):
        size[i] = 0.0
        for j in range(stock.size):
            size[i] = max(size[i], abs(rows[i, j]) * reach[j])
        if size[i] == 0.0:
            size[i] = 1.0


@compiled
def norm(v: Floats) -> float:
    """Length of a vector."""
    total = 0.0
    for i in range(v.size):
        total += v[i] * v[i]
    return math.sqrt(total)


@compiled
def margin_bound(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, risky: Ints, held: Entries,
    price: Floats, side: Floats, bend: Floats, reduced: Floats,
) -> tuple[float, float]:  # fmt: skip
    """What prices prove the cost to be at least, and the sizes in it; minus inf where a price is on no limit.

    ``price`` counts for the rows without margin; those with one are priced by ``side``, and ``bend`` is shortened to
    what they allow.
    """
    begin, place, value = held
    proved, size = 0.0, 0.0
    for j in range(cost.size):
        reduced[j] = cost[j]
    for i in range(lower.size):
        own_low, own_high = max(price[i], 0.0), max(-price[i], 0.0)
        for q in range(risky.size):
            if risky[q] == i:
                own_low, own_high = side[q, 0], side[q, 1]
                length, allowed = norm(bend[q]), own_low + own_high
                if length > 0.0:
                    share = min(1.0, allowed / length)
                    spread_back(begin, place, value, q, bend[q], share, reduced)
        if own_low < 0.0 or own_high < 0.0:
            return -math.inf, 1.0
        if own_low > 0.0:
            proved += own_low * lower[i]
            size += abs(own_low * lower[i])
        if own_high > 0.0:
            proved -= own_high * upper[i]
            size += abs(own_high * upper[i])
        net = own_low - own_high
        if net != 0.0:
            for j in range(cost.size):
                reduced[j] -= net * rows[i, j]
    for j in range(cost.size):
        if reduced[j] < 0.0:
            proved += reduced[j] * stock[j]
            size -= reduced[j] * stock[j]
    if not math.isfinite(proved):
        return -math.inf, 1.0
    return proved, size


@compiled
def margin_missed(
    rows: Floats, lower: Floats, upper: Floats, risky: Ints, held: Entries, size: Floats, x: Floats, line: Floats
) -> float:
    """Largest miss of a row with its margin, as a share of the row's scale."""
    begin, place, value = held
    worst = 0.0
    for i in range(lower.size):
        margin, activity = 0.0, 0.0
        for q in range(risky.size):
            if risky[q] == i:
                lines(begin, place, value, q, x, line)
                margin = norm(line)
        for j in range(x.size):
            activity += rows[i, j] * x[j]
        worst = max(worst, max(lower[i] - activity + margin, activity + margin - upper[i]) / size[i])
    return worst


@compiled
def confirmed(
    status: int, cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, risky: Ints, held: Entries,
    size: Floats, x: Floats, price: Floats, side: Floats, bend: Floats, reduced: Floats, residual: float, gap: float,
) -> bool:  # fmt: skip
    """The gate: whether an answer, or a certificate, holds by the raw inputs."""
    if status == OPTIMAL:
        objective, dearest, most = 0.0, 0.0, 0.0
        for j in range(x.size):
            dearest, most = max(dearest, abs(cost[j])), max(most, x[j])
        terms = NOTHING * dearest * most
        for j in range(x.size):
            objective += cost[j] * x[j]
            terms += abs(cost[j] * x[j])
        proved, sizes = margin_bound(cost, rows, lower, upper, stock, risky, held, price, side, bend, reduced)
        if not abs(objective - proved) <= gap * (sizes + terms):
            return False
        return bool(margin_missed(rows, lower, upper, risky, held, size, x, np.empty(bend.shape[1])) <= residual)
    nothing = np.zeros(x.size)
    proved, sizes = margin_bound(nothing, rows, lower, upper, stock, risky, held, price, side, bend, reduced)
    return bool(proved > 1e-13 * sizes)
