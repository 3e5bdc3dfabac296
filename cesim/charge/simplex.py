"""Least-cost charges: one programme, many at once, or one kept live while stocks, limits and cuts change.

The loops are in `kernel`; every answer passes the gate of `programme` before it is handed out. What the gate refuses is
solved again from the start with Bland's rule; what that cannot confirm raises.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.charge.lexicographic import NotSolvedError
from cesim.charge.nudge import NUDGES, nudged
from cesim.charge.programme import GAP, Programme, Solution, verify
from cesim.charge.refusals import as_floats, limits_hold
from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

#: a row may be missed by this share of its scale before the gate of `programme`, which allows more, sees it
RESIDUAL: Final = 1e-10

#: pivots before Bland's rule, as a multiple of rows and columns
PATIENCE: Final = 4

#: solves of a live tableau before it is written anew, so that rounding cannot add up
RENEWED_AFTER: Final = 100


_new = object.__new__
_empty = np.empty


@cache
def _kernel() -> ModuleType:
    """The compiled loops; numba is imported here, at the first solve."""
    from cesim.charge import kernel

    return kernel


@dataclass(frozen=True)
class Solutions:
    """The answers to a batch of programmes; ``solutions[b]`` is one of them.

    Attributes
    ----------
    is_optimal : (batch,)
        False where the programme has no answer
    x, column_price : (batch, n)
    objective, pivots : (batch,)
    row_price, ray : (batch, m)
        as in `Solution`; NaN where there is no answer
    """

    is_optimal: NDArray[np.bool_]
    x: Floats
    objective: Floats
    row_price: Floats
    column_price: Floats
    ray: Floats
    pivots: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.objective)

    def __getitem__(self, b: int) -> Solution:
        return Solution(
            "optimal" if self.is_optimal[b] else "infeasible",
            self.x[b], float(self.objective[b]), self.row_price[b], self.column_price[b], self.ray[b],
            int(self.pivots[b]),
        )  # fmt: skip


def solve(programme: Programme) -> Solution:
    """Solve one programme from the start.

    Raises
    ------
    NotSolvedError
        when rounding keeps every attempt from passing the gate
    """
    p = programme
    count, columns = p.rows.shape
    size = count + columns
    out = _empty(2 * size + 1)
    one = _kernel().solve_one
    code, pivots = one(p.cost, p.rows, p.lower, p.upper, p.stock, out, PATIENCE * size, RESIDUAL, GAP)
    if code > 1:
        code, pivots = one(p.cost, p.rows, p.lower, p.upper, p.stock, out, 0, RESIDUAL, GAP)
    return _at_last(p) if code > 1 else _solution(code, pivots, out, columns)


def _at_last(programme: Programme) -> Solution:
    """Solve a programme moved by less than the gate can see (`nudge`), where the gate does not see it; last HiGHS."""
    count, columns = programme.rows.shape
    out = np.empty(2 * (count + columns) + 1)
    for turn in range(NUDGES):
        p = nudged(programme, turn)
        code, pivots = _kernel().solve_one(
            p.cost, p.rows, p.lower, p.upper, p.stock, out, PATIENCE * (count + columns), RESIDUAL, GAP
        )
        if code != _kernel().UNSOLVED:
            told = _solution(code, pivots, out, columns)
            told = replace(told, objective=float(programme.cost @ told.x))
            if verify(programme, told).holds:
                return told
    from cesim.charge.highs_stage import by_highs

    last = by_highs(programme)
    if last is not None and verify(programme, last).holds:
        return last
    raise NotSolvedError("no attempt at the programme passes the gate")


def solve_many(cost: ArrayLike, rows: ArrayLike, lower: ArrayLike, upper: ArrayLike, stock: ArrayLike) -> Solutions:
    """Solve a batch of programmes, each from the start.

    Parameters
    ----------
    cost, stock : (batch, n) or (n,)
    rows : (batch, m, n) or (m, n)
    lower, upper : (batch, m) or (m,)
        what has no batch axis is shared by all

    Raises
    ------
    InputError
        naming every argument and place that is wrong
    NotSolvedError
        naming the first programme for which no attempt passes the gate
    """
    given = _batch(cost=(cost, 1), rows=(rows, 2), lower=(lower, 1), upper=(upper, 1), stock=(stock, 1))
    batch = max(len(array) for array in given)
    count, columns = given[1].shape[1:]
    _check_batch(given, batch)
    x, reduced = np.empty((batch, columns)), np.empty((batch, columns))
    price, ray = np.empty((batch, count)), np.empty((batch, count))
    objective = np.empty(batch)
    code, pivots = np.empty(batch, np.int64), np.empty(batch, np.int64)
    outputs = (x, price, reduced, ray, objective, code, pivots)
    _kernel().solve_batch(*given, *outputs, PATIENCE * (count + columns), RESIDUAL, GAP)
    for b in np.flatnonzero(code == _kernel().UNSOLVED):
        code[b] = _again(given, outputs, int(b))
    return Solutions(code == 0, x, objective, price, reduced, ray, pivots)


class Tableau:
    """One programme kept live: what changes is solved on from the last answer.

    A heat a day from the same yard differs from yesterday's by stocks and limits; cuts arrive one by one. Both leave
    the last basis dual feasible, so a few pivots suffice. The composition itself cannot be changed: a new programme
    from the start is cheaper than refactoring.

    Parameters
    ----------
    programme : Programme
    room : int, optional
        most rows, those of the programme included; if not given, room for as many cuts as it has rows and columns

    Attributes
    ----------
    room : int
    count : int
        rows, cuts included
    """

    def __init__(self, programme: Programme, room: int | None = None) -> None:
        count, columns = programme.rows.shape
        self.room = 2 * count + columns if room is None else max(room, count)
        self.count, self._columns, self._first = count, columns, count
        self._cost, self._stock = programme.cost.copy(), programme.stock.copy()
        self._rows = np.zeros((self.room, columns))
        self._lower, self._upper = np.zeros(self.room), np.zeros(self.room)
        self._rows[:count], self._lower[:count], self._upper[:count] = programme.rows, programme.lower, programme.upper
        self._numbers = np.zeros(_kernel().numbers_needed(columns, self.room))
        self._places = np.zeros(self.room + columns, np.int64)
        self._renew()

    @property
    def programme(self) -> Programme:
        """The programme as it stands, cuts included."""
        rows = slice(0, self.count)
        return Programme(self._cost, self._rows[rows], self._lower[rows], self._upper[rows], self._stock)

    def restock(
        self, stock: ArrayLike | None = None, lower: ArrayLike | None = None, upper: ArrayLike | None = None
    ) -> None:
        """Replace the stocks or limits; limits of the programme's own rows leave those of cuts as they are.

        Raises
        ------
        InputError
            naming the argument and place that is wrong; the tableau is then as it was
        """
        new_stock = self._stock if stock is None else _like("stock", stock, self._columns)
        new_lower = self._limits("lower", lower, self._lower)
        new_upper = self._limits("upper", upper, self._upper)
        fine = stock is None or (np.minimum.reduce(new_stock) >= 0.0 and np.maximum.reduce(new_stock) < inf)
        if not (fine and ((lower is None and upper is None) or limits_hold(new_lower, new_upper))):
            rows = slice(0, self.count)
            Programme(self._cost, self._rows[rows], new_lower[rows], new_upper[rows], new_stock)
        self._stock, self._lower, self._upper = new_stock, new_lower, new_upper

    def add_row(self, row: ArrayLike, lower: float = -inf, upper: float = inf) -> None:
        """Add a cut ``lower <= row @ x <= upper``.

        Raises
        ------
        InputError
            when the row is none
        TableauFullError
            when there is no room; nothing is added and nothing is forgotten
        """
        own = _like("row", row, self._columns)
        if not (isfinite(float(own.sum())) and -inf < upper and lower <= upper and lower < inf):
            Programme(self._cost, own[None], np.array([lower]), np.array([upper]), self._stock)
        if self.count == self.room:
            raise TableauFullError(f"the tableau holds its {self.room} rows")
        at = self.count
        self._rows[at], self._lower[at], self._upper[at] = own, lower, upper
        _kernel().append(self._rows[at], lower, upper, self._numbers, self._places, at, self.room)
        self.count += 1

    def solve(self) -> Solution:
        """Solve the programme as it stands.

        Raises
        ------
        NotSolvedError
            when rounding keeps every attempt from passing the gate
        """
        out = np.empty(2 * (self.count + self._columns) + 1)
        if self._age >= RENEWED_AFTER:
            self._renew()
        self._age += 1
        patience = PATIENCE * (self.count + self._columns)
        code, pivots = self._attempt(out, patience)
        for later in (patience, 0):
            if code == _kernel().UNSOLVED:
                self._renew()
                code, pivots = self._attempt(out, later)
        if code == _kernel().UNSOLVED:
            return _at_last(self.programme)
        return _solution(code, pivots, out, self._columns)

    def _attempt(self, out: Floats, patience: int) -> tuple[int, int]:
        n = self.count
        told: tuple[int, int] = _kernel().solve_live(
            self._cost, self._rows[:n], self._lower[:n], self._upper[:n], self._stock,
            self._numbers, self._places, self.room, out, patience, RESIDUAL, GAP,
        )  # fmt: skip
        return told

    def _renew(self) -> None:
        """Write the tableau anew from the raw programme."""
        n = self.count
        _kernel().start_live(
            self._cost, self._rows[:n], self._lower[:n], self._upper[:n], self._stock,
            self._numbers, self._places, self.room,
        )  # fmt: skip
        self._age = 0

    def _limits(self, name: str, given: ArrayLike | None, now: Floats) -> Floats:
        if given is None:
            return now
        array = as_floats(name, given)
        if array.shape != (self.count,):
            array = _like(name, given, self._first)
        limits = now.copy()
        limits[: array.size] = array
        return limits


class TableauFullError(ArithmeticError):
    """Raised when a cut has no room: what would go on without it would call a violated charge optimal."""


class _Cut(Solution):
    """An answer whose arrays are cut out of the kernel's one when somebody looks: five cuts cost what a pivot does."""

    def __getattr__(self, name: str) -> Any:
        held = self.__dict__
        at = _CUTS.get(name)
        if at is None or "_out" not in held:
            raise AttributeError(name)
        out: Floats = held["_out"]
        columns = held["_columns"]
        count = (out.size - 1) // 2 - columns
        ends = (0, columns, columns + count, 2 * columns + count, 2 * (columns + count))
        cut: Floats = out[ends[at] : ends[at + 1]]
        held[name] = cut
        return cut

    def __reduce__(self) -> tuple[type[Solution], tuple[Any, ...]]:
        return Solution, tuple(getattr(self, one.name) for one in fields(Solution))


