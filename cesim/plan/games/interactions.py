"""Pairwise interactions: what two players bring together beyond what each brings without the other.

The Shapley interaction index (Grabisch and Roubens 1999) is the mean, over all sets of the others with the weights of
joining together, of

    v(S + i + j) - v(S + i) - v(S + j) + v(S).

At its two corners stand the pair alone (S empty) and the pair on top of everything else (S all others).
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from cesim.plan.games.exact import blocks, joining_weights, players_of
from cesim.plan.games.faults import finite, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def interactions(values: ArrayLike, which: Ints | None = None) -> Floats:
    """Shapley interaction index of every pair.

    Parameters
    ----------
    values, which
        As in `shapley`.

    Returns
    -------
    (n, n, ...) symmetric, in the unit of the values; the diagonal, which means nothing, is zero.

    Raises
    ------
    InputError, NoAnswer
        As `shapley`.
    """
    found = finite(values)
    players = players_of(found, which)
    index = np.zeros((players, players, math.prod(found.shape[1:])))
    for columns, game in blocks(found, which):
        for low, high in combinations(range(players), 2):
            index[low, high, columns] = joining_weights(players, 2) @ together(game, low, high)
            index[high, low, columns] = index[low, high, columns]
    return index.reshape(players, players, *found.shape[1:])


def together(game: Floats, low: int, high: int) -> Floats:
    """What the pair brings beyond its parts on each set of the others, (2^(n-2), column), for players low < high.

    The first row is the pair alone, the last the pair on top of everything else.
    """
    cut = game.reshape(-1, 2, 2 ** (high - low - 1), 2, 2**low, game.shape[1])
    beyond: Floats = (cut[:, 1, :, 1] - cut[:, 1, :, 0]) - (cut[:, 0, :, 1] - cut[:, 0, :, 0])
    return beyond.reshape(-1, game.shape[1])


def corners(players: Sequence[str], value: Callable[[list[frozenset[str]]], ArrayLike]) -> tuple[Floats, Floats]:
    """Interaction of every pair alone and on top of everything else, for games of any size.

    Parameters
    ----------
    players
        Measures that play, one a player.
    value
        Values, (set, ...), of sets of measures; closing them is its business. Asked once.

    Returns
    -------
    Two arrays (n, n, ...), symmetric with zero diagonals: with nobody else, and with all others.

    Raises
    ------
    InputError
        ``game_shape`` where the values are not as many as the sets.
    NoAnswer
        ``game_not_finite``.
    """
    small = [frozenset(some) for size in range(3) for some in combinations(players, size)]
    everybody = frozenset(players)
    rows = {some: row for row, some in enumerate(dict.fromkeys(small + [everybody - some for some in small]))}
    values = finite(value(list(rows)), list(rows))
    if values.shape[:1] != (len(rows),):
        raise refused("game_shape", found=values.shape, limits=f"({len(rows)}, ...)")
    alone, last = np.zeros((2, len(players), len(players), *values.shape[1:]))
    for (i, first), (j, second) in combinations(enumerate(players), 2):
        parts = [frozenset(some) for some in ((), (first,), (second,), (first, second))]
        nobody, one, other, both = (values[rows[part]] for part in parts)
        alone[i, j] = alone[j, i] = (both - one) - (other - nobody)
        nobody, one, other, both = (values[rows[everybody - part]] for part in reversed(parts))
        last[i, j] = last[j, i] = (both - one) - (other - nobody)
    return alone, last
