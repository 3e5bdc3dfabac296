"""Shapley values from a sample of orders, for games of more players than can be evaluated whole.

Blocks of orders (`orders`) are independent of each other, each an unbiased answer by itself: their mean is the answer,
their spread its standard error (Castro, Gomez and Tejada 2009). What the players of an order bring adds to the total by
construction, because along an order values telescope; so does every mean of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.plan.games.coalitions import closure
from cesim.plan.games.faults import finite, refused
from cesim.plan.games.orders import block, met

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.plan.games.coalitions import Closure
    from cesim.plan.games.orders import Design
    from cesim.plan.games.players import Players

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Value = Callable[[list[frozenset[str]]], ArrayLike]

FEWEST = 8
"""Blocks before a spread between them is believed, and rings that must fit in a budget to be chosen."""

MOST = 500
"""Blocks after which it ends in any case: needs can leave so few sets that a budget is never spent."""

_BATCH = 256
"""New sets asked for at a time; with a wanted error it is looked at after each batch."""


@dataclass(frozen=True)
class Sampled:
    """Shapley values from a sample of orders, with what the sample leaves open."""

    players: tuple[str, ...]
    shares: Floats
    """(player, ...) as the values behind a set."""
    error: Floats
    """Standard error over blocks of orders, of `average` of the shares; (player, ...) where none was given."""
    nobody: Floats
    """(...) value of the empty set."""
    everybody: Floats
    """(...) value of the active set of all."""
    coalitions: int
    """Sets that were evaluated, empty and full among them."""
    blocks: int
    design: Design
    ended: Literal["budget", "error", "exhausted"]
    """Whether the budget, the wanted error or the most blocks ended it."""


def sampled(
    players: Players,
    value: Value,
    plan: Iterable[str] | None = None,
    *,
    budget: int,
    wanted: ArrayLike | None = None,
    average: Callable[[Floats], Floats] | None = None,
    seed: int = 0,
) -> Sampled:
    """Estimate the Shapley values of a plan's players.

    Parameters
    ----------
    players, plan
        As in `coalitions`.
    value
        Values, (set, ...), of distinct active sets of measures; asked in batches, never twice for one set.
    budget
        Sets that may be evaluated.
    wanted
        Standard errors at which it may end early, positive, broadcast against `error`; every one must be reached.
    average
        Linear function of the shares, (player, ...), whose error is meant, such as their mean over draws.
    seed
        Of the orders; the same seed gives the same answer.

    Raises
    ------
    InputError
        As `closure`; ``game_no_players``, ``game_budget`` where not even two pairs of orders fit, ``game_wanted``,
        ``game_shape``.
    NoAnswer
        ``game_not_finite``.
    """
    within = closure(players, plan)
    if not within.players:
        raise refused("game_no_players")
    if wanted is not None and not np.all(np.asarray(wanted) > 0.0):
        raise refused("game_wanted", found=str(wanted))
    design: Design = "ring" if _sets_of(within, seed, "ring", FEWEST) <= budget else "pair"
    if design == "pair" and (least := _sets_of(within, seed, "pair", 2)) > budget:
        raise refused("game_budget", found=budget, limits=least)
    known = _Known(within, value)
    tally = _Tally(average or (lambda shares: shares))
    ended: Literal["budget", "error", "exhausted"] | None = None
    while ended is None:
        batch, ended = _next(within, known, seed, design, tally.count, budget)
        known.ask([met(orders) for orders in batch])
        for orders in batch:
            tally.add(_brought(orders, known.at(met(orders))))
        if wanted is not None and tally.count >= FEWEST and np.all(tally.error <= np.asarray(wanted)):
            ended = "error"
    everybody = np.array([2 ** len(within.players) - 1])
    nobody, full = known.at(np.array([0]))[0], known.at(everybody)[0]
    return Sampled(within.players, tally.mean, tally.error, nobody, full, len(known.rows), tally.count, design, ended)


def _sets_of(within: Closure, seed: int, design: Design, count: int) -> int:
    """Distinct active sets that the first blocks ask for."""
    sets = [within.closed(met(block(within.players, seed, number, design))).ravel() for number in range(count)]
    return int(np.unique(np.concatenate(sets)).size)


def _next(
    within: Closure, known: _Known, seed: int, design: Design, first: int, budget: int
) -> tuple[list[Ints], Literal["budget", "exhausted"] | None]:
    """Return the orders of the next blocks that fit, and why there will be no more of them."""
    batch: list[Ints] = []
    new: set[int] = set()
    while len(new) < _BATCH and len(batch) < _BATCH:
        if first + len(batch) >= MOST:
            return batch, "exhausted"
        orders = block(within.players, seed, first + len(batch), design)
        more = new | known.missing(met(orders))
        if len(known.rows) + len(more) > budget:
            return batch, "budget"
        batch.append(orders)
        new = more
    return batch, None


class _Known:
    """Values of the active sets asked for so far."""

    def __init__(self, within: Closure, value: Value) -> None:
        self.within, self.value = within, value
        self.rows: dict[int, int] = {}
        self.values: Floats = np.empty(0)

    def missing(self, sets: Ints) -> set[int]:
        """Return the active sets among these of which nothing is known."""
        return set(np.unique(self.within.closed(sets)).tolist()).difference(self.rows)

    def ask(self, sets: Sequence[Ints]) -> None:
        """Evaluate what is missing."""
        new = sorted(set().union(*(self.missing(some) for some in sets)))
        if not new:
            return
        named = [self.within.measures(active) for active in new]
        found = finite(self.value(named), named)
        expected = (len(new), *(self.values.shape[1:] if self.rows else found.shape[1:]))
        if found.shape != expected:
            raise refused("game_shape", found=found.shape, limits=expected)
        self.values = np.concatenate([self.values, found]) if self.rows else found
        self.rows.update({active: row for row, active in enumerate(new, start=len(self.rows))})

    def at(self, sets: Ints) -> Floats:
        """Return the values of sets, (*sets, ...)."""
        active, where = np.unique(self.within.closed(sets), return_inverse=True)
        rows = np.array([self.rows[one] for one in active.tolist()])
        found: Floats = self.values[rows[where.reshape(sets.shape)]]
        return found


def _brought(orders: Ints, along: Floats) -> Floats:
    """Return what players bring, (player, ...), on average over the orders of a block."""
    places = np.argsort(orders, axis=1)
    each = np.arange(len(orders))[:, None]
    brought: Floats = np.diff(along, axis=1)[each, places].mean(axis=0)
    return brought


class _Tally:
    """Mean over blocks, and its error, without keeping the blocks (Welford 1962)."""

    def __init__(self, average: Callable[[Floats], Floats]) -> None:
        self.average, self.count = average, 0
        self.mean: Floats = np.empty(0)
        self._middle: Floats = np.empty(0)
        self._squares: Floats = np.empty(0)

    def add(self, shares: Floats) -> None:
        """Count one more block."""
        meant = self.average(shares)
        self.count += 1
        if self.count == 1:
            self.mean, self._middle, self._squares = shares, meant, np.zeros_like(meant)
            return
        self.mean = self.mean + (shares - self.mean) / self.count
        off = meant - self._middle
        self._middle = self._middle + off / self.count
        self._squares = self._squares + off * (meant - self._middle)

    @property
    def error(self) -> Floats:
        """Standard error of the averaged mean."""
        error: Floats = np.sqrt(self._squares / (self.count - 1) / self.count)
        return error
