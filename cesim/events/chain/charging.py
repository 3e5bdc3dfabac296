"""Heats are put together: bales are opened, metal is bought, and melts are judged by what was charged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.furnaces import Charged
from cesim.events.chain.heats import Windows, corrected
from cesim.events.chain.knowledge import ANALYSIS
from cesim.events.chain.material import metals
from cesim.events.chain.melting import molten, primary_mg
from cesim.events.chain.outcome import CORRECTED, DOWNGRADED, GOOD, OFF_SPEC
from cesim.events.chain.yard import T, family
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.chain.allotment import Allotment
    from cesim.events.chain.casthouse import Casthouse
    from cesim.events.chain.plan import MetalPlan
    from cesim.events.chain.yard import Bale

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

_CRUMB: Final = 1000
"""mg of a bale too few to be kept."""


class Load:
    """The lots of one heat while it is put together."""

    __slots__ = ("analysed", "lots", "scrap_mg")

    def __init__(self) -> None:
        self.lots: list[int] = []
        self.analysed: set[int] = set()
        """Of these, pieces of heats that were downgraded before."""
        self.scrap_mg = 0
        """Gross mass of scrap of the yard."""


class Charging:
    """The charging floor of a casthouse.

    Parameters
    ----------
    casthouse
        Whose yard, doors and furnaces it uses.
    """

    def __init__(self, casthouse: Casthouse) -> None:
        self.house, self.doors, self.lots = casthouse, casthouse.doors, casthouse.lots
        self.lower = lower_grade(casthouse.plan.years[0].metal, casthouse.grades)

    def charge(self, metal: MetalPlan, plan: Allotment, wanted: Floats, until: int) -> None:
        """Put heats together as allotted and send them to the furnaces.

        Parameters
        ----------
        metal, plan
            Of the year, and of the clearing.
        wanted : (A,)
            t of metal in finished parts for which they are
        until
            Second until which it is wanted.
        """
        house, loads = self.house, [Load() for _ in plan.alloy]
        self._open(metal, plan, loads)
        parts = [load.lots for load in loads]
        now = house.clock._now
        house.returns.charge(plan.alloy, plan.returned, parts, metal.new_loss, now, house.count_out)
        for heat, alloy in enumerate(plan.alloy):
            for n, grade in enumerate(house.market.grades):
                self.buy(metal, n, grade, alloy, float(plan.bought[heat, n]), parts[heat])
            primary = primary_mg(metal.windows[alloy], float(plan.primary[heat]))
            parts[heat] += self.doors.supply(alloy, primary, plan.additions[heat] * T)
        self.send(metal, plan, loads, wanted, until)

    def buy(self, metal: MetalPlan, n: int, grade: int, alloy: int, recovered_t: float, parts: list[int]) -> None:
        """Buy so much of the n-th scrap from outside cars that `recovered_t` is left of it when molten."""
        loss = float(metal.loss[grade])
        composition = metal.market_composition[n] / metal.market_composition[n].sum()
        masses = recovered_t * T / (1.0 - loss) * composition
        parts += self.doors.buy(alloy, self.house.grades[grade], masses, metal.market_origin[n], loss)

    def _open(self, metal: MetalPlan, plan: Allotment, loads: list[Load]) -> None:
        """Cut bales as allotted and melt the pieces down; what is left of opened bales is put together again."""
        rest: list[Bale] = []
        for bale, pieces in plan.opened:
            gross = bale.mass / (bale.metal * (1.0 - metal.loss[bale.grade]))
            masses = [round(amount * T * gross) for _, amount in pieces]
            left = bale.mass - sum(masses)
            if left <= _CRUMB:
                masses[int(np.argmax(masses))] += left
                left = 0
            self._cut(
                metal, plan, bale, [(h, m) for (h, _), m in zip(pieces, masses, strict=True) if m > 0], left, loads
            )
            if left:
                rest.append(bale)
            else:
                self.house.count_out(1)
        self.house.count_out(self.house.yard.put_together(rest, self._merged))

    def _cut(
        self, metal: MetalPlan, plan: Allotment, bale: Bale, taken: list[tuple[int, int]], left: int, loads: list[Load]
    ) -> None:
        grade = self.house.grades[bale.grade]
        marks, masses = [self.lots.mark("charged", grade, bale.owner)] * len(taken), [mass for _, mass in taken]
        if left:
            marks, masses = [*marks, self.lots.mark("stored", grade, bale.owner)], [*masses, left]
        made = self.doors.divide(bale.lot, masses, marks)
        for (heat, mass), lot in zip(taken, made, strict=False):
            alloy, load = ALLOYS[plan.alloy[heat]], loads[heat]
            piece = self.doors.melt(lot, "liquid", grade, alloy, float(metal.loss[bale.grade]))
            load.lots.append(piece)
            load.scrap_mg += mass
            if bale.how == ANALYSIS:
                load.analysed.add(piece)
        share = left / bale.mass
        bale.lot, bale.mass = made[-1], left
        bale.metal, bale.family = max(1, round(bale.metal * share)), round(bale.family * share)

    def _merged(self, lots: list[int], grade: int, owner: str) -> int:
        return self.lots.merge(lots, self.lots.mark("stored", self.house.grades[grade], owner), self.doors.code)

    def send(self, metal: MetalPlan, plan: Allotment, loads: list[Load], wanted: Floats, until: int) -> None:
        """Judge melts ahead, since what is charged is what will be found, and send the heats to the furnaces."""
        filled = [heat for heat, load in enumerate(loads) if load.lots]
        if not filled:
            return
        every = [lot for heat in filled for lot in loads[heat].lots]
        rows = self.lots.rows(every)
        starts = np.cumsum([0] + [len(loads[heat].lots) for heat in filled])[:-1]
        fresh = np.array([lot not in loads[heat].analysed for heat in filled for lot in loads[heat].lots])
        six = family(rows)
        of_family, counted = np.add.reduceat(six, starts), np.add.reduceat(six * fresh, starts)
        alloys = [plan.alloy[heat] for heat in filled]
        becomes = molten(alloys, np.add.reduceat(rows, starts, axis=0), of_family)
        kept = Windows.of([metal.windows[alloy] for alloy in alloys]).kept(metals(becomes).astype(np.float64))
        for place, heat in enumerate(filled):
            alloy, load = alloys[place], loads[heat]
            lot = self.lots.merge(load.lots, self.lots.mark("charge", ALLOYS[alloy]), self.doors.code)
            finished = round(float(wanted[alloy] * plan.share[heat]) * T)
            charged = Charged(alloy, becomes[place], load.scrap_mg, until, finished, int(counted[place]))
            if plan.with_scrap[heat]:
                self._judge(charged, bool(kept[place]), metal)
            self.house.furnaces.take(lot, charged, self.house)

    def _judge(self, heat: Charged, kept: bool, metal: MetalPlan) -> None:
        """Say what the analysis of a melt will lead to."""
        heat.outcome = GOOD
        if not kept:
            content = metals(heat.row[None])[0].astype(np.float64)
            heat.mending = corrected(content, metal.windows[heat.alloy], self.house.plan.practice.correction)
            heat.outcome = CORRECTED if heat.mending else OFF_SPEC if self.lower is None else DOWNGRADED
        self.house.outcome.heats[ALLOYS[heat.alloy], heat.outcome] += 1


def lower_grade(metal: MetalPlan, grades: tuple[str, ...]) -> int | None:
    """Return the grade as which a heat that missed its limits is kept: the cheapest that castings alone may take."""
    castings = {grade for _, takes, kind in metal.rounds if kind == "casting" for grade in takes}
    others = {grade for _, takes, kind in metal.rounds if kind != "casting" for grade in takes}
    sold = len(metal.market_composition)
    only = sorted(castings - others - set(range(len(grades) - sold, len(grades))))
    return min(only, key=lambda grade: float(metal.price[grade])) if only else None
