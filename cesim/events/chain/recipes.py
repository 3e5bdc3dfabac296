"""How much recyclate goes into a compound: the programme of the balance, over what lies at one compounder.

A compound is a fixed recipe of polymer, filler and additives. Recyclate brings its own filler and some foreign matter,
so filler, foreign matter, the share that is approved and that of residue say how much fits. Objective, in this order:
most recyclate of scrapped cars, most recyclate, least cost, lowest grade number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.lexicographic import maximise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.events.chain.bunkers import Bunker
    from cesim.events.chain.plan import PlasticsPlan

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

ROUNDING: Final = 256
"""Most milligrams by which a component can be off because lots are cut in whole milligrams."""
_HALVINGS: Final = 40
_LAST_BITS: Final = 1e-14
_HARDLY: Final = 1e-3
_MISSED: Final = 1e-2
"""mg by which a limit on masses may be missed; those on components have `ROUNDING` in hand."""


class Recipes:
    """The recipes of a year at one compounder.

    Parameters
    ----------
    plan
        Of the year.
    recyclates
        (N,) names.
    of_cars
        How many of them, from the first, are made of scrapped cars.
    """

    def __init__(self, plan: PlasticsPlan, recyclates: Sequence[str], of_cars: int) -> None:
        self.plan = plan
        count = len(recyclates)
        from_asr = np.array([float(name.startswith("asr-")) for name in recyclates])
        self._is_of_cars = np.arange(count) < of_cars
        self.beside = np.stack([plan.foreign, np.ones(count), from_asr, np.ones(count)])
        """(4, N) what a milligram takes of the limits on masses."""
        self.objectives = np.stack(
            [
                self._is_of_cars.astype(float),
                np.ones(count),
                plan.virgin_price - plan.price,
                -np.arange(1.0, count + 1.0),
            ]
        )

    def amounts(
        self, polymer: int, target: Whole, on_offer: Whole, bunkers: Mapping[int, Bunker], room: int | None
    ) -> Whole:
        """Return recyclate for a compound, mg, (N,).

        It is worked out with the mean composition of what lies in the bunkers. Where the lots in front are of another,
        so that with them a limit would not be kept or more would fit, it is worked out again: pellets by what the lots
        in front bring, then recyclate from outside by what they leave open.

        Parameters
        ----------
        polymer
            Which compound.
        target
            (3,) mg of polymer, filler and additive it holds.
        on_offer
            (N,) mg, in bunkers or from outside.
        bunkers
            By number of the recyclate; others are of the composition of the plan.
        room
            mg of recyclate that can still be worked on; None: any.
        """
        usable = np.where(self.plan.admitted[polymer], on_offer, 0)
        if not usable.any() or not target.any():
            return np.zeros_like(usable)
        limits = self._limits(polymer, target, room)
        own = self.plan.composition.copy()
        for number, bunker in bunkers.items():
            if bunker.left:
                own[number] = bunker.brought(bunker.left) / bunker.left
        amounts = self._solved(own, limits, usable)
        drawn = [number for number in bunkers if amounts[number]]
        for number in drawn:
            own[number] = bunkers[number].brought(amounts[number]) / amounts[number]
        again = self._solved(own, limits, usable) if drawn else amounts
        if self._fits(amounts, limits, bunkers) and again[drawn].sum() <= amounts[drawn].sum() + ROUNDING:
            return again if self._fits(again, limits, bunkers) else amounts
        tries = [amounts, again, np.maximum(amounts, again), usable]
        cars = self._most([np.where(self._is_of_cars, one, 0) for one in tries], limits, bunkers)
        left = np.maximum(limits - self._used(cars, bunkers), 0.0)
        return cars + self._solved(own, left, np.where(self._is_of_cars, 0, usable))

    def _limits(self, polymer: int, target: Whole, room: int | None) -> Floats:
        """Polymer, filler, additive, foreign matter, recyclate, residue, and what can be worked on, mg."""
        plan, mass = self.plan, float(target.sum())
        shares = plan.foreign_limit[polymer], plan.cap[polymer], plan.asr_cap
        limits = [*np.maximum(target - ROUNDING, 0).tolist(), *(mass * share for share in shares)]
        return np.array([*limits, np.inf if room is None else float(room)])

    def _solved(self, own: Floats, limits: Floats, usable: Whole) -> Whole:
        """Solve the programme over what is there, in whole milligrams."""
        columns = np.flatnonzero(usable)
        amounts = np.zeros_like(usable)
        if columns.size:
            bound = np.flatnonzero(np.isfinite(limits))
            rows = np.concatenate([own.T, self.beside])[np.ix_(bound, columns)]
            upper = usable[columns].astype(np.float64)
            optimum = maximise(self.objectives[None, :, columns], rows[None], limits[None, bound], upper[None])
            # what stands on a limit may be off by its last bits, which must not cost a milligram of it
            whole = np.floor(optimum.x[0] * (1.0 + _LAST_BITS) + _HARDLY).astype(np.int64)
            amounts[columns] = np.minimum(whole, usable[columns])
        return amounts

    def _used(self, amounts: Whole, bunkers: Mapping[int, Bunker]) -> Floats:
        """Return what recyclate takes of each limit: pellets by the lots in front."""
        outside = amounts.astype(np.float64)
        brought = np.zeros(3)
        for number, bunker in bunkers.items():
            if outside[number]:
                brought += bunker.brought(outside[number])
                outside[number] = 0.0
        return np.concatenate([brought + outside @ self.plan.composition, self.beside @ amounts])

    def _fits(self, amounts: Whole, limits: Floats, bunkers: Mapping[int, Bunker]) -> bool:
        over = self._used(amounts, bunkers) - limits
        return bool((over[:3] <= 1.0).all() and (over[3:] <= _MISSED).all())

    def _most(self, tries: list[Whole], limits: Floats, bunkers: Mapping[int, Bunker]) -> Whole:
        """Return the most pellets that fit, mg, (N,): one of the tries, each cut by one share as far as need be."""
        cuts = [np.floor(one * self._share(one, limits, bunkers)).astype(np.int64) for one in tries]
        return max(cuts, key=lambda cut: int(cut.sum()))

    def _share(self, amounts: Whole, limits: Floats, bunkers: Mapping[int, Bunker]) -> float:
        """Return the greatest share of amounts that fits: with a share grows what it takes of every limit."""
        if self._fits(amounts, limits, bunkers):
            return 1.0
        least, most = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (least + most) / 2.0
            fits = self._fits(np.floor(amounts * middle).astype(np.int64), limits, bunkers)
            least, most = (middle, most) if fits else (least, middle)
        return least
