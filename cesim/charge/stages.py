"""The stages of a charge with safety margins: cuts with Newton's method, the interior point, both with more patience.

Compiled like `kernel`, and for the same reason written as loops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.compiled import compiled
from cesim.charge.cone_gate import confirmed, entries, gate_sizes, norm
from cesim.charge.interior import SHARP, lines
from cesim.charge.interior_stage import by_interior
from cesim.charge.kernel import OPTIMAL, UNSOLVED, power_of_two, scale_columns
from cesim.charge.newton_stage import by_newton, in_units
from cesim.charge.tangents import NEWTON, cut_loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Entries = tuple[Ints, Ints, Floats]

#: rounds of cuts when neither they nor the interior point settled it first
PATIENT: Final = 40
#: sharpness of the interior point from which Newton's method takes over
ROUGH: Final = 1e-3
#: most iterations of the interior point, to be rough and to be sharp
FEW: Final = 20
MANY: Final = 50
#: times the interior point is asked to be sharp: limits that its answer misses take part the next time, last all do
ATTEMPTS: Final = 4

BY_CUTS: Final = 0
BY_INTERIOR: Final = 1
BY_NEWTON: Final = 2


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
def ask_missed(
    rows: Floats, lower: Floats, upper: Floats, risky: Ints, held: Entries, size: Floats, x: Floats, touched: Ints,
    asked: Ints, residual: float,
) -> bool:  # fmt: skip
    """Let every limit that a charge misses take part from now on; True when there is one that did not yet."""
    begin, place, value = held
    line = np.empty(begin.shape[1] - 1)
    more = False
    for i in range(lower.size):
        margin, activity, own = 0.0, 0.0, -1
        for q in range(risky.size):
            if risky[q] == i:
                lines(begin, place, value, q, x, line)
                margin, own = norm(line), q
        for j in range(x.size):
            activity += rows[i, j] * x[j]
        for which in range(2):
            miss = activity + margin - upper[i] if which else lower[i] - activity + margin
            if miss > residual * size[i]:
                more = more or asked[i, which] == 0 or (own >= 0 and touched[own, which] == 0)
                asked[i, which] = 1
                if own >= 0:
                    touched[own, which] = 1
    return more


@compiled
def solve_margins(
    cost: Floats, rows: Floats, lower: Floats, upper: Floats, stock: Floats, risky: Ints, factor: Floats, z: Floats,
    out: Floats, bend: Floats, rounds: int, store: int, residual: float, gap: float,
) -> tuple[int, int, int]:  # fmt: skip
    """Stage by stage until the gate confirms an answer. Status, stage and rounds of cuts.

    ``out`` takes the columns, row prices, reduced costs and the prices of both sides of every margin.
    """
    count, n = rows.shape
    x, price, reduced = out[:n], out[n : n + count], out[n + count : 2 * n + count]
    side = out[2 * n + count :].reshape((risky.size, 2))
    column, size, strict = np.empty(n), np.empty(count), np.empty(count)
    row_sizes(rows, upper, stock, column, size)
    gate_sizes(rows, upper, stock, strict)
    held, at = entries(factor, z), np.empty(n, np.int64)
    own = in_units(cost, rows, lower, upper, stock, risky, held, size, column)
    touched, asked = np.zeros((risky.size, 2), np.int64), np.zeros((count, 2), np.int64)
    side[:] = 0.0
    bend[:] = 0.0
    turns = 0
    for patient in range(2):
        status, turns = cut_loop(
            cost, rows, lower, upper, stock, risky, held, size, column, own, strict, x, price, side, bend, touched,
            asked, PATIENT if patient else rounds, store, reduced, residual, gap,
        )  # fmt: skip
        if status == NEWTON:
            return OPTIMAL, BY_NEWTON, turns
        if status != UNSOLVED and confirmed(
            status, cost, rows, lower, upper, stock, risky, held, strict, x, price, side, bend, reduced, residual, gap
        ):  # fmt: skip
            return status, BY_CUTS, turns
        for attempt in range(ATTEMPTS if patient else 1):
            if by_interior(
                cost, rows, lower, upper, stock, risky, held, size, column, x, at, price, side, bend, touched, asked,
                MANY if patient else FEW, SHARP if patient else ROUGH,
            ):  # fmt: skip
                if not patient:
                    if by_newton(own, held, size, column, stock, x, at, price, side, bend, True) and confirmed(
                        OPTIMAL, cost, rows, lower, upper, stock, risky, held, strict, x, price, side, bend, reduced,
                        residual, gap,
                    ):  # fmt: skip
                        return OPTIMAL, BY_INTERIOR, turns
                elif confirmed(
                    OPTIMAL, cost, rows, lower, upper, stock, risky, held, strict, x, price, side, bend, reduced,
                    residual, gap,
                ):  # fmt: skip
                    return OPTIMAL, BY_INTERIOR, turns
                elif attempt < ATTEMPTS - 2 and ask_missed(
                    rows, lower, upper, risky, held, strict, x, touched, asked, residual
                ):
                    continue
            if patient:
                touched[:], asked[:] = 1, 1
    return UNSOLVED, BY_INTERIOR, turns
