"""What a round of cuts or a rough interior point suggests, settled by Newton's method.

Compiled like `kernel`, and for the same reason written as loops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.compiled import compiled
from cesim.charge.cone_gate import norm
from cesim.charge.interior import lines
from cesim.charge.kernel import power_of_two
from cesim.charge.newton import newton

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Entries = tuple[Ints, Ints, Floats]
    Scaled = tuple[Floats, Floats, Floats, Floats, Floats, Ints, Floats, float]

#: most steps of Newton's method
STEPS: Final = 20


@compiled
def in_units(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, risky: Ints, held: Entries, size: Floats,
    column: Floats,
) -> Scaled:  # fmt: skip
    """Cost, stock, rows, limits, the margin of each row (-1 for none), entries of margins, and the unit of the cost."""
    begin, place, value = held
    count, n = rows.shape
    largest = 0.0
    for j in range(n):
        largest = max(largest, abs(cost[j] * column[j]))
    unit = power_of_two(largest)
    own_cost, top, own_rows = np.empty(n), np.empty(n), np.empty((count, n))
    low, high, of_row, own_value = np.empty(count), np.empty(count), np.full(count, -1), np.empty(value.size)
    for j in range(n):
        own_cost[j], top[j] = cost[j] * column[j] / unit, stock[j] / column[j]
    for i in range(count):
        low[i], high[i] = lower[i] / size[i], upper[i] / size[i]
        for j in range(n):
            own_rows[i, j] = rows[i, j] * column[j] / size[i]
    for q in range(risky.size):
        of_row[risky[q]] = q
        for e in range(begin[q, 0], begin[q, begin.shape[1] - 1]):
            own_value[e] = value[e] * column[place[e]] / size[risky[q]]
    return own_cost, top, own_rows, low, high, of_row, own_value, unit


@compiled
def at_bounds(x: Floats, stock: Floats, column: Floats, at: Ints) -> None:
    """Which materials are not taken (-1), used up (1), or between (0)."""
    for j in range(x.size):
        at[j] = 0
        if x[j] <= 1e-12 * column[j]:
            at[j] = -1
        elif x[j] >= stock[j]:
            at[j] = 1


@compiled
def binding(own: Scaled, held: Entries, bend: Floats, x: Floats, weight: Floats, active: Ints) -> None:
    """Of a price and what is left to the limit, both nearly zero: the limit is in the way where the price is larger."""
    _, _, rows, low, high, of_row, value, _ = own
    begin, place, _ = held
    for i in range(low.size):
        activity, margin, q = 0.0, 0.0, of_row[i]
        for j in range(x.size):
            activity += rows[i, j] * x[j]
        if q >= 0:
            lines(begin, place, value, q, x, bend[q])
            margin = norm(bend[q])
        if weight[i, 0] <= activity - low[i] - margin:
            active[i, 0] = 0
            weight[i, 0] = max(weight[i, 0], 0.0) if low[i] == high[i] and margin == 0.0 else 0.0
        if weight[i, 1] <= high[i] - activity - margin and not (low[i] == high[i] and margin == 0.0):
            active[i, 1] = 0
            weight[i, 1] = 0.0


@compiled
def by_newton(
    own: Scaled, held: Entries, size: Floats, column: Floats, stock: Floats,
    x: Floats, at: Ints, price: Floats, side: Floats, bend: Floats, is_rough: bool,
) -> bool:  # fmt: skip
    """Settle what a charge and its prices suggest; True when it settles, charge and prices are then new."""
    cost, top, rows, low, high, of_row, value, unit = own
    begin, place, _ = held
    n, count = x.size, low.size
    own_x = np.empty(n)
    weight, active = np.zeros((count, 2)), np.zeros((count, 2), np.int64)
    for j in range(n):
        own_x[j] = 0.0 if at[j] < 0 else (top[j] if at[j] > 0 else x[j] / column[j])
    for i in range(count):
        q = of_row[i]
        if q >= 0:
            weight[i, 0], weight[i, 1] = side[q, 0] * size[i] / unit, side[q, 1] * size[i] / unit
        elif low[i] == high[i]:
            weight[i, 1] = -price[i] * size[i] / unit
        else:
            weight[i, 0], weight[i, 1] = max(price[i], 0.0) * size[i] / unit, max(-price[i], 0.0) * size[i] / unit
        for which in range(2):
            active[i, which] = 1 if weight[i, which] != 0.0 else 0
    if is_rough:
        binding(own, held, bend, own_x, weight, active)
    steps = newton(
        cost, top, rows, low, high, of_row, begin, place, value, own_x, at, weight, active, bend, STEPS, is_rough
    )
    if steps < 0:
        return False
    for j in range(n):
        x[j] = min(own_x[j] * column[j], stock[j])
    for i in range(count):
        price[i] = (weight[i, 0] - weight[i, 1]) * unit / size[i]
        q = of_row[i]
        if q >= 0:
            side[q, 0], side[q, 1] = weight[i, 0] * unit / size[i], weight[i, 1] * unit / size[i]
            if side[q, 1] < 0.0:
                side[q, 0], side[q, 1] = -side[q, 1], 0.0
            for line in range(bend.shape[1]):
                bend[q, line] *= side[q, 0] + side[q, 1]
    return True
