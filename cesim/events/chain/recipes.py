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
        self.plan, self.of_cars = plan, of_cars
        self.from_asr = np.array([float(name.startswith("asr-")) for name in recyclates])
        count = len(recyclates)
        self.objectives = np.stack(
            [
                (np.arange(count) < of_cars).astype(float),
                np.ones(count),
                plan.virgin_price - plan.price,
                -np.arange(1.0, count + 1.0),
            ]
        )

    def amounts(
        self, polymer: int, target: Whole, on_offer: Whole, bunkers: Mapping[int, Bunker], room: int | None
    ) -> Whole:
        """Return recyclate for a compound, mg, (N,).

        It is worked out with the mean composition of what lies in the bunkers, then with that of the lots which would
        be drawn. Where these still bring more of a component than the recipe holds, all of them are cut by one share.

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
        columns = np.flatnonzero(self.plan.admitted[polymer] & (on_offer > 0))
        amounts = np.zeros(len(on_offer), dtype=np.int64)
        if not columns.size or not target.any():
            return amounts
        own = self.plan.composition.copy()
        for number, bunker in bunkers.items():
            if bunker.left:
                own[number] = bunker.brought(bunker.left) / bunker.left
        limits = self._limits(polymer, target, room)
        amounts[columns] = self._solved(columns, own, limits, on_offer)
        drawn = [number for number in bunkers if amounts[number]]
        for number in drawn:
            own[number] = bunkers[number].brought(amounts[number]) / amounts[number]
        if drawn:
            amounts[columns] = self._solved(columns, own, limits, on_offer)
        return self._fitting(amounts, limits[:3], bunkers)

    def _limits(self, polymer: int, target: Whole, room: int | None) -> Floats:
        """Polymer, filler, additive, foreign matter, recyclate, residue, and what can be worked on, mg."""
        plan, mass = self.plan, float(target.sum())
        shares = plan.foreign_limit[polymer], plan.cap[polymer], plan.asr_cap
        limits = [*np.maximum(target - ROUNDING, 0).tolist(), *(mass * share for share in shares)]
        return np.array(limits if room is None else [*limits, float(room)])

    def _solved(self, columns: NDArray[np.intp], own: Floats, limits: Floats, on_offer: Whole) -> Whole:
        """Solve the programme; rounded down, so that limits on masses are kept to the milligram."""
        ones = np.ones(len(columns))
        rows = [*own[columns].T, self.plan.foreign[columns], ones, self.from_asr[columns], ones][: len(limits)]
        upper = on_offer[columns].astype(np.float64)
        optimum = maximise(self.objectives[None, :, columns], np.stack(rows)[None], limits[None], upper[None])
        # a solution on a limit may be above it by its last bits: no more than a millionth of a milligram in a tonne
        taken: Whole = np.floor(optimum.x[0] * (1.0 - 1e-15)).astype(np.int64)
        return taken

    def _fitting(self, amounts: Whole, limits: Floats, bunkers: Mapping[int, Bunker]) -> Whole:
        """Return the amounts, those from bunkers cut by one share where their own lots bring too much."""
        drawn = [number for number in bunkers if amounts[number]]
        others = amounts.astype(np.float64)
        others[drawn] = 0.0
        outside = (others[:, None] * self.plan.composition).sum(axis=0)

        def fits(share: float) -> bool:
            brought = sum((bunkers[n].brought(share * amounts[n]) for n in drawn), outside)
            return bool((brought <= limits + 1.0).all())

        if not drawn or fits(1.0):
            return amounts
        least, most = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (least + most) / 2.0
            least, most = (middle, most) if fits(middle) else (least, middle)
        cut = amounts.copy()
        cut[drawn] = np.floor(amounts[drawn] * least).astype(np.int64)
        return cut
