"""Which sets of measures are worth a run: only those whose active closures differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.plan.games.faults import refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from cesim.plan.games.players import Players

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MOST_SETS = 4096
"""Distinct sets of a game whose every coalition is evaluated: all those of 12 players without needs."""

MOST_PLAYERS = 16
"""Players of such a game; above 12 only where needs leave few enough sets that differ."""

_BITS = 62
"""Players that a set in one whole number has room for."""


@dataclass(frozen=True)
class Closure:
    """The active closure on sets written as bits: player *i* of a plan is in the set if bit *i* is."""

    players: tuple[str, ...]
    required: tuple[int, ...]
    """What each player needs beside itself, as bits; -1 where it needs a measure that the plan has not."""

    def closed(self, sets: Ints) -> Ints:
        """Return the sets without their inactive members, same shape."""
        active = np.zeros_like(sets)
        for bit, required in enumerate(self.required):
            if required >= 0:
                active |= np.where(sets & required == required, sets & (1 << bit), 0)
        return active

    def measures(self, active: int) -> frozenset[str]:
        """Return a set of bits as names."""
        return frozenset(name for bit, name in enumerate(self.players) if active >> bit & 1)


def closure(players: Players, plan: Iterable[str] | None = None) -> Closure:
    """Return the active closure among the measures of a plan; without one, of all of them.

    Raises
    ------
    InputError
        As `Players.played`; ``game_too_many`` above 62 players.
    """
    played = players.played(players.names if plan is None else plan)
    if len(played) > _BITS:
        raise refused("game_too_many", found=len(played), limits=_BITS)
    bits = {name: 1 << bit for bit, name in enumerate(played)}
    needed = [players.behind[name] for name in played]
    return Closure(played, tuple(sum(bits[n] for n in own) if own <= bits.keys() else -1 for own in needed))


@dataclass(frozen=True)
class Coalitions:
    """Every coalition of a plan's players and the few sets that have to be evaluated for them."""

    players: tuple[str, ...]
    """The measure each player plays; bit *i* of a coalition's number says whether player *i* is in it."""
    sets: tuple[frozenset[str], ...]
    """Distinct active sets; the first is empty."""
    which: Ints
    """(2^players,) for each coalition the row of its active set in `sets`."""

    def spread(self, values: ArrayLike) -> Floats:
        """Return values of the sets, (set, ...), as those of all coalitions, (2^players, ...)."""
        found = np.asarray(values, dtype=np.float64)
        if found.shape[:1] != (len(self.sets),):
            raise refused("game_shape", found=found.shape, limits=f"({len(self.sets)}, ...)")
        return found[self.which]


def coalitions(players: Players, plan: Iterable[str] | None = None) -> Coalitions:
    """Return the coalitions of a plan and their distinct active sets.

    Parameters
    ----------
    players
        All measures that could be played.
    plan
        Those that are, at most one of each choice; without it all of them, which only works where none exclude
        each other.

    Raises
    ------
    InputError
        As `Players.played`; ``game_too_many`` above 16 players or 4,096 distinct sets (then sample).
    """
    within = closure(players, plan)
    count = len(within.players)
    if count > MOST_PLAYERS:
        raise refused("game_too_many", found=count, limits=MOST_PLAYERS)
    distinct, which = np.unique(within.closed(np.arange(2**count)), return_inverse=True)
    if distinct.size > MOST_SETS:
        raise refused("game_too_many_sets", found=int(distinct.size), limits=MOST_SETS)
    return Coalitions(within.players, tuple(within.measures(int(active)) for active in distinct), which.reshape(-1))
