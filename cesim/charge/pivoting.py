"""The pivots of `lexicographic`, one programme after the other: the same steps in the same order, to the same bits.

Importing this file imports numba. Loops stand where numpy would read better: a programme of a charge has a dozen rows
and thirty columns, too few for a call of numpy to pay, and `lexicographic` holds the readable twin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.compiled import compiled_in_place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@compiled_in_place
def solve_all(
    table: Floats,
    value: Floats,
    gain: Floats,
    room: Floats,
    nonbasic: Ints,
    basic: Ints,
    flipped: Bools,
    pivots: Ints,
    limits: tuple[int, int, float],
    length: Floats,
) -> int:
    """Pivot every programme of the batch to its optimum, in place.

    Parameters
    ----------
    table, value, gain, room, nonbasic, basic, flipped, pivots
        The arrays of `lexicographic._Dictionary`, batch first.
    limits
        Most pivots, pivots after which variables are taken by number, tolerance.
    length
        Memory, as many as there are rows.

    Returns
    -------
    int
        The first programme that is not solved, -1 where all are.
    """
    for b in range(table.shape[0]):
        own = (table[b], value[b], gain[b], room[b], nonbasic[b], basic[b], flipped[b], pivots[b:])
        if not solve_one(*own, limits, length):
            return b
    return -1


@compiled_in_place
def solve_one(
    table: Floats,
    value: Floats,
    gain: Floats,
    room: Floats,
    nonbasic: Ints,
    basic: Ints,
    flipped: Bools,
    pivots: Ints,
    limits: tuple[int, int, float],
    length: Floats,
) -> bool:
    """Pivot one programme; False where the most pivots did not suffice."""
    most, patience, tolerance = limits
    for _ in range(most):
        entering = entering_column(gain, room, nonbasic, pivots[0] >= patience, tolerance)
        if entering < 0:
            return True
        pivots[0] += 1
        settle(gain, entering, tolerance)
        row, far, at_upper = stopping_row(table, value, room, basic, entering, pivots[0] > patience, tolerance, length)
        if room[nonbasic[entering]] <= far:
            flip(table, value, gain, room, nonbasic, flipped, entering)
        else:
            exchange(table, value, gain, room, nonbasic, basic, flipped, row, entering, at_upper)
    return False


@compiled_in_place
def entering_column(gain: Floats, room: Floats, nonbasic: Ints, careful: bool, tolerance: float) -> int:
    """The column whose first non-zero gain is positive and largest; -1 where there is none (see `_entering`)."""
    largest = tolerance
    for j in range(nonbasic.size):
        own = gain[0, j] if room[nonbasic[j]] > 0.0 else 0.0
        largest = max(largest, own)
    if largest > tolerance and not careful:  # most are decided on the first level, and without a branch it is fast
        for j in range(nonbasic.size):
            if gain[0, j] == largest and room[nonbasic[j]] > 0.0:
                return j
    return later_column(gain, room, nonbasic, careful, tolerance)


@compiled_in_place
def later_column(gain: Floats, room: Floats, nonbasic: Ints, careful: bool, tolerance: float) -> int:
    """The same over all levels; with care the lowest-numbered variable that improves on any."""
    chosen, chosen_level, largest = -1, gain.shape[0], 0.0
    for j in range(nonbasic.size):
        levels = gain.shape[0] if careful else min(chosen_level + 1, gain.shape[0])
        level = first_gain(gain, j, levels, tolerance)
        if level < 0 or room[nonbasic[j]] <= 0.0:
            continue
        if careful:
            if chosen < 0 or nonbasic[j] < nonbasic[chosen]:
                chosen = j
        elif level < chosen_level or gain[level, j] > largest:
            chosen, chosen_level, largest = j, level, gain[level, j]
    return chosen


@compiled_in_place
def first_gain(gain: Floats, j: int, levels: int, tolerance: float) -> int:
    """The first of the levels on which a column's gain is not zero; -1 where it is none or a loss."""
    for level in range(levels):
        if gain[level, j] > tolerance:
            return level
        if gain[level, j] < -tolerance:
            return -1
    return -1


@compiled_in_place
def settle(gain: Floats, entering: int, tolerance: float) -> None:
    """Set to zero what counts as zero on the levels before the improving one."""
    for level in range(gain.shape[0]):
        if abs(gain[level, entering]) > tolerance:
            return
        gain[level, entering] = 0.0


@compiled_in_place
def stopping_row(
    table: Floats,
    value: Floats,
    room: Floats,
    basic: Ints,
    entering: int,
    careful: bool,
    tolerance: float,
    length: Floats,
) -> tuple[int, float, bool]:
    """The row that stops the entering variable, how far it may grow, and whether at the row's upper bound.

    `length` (row,) is memory for how far each row lets it grow.
    """
    rows = basic.size
    for i in range(rows):  # both ways are worked out and one is taken: a branch would cost more than the division
        column, held = table[i, entering], max(value[i], 0.0)
        way = held if column > 0.0 else room[basic[i]] - held
        far = max(way / abs(column), 0.0)
        length[i] = far if abs(column) > tolerance else np.inf
    shortest = np.inf
    for i in range(rows):
        shortest = min(shortest, length[i])
    row = -1
    for i in range(rows):
        if length[i] <= shortest + tolerance and (
            row < 0
            or (careful and basic[i] < basic[row])
            or (not careful and abs(table[i, entering]) > abs(table[row, entering]))
        ):
            row = i
    return row, shortest, table[row, entering] < -tolerance


@compiled_in_place
def flip(
    table: Floats, value: Floats, gain: Floats, room: Floats, nonbasic: Ints, flipped: Bools, entering: int
) -> None:
    """Let the entering variable run to its own upper bound: its complement takes its place."""
    variable = nonbasic[entering]
    for i in range(value.size):
        value[i] -= table[i, entering] * room[variable]
        table[i, entering] *= -1.0
    for level in range(gain.shape[0]):
        gain[level, entering] *= -1.0
    flipped[variable] = not flipped[variable]


@compiled_in_place
def exchange(
    table: Floats,
    value: Floats,
    gain: Floats,
    room: Floats,
    nonbasic: Ints,
    basic: Ints,
    flipped: Bools,
    row: int,
    entering: int,
    at_upper: bool,
) -> None:
    """Exchange a basic and a nonbasic variable."""
    rows, columns = table.shape
    if at_upper:
        leaving = basic[row]
        value[row] = room[leaving] - value[row]
        for j in range(columns):
            table[row, j] *= -1.0
        flipped[leaving] = not flipped[leaving]
    pivot = table[row, entering]
    pivot_value = max(value[row], 0.0) / pivot
    for j in range(columns):
        table[row, j] = table[row, j] / pivot
    for i in range(rows):
        if i == row:
            continue
        column = table[i, entering]
        value[i] = max(value[i], 0.0) - column * pivot_value
        if column == 0.0:  # the row does not change
            continue
        for j in range(columns):
            table[i, j] -= column * table[row, j]
        table[i, entering] = -column / pivot
    for level in range(gain.shape[0]):
        column = gain[level, entering]
        for j in range(columns):
            gain[level, j] -= column * table[row, j]
        gain[level, entering] = -column / pivot
    table[row, entering] = 1.0 / pivot
    value[row] = pivot_value
    leaving = basic[row]
    basic[row] = nonbasic[entering]
    nonbasic[entering] = leaving
