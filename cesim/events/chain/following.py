"""The recipe of the balance followed: one heat a year and alloy, to be compared with it milligram by milligram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.allotment import Allotment
from cesim.events.chain.charging import Load
from cesim.events.chain.material import METALS
from cesim.events.chain.melting import PRE_AUTO, all_from, of_alloy, primary_mg
from cesim.events.chain.yard import T
from cesim.events.faults import refuse
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.chain.casthouse import Casthouse
    from cesim.events.chain.plan import MetalPlan, Recipe

    Floats = NDArray[np.float64]

_LEAST_T: Final = 1e-6
"""t below which the balance may have charged rounding errors alone."""


class Following:
    """Who charges by the recipe of a year, at its end, from all that lies in the yard.

    The loop of segregated new scrap closes within the year in the balance; so what it returns is an opening stock
    here, and what the press shop returns at the end leaves as a closing stock.

    Parameters
    ----------
    casthouse
        Whose heats they are.
    """

    def __init__(self, casthouse: Casthouse) -> None:
        self.house, self.doors, self.lots = casthouse, casthouse.doors, casthouse.lots

    def follow(self, year: int) -> None:
        """Charge the heats of a year.

        Raises
        ------
        InputError
            ``recipe_missing``, ``recipe_without_scrap``.
        """
        house, m = self.house, self.house.melter
        metal = house.plan.years[year].metal
        recipe = metal.recipe
        if recipe is None:
            raise refuse("recipe_missing", house.name, found=house.plan.years[year].year)
        liquid = recipe.need[m] + recipe.returned[m]
        alloys = [alloy for alloy in range(len(ALLOYS)) if liquid[alloy] > 0.0]
        loads = {alloy: Load() for alloy in alloys}
        for grade in range(len(house.grades) - len(house.market.grades)):
            self._divide(metal, grade, recipe.used[m, grade], loads)
        for alloy, load in loads.items():
            self._return(metal, recipe, alloy, load)
            for n, grade in enumerate(house.market.grades):
                house.charging.buy(metal, n, grade, alloy, float(recipe.used[m, grade, alloy]), load.lots)
            primary = primary_mg(metal.windows[alloy], float(recipe.primary[m, alloy]))
            load.lots += self.doors.supply(alloy, primary, recipe.additions[m, alloy] * T)
        count = len(alloys)
        nothing = np.zeros((count, len(METALS)))
        plan = Allotment(
            alloys, np.ones(count), [False] * count, np.zeros(count), np.zeros(count), nothing, nothing, [], {}
        )
        wanted = liquid / house.press.liquid_share(metal)
        house.charging.send(metal, plan, list(loads.values()), wanted, house.starts[year + 1])

    def _divide(self, metal: MetalPlan, grade: int, used: Floats, loads: dict[int, Load]) -> None:
        """Divide every lot of a grade among alloys and what is left, by whole masses."""
        house, pile = self.house, self.house.yard.piles[grade]
        takers = [alloy for alloy in loads if used[alloy] * T >= 1.0]
        if not takers:
            return
        loss, name = float(metal.loss[grade]), house.grades[grade]
        there = sum(bale.metal for bale in pile) * (1.0 - loss)
        if not pile and used.sum() > _LEAST_T:
            raise refuse("recipe_without_scrap", house.name, found=float(used.sum()), grade=name)
        masses = [round(float(used[alloy]) * T) for alloy in takers]
        left = max(0, round(there) - sum(masses))
        for bale in list(pile):
            marks = [self.lots.mark("charged", name, bale.owner)] * len(takers)
            rest = [self.lots.mark("stored", name, bale.owner)] if left else []
            made = self.doors.divide(bale.lot, [*masses, left][: len(marks + rest)], [*marks, *rest])
            for alloy, lot in zip(takers, made, strict=False):
                loads[alloy].lots.append(self.doors.melt(lot, "liquid", name, ALLOYS[alloy], loss))
            if left:
                bale.lot = made[-1]
                bale.family = round(bale.family * left / (left + sum(masses)))
            else:
                pile.remove(bale)
                house.count_out(1)

    def _return(self, metal: MetalPlan, recipe: Recipe, alloy: int, load: Load) -> None:
        m = self.house.melter
        product = metal.product[m, alloy]
        mass = float(recipe.returned[m, alloy]) / (1.0 - metal.new_loss) * T
        if mass < 1.0:
            return
        row = all_from(of_alloy(alloy, product / product.sum() * mass), PRE_AUTO)
        mark = self.lots.mark("segregated_before", ALLOYS[alloy])
        lot = self.lots.create(row, mark, "opening_stock", self.doors.code)
        load.lots.append(self.doors.melt(lot, "returned", ALLOYS[alloy], "", metal.new_loss))
