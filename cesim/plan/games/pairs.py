"""Pairs of measures in terms that make a sentence: who brings nothing without whom, who overlaps with whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.plan.games.estimate import Estimate, estimate
from cesim.plan.games.exact import joining_weights
from cesim.plan.games.faults import finite, refused
from cesim.plan.games.interactions import together

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cesim.plan.games.coalitions import Coalitions
    from cesim.plan.games.estimate import Direction

    Floats = NDArray[np.float64]

Kind = Literal["need_each_other", "needs", "strengthen", "overlap", "independent", "unclear"]
"""Neither brings anything without the other; one brings nothing without the other; more together than apart; less
together than apart; neither; or the draws are too few to say."""

SLIGHT = 0.01
"""Of the most a measure brings: what is below counts as nothing (a choice of words, it changes no figure)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two measures and what they bring together beyond what each brings without the other."""

    first: str
    second: str
    index: Estimate
    """Shapley interaction index: the mean over what else may be done."""
    alone: Estimate
    """With nothing else done."""
    last: Estimate
    """With everything else done."""
    kind: Kind
    needing: str | None
    """The measure that brings nothing without the other, where `kind` is ``needs``."""


def pairs(game: Coalitions, lanes: ArrayLike, direction: Direction = "at_least") -> tuple[Pair, ...]:
    """Every pair of players of a game, the strongest interaction first.

    Parameters
    ----------
    game
        Of whose sets the lanes are.
    lanes
        (set, draw) of an indicator.
    direction
        Whether more of it is better (``at_least``) or less (``at_most``): where less is better, a pair that takes
        more off together than apart strengthens each other.

    Raises
    ------
    InputError
        ``game_shape``.
    NoAnswer
        ``game_not_finite``.
    """
    values = game.spread(drawn(finite(lanes, game.sets)))
    mean = values.mean(axis=1)
    found = [_pair(game, values, mean, both, direction) for both in combinations(range(len(game.players)), 2)]
    return tuple(sorted(found, key=lambda pair: -abs(pair.index.value)))


def drawn(lanes: Floats) -> Floats:
    """Return lanes, (set, draw); ``game_shape`` where they have another shape or no draws."""
    if lanes.ndim != 2 or not lanes.shape[1]:
        raise refused("game_shape", found=lanes.shape, limits="(set, draw)")
    return lanes


def _pair(game: Coalitions, values: Floats, mean: Floats, both: tuple[int, int], direction: Direction) -> Pair:
    low, high = both
    beyond = together(values, low, high)
    index = estimate(joining_weights(len(game.players), 2) @ beyond)
    without, beside = _brought(mean, low, high), _brought(mean, high, low)
    kind, needing = _kind(index, without, beside, 1.0 if direction == "at_least" else -1.0)
    names = game.players[low], game.players[high]
    needy = None if needing is None else names[needing]
    return Pair(*names, index, estimate(beyond[0]), estimate(beyond[-1]), kind, needy)


def _brought(mean: Floats, player: int, other: int) -> tuple[float, float]:
    """Return the most a player changes on any set without the other, and on any with it."""
    sets = np.arange(mean.size)
    sets = sets[sets >> player & 1 == 0]
    change = np.abs(mean[sets | 1 << player] - mean[sets])
    has_other = sets >> other & 1 == 1
    return float(change[~has_other].max()), float(change[has_other].max())


def _kind(
    index: Estimate, first: tuple[float, float], second: tuple[float, float], sign: float
) -> tuple[Kind, int | None]:
    """Return the kind of a pair and which of them needs the other, from the most each brings without and with it."""
    if abs(index.value) <= SLIGHT * min(max(first), max(second)):
        return "independent", None
    if index.within_error:
        return "unclear", None
    needy = [alone <= SLIGHT * beside for alone, beside in (first, second)]
    if all(needy):
        return "need_each_other", None
    if any(needy):
        return "needs", needy.index(True)
    return ("strengthen" if sign * index.value > 0 else "overlap"), None