_CUTS: Final = {"x": 0, "row_price": 1, "column_price": 2, "ray": 3}


def _solution(code: int, pivots: int, out: Floats, columns: int) -> Solution:
    """The answer in the array; filled in one go, because a frozen dataclass takes a pivot or two to write itself."""
    told = _new(_Cut)
    held = told.__dict__
    held["status"] = "infeasible" if code else "optimal"
    held["objective"] = out.item(-1)
    held["pivots"] = pivots
    held["_out"] = out
    held["_columns"] = columns
    return told


def _like(name: str, value: ArrayLike, length: int) -> Floats:
    array = as_floats(name, value)
    if array.shape != (length,):
        arguments = {"where": name, "found": array.shape, "allowed": (length,)}
        raise InputError([Fault("array_wrong_shape", arguments=arguments)])
    return array


def _batch(**given: tuple[ArrayLike, int]) -> list[Floats]:
    """Every argument with a batch axis, of length 1 where it is shared."""
    arrays = []
    for name, (value, axes) in given.items():
        array = as_floats(name, value)
        if array.ndim not in (axes, axes + 1):
            arguments = {"where": name, "found": array.shape, "allowed": f"{axes} axes, or one more for the batch"}
            raise InputError([Fault("array_wrong_shape", arguments=arguments)])
        arrays.append(array if array.ndim == axes + 1 else array[None])
    return arrays


