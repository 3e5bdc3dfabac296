"""Many small linear programmes at once, solved exactly, with one answer each.

A charge is a handful of scrap grades, a furnace and the limits of an alloy. A scenario asks for it a
hundred thousand times: once per product, region, year and draw. All draws of one charge are solved
together here by a primal simplex on dictionaries, compiled where numba is installed (`pivoting`) and otherwise side by
side with numpy, to the same bits. Every variable is boxed and the empty charge is
allowed, so there is no first phase.

The objectives are lexicographic: a later one only chooses among the optima of the earlier ones. The last
one is made of distinct numbers, so that the answer is unique.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: a reduced cost or a pivot below this, relative to the problem's own scale, counts as zero
TOLERANCE = 1e-10

#: pivots after which a programme is taken to stand on a degenerate corner
PATIENCE = 40


@dataclass(frozen=True)
class Optimum:
    """The answers of a batch.

    Attributes
    ----------
    x : (batch, variable)
        the unique optimum
    slack : (batch, row)
        right-hand side minus what is used, >= 0
    row_price : (batch, level, row)
        how much each objective would grow per unit of right-hand side (>= 0 on the first level)
    bound_price : (batch, level, variable)
        the same per unit of the variable's upper bound; 0 where the bound is not reached
    pivots : (batch,)
        number of pivots taken
    """

    x: Floats
    slack: Floats
    row_price: Floats
    bound_price: Floats
    pivots: Ints


class NotSolvedError(ArithmeticError):
    """Raised when a programme of the batch has not reached its optimum; names the first one."""


def maximise(objectives: Floats, rows: Floats, limits: Floats, upper: Floats, most_pivots: int = 400) -> Optimum:
    """Maximise the objectives one after the other over ``rows @ x <= limits, 0 <= x <= upper``.

    Parameters
    ----------
    objectives : (batch, level, variable)
    rows : (batch, row, variable)
    limits : (batch, row)
        not negative, so that x = 0 is allowed
    upper : (batch, variable)
        not negative and finite

    Raises
    ------
    ValueError
        when a limit or a bound is negative or anything is not finite
    NotSolvedError
        when ``most_pivots`` did not suffice
    """
    _check(objectives, rows, limits, upper)
    state = _Dictionary(objectives, rows, limits, upper)
    missed = state.solve_compiled(most_pivots) if find_spec("numba") else state.solve(most_pivots)
    if missed >= 0:
        raise NotSolvedError(f"no optimum after {most_pivots} pivots in programme {missed}")
    return state.answer()


def _check(objectives: Floats, rows: Floats, limits: Floats, upper: Floats) -> None:
    for name, array in (("objectives", objectives), ("rows", rows), ("limits", limits), ("upper", upper)):
        if not np.isfinite(array).all():
            raise ValueError(f"{name} must be finite")
    if (limits < 0).any() or (upper < 0).any():
        raise ValueError("limits and upper bounds must not be negative: the empty charge has to be allowed")


class _Dictionary:
    """``basic = value - table @ nonbasic`` for every programme of the batch; all nonbasic variables are 0.

    A variable that sits at its upper bound is replaced by its complement (upper - x), so that "at the bound"
    always reads as zero.
    """

    def __init__(self, objectives: Floats, rows: Floats, limits: Floats, upper: Floats) -> None:
        batch, row_count, variables = rows.shape
        # Rows and columns are scaled to about one, so that one tolerance serves all.
        self.column_scale = np.where(upper > 0, upper, 1.0)
        scaled = rows * self.column_scale[:, None, :]
        size = np.maximum(np.abs(scaled).max(axis=2), limits)
        self.row_scale = np.where(size > 0, size, 1.0)
        self.table = scaled / self.row_scale[:, :, None]
        self.value = limits / self.row_scale
        level_size = np.abs(objectives * self.column_scale[:, None, :]).max(axis=2, keepdims=True)
        self.level_scale = np.where(level_size > 0, level_size, 1.0)
        self.gain = objectives * self.column_scale[:, None, :] / self.level_scale
        # a column without stock has no room: it may run to its bound, which is where it already is
        self.room = np.concatenate([np.where(upper > 0, 1.0, 0.0), np.full((batch, row_count), np.inf)], axis=1)
        self.nonbasic = np.broadcast_to(np.arange(variables), (batch, variables)).copy()
        self.basic = np.broadcast_to(variables + np.arange(row_count), (batch, row_count)).copy()
        self.flipped = np.zeros((batch, variables + row_count), dtype=bool)
        self.pivots = np.zeros(batch, dtype=np.int64)
        self.variables = variables
        self.working = np.arange(batch)

    def solve_compiled(self, most_pivots: int) -> int:
        """Solve all programmes by the compiled twin; the first that is not solved, or -1."""
        from cesim.charge.pivoting import solve_all  # brings numba with it

        limits = (most_pivots, PATIENCE, TOLERANCE)
        missed = solve_all(
            self.table, self.value, self.gain, self.room, self.nonbasic, self.basic, self.flipped, self.pivots, limits,
            np.empty(self.value.shape[1]),
        )  # fmt: skip
        return int(missed)

    def solve(self, most_pivots: int) -> int:
        """Solve all programmes side by side; the first that is not solved, or -1."""
        for _ in range(most_pivots):
            if not self.step():
                return -1
        return int(self.working[0])

    def step(self) -> bool:
        """One pivot or bound flip in every programme that is not optimal yet; False when all are."""
        entering, improving = self._entering()
        if not improving.all():
            self.working = self.working[improving]
            entering = entering[improving]
        if self.working.size == 0:
            return False
        at = self.working
        self.pivots[at] += 1
        self._settle(at, entering)
        column = self.table[at, :, entering]
        row, length, at_upper = self._ratio_test(at, column)
        own_room = self.room[at, self.nonbasic[at, entering]]
        flip = own_room <= length
        self._flip(at[flip], entering[flip])
        self._pivot(at[~flip], row[~flip], entering[~flip], at_upper[~flip])
        return True

    def _settle(self, at: Ints, entering: Ints) -> None:
        """What counts as zero on the levels before the improving one is zero, or a small pivot would blow it up."""
        gain = self.gain[at, :, entering]
        decided = np.cumsum(np.abs(gain) > TOLERANCE, axis=1) > 0
        self.gain[at, :, entering] = np.where(decided, gain, 0.0)

    def _entering(self) -> tuple[Ints, NDArray[np.bool_]]:
        """Choose a column whose first non-zero gain is positive: the largest on that level, lowest column on ties.

        A programme that has pivoted long without end stands on a degenerate corner; from then on it takes the
        lowest-numbered variable (Bland's rule), which cannot cycle.
        """
        at = self.working
        open_so_far = self._has_room(at)
        chosen = np.full(at.size, -1, dtype=np.int64)
        undecided = np.arange(at.size)
        for level in range(self.gain.shape[1]):
            gain = self.gain[at[undecided], level]
            own = np.where(open_so_far, gain, -np.inf)
            best = own.argmax(axis=1)
            found = own[np.arange(undecided.size), best] > TOLERANCE
            chosen[undecided[found]] = best[found]
            # most programmes are decided on the first level: only the others look at the next
            undecided, open_so_far = undecided[~found], (open_so_far & (np.abs(gain) <= TOLERANCE))[~found]
            if undecided.size == 0:
                break
        careful = np.flatnonzero((self.pivots[at] >= PATIENCE) & (chosen >= 0))
        if careful.size:
            chosen[careful] = self._lowest(at[careful])
        return chosen, chosen >= 0

    def _has_room(self, at: Ints) -> NDArray[np.bool_]:
        has_room: NDArray[np.bool_] = np.take_along_axis(self.room[at], self.nonbasic[at], axis=1) > 0
        return has_room

    def _lowest(self, at: Ints) -> Ints:
        """The column of the lowest-numbered variable whose first non-zero gain is positive."""
        gain, open_so_far = self.gain[at], self._has_room(at)
        improves = np.zeros_like(open_so_far)
        for level in range(gain.shape[1]):
            improves |= open_so_far & (gain[:, level] > TOLERANCE)
            open_so_far = open_so_far & (np.abs(gain[:, level]) <= TOLERANCE)
        lowest: Ints = np.where(improves, self.nonbasic[at], np.iinfo(np.int64).max).argmin(axis=1)
        return lowest

    def _ratio_test(self, at: Ints, column: Floats) -> tuple[Ints, Floats, NDArray[np.bool_]]:
        """How far the entering variable may grow, which row stops it and whether at its upper bound."""
        value = np.maximum(self.value[at], 0.0)
        room = np.take_along_axis(self.room[at], self.basic[at], axis=1)
        down, up = column > TOLERANCE, column < -TOLERANCE
        with np.errstate(invalid="ignore"):
            to_zero = np.where(down, value / np.where(down, column, 1.0), np.inf)
            to_room = np.where(up, (room - value) / np.where(up, -column, 1.0), np.inf)
        length = np.minimum(to_zero, np.maximum(to_room, 0.0))
        shortest = length.min(axis=1, keepdims=True)
        # among rows that stop it at the same length take the largest pivot: stable, and the same every time
        tied = length <= shortest + TOLERANCE
        row = np.where(tied, np.abs(column), -1.0).argmax(axis=1)
        number = np.where(tied, self.basic[at], np.iinfo(np.int64).max).argmin(axis=1)
        row = np.where(self.pivots[at] > PATIENCE, number, row)
        lanes = np.arange(at.size)
        return row, shortest[:, 0], up[lanes, row]

    def _flip(self, at: Ints, entering: Ints) -> None:
        """The entering variable runs to its own upper bound: replace it by its complement."""
        if at.size == 0:
            return
        variable = self.nonbasic[at, entering]
        room = self.room[at, variable]
        self.value[at] -= self.table[at, :, entering] * room[:, None]
        self.table[at, :, entering] *= -1.0
        self.gain[at, :, entering] *= -1.0
        self.flipped[at, variable] ^= True

    def _pivot(self, at: Ints, row: Ints, entering: Ints, at_upper: NDArray[np.bool_]) -> None:
        """Exchange a basic and a nonbasic variable."""
        if at.size == 0:
            return
        upper = at[at_upper]
        if upper.size:
            leaving = self.basic[upper, row[at_upper]]
            self.value[upper, row[at_upper]] = self.room[upper, leaving] - self.value[upper, row[at_upper]]
            self.table[upper, row[at_upper]] *= -1.0
            self.flipped[upper, leaving] ^= True
        lanes = np.arange(at.size)
        table, value, gain = self.table[at], np.maximum(self.value[at], 0.0), self.gain[at]
        pivot = table[lanes, row, entering]
        pivot_row = table[lanes, row] / pivot[:, None]
        pivot_value = value[lanes, row] / pivot
        column = table[lanes, :, entering]
        gain_column = gain[lanes, :, entering]
        table -= column[:, :, None] * pivot_row[:, None, :]
        value -= column * pivot_value[:, None]
        gain -= gain_column[:, :, None] * pivot_row[:, None, :]
        table[lanes, :, entering] = -column / pivot[:, None]
        gain[lanes, :, entering] = -gain_column / pivot[:, None]
        table[lanes, row] = pivot_row
        table[lanes, row, entering] = 1.0 / pivot
        value[lanes, row] = pivot_value
        self.table[at], self.value[at], self.gain[at] = table, value, gain
        leaving = self.basic[at, row].copy()
        self.basic[at, row] = self.nonbasic[at, entering]
        self.nonbasic[at, entering] = leaving

    def _kept_out(self, price: Floats, no_room: NDArray[np.bool_]) -> Floats:
        """What a variable with a bound of zero would gain if it had room; 0 for one that gains nothing."""
        counts = np.abs(price) > TOLERANCE
        first = np.take_along_axis(price, counts.argmax(axis=1, keepdims=True), axis=1)
        return np.where(no_room[:, None] & (first < 0), -price, 0.0)

    def answer(self) -> Optimum:
        """Undo the complements and the scaling."""
        batch = self.table.shape[0]
        total = np.zeros_like(self.room)
        np.put_along_axis(total, self.basic, np.maximum(self.value, 0.0), axis=1)
        x = total[:, : self.variables]
        room = self.room[:, : self.variables]
        x = np.where(self.flipped[:, : self.variables], room - x, x)
        price = np.zeros((batch, self.gain.shape[1], self.room.shape[1]))
        np.put_along_axis(price, np.broadcast_to(self.nonbasic[:, None, :], self.gain.shape), -self.gain, axis=2)
        row_price = price[:, :, self.variables :] * self.level_scale / self.row_scale[:, None, :]
        own = price[:, :, : self.variables]
        at_bound = np.where(self.flipped[:, None, : self.variables], own, self._kept_out(own, room == 0))
        bound_price = at_bound * self.level_scale / self.column_scale[:, None, :]
        slack = total[:, self.variables :] * self.row_scale
        x = np.clip(x, 0.0, room) * self.column_scale
        return Optimum(x, slack, row_price, bound_price, self.pivots)
