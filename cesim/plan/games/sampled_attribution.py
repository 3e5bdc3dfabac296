"""Attribution of plans with too many measures for every coalition: draws and orders both leave something open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.plan.games.attribution import Attributed, divided, not_resolvable
from cesim.plan.games.faults import finite, refused
from cesim.plan.games.sampled import Sampled, sampled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import ArrayLike, NDArray

    from cesim.plan.games.attribution import Attribution, Quantity, Target
    from cesim.plan.games.players import Players

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SampledAttributed:
    """The attributions of one indicator and the sample of orders they stand on."""

    told: Attributed
    sample: Sampled
    """Its values are (quantity, draw): the indicator, and with a target its shortfall and whether it is met."""


def attribute_sampled(
    players: Players,
    lanes: Callable[[list[frozenset[str]]], ArrayLike],
    plan: Iterable[str] | None = None,
    target: Target | None = None,
    *,
    budget: int,
    wanted: float | None = None,
    seed: int = 0,
) -> SampledAttributed:
    """Attribute a plan's effect on one indicator from a sample of orders.

    Parameters
    ----------
    players, plan, budget, seed
        As in `sampled`.
    lanes
        (set, draw) values of the indicator for distinct active sets, draws with the same luck in every set.
    target
        In the unit of the indicator.
    wanted
        Standard error, of the sample of orders alone, of every share in the mean and in the shortfall at which it may
        end early; in the unit of the indicator.

    Raises
    ------
    InputError, NoAnswer
        As `sampled`.
    """

    def value(sets: list[frozenset[str]]) -> Floats:
        found = finite(lanes(sets), sets)
        if found.ndim != 2 or found.shape[0] != len(sets) or not found.shape[1]:
            raise refused("game_shape", found=found.shape, limits=f"({len(sets)}, draws)")
        quantities = [found] if target is None else [found, target.shortfall(found), target.met(found)]
        return np.stack(quantities, axis=1)

    limits = None if wanted is None else np.array([wanted] if target is None else [wanted, wanted, np.inf])
    sample = sampled(
        players, value, plan, budget=budget, wanted=limits, average=lambda shares: shares.mean(axis=-1), seed=seed
    )
    return SampledAttributed(_told(sample, target is not None), sample)


def _told(sample: Sampled, on_target: bool) -> Attributed:
    """Divide each quantity of a sample among its players."""

    def told(row: int, of: Quantity) -> Attribution:
        shares, error = sample.shares[:, row], sample.error[:, row]
        return divided(of, sample.players, shares, sample.nobody[row], sample.everybody[row], error)

    mean = told(0, "mean")
    if not on_target:
        return Attributed(mean, None, None)
    differs = bool(sample.shares[:, 2].any())
    unresolved = not_resolvable(mean.draws, differs)
    return Attributed(mean, told(1, "shortfall"), unresolved or told(2, "chance"))