def _check_batch(given: list[Floats], batch: int) -> None:
    """Refuse what does not fit, with the faults of the first wrong programme."""
    cost, rows, lower, upper, stock = given
    count, columns = rows.shape[1:]
    allowed = {"cost": (columns,), "rows": (count, columns), "lower": (count,), "upper": (count,), "stock": (columns,)}
    faults = [
        Fault("array_wrong_shape", arguments={"where": name, "found": array.shape, "allowed": (batch, *own)})
        for (name, own), array in zip(allowed.items(), given, strict=True)
        if array.shape[1:] != own or len(array) not in (1, batch)
    ]
    if faults:
        raise InputError(faults)
    fine = np.isfinite(cost).all() and np.isfinite(rows).all() and np.isfinite(stock).all() and (stock >= 0).all()
    if not (fine and (lower <= upper).all() and (lower < inf).all() and (upper > -inf).all()):
        for b in range(batch):
            Programme(*(array[b if len(array) > 1 else 0] for array in given))


def _again(given: list[Floats], outputs: tuple[NDArray[Any], ...], b: int) -> int:
    """Solve one programme of a batch once more on its own, carefully."""
    x, price, reduced, ray, objective, _, pivots = outputs
    try:
        told = solve(Programme(*(array[b if len(array) > 1 else 0] for array in given)))
    except NotSolvedError:
        raise NotSolvedError(f"no attempt at programme {b} passes the gate") from None
    x[b], price[b], reduced[b], ray[b] = told.x, told.row_price, told.column_price, told.ray
    objective[b], pivots[b] = told.objective, told.pivots
    return int(told.status == "infeasible")
