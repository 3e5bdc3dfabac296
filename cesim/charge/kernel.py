"""The inner loops of the charge programmes: a dual simplex on a dense dictionary.

Compiled by numba where it imports, run as the same Python where it does not: same steps, same results. Importing this
file imports numba, so `simplex` does it at the first solve.

**Method.** Every variable is numbered: columns ``0..n-1``, rows ``n..n+room-1`` (the row's own activity). The
dictionary ``basic = table @ nonbasic`` starts with the rows basic, the columns at a bound. A charge has finite stocks,
so each column stands at the bound its cost prefers and the start is dual feasible: no phase 1, ever. The dual simplex
(Lemke 1954) then takes the row that misses its limits most, and the long-step ratio test (Maros 2003) passes over
columns that may simply run to their other bound. When no column is left to pass over, that line of the dictionary *is*
the Farkas certificate.

**Scaling.** Columns by what can be charged of them, rows by the largest contribution of a column, both to powers of
two, so that scaling rounds nothing.

**State.** A live tableau is one array of numbers and one of places (`views`), because handing an array to compiled
code costs more than a pivot.

The functions are longer than elsewhere and loop where numpy would read better: a pivot of a 10 x 20 charge takes
0.3 us, a single numpy call 1 us.
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
    Views = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats]

OPTIMAL: Final = 0
INFEASIBLE: Final = 1
UNSOLVED: Final = 2

#: a scaled row or bound missed by less than this is met
FEASIBLE: Final = 1e-11
#: a scaled pivot smaller than this is rounding
PIVOT: Final = 1e-9
#: scaled reduced costs that differ by less than this tie; the larger pivot is taken
TIE: Final = 1e-13
#: the share of the largest cost of a column that counts as no cost: where the answer costs nothing, all is rounding
NOTHING: Final = 1e-5
#: times an answer that the gate refuses is corrected by its residuals
REFINEMENTS: Final = 3
#: a scaled row price smaller than this is zero
ROUNDING: Final = 1e-12


@compiled
def numbers_needed(columns: int, room: int) -> int:
    """Length of the array of numbers of a tableau."""
    return room * columns + 5 * columns + 4 * room + 1


@compiled
def views(numbers: Floats, columns: int, room: int) -> Views:
    """Table, value, gain, way, low, high, and the scales of columns, rows and cost of a tableau.

    ``way`` is where a nonbasic variable may go: 1 up from its lower bound, -1 down from its upper one, 0 nowhere.
    """
    a = room * columns
    b = a + room
    c = b + columns
    d = c + columns
    e = d + columns + room
    f = e + columns + room
    g = f + columns
    h = g + room
    table = numbers[:a].reshape((room, columns))
    value, gain, way, low, high = numbers[a:b], numbers[b:c], numbers[c:d], numbers[d:e], numbers[e:f]
    return table, value, gain, way, low, high, numbers[f:g], numbers[g:h], numbers[h : h + 1]


@compiled
def power_of_two(size: float) -> float:
    """The power of two next above a size; 1 for zero."""
    if size <= 0.0 or not math.isfinite(size):
        return 1.0
    exponent = np.float64(size).view(np.int64) >> 52  # of an IEEE 754 double; two calls of the C library take 20 ns
    if 0 < exponent < 2046:
        return float(np.int64((exponent + 1) << 52).view(np.float64))
    return math.ldexp(1.0, math.frexp(size)[1])


@compiled
def scale_columns(rows: Floats, upper: Floats, stock: Floats, column: Floats) -> None:
    """Size of each column: its stock, or less where a row without negative entries allows no more."""
    columns = column.size
    for j in range(columns):
        column[j] = stock[j] if stock[j] > 0.0 else math.inf
    for i in range(upper.size):
        whole = upper[i] > 0.0 and upper[i] < math.inf
        if whole:
            for j in range(columns):
                if rows[i, j] < 0.0:
                    whole = False
        if whole:
            for j in range(columns):
                if rows[i, j] * column[j] > upper[i]:
                    column[j] = upper[i] / rows[i, j]
    for j in range(columns):
        column[j] = power_of_two(column[j])


@compiled
def write_row(state: Views, i: int, row: Floats, lower: float, upper: float) -> None:
    """Scale a row and write it and its limits as a basic row over the columns themselves."""
    table, _, gain, _, low, high, column, row_scale, _ = state
    columns = gain.size
    largest = 0.0
    for j in range(columns):
        table[i, j] = row[j] * column[j]
        if abs(table[i, j]) > largest:
            largest = abs(table[i, j])
    row_scale[i] = power_of_two(largest)
    shrink = 1.0 / row_scale[i]
    for j in range(columns):
        table[i, j] *= shrink
    low[columns + i] = lower / row_scale[i]
    high[columns + i] = upper / row_scale[i]


@compiled
def start(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, state: Views, basic: Ints, nonbasic: Ints
) -> None:
    """Write a programme as a dictionary with all rows basic."""
    _, _, gain, way, low, high, column, _, cost_scale = state
    columns = gain.size
    scale_columns(rows, upper, stock, column)
    largest = 0.0
    for j in range(columns):
        largest = max(largest, abs(cost[j] * column[j]))
    cost_scale[0] = power_of_two(largest)
    for j in range(columns):
        gain[j] = cost[j] * column[j] / cost_scale[0]
        low[j] = 0.0
        high[j] = stock[j] / column[j]
        nonbasic[j] = j
        way[j] = 1.0
    for i in range(lower.size):
        write_row(state, i, rows[i], lower[i], upper[i])
        basic[i] = columns + i


@compiled
def settle(state: Views, nonbasic: Ints, count: int) -> bool:
    """Put every nonbasic variable on the bound its reduced cost prefers; False where that bound is infinite."""
    table, value, gain, way, low, high, _, _, _ = state
    columns = gain.size
    for i in range(count):
        value[i] = 0.0
    for j in range(columns):
        v = nonbasic[j]
        above = way[j] < 0.0
        if abs(gain[j]) > TIE:
            above = gain[j] < 0.0
        elif not math.isfinite(high[v] if above else low[v]):
            above = not above
        at = high[v] if above else low[v]
        if not math.isfinite(at):
            return False
        way[j] = 0.0 if low[v] == high[v] else (-1.0 if above else 1.0)
        if at != 0.0:
            for i in range(count):
                value[i] += table[i, j] * at
    return True


@compiled
def leaving(state: Views, basic: Ints, count: int, careful: bool) -> int:
    """The basic variable furthest outside its bounds (the lowest-numbered one when careful), -1 if none is."""
    _, value, _, _, low, high, _, _, _ = state
    row = -1
    worst = FEASIBLE
    if careful:
        for i in range(count):
            v = basic[i]
            if max(low[v] - value[i], value[i] - high[v]) > FEASIBLE and (row < 0 or v < basic[row]):
                row = i
        return row
    for i in range(count):
        v = basic[i]
        miss = max(low[v] - value[i], value[i] - high[v])
        row = i if miss > worst else row
        worst = max(worst, miss)
    return row


@compiled
def candidates(state: Views, row: int, direction: float, place: Ints, slope: Floats) -> int:
    """The nonbasic variables that can help a missed row, and how steeply; returns how many there are.

    Every place is written and only those that count move the end: a jump here is guessed wrong half of the time.
    """
    table, _, gain, way, _, _, _, _, _ = state
    end = 0
    for j in range(gain.size):
        own = direction * way[j] * table[row, j]
        place[end], slope[end] = j, own
        end += 1 if own > PIVOT else 0
    return end


@compiled
def entering(state: Views, nonbasic: Ints, place: Ints, slope: Floats, end: int, careful: bool) -> int:
    """The candidate whose reduced cost reaches zero first, -1 if none is left.

    Of a tie the largest pivot is taken, or the lowest number when careful.
    """
    _, _, gain, way, _, _, _, _, _ = state
    chosen = -1
    best_slope, best_gain = 0.0, 0.0
    for at in range(end):
        j = place[at]
        own = max(gain[j] * way[j], 0.0)
        lead = best_gain * slope[at] - own * best_slope
        better = lead > TIE
        if abs(lead) <= TIE:
            if chosen < 0:
                better = True
            else:
                better = nonbasic[j] < nonbasic[place[chosen]] if careful else slope[at] > best_slope
        chosen = at if better else chosen
        best_slope = slope[at] if better else best_slope
        best_gain = own if better else best_gain
    return chosen


@compiled
def exchange(state: Views, basic: Ints, nonbasic: Ints, count: int, row: int, column: int, over: bool) -> None:
    """Pivot: the leaving variable goes to the bound it misses, the entering one takes its place."""
    table, value, gain, way, low, high, _, _, _ = state
    columns = gain.size
    out, into = basic[row], nonbasic[column]
    pivot = 1.0 / table[row, column]
    step = ((high[out] if over else low[out]) - value[row]) * pivot
    at = high[into] if way[column] < 0.0 else low[into]
    for j in range(columns):
        table[row, j] *= -pivot
    table[row, column] = pivot
    for i in range(count):
        factor = table[i, column]
        if i != row and factor != 0.0:
            value[i] += factor * step
            table[i, column] = 0.0
            for j in range(columns):
                table[i, j] += factor * table[row, j]
    value[row] = at + step
    factor = gain[column]
    gain[column] = 0.0
    for j in range(columns):
        gain[j] += factor * table[row, j]
    basic[row] = into
    nonbasic[column] = out
    way[column] = 0.0 if low[out] == high[out] else (-1.0 if over else 1.0)


@compiled
def dual_simplex(
    state: Views, basic: Ints, nonbasic: Ints, count: int, patience: int, most: int
) -> tuple[int, int, int]:
    """Pivot until no row is missed. Status, pivots, and the row that proves infeasibility.

    After ``patience`` pivots the programme is taken to stand on a degenerate corner; from then on lowest numbers enter
    and leave (Bland's rule), which cannot cycle.
    """
    table, value, _, way, low, high, _, _, _ = state
    for pivots in range(most):
        careful = pivots >= patience
        row = leaving(state, basic, count, careful)
        if row < 0:
            return OPTIMAL, pivots, -1
        if pivots == 0:  # a live tableau seldom gets here
            place, slope = np.empty(way.size, np.int64), np.empty(way.size)
        over = value[row] > high[basic[row]]
        direction = -1.0 if over else 1.0
        missing = value[row] - high[basic[row]] if over else low[basic[row]] - value[row]
        end = candidates(state, row, direction, place, slope)
        while True:
            chosen = entering(state, nonbasic, place, slope, end, careful)
            if chosen < 0:
                return INFEASIBLE, pivots, row
            column = place[chosen]
            v = nonbasic[column]
            reach = (high[v] - low[v]) * abs(table[row, column])
            if careful or reach >= missing - FEASIBLE:
                break
            missing -= reach
            end -= 1
            for at in range(chosen, end):
                place[at], slope[at] = place[at + 1], slope[at + 1]
            shift = (high[v] - low[v]) * way[column]
            way[column] = -way[column]
            for i in range(count):
                value[i] += table[i, column] * shift
        exchange(state, basic, nonbasic, count, row, column, over)
    return UNSOLVED, most, -1


@compiled
def read(state: Views, basic: Ints, nonbasic: Ints, count: int, stock: Floats, x: Floats, price: Floats) -> None:
    """Columns and row prices of an optimal dictionary, in the programme's own units."""
    _, value, gain, way, _, _, column, row_scale, cost_scale = state
    columns = gain.size
    for i in range(count):
        price[i] = 0.0
    for j in range(columns):
        v = nonbasic[j]
        if v < columns:
            x[v] = stock[v] if way[j] < 0.0 else 0.0
        elif abs(gain[j]) > ROUNDING:  # a price of rounding could stand on a limit that is infinite
            price[v - columns] = gain[j] * cost_scale[0] / row_scale[v - columns]
    for i in range(count):
        v = basic[i]
        if v < columns:
            x[v] = min(max(value[i] * column[v], 0.0), stock[v])


@compiled
def read_ray(state: Views, basic: Ints, nonbasic: Ints, row: int, count: int, ray: Floats) -> None:
    """The line of the dictionary that cannot be met, as prices of the rows."""
    table, value, gain, _, _, high, _, row_scale, _ = state
    columns = gain.size
    for i in range(count):
        ray[i] = 0.0
    direction = -1.0 if value[row] > high[basic[row]] else 1.0
    if basic[row] >= columns:
        i = basic[row] - columns
        ray[i] = direction / row_scale[i]
    for j in range(columns):
        i = nonbasic[j] - columns
        if i >= 0 and abs(table[row, j]) > PIVOT:
            ray[i] = -direction * table[row, j] / row_scale[i]


@compiled
def bound(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, price: Floats, reduced: Floats
) -> tuple[float, float]:
    """What row prices prove the cost to be at least, and the sizes in it (`programme`); minus inf if one is open."""
    value, size = 0.0, 0.0
    for j in range(reduced.size):
        reduced[j] = cost[j]
    for i in range(lower.size):
        if price[i] != 0.0:
            limit = lower[i] if price[i] > 0.0 else upper[i]
            if not math.isfinite(limit):
                return -math.inf, 1.0
            value += price[i] * limit
            size += abs(price[i] * limit)
            for j in range(reduced.size):
                reduced[j] -= price[i] * rows[i, j]
    for j in range(reduced.size):
        if reduced[j] < 0.0:
            value += reduced[j] * stock[j]
            size -= reduced[j] * stock[j]
    return value, size


@compiled
def missed(rows: Floats, lower: Floats, upper: Floats, row_scale: Floats, x: Floats) -> float:
    """Largest miss of a row, as a share of its scale."""
    worst = 0.0
    for i in range(lower.size):
        activity = 0.0
        for j in range(x.size):
            activity += rows[i, j] * x[j]
        worst = max(worst, max(lower[i] - activity, activity - upper[i]) / row_scale[i])
    return worst


@compiled
def refine(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, state: Views, basic: Ints, nonbasic: Ints,
    x: Floats, price: Floats,
) -> None:  # fmt: skip
    """Correct an answer by what the raw programme says it misses, with the dictionary as an approximate inverse.

    Lots that next to nothing tells apart make pivots next to nothing, and the dictionary then holds fewer digits than
    the programme (iterative refinement, Wilkinson 1963).
    """
    table, _, gain, way, _, _, column, row_scale, cost_scale = state
    columns, count = gain.size, lower.size
    missing, dear = np.zeros(columns), np.zeros(count)
    for j in range(columns):
        i = nonbasic[j] - columns
        if i >= 0:
            missing[j] = upper[i] if way[j] < 0.0 else lower[i]
            for v in range(columns):
                missing[j] -= rows[i, v] * x[v]
            missing[j] /= row_scale[i]
    for r in range(count):
        v = basic[r]
        if v < columns:
            dear[r] = cost[v]
            for i in range(count):
                dear[r] -= price[i] * rows[i, v]
            dear[r] *= column[v] / cost_scale[0]
            change = 0.0
            for j in range(columns):
                change += table[r, j] * missing[j]
            x[v] = min(max(x[v] + column[v] * change, 0.0), stock[v])
    for j in range(columns):
        i = nonbasic[j] - columns
        if i >= 0:
            change = 0.0
            for r in range(count):
                change += table[r, j] * dear[r]
            price[i] += change * cost_scale[0] / row_scale[i]
            if not math.isfinite(lower[i] if price[i] > 0.0 else upper[i]):
                price[i] = 0.0


@compiled
def answer(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats,
    state: Views, basic: Ints, nonbasic: Ints, status: int, row: int,
    x: Floats, price: Floats, reduced: Floats, ray: Floats, residual: float, gap: float,
) -> tuple[int, float]:  # fmt: skip
    """Read the answer and pass it through the gate: what raw inputs do not confirm is unsolved. Status, cost."""
    _, _, _, _, _, _, _, row_scale, cost_scale = state
    count = lower.size
    for i in range(count):
        ray[i] = 0.0
    if status == OPTIMAL:
        read(state, basic, nonbasic, count, stock, x, price)
        for attempt in range(REFINEMENTS + 1):
            if attempt > 0:
                refine(cost, rows, lower, upper, stock, state, basic, nonbasic, x, price)
            objective, size = 0.0, 0.0
            for j in range(x.size):
                objective += cost[j] * x[j]
                size += abs(cost[j] * x[j])
            proved, terms = bound(cost, rows, lower, upper, stock, price, reduced)
            size += terms
            close = abs(objective - proved) <= gap * (size + NOTHING * cost_scale[0])
            if close and missed(rows, lower, upper, row_scale, x) <= residual:
                return OPTIMAL, objective
    elif status == INFEASIBLE:
        read_ray(state, basic, nonbasic, row, count, ray)
        for j in range(x.size):
            x[j] = 0.0
        proved, size = bound(x, rows, lower, upper, stock, ray, reduced)
        if proved > 1e-13 * size:
            x[:] = math.nan
            price[:count] = math.nan
            reduced[:] = math.nan
            return INFEASIBLE, math.nan
    return UNSOLVED, math.nan


@compiled
def solve_batch(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats,
    x: Floats, price: Floats, reduced: Floats, ray: Floats, objective: Floats, status: Ints, pivots: Ints,
    patience: int, residual: float, gap: float,
) -> None:  # fmt: skip
    """Solve programmes one after the other, each from the start. An input of length 1 is shared by all."""
    count, columns = rows.shape[1], rows.shape[2]
    numbers = np.empty(numbers_needed(columns, count))
    state = views(numbers, columns, count)
    basic = np.empty(count, np.int64)
    nonbasic = np.empty(columns, np.int64)
    for b in range(x.shape[0]):
        own_cost = cost[b if cost.shape[0] > 1 else 0]
        own_rows = rows[b if rows.shape[0] > 1 else 0]
        own_lower = lower[b if lower.shape[0] > 1 else 0]
        own_upper = upper[b if upper.shape[0] > 1 else 0]
        own_stock = stock[b if stock.shape[0] > 1 else 0]
        start(own_cost, own_rows, own_lower, own_upper, own_stock, state, basic, nonbasic)
        settle(state, nonbasic, count)
        most = patience + 200 * (count + columns)
        code, taken, row = dual_simplex(state, basic, nonbasic, count, patience, most)
        status[b], objective[b] = answer(
            own_cost, own_rows, own_lower, own_upper, own_stock, state, basic, nonbasic, code, row,
            x[b], price[b], reduced[b], ray[b], residual, gap,
        )  # fmt: skip
        pivots[b] = taken


@compiled
def start_live(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, numbers: Floats, places: Ints, room: int
) -> None:
    """Write a programme into the arrays of a live tableau with room for more rows."""
    columns = cost.size
    basic, nonbasic = places[:room], places[room:]
    start(cost, rows, lower, upper, stock, views(numbers, columns, room), basic, nonbasic)


@compiled
def append(row: Floats, lower: float, upper: float, numbers: Floats, places: Ints, count: int, room: int) -> None:
    """Add a row to a live tableau: basic, written over what is nonbasic now."""
    columns = row.size
    basic, nonbasic = places[:room], places[room:]
    state = views(numbers, columns, room)
    table = state[0]
    write_row(state, count, row, lower, upper)
    direct = table[count].copy()
    for j in range(columns):
        v = nonbasic[j]
        table[count, j] = direct[v] if v < columns else 0.0
    for i in range(count):
        if basic[i] < columns:
            factor = direct[basic[i]]
            for j in range(columns):
                table[count, j] += factor * table[i, j]
    basic[count] = columns + count


@compiled
def solve_live(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, numbers: Floats, places: Ints, room: int,
    out: Floats, patience: int, residual: float, gap: float,
) -> tuple[int, int]:  # fmt: skip
    """Go on from where a live tableau stands, after stocks, limits or rows changed. Status, pivots.

    ``out`` takes the columns, row prices, column prices, ray and cost.
    """
    columns, count = cost.size, lower.size
    basic, nonbasic = places[:room], places[room:]
    state = views(numbers, columns, room)
    _, _, _, _, low, high, column, row_scale, _ = state
    for j in range(columns):
        high[j] = stock[j] / column[j]
    for i in range(count):
        low[columns + i] = lower[i] / row_scale[i]
        high[columns + i] = upper[i] / row_scale[i]
    if not settle(state, nonbasic, count):
        return UNSOLVED, 0
    most = patience + 200 * (count + columns)
    code, pivots, row = dual_simplex(state, basic, nonbasic, count, patience, most)
    a, b, c = columns, columns + count, columns + count + columns
    code, out[c + count] = answer(
        cost, rows, lower, upper, stock, state, basic, nonbasic, code, row,
        out[:a], out[a:b], out[b:c], out[c : c + count], residual, gap,
    )  # fmt: skip
    return code, pivots


@compiled
def solve_one(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, out: Floats,
    patience: int, residual: float, gap: float,
) -> tuple[int, int]:  # fmt: skip
    """Solve one programme from the start. Status, pivots; ``out`` as in `solve_live`."""
    columns, count = cost.size, lower.size
    state = views(np.empty(numbers_needed(columns, count)), columns, count)
    places = np.empty(count + columns, np.int64)
    basic, nonbasic = places[:count], places[count:]
    start(cost, rows, lower, upper, stock, state, basic, nonbasic)
    settle(state, nonbasic, count)
    code, pivots, row = dual_simplex(state, basic, nonbasic, count, patience, patience + 200 * (count + columns))
    a, b, c = columns, columns + count, columns + count + columns
    code, out[c + count] = answer(
        cost, rows, lower, upper, stock, state, basic, nonbasic, code, row,
        out[:a], out[a:b], out[b:c], out[c : c + count], residual, gap,
    )  # fmt: skip
    return code, pivots


@compiled
def solve_shifted(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, shift: Floats, numbers: Floats,
    places: Ints, room: int, objective: Floats, price: Floats, patience: int, residual: float, gap: float,
) -> int:  # fmt: skip
    """Solve one live tableau for many shifts of all limits. The first shift without an answer, -1 if all have one."""
    columns, count = cost.size, lower.size
    low, high = np.empty(count), np.empty(count)
    out = np.empty(2 * (columns + count) + 1)
    for s in range(shift.shape[0]):
        for i in range(count):
            low[i] = lower[i] + shift[s, i]
            high[i] = upper[i] + shift[s, i]
        code = UNSOLVED
        for attempt in range(3):
            if code == UNSOLVED:
                if attempt > 0:
                    start_live(cost, rows, low, high, stock, numbers, places, room)
                code, _ = solve_live(
                    cost, rows, low, high, stock, numbers, places, room, out,
                    patience if attempt < 2 else 0, residual, gap,
                )  # fmt: skip
        if code != OPTIMAL:
            return s
        objective[s] = out[2 * (columns + count)]
        price[s] = out[columns : columns + count]
    return -1
