"""Least-cost charges that keep the tail of a sample within the limits.

Where a lot is one thing or another (a wrong record, a mixed bale) no standard deviation tells the risk. Here the
composition is a sample of scenarios, and the worst ``share`` of them must keep the limits on average:

    CVaR_{1-share}( max over rows of the relative miss of a limit ) <= 0

(Rockafellar and Uryasev 2000). It implies that at most ``share`` of the scenarios miss any limit. The conditional value
at risk is the largest mean of the misses under weights of at most ``1 / (share S)``; the weights that are largest at
one charge cut off no charge that keeps the tail, so cuts on the live tableau lead there in finitely many steps
(Kunzi-Bay and Mayer 2006).

A tail of few scenarios is fitted, not estimated: ask for fifty or more in it (``share * S``) and judge the charge on
fresh draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.charge.lexicographic import NotSolvedError
from cesim.charge.refusals import as_floats, not_finite, raise_all
from cesim.charge.simplex import Tableau
from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from cesim.charge.programme import Programme, Solution

    Floats = NDArray[np.float64]
    Scenarios = Floats | Callable[[], Iterable[Floats]]

#: the tail may miss the limits by this share of them
TAIL: Final = 1e-9
#: rounds of cuts before giving up
ROUNDS: Final = 5_000


@dataclass(frozen=True)
class TailSolution:
    """A charge that keeps its tail.

    Attributes
    ----------
    status : "optimal" or "infeasible"
        the numbers are NaN where there is no charge
    x : (n,)
    objective : float
    row_price : (m,)
        d objective / d limit of the programme's own rows
    tail : float
        mean relative miss of the worst ``share`` of the scenarios, zero or below; the margin left where it is below
    tail_price : float
        d objective / d the tail that is allowed, zero or below
    missed : float
        share of the scenarios that miss a limit
    tail_scenarios : float
        how many scenarios make the tail
    cuts : int
    """

    status: Literal["optimal", "infeasible"]
    x: Floats
    objective: float
    row_price: Floats
    tail: float
    tail_price: float
    missed: float
    tail_scenarios: float
    cuts: int


def solve_tail(programme: Programme, scenarios: Scenarios, share: float, store: int = 300) -> TailSolution:
    """Solve a programme whose limits the worst ``share`` of the scenarios must keep on average.

    Parameters
    ----------
    programme : Programme
        its own rows hold as they are; those that are equalities are not sampled
    scenarios : (S, m, n), or a callable that gives blocks of them, the same ones at every call
        the rows as they may turn out
    share : float
        above 0, at most 1
    store : int
        cuts that are kept; when it is full, those without a price are forgotten

    Raises
    ------
    InputError
        naming what is wrong; a sampled limit of zero has no relative miss and is refused
    NotSolvedError, TableauFullError
        when the cuts do not come to an end, or all of a full store are needed
    """
    sample = _Sample(programme, scenarios, share)
    live = Tableau(programme, room=programme.rows.shape[0] + store)
    own = programme.rows.shape[0]
    for cuts in range(ROUNDS):
        told = live.solve()
        if told.status == "infeasible":
            return _answer(told, own, np.nan, np.nan, sample.size, cuts)
        tail, missed, row = sample.cut(told.x)
        if tail <= TAIL:
            return _answer(told, own, tail, missed, sample.size, cuts)
        if live.count == live.room:
            live = _lighter(programme, live, told)
        # the mean of linear pieces, of which each scenario's miss is the largest
        live.add_row(row, upper=float(row @ told.x) - tail)
    raise NotSolvedError(f"the tail is still missed after {ROUNDS} cuts")


def _answer(told: Solution, own: int, tail: float, missed: float, size: float, cuts: int) -> TailSolution:
    price = float(told.row_price[own:].sum()) if told.status == "optimal" else float("nan")
    return TailSolution(told.status, told.x, told.objective, told.row_price[:own], tail, price, missed, size, cuts)


def _lighter(programme: Programme, live: Tableau, told: Solution) -> Tableau:
    """The tableau with only those cuts that have a price; full again at once where all have."""
    own, held = programme.rows.shape[0], live.programme
    lighter = Tableau(programme, room=live.room)
    for cut in np.flatnonzero(told.row_price[own:]) + own:
        lighter.add_row(held.rows[cut], upper=float(held.upper[cut]))
    return lighter


class _Sample:
    """The scenarios as relative misses: limits that are finite, each with its sign and size."""

    def __init__(self, programme: Programme, scenarios: Scenarios, share: float) -> None:
        self.shape = programme.rows.shape
        self.blocks: Callable[[], Iterable[Floats]] = (
            scenarios if callable(scenarios) else self._fixed(as_floats("scenarios", scenarios))
        )
        lower, upper = programme.lower, programme.upper
        sampled = lower < upper
        rows = np.arange(lower.size)
        over, under = rows[sampled & np.isfinite(upper)], rows[sampled & np.isfinite(lower)]
        self.row = np.concatenate([over, under])
        limit = np.concatenate([upper[over], lower[under]])
        self.sign = np.concatenate([np.ones(over.size), -np.ones(under.size)])
        self._check(share, limit)
        self.scale, self.goal = self.sign / np.abs(limit), self.sign * np.sign(limit)
        self.count = sum(len(block) for block in self.blocks())
        if self.count == 0:
            raise InputError([_misfit("scenarios", 0, "one or more")])
        self.size = share * self.count

    def _fixed(self, array: Floats) -> Callable[[], Iterable[Floats]]:
        if array.ndim != 3 or array.shape[1:] != self.shape:
            raise InputError([_misfit("scenarios", array.shape, ("scenario", *self.shape))])
        if not np.isfinite(array).all():
            raise_all(not_finite("scenarios", array))
        return lambda: (array,)

    def _check(self, share: float, limit: Floats) -> None:
        if not 0.0 < share <= 1.0:
            raise InputError(
                [Fault("array_above_one", arguments={"where": "share", "found": share, "allowed": "0 to 1"})]
            )
        zero = np.flatnonzero(limit == 0.0)
        if zero.size:
            side = "upper" if self.sign[zero[0]] > 0 else "lower"
            told = {"where": f"{side}[{self.row[zero[0]]}]", "found": 0.0, "allowed": "other than 0"}
            raise InputError([Fault("charge_zero_limit", arguments=told)])

    def cut(self, x: Floats) -> tuple[float, float, Floats]:
        """The tail at a charge, the share of scenarios that miss a limit, and the tail's slope."""
        if self.row.size == 0:
            return -np.inf, 0.0, np.zeros_like(x)
        misses, which = np.empty(self.count), np.empty(self.count, dtype=np.intp)
        at = 0
        for block in self.blocks():
            own = (block @ x)[:, self.row] * self.scale - self.goal
            which[at : at + len(own)] = own.argmax(axis=1)
            misses[at : at + len(own)] = own.max(axis=1)
            at += len(own)
        if not np.isfinite(misses).all():
            raise InputError([_misfit("scenarios", "a value that is not finite", "finite numbers")])
        weight = self._weights(misses)
        slope, at = np.zeros_like(x), 0
        for block in self.blocks():
            inside = np.flatnonzero(weight[at : at + len(block)])
            piece = which[at + inside]
            slope += (weight[at + inside] * self.scale[piece]) @ block[inside, self.row[piece]]
            at += len(block)
        return float(weight @ misses), float((misses > TAIL).mean()), slope

    def _weights(self, misses: Floats) -> Floats:
        """Equal weights on the worst, a rest on the one at the edge of the tail."""
        full = min(int(self.size), self.count)
        order = np.argpartition(misses, self.count - full)[self.count - full :] if full else np.empty(0, dtype=np.intp)
        weight = np.zeros(self.count)
        weight[order] = 1.0 / self.size
        if full < self.count:
            left = np.where(weight > 0, -np.inf, misses).argmax()
            weight[left] = (self.size - full) / self.size
        return weight


def _misfit(where: str, found: object, allowed: object) -> Fault:
    return Fault("array_wrong_shape", arguments={"where": where, "found": found, "allowed": allowed})
