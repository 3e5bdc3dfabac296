"""Exact Shapley values: what each player brings on average over all orders of joining (Shapley 1953).

    phi_i = sum over S without i of  s! (n - s - 1)! / n!  (v(S + i) - v(S))

A coalition is a whole number whose bit *i* says whether player *i* is in it, so that (2^n, ...) values seen as
(high bits, bit i, low bits, ...) hold with and without *i* side by side. Differences are taken first and weighted
then: a player that changes nothing has exactly nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cesim.plan.games.faults import finite, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_CELLS = 1 << 18
"""Values worked on at a time, so that they stay in the processor's cache (2 MB)."""


def shapley(values: ArrayLike, which: Ints | None = None) -> Floats:
    """Shapley values of a game, for as many outputs at once as stand behind a coalition.

    Parameters
    ----------
    values
        (2^n, ...) value of each coalition; with `which`, (set, ...) of each distinct set.
    which
        (2^n,) row of `values` that holds for each coalition.

    Returns
    -------
    (n, ...) in the unit of the values; they add to ``v(all) - v(none)`` within rounding.

    Raises
    ------
    InputError
        ``game_shape`` where the number of coalitions is no power of two.
    NoAnswer
        ``game_not_finite``.
    """
    found = finite(values)
    players = players_of(found, which)
    shares = np.empty((players, math.prod(found.shape[1:])))
    for columns, game in blocks(found, which):
        for player in range(players):
            halves = game.reshape(-1, 2, 2**player, game.shape[1])
            brought = (halves[:, 1] - halves[:, 0]).reshape(-1, game.shape[1])
            shares[player, columns] = joining_weights(players, 1) @ brought
    return shares.reshape(players, *found.shape[1:])


def players_of(values: Floats, which: Ints | None) -> int:
    """Return the number of players of a game from its coalitions; ``game_shape`` where that is no power of two."""
    count = values.shape[0] if which is None else which.size
    if count < 1 or count & (count - 1):
        raise refused("game_shape", found=count, limits="2^players")
    if which is not None and which.max() >= values.shape[0]:
        raise refused("game_shape", found=values.shape, limits=f"({int(which.max()) + 1}, ...)")
    return count.bit_length() - 1


def blocks(values: Floats, which: Ints | None) -> Iterator[tuple[slice, Floats]]:
    """Yield a game in columns of outputs, (2^n, column)."""
    flat = values.reshape(values.shape[0], math.prod(values.shape[1:]))
    coalitions = flat.shape[0] if which is None else which.size
    width = max(1, _CELLS // coalitions)
    for first in range(0, flat.shape[1], width):
        columns = slice(first, min(first + width, flat.shape[1]))
        part = flat[:, columns] if which is None else flat[which, columns]
        yield columns, np.ascontiguousarray(part)


def joining_weights(players: int, joining: int) -> Floats:
    """Weight of each set that `joining` players join together, over the sets of all others, (2^(players - joining),).

    ``1 / (m C(m - 1, s))`` with ``m = players - joining + 1``: orders in which the joining, taken as one, come right
    after the *s* of the set.
    """
    others = players - joining
    by_size = [1.0 / ((others + 1) * math.comb(others, size)) for size in range(others + 1)]
    sizes = np.bitwise_count(np.arange(2**others, dtype=np.uint64))
    return np.array(by_size)[sizes]
