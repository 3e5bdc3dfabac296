"""The inner loops of a primal-dual interior point method for charges with safety margins (second-order cones).

    minimise cost @ x,  0 <= x <= top,  flat @ x <= flat_limit,  even @ x = even_limit,
    cone_row_c @ x + |F_c x| <= cone_limit_c

Mehrotra's predictor and corrector with the scaling of Nesterov and Todd, as Vandenberghe describes it ("The CVXOPT
linear and quadratic cone program solvers", 2010, sections 4 to 7), but with all cones eliminated: what is factored is
one matrix of the size of ``x``. Compiled like `kernel`, and for the same reason written as loops.

``F`` is mostly zero (each lot has its own spread), so it is kept as its non-zero entries: those of line ``l`` of cone
``c`` are ``begin[c, l]`` to ``begin[c, l + 1]`` of ``place`` and ``value``.
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

#: residuals and duality gap at which the method stops, in scaled units
SHARP: Final = 3e-10
#: what it may still hand to the gate when rounding stops it earlier
BLUNT: Final = 1e-6
#: from here on rounding is worth a second solve of every step
REFINED: Final = 1e-6
#: how far towards the boundary of the cone a step may go
NEARLY: Final = 0.99


@compiled
def lines(begin: Ints, place: Ints, value: Floats, c: int, x: Floats, out: Floats) -> None:
    """``out = F_c x``."""
    for at in range(out.size):
        total = 0.0
        for e in range(begin[c, at], begin[c, at + 1]):
            total += value[e] * x[place[e]]
        out[at] = total


@compiled
def spread_back(begin: Ints, place: Ints, value: Floats, c: int, y: Floats, factor: float, out: Floats) -> None:
    """``out += factor F_c' y``."""
    for at in range(y.size):
        if y[at] != 0.0:
            for e in range(begin[c, at], begin[c, at + 1]):
                out[place[e]] += factor * value[e] * y[at]


@compiled
def factorise(matrix: Floats) -> bool:
    """Cholesky in the upper half, in place; False when the matrix is not positive definite."""
    n = matrix.shape[0]
    for k in range(n):
        if not matrix[k, k] > 0.0:
            return False
        root = math.sqrt(matrix[k, k])
        for j in range(k, n):
            matrix[k, j] /= root
        for i in range(k + 1, n):
            factor = matrix[k, i]
            if factor != 0.0:
                for j in range(i, n):
                    matrix[i, j] -= factor * matrix[k, j]
    return True


@compiled
def back_solve(factor: Floats, rhs: Floats) -> None:
    """Solve with the factor of `factorise`, in place."""
    n = rhs.size
    for k in range(n):
        rhs[k] /= factor[k, k]
        for j in range(k + 1, n):
            rhs[j] -= factor[k, j] * rhs[k]
    for k in range(n - 1, -1, -1):
        total = rhs[k]
        for j in range(k + 1, n):
            total -= factor[k, j] * rhs[j]
        rhs[k] = total / factor[k, k]


@compiled
def furthest(s: Floats, ds: Floats) -> float:
    """The longest step from inside a second-order cone that stays in it."""
    a, b, c, tail = ds[0] * ds[0], s[0] * ds[0], 0.0, 0.0
    for i in range(1, s.size):
        a -= ds[i] * ds[i]
        b -= s[i] * ds[i]
        tail += s[i] * s[i]
    tail = math.sqrt(tail)
    c = (s[0] - tail) * (s[0] + tail)
    under = b * b - a * c
    if (a >= 0.0 and b >= 0.0) or under < 0.0:
        return math.inf
    return float(max(c, 0.0) / (math.sqrt(under) - b))


