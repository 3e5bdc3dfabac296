"""The pivots of `cesim.charge.lexicographic` for programmes of at most ten rows that leave out columns without room.

The same steps in the same order, to the same bits as `cesim.charge.pivoting`. The dictionary is turned over, column by
column, so that the inner loop runs over a number of rows that is known when it is compiled: half the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from cesim.balance.compiled import compiled_into
from cesim.charge.lexicographic import PATIENCE, TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

ROWS: Final = 10
"""Rows of every programme, the last ones empty where it has fewer."""
MOST_LEVELS: Final = 4
MOST_PIVOTS: Final = 400


class Dictionary(NamedTuple):
    """``basic = value - table @ nonbasic``; all nonbasic variables are 0 (`lexicographic._Dictionary`)."""

    table: Floats
    """(column, row)"""
    value: Floats
    gain: Floats
    """(column, level)"""
    room: Floats
    """(variable,) how far it may grow"""
    cap: Floats
    """(row,) the room of the basic variable"""
    nonbasic: Ints
    basic: Ints
    flipped: Bools
    own: Floats
    length: Floats


def new_dictionary(columns: int) -> Dictionary:
    """Memory for programmes of at most so many columns."""
    variables = columns + ROWS
    return Dictionary(
        np.empty((columns, ROWS)), np.empty(ROWS), np.empty((columns, MOST_LEVELS)), np.empty(variables),
        np.empty(ROWS), np.empty(columns, np.int64), np.empty(ROWS, np.int64), np.empty(variables, np.bool_),
        np.empty(ROWS), np.empty(ROWS),
    )  # fmt: skip


@compiled_into
def solve(d: Dictionary, columns: int, levels: int) -> bool:
    """Pivot to the optimum, in place; False where the most pivots did not suffice."""
    for pivots in range(MOST_PIVOTS):
        entering = _entering(d, columns, levels, pivots >= PATIENCE)
        if entering < 0:
            return True
        for level in range(levels):  # what counts as zero on the levels before the improving one is zero
            if abs(d.gain[entering, level]) > TOLERANCE:
                break
            d.gain[entering, level] = 0.0
        row, far = _stopping(d, d.table[entering], pivots + 1 > PATIENCE)
        if d.room[d.nonbasic[entering]] <= far:
            _flip(d, entering, levels)
        else:
            _exchange(d, columns, levels, row, entering)
    return False


@compiled_into
def _entering(d: Dictionary, columns: int, levels: int, careful: bool) -> int:
    largest, chosen = TOLERANCE, -1
    for j in range(columns):
        largest = max(largest, d.gain[j, 0])
    if largest > TOLERANCE and not careful:
        for j in range(columns):
            if d.gain[j, 0] == largest:
                return j
    chosen_level = levels
    for j in range(columns):
        level = 0
        while level < levels and abs(d.gain[j, level]) <= TOLERANCE:
            level += 1
        if level == levels or d.gain[j, level] < 0.0:
            continue
        if careful:
            if chosen < 0 or d.nonbasic[j] < d.nonbasic[chosen]:
                chosen = j
        elif level < chosen_level or (level == chosen_level and d.gain[j, level] > largest):
            chosen, chosen_level, largest = j, level, d.gain[j, level]
    return chosen


@compiled_into
def _stopping(d: Dictionary, column: Floats, careful: bool) -> tuple[int, float]:
    """The row that stops the entering variable, and how far it may grow."""
    length, shortest = d.length, np.inf
    for i in range(ROWS):  # both ways are worked out and one is taken: a branch would cost more than the division
        held = max(d.value[i], 0.0)
        way = held if column[i] > 0.0 else d.cap[i] - held
        far = max(way / abs(column[i]), 0.0)
        length[i] = far if abs(column[i]) > TOLERANCE else np.inf
        shortest = min(shortest, length[i])
    row = -1
    for i in range(ROWS):
        if length[i] <= shortest + TOLERANCE and (
            row < 0 or (careful and d.basic[i] < d.basic[row]) or (not careful and abs(column[i]) > abs(column[row]))
        ):
            row = i
    return row, shortest


@compiled_into
def _flip(d: Dictionary, entering: int, levels: int) -> None:
    """Let the entering variable run to its own upper bound: its complement takes its place."""
    variable, column = d.nonbasic[entering], d.table[entering]
    room = d.room[variable]
    for i in range(ROWS):
        d.value[i] -= column[i] * room
        column[i] = -column[i]
    for level in range(levels):
        d.gain[entering, level] = -d.gain[entering, level]
    d.flipped[variable] = not d.flipped[variable]


@compiled_into
def _exchange(d: Dictionary, columns: int, levels: int, row: int, entering: int) -> None:
    """Exchange a basic and a nonbasic variable."""
    own, value, leaving = d.own, d.value, d.basic[row]
    if d.table[entering, row] < -TOLERANCE:
        value[row] = d.room[leaving] - value[row]
        for j in range(columns):
            d.table[j, row] = -d.table[j, row]
        d.flipped[leaving] = not d.flipped[leaving]
    for i in range(ROWS):
        own[i] = d.table[entering, i]
    pivot = own[row]
    pivot_value = max(value[row], 0.0) / pivot
    for j in range(columns):
        if j == entering:
            continue
        column = d.table[j]
        part = column[row] / pivot
        for i in range(ROWS):
            column[i] -= own[i] * part
        column[row] = part
        for level in range(levels):
            d.gain[j, level] -= d.gain[entering, level] * part
    column = d.table[entering]
    for i in range(ROWS):
        value[i] = max(value[i], 0.0) - own[i] * pivot_value
        column[i] = -own[i] / pivot
    for level in range(levels):
        d.gain[entering, level] = -d.gain[entering, level] / pivot
    column[row], value[row] = 1.0 / pivot, pivot_value
    d.basic[row] = d.nonbasic[entering]
    d.nonbasic[entering] = leaving
    d.cap[row] = d.room[d.basic[row]]
