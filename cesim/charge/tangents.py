"""The inner loops of charges with safety margins: tangent cuts on the live tableau, then the interior point.

A margin is ``rows_r @ x + z_r |F_r x| <= upper_r`` and its mirror image at the lower limit. `|F x|` lies above each of
its tangents, so cutting along the tangent at the last answer (Kelley 1960) never cuts off an allowed charge. A few
rounds settle most charges; where many lots share the work the cuts crawl, and `interior` takes over with the margins
that were ever in the way. Compiled like `kernel`, and for the same reason written as loops.

Prices. Side 0 is the lower limit, side 1 the upper; ``side`` holds both prices without sign, and ``bend[q]`` the vector
with ``|bend| <= side[0] + side[1]`` for which ``z bend' F x`` stands in for the price of the margin. Any such numbers
prove a bound (`margin_bound`), whatever way they were found.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.compiled import compiled
from cesim.charge.interior import SHARP, interior_point, lines, spread_back
from cesim.charge.newton import newton
from cesim.charge.kernel import (
    NOTHING,
    OPTIMAL,
    UNSOLVED,
    append,
    numbers_needed,
    power_of_two,
    scale_columns,
    solve_live,
    start_live,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Entries = tuple[Ints, Ints, Floats]
    Scaled = tuple[Floats, Floats, Floats, Floats, Floats, Ints, Floats, float]

#: a margin missed by this share of its row's size is cut again
CUT: Final = 2e-10
#: most iterations of the interior point
ITERATIONS: Final = 50

#: residual and gap with which a round of cuts may be gone on from; what is handed out is held to the gate's own
PASSED: Final = 1e-7
#: rounds of cuts before Newton's method is first tried
FIRST: Final = 2
#: sharpness of the interior point from which Newton's method takes over
ROUGH: Final = 1e-3
#: rounds of cuts when that does not settle either
PATIENT: Final = 40
#: most steps of Newton's method
STEPS: Final = 20

NEWTON: Final = 3
BY_CUTS: Final = 0
BY_INTERIOR: Final = 1
BY_NEWTON: Final = 2


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
def row_sizes(rows: Floats, upper: Floats, stock: Floats, column: Floats, size: Floats) -> None:
    """Scales of columns and rows, as in `kernel`."""
    scale_columns(rows, upper, stock, column)
    for i in range(upper.size):
        largest = 0.0
        for j in range(column.size):
            largest = max(largest, abs(rows[i, j] * column[j]))
        size[i] = power_of_two(largest)


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


@compiled
def cut_loop(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, risky: Ints, held: Entries, size: Floats,
    column: Floats, own: Scaled, strict: Floats, x: Floats, price: Floats, side: Floats, bend: Floats, touched: Ints, asked: Ints,
    rounds: int, store: int, reduced: Floats, residual: float, gap: float,
) -> tuple[int, int]:  # fmt: skip
    """Solve, cut along the tangents that are missed, solve on. Status (unsolved when rounds or store run out), rounds.

    ``touched[q, side]`` tells which margins were ever in the way, ``asked[i, side]`` which limits ever had a price.
    """
    begin, place, value = held
    count, n = rows.shape
    room, k = count + store, bend.shape[1]
    all_rows = np.zeros((room, n))
    low, high = np.empty(room), np.empty(room)
    all_rows[:count], low[:count], high[:count] = rows, lower, upper
    numbers, places = np.zeros(numbers_needed(n, room)), np.zeros(room + n, np.int64)
    of, bent = np.empty((store, 2), np.int64), np.empty((store, k))
    out = np.empty(2 * (n + room) + 1)
    line, slope = np.empty(k), np.empty(n)
    at = np.empty(n, np.int64)
    start_live(cost, rows, lower, upper, stock, numbers, places, room)
    total = count
    for turn in range(rounds):
        status, _ = solve_live(
            cost, all_rows[:total], low[:total], high[:total], stock, numbers, places, room, out,
            4 * (total + n), PASSED, PASSED,
        )  # fmt: skip
        if status == UNSOLVED:
            start_live(cost, all_rows[:total], low[:total], high[:total], stock, numbers, places, room)
            status, _ = solve_live(
                cost, all_rows[:total], low[:total], high[:total], stock, numbers, places, room, out, 0, PASSED, PASSED
            )
        if status == UNSOLVED:
            return UNSOLVED, turn
        x[:] = out[:n]
        found = total
        for i in range(count):
            if out[n + i] != 0.0:
                asked[i, 0 if out[n + i] > 0.0 else 1] = 1
        if status == OPTIMAL:
            for q in range(risky.size):
                i = risky[q]
                lines(begin, place, value, q, x, line)
                margin, activity = norm(line), 0.0
                if margin == 0.0:
                    continue
                for j in range(n):
                    activity += rows[i, j] * x[j]
                for which in range(2):
                    miss = activity + margin - upper[i] if which else lower[i] - activity + margin
                    if miss <= CUT * strict[i]:
                        continue
                    if found == room:
                        return UNSOLVED, turn
                    sign = 1.0 if which else -1.0
                    slope[:] = rows[i]
                    for e in range(k):
                        bent[found - count, e] = line[e] / margin
                    spread_back(begin, place, value, q, bent[found - count], sign, slope)
                    all_rows[found] = slope
                    low[found], high[found] = (-math.inf, upper[i]) if which else (lower[i], math.inf)
                    append(all_rows[found], low[found], high[found], numbers, places, found, room)
                    of[found - count, 0], of[found - count, 1] = q, which
                    touched[q, which] = 1
                    found += 1
        if found == total:
            first = n if status == OPTIMAL else 2 * n + total
            price[:] = out[first : first + count]
            gather(out[first : first + total], count, risky, of, bent, price, side, bend)
            return status, turn
        if turn >= FIRST and (turn < 6 or turn % 5 == 0):
            price[:] = out[n : n + count]
            gather(out[n : n + total], count, risky, of, bent, price, side, bend)
            at_bounds(x, stock, column, at)
            if by_newton(own, risky, held, size, column, stock, x, at, price, side, bend, False) and confirmed(
                OPTIMAL, cost, rows, lower, upper, stock, risky, held, strict, x, price, side, bend, reduced, residual,
                gap,
            ):  # fmt: skip
                return NEWTON, turn
        total = found
    return UNSOLVED, rounds


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
    """Of prices and limits that are both nearly zero: a limit is in the way where its price is the larger of the two."""
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
    own: Scaled, risky: Ints, held: Entries, size: Floats, column: Floats, stock: Floats,
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
    if newton(cost, top, rows, low, high, of_row, begin, place, value, own_x, at, weight, active, bend, STEPS, is_rough) < 0:
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


@compiled
def gather(
    told: Floats, count: int, risky: Ints, of: Ints, bent: Floats, price: Floats, side: Floats, bend: Floats
) -> None:
    """Turn prices of cuts into prices of the margins they belong to."""
    side[:] = 0.0
    bend[:] = 0.0
    for q in range(risky.size):
        own = price[risky[q]]
        side[q, 0], side[q, 1] = max(own, 0.0), max(-own, 0.0)
    for c in range(told.size - count):
        weight = abs(told[count + c])
        if weight > 0.0:
            q = of[c, 0]
            side[q, of[c, 1]] += weight
            for at in range(bend.shape[1]):
                bend[q, at] += weight * bent[c, at]
    for q in range(risky.size):
        price[risky[q]] = side[q, 0] - side[q, 1]


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
        for at in range(k):
            bend[q, at] -= cone_price[c, 1 + at] * unit / scale
    for q in range(risky.size):
        price[risky[q]] = side[q, 0] - side[q, 1]
    return True


@compiled
def solve_margins(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, risky: Ints, factor: Floats, z: Floats,
    out: Floats, bend: Floats, rounds: int, store: int, residual: float, gap: float,
) -> tuple[int, int, int]:  # fmt: skip
    """Cuts, then the interior point. Status, stage and rounds of cuts.

    ``out`` takes the columns, row prices, reduced costs and the prices of both sides of every margin.
    """
    count, n = rows.shape
    x, price, reduced = out[:n], out[n : n + count], out[n + count : 2 * n + count]
    side = out[2 * n + count :].reshape((risky.size, 2))
    column, size = np.empty(n), np.empty(count)
    row_sizes(rows, upper, stock, column, size)
    strict = np.empty(count)
    gate_sizes(rows, upper, stock, strict)
    held = entries(factor, z)
    touched, asked = np.zeros((risky.size, 2), np.int64), np.zeros((count, 2), np.int64)
    side[:] = 0.0
    bend[:] = 0.0
    own, at = in_units(cost, rows, lower, upper, stock, risky, held, size, column), np.empty(n, np.int64)
    turns = 0
    for attempt in range(5):
        if attempt == 0 or attempt == 2:
            status, turns = cut_loop(
                cost, rows, lower, upper, stock, risky, held, size, column, own, strict, x, price, side, bend, touched, asked,
                rounds if attempt == 0 else PATIENT, store, reduced, residual, gap,
            )  # fmt: skip
            if status == NEWTON:
                return OPTIMAL, BY_NEWTON, turns
            if status != UNSOLVED and confirmed(
                status, cost, rows, lower, upper, stock, risky, held, strict, x, price, side, bend, reduced, residual, gap
            ):
                return status, BY_CUTS, turns
            continue
        if attempt == 4:
            touched[:], asked[:] = 1, 1
        if (
            by_interior(
                cost, rows, lower, upper, stock, risky, held, size, column, x, at, price, side, bend, touched, asked,
                20 if attempt == 1 else ITERATIONS, ROUGH if attempt == 1 else SHARP,
            )
            and (attempt > 1 or by_newton(own, risky, held, size, column, stock, x, at, price, side, bend, True))
            and confirmed(
                OPTIMAL, cost, rows, lower, upper, stock, risky, held, strict, x, price, side, bend, reduced, residual,
                gap,
            )
        ):  # fmt: skip
            return OPTIMAL, BY_INTERIOR, turns + 100*attempt
    return UNSOLVED, BY_INTERIOR, turns