@compiled
def scale_cone(s: Floats, z: Floats, w: Floats, scaled: Floats) -> float:
    """Nesterov-Todd scaling of one cone: ``eta``, the direction ``w``, and ``scaled = W z``; 0 when off the cone."""
    s_tail, z_tail, both = 0.0, 0.0, s[0] * z[0]
    for i in range(1, s.size):
        s_tail += s[i] * s[i]
        z_tail += z[i] * z[i]
        both += s[i] * z[i]
    s_tail, z_tail = math.sqrt(s_tail), math.sqrt(z_tail)
    s_size, z_size = (s[0] - s_tail) * (s[0] + s_tail), (z[0] - z_tail) * (z[0] + z_tail)
    if not (s_size > 0.0 and z_size > 0.0 and s[0] > 0.0 and z[0] > 0.0):
        return 0.0
    s_size, z_size = math.sqrt(s_size), math.sqrt(z_size)
    middle = 2.0 * math.sqrt((1.0 + both / (s_size * z_size)) / 2.0)
    w[0] = (s[0] / s_size + z[0] / z_size) / middle
    for i in range(1, s.size):
        w[i] = (s[i] / s_size - z[i] / z_size) / middle
    eta = math.sqrt(s_size / z_size)
    stretch(w, eta, 1.0, z, scaled)
    return float(eta)


@compiled
def stretch(w: Floats, eta: float, sign: float, v: Floats, out: Floats) -> None:
    """``out = W v`` (sign 1), or ``W^-1 v`` with the reciprocal of eta (sign -1)."""
    along = 0.0
    for i in range(1, v.size):
        along += w[i] * v[i]
    head = v[0]
    out[0] = eta * (w[0] * head + sign * along)
    along = sign * head + along / (1.0 + w[0])
    for i in range(1, v.size):
        out[i] = eta * (v[i] + along * w[i])


@compiled
def unstretch_twice(w: Floats, eta: float, v: Floats, out: Floats) -> None:
    """``out = W^-2 v``."""
    along = w[0] * v[0]
    for i in range(1, v.size):
        along -= w[i] * v[i]
    shrink = 1.0 / (eta * eta)
    out[0] = shrink * (2.0 * w[0] * along - v[0])
    for i in range(1, v.size):
        out[i] = shrink * (v[i] - 2.0 * w[i] * along)


@compiled
def correct(w: Floats, eta: float, scaled: Floats, ds: Floats, dz: Floats, centre: float, out: Floats) -> None:
    r"""``W (scaled \ (centre e - scaled o scaled - (W^-1 ds) o (W dz)))`` of one cone."""
    size = ds.size
    a, b = np.empty(size), np.empty(size)
    stretch(w, 1.0 / eta, -1.0, ds, a)
    stretch(w, eta, 1.0, dz, b)
    head = 0.0
    for i in range(size):
        head += scaled[i] * scaled[i] + a[i] * b[i]
    determinant, inner = scaled[0] * scaled[0], 0.0
    for i in range(1, size):
        b[i] = -2.0 * scaled[0] * scaled[i] - a[0] * b[i] - b[0] * a[i]
        determinant -= scaled[i] * scaled[i]
        inner += scaled[i] * b[i]
    first = (scaled[0] * (centre - head) - inner) / determinant
    a[0] = first
    for i in range(1, size):
        a[i] = (b[i] - first * scaled[i]) / scaled[0]
    stretch(w, eta, 1.0, a, out)


