"""The inner loops of Newton's method for charges with safety margins, on the limits and stocks that are in the way.

Tangent cuts soon show *which* materials take part and *which* limits bind; where on the curved limits the best charge
stands they only creep up to. With both known it is a system of equations,

    cost_j + sum_c price_c slope_cj = 0 for every material between nothing and its stock,   limit_c(x) = 0,

which Newton's method solves to rounding in a few steps (sequential quadratic programming with a guessed active set,
Nocedal and Wright 2006, chapter 18; guesses are corrected as in Hintermueller, Ito and Kunisch 2003). Nothing is
promised: a guess that does not settle is given up, and what settles is confirmed by the gate like any other answer.

Everything is in the scaled units of `kernel`. Compiled like it, and for the same reason written as loops.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: a limit missed by more, in scaled units, joins those in the way
MISSED: Final = 2e-11
#: a price or reduced cost further than this on the wrong side of zero has the wrong sign
WRONG: Final = 1e-10
#: materials that would run out within this share of a step after the first does are taken to run out with it
AHEAD: Final = 1e-9
#: from here on a guess is taken to be hopeless
HOPELESS: Final = 1e2
#: limits and reduced costs that are met this sharply end the search
SHARP: Final = 1e-11
#: a pivot smaller than this share of the largest entry makes the equations singular
SINGULAR: Final = 1e-13


@compiled
def eliminate(matrix: Floats, rhs: Floats, size: int) -> bool:
    """Solve by elimination with row exchange, in place; False when the equations are singular."""
    largest = 0.0
    for i in range(size):
        for j in range(size):
            largest = max(largest, abs(matrix[i, j]))
    for k in range(size):
        best = k
        for i in range(k + 1, size):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        if not abs(matrix[best, k]) > SINGULAR * largest:
            return False
        if best != k:
            for j in range(k, size):
                matrix[k, j], matrix[best, j] = matrix[best, j], matrix[k, j]
            rhs[k], rhs[best] = rhs[best], rhs[k]
        for i in range(k + 1, size):
            factor = matrix[i, k] / matrix[k, k]
            if factor != 0.0:
                rhs[i] -= factor * rhs[k]
                for j in range(k + 1, size):
                    matrix[i, j] -= factor * matrix[k, j]
    for k in range(size - 1, -1, -1):
        total = rhs[k]
        for j in range(k + 1, size):
            total -= matrix[k, j] * rhs[j]
        rhs[k] = total / matrix[k, k]
    return True


@compiled
def newton(
    cost: Floats, top: Floats, rows: Floats, low: Floats, high: Floats, of_row: Ints, begin: Ints, place: Ints,
    value: Floats, x: Floats, at: Ints, price: Floats, active: Ints, unit: Floats, most: int, is_close: bool,
) -> int:  # fmt: skip
    """Settle a guess; the steps taken, -1 where it does not settle.

    ``at[j]`` is -1 where nothing of a material is taken, 1 where its stock is, 0 between. ``active[i, side]`` is 1
    where a limit is in the way, ``price[i, side]`` its price (side 0 the lower limit, 1 the upper; of an equality
    without margin side 1 alone, with either sign). ``unit[q]`` becomes the direction of margin ``q``.
    ``is_close``: the guess is nearly right, so that a step ends where the first material runs out; else all that would
    run out do at once.
    """
    n, count = cost.size, low.size
    cones, k = unit.shape
    slope, length = np.zeros((cones, n)), np.zeros(cones)
    activity, reduced = np.empty(count), np.empty(n)
    matrix, rhs = np.empty((2 * n, 2 * n)), np.empty(2 * n)
    position, between = np.empty(n, np.int64), np.empty(n, np.int64)
    bound_row, bound_side = np.empty(n, np.int64), np.empty(n, np.int64)
    changed = True
    for turn in range(most):
        for q in range(cones):
            total = 0.0
            for line in range(k):
                sum_of = 0.0
                for e in range(begin[q, line], begin[q, line + 1]):
                    sum_of += value[e] * x[place[e]]
                unit[q, line] = sum_of
                total += sum_of * sum_of
            length[q] = math.sqrt(total)
            for j in range(n):
                slope[q, j] = 0.0
            if length[q] > 0.0:
                for line in range(k):
                    unit[q, line] /= length[q]
                    for e in range(begin[q, line], begin[q, line + 1]):
                        slope[q, place[e]] += value[e] * unit[q, line]
        for j in range(n):
            reduced[j] = cost[j]
        worst = 0.0
        bound = 0
        for i in range(count):
            total = 0.0
            for j in range(n):
                total += rows[i, j] * x[j]
            activity[i] = total
            q = of_row[i]
            margin = length[q] if q >= 0 else 0.0
            for side in range(2):
                limit = high[i] if side else low[i]
                if not math.isfinite(limit) or (low[i] == high[i] and margin == 0.0 and side == 0):
                    active[i, side] = 0
                    price[i, side] = 0.0
                    continue
                sign = 1.0 if side else -1.0
                over = sign * (total - limit) + margin
                if low[i] == high[i] and margin == 0.0:
                    active[i, side] = 1
                elif active[i, side] < 0:  # given up by the last step, so that step did not yet see it gone
                    active[i, side] = 0
                elif active[i, side] == 0 and over > MISSED:
                    active[i, side] = 1
                    price[i, side] = 0.0
                    changed = True
                if active[i, side] == 1:
                    if bound == n:
                        return -1
                    bound_row[bound], bound_side[bound] = i, side
                    bound += 1
                    worst = max(worst, abs(over))
                    weight = price[i, side]
                    if weight != 0.0:
                        for j in range(n):
                            reduced[j] += sign * weight * rows[i, j]
                        if margin > 0.0:
                            for j in range(n):
                                reduced[j] += weight * slope[q, j]
        free = 0
        for j in range(n):
            is_wrong = (at[j] < 0 and reduced[j] < -WRONG) or (at[j] > 0 and reduced[j] > WRONG)
            if is_wrong and top[j] > 0.0 and turn > 0:
                at[j] = 0
                changed = True
            if at[j] == 0:
                position[j] = free
                between[free] = j
                free += 1
                worst = max(worst, abs(reduced[j]))
            else:
                position[j] = -1
        if not changed and worst <= SHARP:
            return turn
        if bound > free or worst > HOPELESS:
            return -1
        # the equations, for the step in x and the new prices
        size = free + bound
        for a in range(size):
            rhs[a] = 0.0
            for b in range(size):
                matrix[a, b] = 0.0
        for i in range(count):
            q = of_row[i]
            weight = price[i, 0] + price[i, 1]
            if q >= 0 and weight > 0.0 and length[q] > 0.0:
                weight /= length[q]
                for line in range(k):
                    for e in range(begin[q, line], begin[q, line + 1]):
                        a = position[place[e]]
                        if a >= 0:
                            for f in range(begin[q, line], begin[q, line + 1]):
                                b = position[place[f]]
                                if b >= 0:
                                    matrix[a, b] += weight * value[e] * value[f]
                for a in range(free):
                    own = weight * slope[q, between[a]]
                    if own != 0.0:
                        for b in range(free):
                            matrix[a, b] -= own * slope[q, between[b]]
        for a in range(free):
            rhs[a] = -cost[between[a]]
        for c in range(bound):
            i, side = bound_row[c], bound_side[c]
            q = of_row[i]
            sign = 1.0 if side else -1.0
            margin = length[q] if q >= 0 else 0.0
            limit = high[i] if side else low[i]
            rhs[free + c] = -(sign * (activity[i] - limit) + margin)
            for a in range(free):
                own = sign * rows[i, between[a]]
                if margin > 0.0:
                    own += slope[q, between[a]]
                matrix[a, free + c] = own
                matrix[free + c, a] = own
        if not eliminate(matrix, rhs, size):
            return -1
        changed = False
        step = 1.0
        if is_close:
            for a in range(free):
                j, move = between[a], rhs[a]
                if x[j] + step * move < 0.0:
                    step = -x[j] / move
                elif x[j] + step * move > top[j]:
                    step = (top[j] - x[j]) / move
        for a in range(free):
            j = between[a]
            x[j] += step * rhs[a]
            if x[j] < 0.0 or (step < 1.0 and x[j] + AHEAD * rhs[a] < 0.0):
                x[j], at[j], changed = 0.0, -1, True
            elif x[j] > top[j] or (step < 1.0 and x[j] + AHEAD * rhs[a] > top[j]):
                x[j], at[j], changed = top[j], 1, True
        for c in range(bound):
            i, side = bound_row[c], bound_side[c]
            q = of_row[i]
            price[i, side] += step * (rhs[free + c] - price[i, side])
            if price[i, side] < 0.0 and (low[i] < high[i] or (q >= 0 and length[q] > 0.0)):
                if price[i, side] < -WRONG:
                    active[i, side] = -1
                    changed = True
                price[i, side] = 0.0
    return -1
