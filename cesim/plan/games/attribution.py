"""Which measure carries how much of a plan's effect, and how surely the draws tell.

Draws share their luck across coalitions, and the Shapley value is linear. So the share in a mean is the mean of the
shares draw by draw, and their spread gives its standard error. The same holds for any mean of a function of a draw: of
its shortfall from a target, and of whether it meets the target.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.plan.games.estimate import Direction, Estimate, estimate
from cesim.plan.games.exact import shapley
from cesim.plan.games.faults import finite, refused

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cesim.plan.games.coalitions import Coalitions

    Floats = NDArray[np.float64]

Quantity = Literal["mean", "shortfall", "chance"]
"""Mean of the indicator; mean of what misses the target, 0 in draws that meet it; share of draws that meet it."""

Standing = Literal["resolved", "within_error", "none", "one_draw"]
"""Told from zero; within two standard errors of zero; changes nothing in any draw; of one draw, without an error."""

CHANCE_DRAWS = 1000
"""Draws below which nothing is said of who carries a chance."""

_ROUNDING = 1e-12
"""Of the largest value: what changes less changes nothing."""


@dataclass(frozen=True, slots=True)
class Target:
    """A level that an indicator should reach or not exceed; a draw right on it meets it."""

    level: float
    direction: Direction = "at_least"

    def __post_init__(self) -> None:
        if not np.isfinite(self.level):
            raise refused("game_target", found=self.level)
        if self.direction not in ("at_least", "at_most"):
            raise refused("game_direction", found=self.direction, allowed=("at_least", "at_most"))

    def shortfall(self, lanes: Floats) -> Floats:
        """Return how far each lane is from the target, 0 where it meets it, same shape and unit."""
        missing = self.level - lanes if self.direction == "at_least" else lanes - self.level
        short: Floats = np.maximum(missing, 0.0)
        return short

    def met(self, lanes: Floats) -> Floats:
        """Return 1 where a lane meets the target and 0 where not, same shape."""
        met: Floats = (self.shortfall(lanes) == 0.0).astype(np.float64)
        return met


@dataclass(frozen=True, slots=True)
class Share:
    """What one player carries of a plan's effect."""

    player: str
    value: float
    """In the unit of the quantity; it may be negative, and for a shortfall it is where the measure helps."""
    error: float | None
    """Standard error over draws, and over orders where they were sampled; None for one draw."""
    standing: Standing


@dataclass(frozen=True, slots=True)
class Attribution:
    """A plan's effect on one quantity, divided among its players."""

    of: Quantity
    before: Estimate
    """Without any measure."""
    after: Estimate
    """With the whole plan."""
    total: Estimate
    """Of the difference, under common luck; the shares add to its value."""
    shares: tuple[Share, ...]
    draws: int


@dataclass(frozen=True, slots=True)
class NotResolvable:
    """Why nothing is said of who carries a quantity; it has no figures on purpose."""

    of: Quantity
    reason: Literal["too_few_draws", "never_differs"]
    """Fewer draws than `needed`; or met or missed in every draw alike whatever is done: nothing to divide."""
    draws: int
    needed: int


@dataclass(frozen=True, slots=True)
class Attributed:
    """The attributions of one indicator; those on a target are None without one."""

    mean: Attribution
    shortfall: Attribution | None
    chance: Attribution | NotResolvable | None


def attribute(game: Coalitions, lanes: ArrayLike, target: Target | None = None) -> Attributed:
    """Attribute a plan's effect on one indicator, exactly in the coalitions.

    Parameters
    ----------
    game
        Of whose sets the lanes are.
    lanes
        (set, draw) values of the indicator; draws with the same luck in every set. The best estimate is no draw: it
        stays out, or stands alone.
    target
        In the unit of the indicator.

    Raises
    ------
    InputError
        ``game_shape`` where the lanes are not (set, draw) or have no draws.
    NoAnswer
        ``game_not_finite``: a lane without an answer is nobody's share.
    """
    found = finite(lanes, game.sets)
    if found.ndim != 2 or found.shape[0] != len(game.sets) or not found.shape[1]:
        raise refused("game_shape", found=found.shape, limits=f"({len(game.sets)}, draws)")

    def told(of: Quantity, values: Floats) -> Attribution:
        ends = values[game.which[[0, -1]]]
        return divided(of, game.players, shapley(values, game.which), ends[0], ends[1])

    mean = told("mean", found)
    if target is None:
        return Attributed(mean, None, None)
    met = target.met(found)
    unresolved = not_resolvable(met.shape[1], differs=bool((met != met[0]).any()))
    return Attributed(mean, told("shortfall", target.shortfall(found)), unresolved or told("chance", met))


def not_resolvable(draws: int, differs: bool) -> NotResolvable | None:
    """Return why a chance cannot be attributed; None if it can, because draws are many and some of them differ."""
    if draws < CHANCE_DRAWS:
        return NotResolvable("chance", "too_few_draws", draws, CHANCE_DRAWS)
    return None if differs else NotResolvable("chance", "never_differs", draws, CHANCE_DRAWS)


def divided(
    of: Quantity,
    players: tuple[str, ...],
    shares: Floats,
    before: Floats,
    after: Floats,
    sampling: Floats | None = None,
) -> Attribution:
    """Return an attribution from shares draw by draw.

    Parameters
    ----------
    shares
        (player, draw).
    before, after
        (draw,) values without and with the whole plan.
    sampling
        (player,) standard errors of the mean shares that a sample of orders adds.
    """
    nothing = _ROUNDING * max(
        float(np.abs(before).max()), float(np.abs(after).max()), float(np.abs(shares).max(initial=0))
    )
    orders = np.zeros(len(players)) if sampling is None else sampling
    told = tuple(
        _share(player, own, float(error), nothing) for player, own, error in zip(players, shares, orders, strict=True)
    )
    return Attribution(of, estimate(before), estimate(after), estimate(after - before), told, before.size)


def _share(player: str, draws: Floats, sampling: float, nothing: float) -> Share:
    mean = estimate(draws)
    if np.abs(draws).max() <= nothing and sampling <= nothing:
        return Share(player, mean.value, mean.error, "none")
    if mean.error is None:
        return Share(player, mean.value, sampling or None, _standing(Estimate(mean.value, sampling or None)))
    error = float(np.hypot(mean.error, sampling))
    return Share(player, mean.value, error, _standing(Estimate(mean.value, error)))


def _standing(mean: Estimate) -> Standing:
    if mean.error is None:
        return "one_draw"
    return "within_error" if mean.within_error else "resolved"