@compiled
def interior_point(
    cost: Floats, top: Floats, flat: Floats, flat_limit: Floats, even: Floats, even_limit: Floats,
    cone_row: Floats, cone_limit: Floats, begin: Ints, place: Ints, value: Floats,
    x: Floats, low: Floats, high: Floats, flat_price: Floats, even_price: Floats, cone_price: Floats, most: int,
    sharp: float,
) -> int:  # fmt: skip
    """Solve; returns the iterations taken, -1 where the method does not get sharp.

    ``cone_price[c]`` is the dual vector of cone ``c``: its first entry the price of the limit, the rest minus the
    direction that bounds ``|F x|``.
    """
    n, rows, evens, cones = cost.size, flat_limit.size, even_limit.size, cone_limit.size
    k = begin.shape[1]
    flats = np.empty((5, rows))
    s_flat, ds_flat, dz_flat, p_flat, r_flat = flats[0], flats[1], flats[2], flats[3], flats[4]
    held = np.empty((8, cones, k))
    s_cone, ds, dz, p, r_cone, w, scaled, work = (
        held[0], held[1], held[2], held[3], held[4], held[5], held[6], held[7],
    )  # fmt: skip
    eta = np.empty(cones)
    low[:], high[:] = 1.0, 1.0
    d_low, d_high, p_low, p_high = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    dx, rhs, r_x, direction = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    matrix = np.empty((n, n))
    through = np.empty((evens, n))
    schur = np.empty((evens, evens))
    r_even, dy, d_even = np.empty(evens), np.empty(evens), np.empty(evens)
    degree = 2 * n + rows + cones
    for j in range(n):
        x[j] = 0.5 * min(top[j], 1.0)
    for i in range(rows):
        total = flat_limit[i]
        for j in range(n):
            total -= flat[i, j] * x[j]
        s_flat[i], flat_price[i] = max(total, 0.1), 1.0
    even_price[:] = 0.0
    cone_price[:] = 0.0
    for c in range(cones):
        lines(begin, place, value, c, x, s_cone[c, 1:])
        size, total = 0.0, cone_limit[c]
        for i in range(1, k):
            size += s_cone[c, i] ** 2
        for j in range(n):
            total -= cone_row[c, j] * x[j]
        s_cone[c, 0] = max(total, math.sqrt(size) + 0.1)
        cone_price[c, 0] = 1.0
    best, worse, broken, iteration = math.inf, 0, False, 0
    best_x, best_flat, best_even, best_cone = x.copy(), flat_price.copy(), even_price.copy(), cone_price.copy()
    for iteration in range(most):  # noqa: B007 -- told at the end
        # residuals
        for j in range(n):
            r_x[j] = cost[j] - low[j] + high[j]
        centre, primal = 0.0, 0.0
        for i in range(rows):
            total = s_flat[i] - flat_limit[i]
            for j in range(n):
                total += flat[i, j] * x[j]
                r_x[j] += flat[i, j] * flat_price[i]
            r_flat[i] = total
            primal = max(primal, abs(total))
            centre += s_flat[i] * flat_price[i]
        for i in range(evens):
            total = -even_limit[i]
            for j in range(n):
                total += even[i, j] * x[j]
                r_x[j] += even[i, j] * even_price[i]
            r_even[i] = total
            primal = max(primal, abs(total))
        for c in range(cones):
            lines(begin, place, value, c, x, r_cone[c, 1:])
            total = s_cone[c, 0] - cone_limit[c]
            for j in range(n):
                total += cone_row[c, j] * x[j]
                r_x[j] += cone_row[c, j] * cone_price[c, 0]
            spread_back(begin, place, value, c, cone_price[c, 1:], -1.0, r_x)
            r_cone[c, 0] = total
            centre += s_cone[c, 0] * cone_price[c, 0]
            primal = max(primal, abs(total))
            for i in range(1, k):
                r_cone[c, i] = s_cone[c, i] - r_cone[c, i]
                primal = max(primal, abs(r_cone[c, i]))
                centre += s_cone[c, i] * cone_price[c, i]
        dual = 0.0
        for j in range(n):
            centre += low[j] * x[j] + high[j] * (top[j] - x[j])
            dual = max(dual, abs(r_x[j]))
        centre /= degree
        # close to the end rounding blows up the dual residual: keep the best point, stop when it gets worse
        error = max(primal, max(dual, centre * degree))
        if error < best:
            best, worse = error, 0
            best_x[:], best_flat[:], best_even[:], best_cone[:] = x, flat_price, even_price, cone_price
        else:
            worse += 1
        if best < sharp or not error < math.inf or (best < BLUNT and worse == 3):
            break
        # scaling and the matrix
        matrix[:] = 0.0
        for j in range(n):
            matrix[j, j] = low[j] / x[j] + high[j] / (top[j] - x[j])
        for i in range(rows):
            weight = flat_price[i] / s_flat[i]
            for a in range(n):
                factor = weight * flat[i, a]
                if factor != 0.0:
                    for b in range(a, n):
                        matrix[a, b] += factor * flat[i, b]
        for c in range(cones):
            eta[c] = scale_cone(s_cone[c], cone_price[c], w[c], scaled[c])
            if eta[c] == 0.0:
                broken = True
                break
            shrink = 1.0 / (eta[c] * eta[c])
            for j in range(n):
                direction[j] = w[c, 0] * cone_row[c, j]
            spread_back(begin, place, value, c, w[c, 1:], 1.0, direction)
            for a in range(n):
                once, twice = shrink * cone_row[c, a], 2.0 * shrink * direction[a]
                for b in range(a, n):
                    matrix[a, b] += twice * direction[b] - once * cone_row[c, b]
            for at in range(k - 1):
                for e in range(begin[c, at], begin[c, at + 1]):
                    factor = shrink * value[e]
                    for f in range(e, begin[c, at + 1]):
                        matrix[place[e], place[f]] += factor * value[f]
        if broken or not factorise(matrix):
            break
        for i in range(evens):
            for j in range(n):
                through[i, j] = even[i, j]
            back_solve(matrix, through[i])
        for i in range(evens):
            for e in range(i, evens):
                total = 1e-14 if e == i else 0.0
                for j in range(n):
                    total += even[e, j] * through[i, j]
                schur[i, e] = total
        if not factorise(schur):
            break
        # predictor, then corrector
        aim, keep = 0.0, 1.0
        step, step_dual = 1.0, 1.0
        for corrector in range(2):
            for j in range(n):
                room = top[j] - x[j]
                if corrector:
                    p_low[j] = (aim - low[j] * x[j] - dx[j] * d_low[j]) / low[j]
                    p_high[j] = (aim - high[j] * room + dx[j] * d_high[j]) / high[j]
                else:
                    p_low[j], p_high[j] = -x[j], -room
                rhs[j] = -keep * r_x[j] + low[j] / x[j] * p_low[j] - high[j] / room * p_high[j]
            for i in range(rows):
                p_flat[i] = -s_flat[i]
                if corrector:
                    p_flat[i] += (aim - ds_flat[i] * dz_flat[i]) / flat_price[i]
                factor = flat_price[i] / s_flat[i] * (keep * r_flat[i] + p_flat[i])
                for j in range(n):
                    rhs[j] -= flat[i, j] * factor
            for c in range(cones):
                if corrector:
                    correct(w[c], eta[c], scaled[c], ds[c], dz[c], aim, p[c])
                else:
                    for i in range(k):
                        p[c, i] = -s_cone[c, i]
                for i in range(k):
                    ds[c, i] = keep * r_cone[c, i] + p[c, i]
                unstretch_twice(w[c], eta[c], ds[c], work[c])
                for j in range(n):
                    rhs[j] -= cone_row[c, j] * work[c, 0]
                spread_back(begin, place, value, c, work[c, 1:], 1.0, rhs)
            # H dx + E' dy = rhs, E dx = -keep r_even
            back_solve(matrix, rhs)
            for i in range(evens):
                total = keep * r_even[i]
                for j in range(n):
                    total += even[i, j] * rhs[j]
                dy[i] = total
            back_solve(schur, dy)
            for j in range(n):
                dx[j] = rhs[j]
            for i in range(evens):
                for j in range(n):
                    dx[j] -= through[i, j] * dy[i]
            for j in range(n):
                d_low[j] = low[j] / x[j] * (p_low[j] - dx[j])
                d_high[j] = high[j] / (top[j] - x[j]) * (p_high[j] + dx[j])
            for i in range(rows):
                moved = keep * r_flat[i]
                for j in range(n):
                    moved += flat[i, j] * dx[j]
                ds_flat[i] = -moved
                dz_flat[i] = flat_price[i] / s_flat[i] * (moved + p_flat[i])
            for c in range(cones):
                lines(begin, place, value, c, dx, ds[c, 1:])
                ds[c, 0] = 0.0
                for j in range(n):
                    ds[c, 0] -= cone_row[c, j] * dx[j]
                for i in range(k):
                    ds[c, i] -= keep * r_cone[c, i]
                    work[c, i] = p[c, i] - ds[c, i]
                unstretch_twice(w[c], eta[c], work[c], dz[c])
            if corrector and error < REFINED:
                # what rounding left of the dual residual, solved once more
                for j in range(n):
                    rhs[j] = -keep * r_x[j] + d_low[j] - d_high[j]
                for i in range(rows):
                    for j in range(n):
                        rhs[j] -= flat[i, j] * dz_flat[i]
                for i in range(evens):
                    for j in range(n):
                        rhs[j] -= even[i, j] * dy[i]
                for c in range(cones):
                    for j in range(n):
                        rhs[j] -= cone_row[c, j] * dz[c, 0]
                    spread_back(begin, place, value, c, dz[c, 1:], 1.0, rhs)
                back_solve(matrix, rhs)
                for i in range(evens):
                    total = 0.0
                    for j in range(n):
                        total += even[i, j] * rhs[j]
                    d_even[i] = total
                back_solve(schur, d_even)
                for i in range(evens):
                    dy[i] += d_even[i]
                    for j in range(n):
                        rhs[j] -= through[i, j] * d_even[i]
                for j in range(n):
                    dx[j] += rhs[j]
                    d_low[j] -= low[j] / x[j] * rhs[j]
                    d_high[j] += high[j] / (top[j] - x[j]) * rhs[j]
                for i in range(rows):
                    moved = 0.0
                    for j in range(n):
                        moved += flat[i, j] * rhs[j]
                    ds_flat[i] -= moved
                    dz_flat[i] += flat_price[i] / s_flat[i] * moved
                for c in range(cones):
                    lines(begin, place, value, c, rhs, work[c, 1:])
                    work[c, 0] = 0.0
                    for j in range(n):
                        work[c, 0] += cone_row[c, j] * rhs[j]
                    for i in range(1, k):
                        work[c, i] = -work[c, i]
                    for i in range(k):
                        ds[c, i] -= work[c, i]
                    unstretch_twice(w[c], eta[c], work[c], p[c])
                    for i in range(k):
                        dz[c, i] += p[c, i]
            longest, longest_dual = math.inf, math.inf
            for j in range(n):
                if dx[j] < 0.0:
                    longest = min(longest, -x[j] / dx[j])
                elif dx[j] > 0.0:
                    longest = min(longest, (top[j] - x[j]) / dx[j])
                if d_low[j] < 0.0:
                    longest_dual = min(longest_dual, -low[j] / d_low[j])
                if d_high[j] < 0.0:
                    longest_dual = min(longest_dual, -high[j] / d_high[j])
            for i in range(rows):
                if ds_flat[i] < 0.0:
                    longest = min(longest, -s_flat[i] / ds_flat[i])
                if dz_flat[i] < 0.0:
                    longest_dual = min(longest_dual, -flat_price[i] / dz_flat[i])
            for c in range(cones):
                longest = min(longest, furthest(s_cone[c], ds[c]))
                longest_dual = min(longest_dual, furthest(cone_price[c], dz[c]))
            if corrector == 0:
                step, step_dual = min(1.0, longest), min(1.0, longest_dual)
                after = 0.0
                for j in range(n):
                    after += (x[j] + step * dx[j]) * (low[j] + step_dual * d_low[j])
                    after += (top[j] - x[j] - step * dx[j]) * (high[j] + step_dual * d_high[j])
                for i in range(rows):
                    after += (s_flat[i] + step * ds_flat[i]) * (flat_price[i] + step_dual * dz_flat[i])
                for c in range(cones):
                    for i in range(k):
                        after += (s_cone[c, i] + step * ds[c, i]) * (cone_price[c, i] + step_dual * dz[c, i])
                share = max(after / degree / centre, 0.0)
                share = min(max(share * share * share, 1e-6), 1.0)
                aim = share * centre
                keep = 1.0 - share
            else:
                step, step_dual = min(1.0, NEARLY * longest), min(1.0, NEARLY * longest_dual)
        for j in range(n):
            x[j] += step * dx[j]
            low[j] += step_dual * d_low[j]
            high[j] += step_dual * d_high[j]
        for i in range(rows):
            s_flat[i] += step * ds_flat[i]
            flat_price[i] += step_dual * dz_flat[i]
        for i in range(evens):
            even_price[i] += step_dual * dy[i]
        for c in range(cones):
            for i in range(k):
                s_cone[c, i] += step * ds[c, i]
                cone_price[c, i] += step_dual * dz[c, i]
    x[:], flat_price[:], even_price[:], cone_price[:] = best_x, best_flat, best_even, best_cone
    return iteration if best < max(BLUNT, sharp) else -1
