"""Charges with safety margins by tangent cuts on the live tableau.

A margin is ``rows_r @ x + z_r |F_r x| <= upper_r`` and its mirror image at the lower limit. `|F x|` lies above each of
its tangents, so cutting along the tangent at the last answer (Kelley 1960) never cuts off an allowed charge. Two or
three rounds show what binds, from where Newton's method takes over; where it does not settle, cuts go on. Compiled
like `kernel`, and for the same reason written as loops.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.compiled import compiled
from cesim.charge.cone_gate import confirmed, norm
from cesim.charge.interior import lines, spread_back
from cesim.charge.kernel import OPTIMAL, UNSOLVED, append, numbers_needed, solve_live, start_live
from cesim.charge.newton_stage import at_bounds, by_newton

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.newton_stage import Scaled

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Entries = tuple[Ints, Ints, Floats]

#: a margin missed by this share of its row's size is cut again
CUT: Final = 2e-10
#: residual and gap with which a round of cuts may be gone on from; what is handed out is held to the gate's own
PASSED: Final = 1e-7
#: rounds of cuts before Newton's method is first tried, up to which it is tried each time, and how often later
FIRST: Final = 2
EAGER: Final = 5
LATER: Final = 5

#: the status of what Newton's method settled
NEWTON: Final = 3


@compiled
def cut_loop(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, risky: Ints, held: Entries, size: Floats,
    column: Floats, own: Scaled, strict: Floats, x: Floats, price: Floats, side: Floats, bend: Floats, touched: Ints,
    asked: Ints, rounds: int, store: int, reduced: Floats, residual: float, gap: float,
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
        if turn >= FIRST and (turn <= EAGER or turn % LATER == 0):
            price[:] = out[n : n + count]
            gather(out[n : n + total], count, risky, of, bent, price, side, bend)
            at_bounds(x, stock, column, at)
            if by_newton(own, held, size, column, stock, x, at, price, side, bend, False) and confirmed(
                OPTIMAL, cost, rows, lower, upper, stock, risky, held, strict, x, price, side, bend, reduced, residual,
                gap,
            ):  # fmt: skip
                return NEWTON, turn
        total = found
    return UNSOLVED, rounds


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
