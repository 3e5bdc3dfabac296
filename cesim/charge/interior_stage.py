"""Charges with safety margins as the interior point takes them, and its answer in the programme's own units.

Compiled like `kernel`, and for the same reason written as loops.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.compiled import compiled
from cesim.charge.interior import interior_point
from cesim.charge.kernel import power_of_two

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Entries = tuple[Ints, Ints, Floats]


@compiled
def standard_form(
    rows: Floats,
    lower: Floats,
    upper: Floats,
    risky: Ints,
    held: Entries,
    touched: Ints,
    asked: Ints,
    column: Floats,
    size: Floats,
) -> tuple[Floats, Floats, Ints, Floats, Floats, Ints, Floats, Floats, Ints, Ints, Ints, Floats]:
    """Scaled one-sided rows, equalities and margins for `interior_point`, and which row or side each comes from.

    A limit takes part where it was ever asked for, a margin where it was ever touched; whether the others hold is seen
    by the gate.
    """
    begin, place, value = held
    count, n = rows.shape
    k = begin.shape[1]
    flat, flat_limit, flat_of = np.empty((2 * count, n)), np.empty(2 * count), np.empty((2 * count, 2), np.int64)
    even, even_limit, even_of = np.empty((count, n)), np.empty(count), np.empty(count, np.int64)
    cone_row, cone_limit = np.empty((2 * risky.size, n)), np.empty(2 * risky.size)
    cone_of = np.empty((2 * risky.size, 2), np.int64)
    lead, entry = np.empty((2 * risky.size, k), np.int64), np.empty(2 * value.size)
    where = np.empty(2 * value.size, np.int64)
    flats = evens = cones = used = 0
    for i in range(count):
        q = -1
        for r in range(risky.size):
            if risky[r] == i:
                q = r
        for which in range(2):
            limit = upper[i] if which else lower[i]
            if not math.isfinite(limit):
                continue
            sign = 1.0 if which else -1.0
            scale = abs(limit) if abs(limit) > 1e-4 * size[i] else size[i]
            if q >= 0 and touched[q, which] == 1:
                for j in range(n):
                    cone_row[cones, j] = sign * rows[i, j] * column[j] / scale
                cone_limit[cones] = sign * limit / scale
                cone_of[cones, 0], cone_of[cones, 1] = q, which
                for at in range(k):
                    lead[cones, at] = used
                    if at < k - 1:
                        for e in range(begin[q, at], begin[q, at + 1]):
                            entry[used], where[used] = value[e] * column[place[e]] / scale, place[e]
                            used += 1
                cones += 1
            elif lower[i] == upper[i] and (q < 0 or touched[q, 0] + touched[q, 1] == 0):
                if which == 0:
                    for j in range(n):
                        even[evens, j] = rows[i, j] * column[j] / scale
                    even_limit[evens], even_of[evens] = limit / scale, i
                    evens += 1
            elif asked[i, which] == 1:
                for j in range(n):
                    flat[flats, j] = sign * rows[i, j] * column[j] / scale
                flat_limit[flats] = sign * limit / scale
                flat_of[flats, 0], flat_of[flats, 1] = i, which
                flats += 1
    return (
        flat[:flats], flat_limit[:flats], flat_of[:flats], even[:evens], even_limit[:evens], even_of[:evens],
        cone_row[:cones], cone_limit[:cones], cone_of[:cones], lead[:cones], where, entry,
    )  # fmt: skip


@compiled
def by_interior(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, risky: Ints, held: Entries, size: Floats,
    column: Floats, x: Floats, at: Ints, price: Floats, side: Floats, bend: Floats, touched: Ints, asked: Ints,
    most: int, sharp: float,
) -> bool:  # fmt: skip
    """Solve with the margins that were touched; True when the interior point got as sharp as asked."""
    n, k = cost.size, bend.shape[1]
    column = column.copy()
    for j in range(n):
        if stock[j] == 0.0:
            column[j] = 0.0  # takes part in nothing
    flat, flat_limit, flat_of, even, even_limit, even_of, cone_row, cone_limit, cone_of, begin, place, value = (
        standard_form(rows, lower, upper, risky, held, touched, asked, column, size)
    )
    largest = 0.0
    for j in range(n):
        largest = max(largest, abs(cost[j] * column[j]))
    unit = power_of_two(largest)
    own_cost, top = np.empty(n), np.empty(n)
    for j in range(n):
        own_cost[j] = cost[j] * column[j] / unit
        top[j] = stock[j] / column[j] if column[j] > 0.0 else 1.0
    flat_price, even_price = np.empty(flat_limit.size), np.empty(even_limit.size)
    cone_price = np.empty((cone_limit.size, k + 1))
    own_x, low_price, high_price = np.empty(n), np.empty(n), np.empty(n)
    taken = interior_point(
        own_cost, top, flat, flat_limit, even, even_limit, cone_row, cone_limit, begin, place, value,
        own_x, low_price, high_price, flat_price, even_price, cone_price, most, sharp,
    )  # fmt: skip
    if taken < 0:
        return False
    price[:] = 0.0
    side[:] = 0.0
    bend[:] = 0.0
    for j in range(n):
        x[j] = min(own_x[j] * column[j], stock[j])
        at[j] = -1 if own_x[j] < low_price[j] else (1 if top[j] - own_x[j] < high_price[j] else 0)
    for f in range(flat_limit.size):
        i, which = flat_of[f, 0], flat_of[f, 1]
        limit = upper[i] if which else lower[i]
        scale = abs(limit) if abs(limit) > 1e-4 * size[i] else size[i]
        price[i] += (-1.0 if which else 1.0) * flat_price[f] * unit / scale
        for q in range(risky.size):
            if risky[q] == i:
                side[q, which] += flat_price[f] * unit / scale
    for e in range(even_limit.size):
        i = even_of[e]
        scale = abs(lower[i]) if abs(lower[i]) > 1e-4 * size[i] else size[i]
        price[i] = -even_price[e] * unit / scale
        for q in range(risky.size):
            if risky[q] == i:
                side[q, 0], side[q, 1] = max(price[i], 0.0), max(-price[i], 0.0)
    for c in range(cone_limit.size):
        q, which = cone_of[c, 0], cone_of[c, 1]
        i = risky[q]
        limit = upper[i] if which else lower[i]
        scale = abs(limit) if abs(limit) > 1e-4 * size[i] else size[i]
        side[q, which] += cone_price[c, 0] * unit / scale
        for e in range(k):
            bend[q, e] -= cone_price[c, 1 + e] * unit / scale
    for q in range(risky.size):
        price[risky[q]] = side[q, 0] - side[q, 1]
    return True
