"""Least-cost charges that keep the tail of a sample within the limits.

Where a lot is one thing or another (a wrong record, a mixed bale) no standard deviation tells the risk. Here the
composition is a sample of scenarios, and the worst ``share`` of them must keep the limits on average:

    CVaR_{1-share}( max over rows of the relative miss of a limit ) <= 0

(Rockafellar and Uryasev 2000). It implies that at most ``share`` of the scenarios miss any limit. The conditional value
at risk is the largest mean of the misses under weights of at most ``1 / (share S)``; the weights that are largest at
one charge cut off no charge that keeps the tail, so cuts on the live tableau lead there in finitely many steps
(Kunzi-Bay and Mayer 2006). Most cuts are taken from the worst scenarios of the last look at all of them: a tail within
part of the sample is never longer than that of the whole.

A tail of few scenarios is fitted, not estimated: ask for fifty or more in it (``share * S``) and judge the charge on
fresh draws.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.charge.lexicographic import NotSolvedError
from cesim.charge.refusals import as_floats, not_finite, raise_all
from cesim.charge.simplex import Tableau
from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from cesim.charge.programme import Programme, Solution

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]
    Scenarios = Floats | Callable[[], Iterable[Floats]]

#: the tail may miss the limits by this share of them
TAIL: Final = 1e-9
#: rounds of cuts before giving up
ROUNDS: Final = 5_000
#: cuts that are kept; when so many are, those without a price are forgotten
STORE: Final = 300
#: scenarios looked at between two looks at all of them: so many tails of them, and no fewer than so many
NEAR: Final = (6.0, 200)


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
    places : tuple of (n,)
        charges at which the cuts with a price were taken, and the answer; a start for the next tail
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
    places: tuple[Floats, ...]


def solve_tail(programme: Programme, scenarios: Scenarios, share: float, store: int = STORE) -> TailSolution:
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
    return TailSample(programme, scenarios).solve(share, store)


class TailSample:
    """A programme and its scenarios, to be solved for several tails; see `solve_tail`.

    Attributes
    ----------
    count : int
        scenarios
    row : (p,) of int
        the programme's row of each piece: limits that are finite, upper ones first
    """

    def __init__(self, programme: Programme, scenarios: Scenarios) -> None:
        self.programme = programme
        lower, upper = programme.lower, programme.upper
        sampled = lower < upper
        rows = np.arange(lower.size)
        over, under = rows[sampled & np.isfinite(upper)], rows[sampled & np.isfinite(lower)]
        self.row = np.concatenate([over, under])
        limit = np.concatenate([upper[over], lower[under]])
        sign = np.concatenate([np.ones(over.size), -np.ones(under.size)])
        _check_limits(self.row, sign, limit)
        self._scale, self._goal = sign / np.abs(limit), sign * np.sign(limit)
        held = None if callable(scenarios) else (self._scaled(_fixed(scenarios, programme)),)
        self._given = scenarios if callable(scenarios) else None
        self._held: tuple[Floats, ...] = held or ()
        self.count = sum(len(block) for block in self._blocks())
        if self.count == 0:
            raise InputError([_misfit("scenarios", 0, "one or more")])

    def without(self, given_up: NDArray[np.bool_]) -> TailSample:
        """The same programme with fewer scenarios, (S,) of them given up."""
        other = copy(self)
        other._held = (np.concatenate([*self._blocks()])[~given_up],)
        other._given, other.count = None, len(other._held[0])
        return other

    def solve(self, share: float, store: int = STORE, places: Sequence[Floats] = ()) -> TailSolution:
        """See `solve_tail`; ``places`` are charges to take the first cuts at, the likeliest one last."""
        if not 0.0 < share <= 1.0:
            wrong = {"where": "share", "found": share, "allowed": "0 to 1"}
            raise InputError([Fault("array_above_one", arguments=wrong)])
        size, cuts = share * self.count, _Cuts(self.programme, store)
        near = self._nearest(self.misses(places[-1])[0], size) if places else None
        if near is not None:
            for place in places[-store:]:
                cuts.add(place, *self._cut(near, place, size))
        for turn in range(ROUNDS):
            told = cuts.live.solve()
            if told.status == "infeasible":
                return cuts.answer(told, np.nan, np.nan, size, turn)
            tail, row = (-np.inf, told.x) if near is None else self._cut(near, told.x, size)
            if tail <= TAIL:
                misses, _ = self.misses(told.x)
                near = self._nearest(misses, size)
                tail, row = self._cut(near, told.x, size)
                if tail <= TAIL:
                    return cuts.answer(told, tail, float((misses > TAIL).mean()), size, turn)
            cuts.add(told.x, tail, row, told)
        raise NotSolvedError(f"the tail is still missed after {ROUNDS} cuts")

    def misses(self, x: Floats) -> tuple[Floats, Places]:
        """The largest relative miss of every scenario, (S,), below zero where all is kept; and its piece."""
        misses, which = np.full(self.count, -np.inf), np.zeros(self.count, dtype=np.intp)
        at = 0
        for block in self._blocks() if self.row.size else ():
            own = slice(at, at + len(block))
            misses[own], which[own] = self._worst(block, x)
            at += len(block)
        if self.row.size and not np.isfinite(misses).all():
            raise InputError([_misfit("scenarios", "a value that is not finite", "finite numbers")])
        return misses, which

    def _worst(self, block: Floats, x: Floats) -> tuple[Floats, Places]:
        own = (block.reshape(-1, x.size) @ x).reshape(len(block), -1) - self._goal
        which = own.argmax(axis=1)
        return own[np.arange(len(own)), which], which

    def _cut(self, near: Floats, x: Floats, size: float) -> tuple[float, Floats]:
        """The tail of some scenarios at a charge, and its slope."""
        if self.row.size == 0:
            return -np.inf, np.zeros_like(x)
        misses, which = self._worst(near, x)
        weight = _weights(misses, size)
        inside = np.flatnonzero(weight)
        return float(weight @ misses), weight[inside] @ near[inside, which[inside]]

    def _nearest(self, misses: Floats, size: float) -> Floats:
        """The pieces of the worst scenarios, (near, p, n)."""
        many = min(int(max(NEAR[0] * size, NEAR[1])) + 1, self.count)
        chosen = np.sort(np.argpartition(misses, self.count - many)[self.count - many :])
        found, at = [], 0
        for block in self._blocks():
            own = chosen[np.searchsorted(chosen, at) : np.searchsorted(chosen, at + len(block))]
            found.append(block[own - at])
            at += len(block)
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _blocks(self) -> Iterable[Floats]:
        return self._held if self._given is None else map(self._scaled, self._given())

    def _scaled(self, block: Floats) -> Floats:
        """The scenarios in shares of the limits, upper ones positive, (s, p, n)."""
        scaled: Floats = block[:, self.row] * self._scale[:, None]
        return scaled


class _Cuts:
    """A programme with its cuts, and where each was taken."""

    def __init__(self, programme: Programme, store: int) -> None:
        self.programme, self.own = programme, programme.rows.shape[0]
        self.live = Tableau(programme, room=self.own + store)
        self.places: list[Floats] = []

    def add(self, place: Floats, tail: float, row: Floats, told: Solution | None = None) -> None:
        """Add the cut of a tail at a place; where the store is full, only those with a price are kept before."""
        if told is not None and self.live.count == self.live.room:
            self._lighten(np.flatnonzero(told.row_price[self.own :]))
        # the mean of linear pieces, of which each scenario's miss is the largest
        self.live.add_row(row, upper=float(row @ place) - tail)
        self.places.append(place)

    def answer(self, told: Solution, tail: float, missed: float, size: float, cuts: int) -> TailSolution:
        """Put together what is handed out."""
        price = told.row_price[self.own :]
        places = (*(self.places[at] for at in np.flatnonzero(price)), told.x) if told.status == "optimal" else ()
        return TailSolution(
            told.status, told.x, told.objective, told.row_price[: self.own], tail, float(price.sum()), missed, size,
            cuts, places,
        )  # fmt: skip

    def _lighten(self, kept: Places) -> None:
        held, lighter = self.live.programme, Tableau(self.programme, room=self.live.room)
        for cut in kept + self.own:
            lighter.add_row(held.rows[cut], upper=float(held.upper[cut]))
        self.live, self.places = lighter, [self.places[at] for at in kept]


def _weights(misses: Floats, size: float) -> Floats:
    """Equal weights on the worst, a rest on the one at the edge of the tail."""
    full = min(int(size), misses.size)
    order = np.argpartition(misses, misses.size - full)[misses.size - full :] if full else np.empty(0, dtype=np.intp)
    weight = np.zeros(misses.size)
    weight[order] = 1.0 / size
    if full < misses.size:
        left = np.where(weight > 0, -np.inf, misses).argmax()
        weight[left] = (size - full) / size
    return weight


def _fixed(scenarios: Floats, programme: Programme) -> Floats:
    array = as_floats("scenarios", scenarios)
    if array.ndim != 3 or array.shape[1:] != programme.rows.shape:
        raise InputError([_misfit("scenarios", array.shape, ("scenario", *programme.rows.shape))])
    if not np.isfinite(array).all():
        raise_all(not_finite("scenarios", array))
    return array


def _check_limits(row: Places, sign: Floats, limit: Floats) -> None:
    zero = np.flatnonzero(limit == 0.0)
    if zero.size:
        side = "upper" if sign[zero[0]] > 0 else "lower"
        told = {"where": f"{side}[{row[zero[0]]}]", "found": 0.0, "allowed": "other than 0"}
        raise InputError([Fault("array_zero_limit", arguments=told)])


def _misfit(where: str, found: object, allowed: object) -> Fault:
    return Fault("array_wrong_shape", arguments={"where": where, "found": found, "allowed": allowed})
