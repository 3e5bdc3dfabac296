"""Compounders: pellets, virgin polymer and filler become the compounds that cars are moulded of.

Pellets arrive by the load and lie in bunkers, first in, first out. At every clearing the compounds that were wanted
since the last one are made, one polymer after the other, by the recipes of `recipes`, moulded and delivered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from cesim.events.chain.blending import (
    BLENDED,
    COMPOUNDED,
    as_material,
    bought,
    components,
    lost_share,
    whole_weights,
)
from cesim.events.chain.material import COLUMNS, COUNT
from cesim.events.chain.pellet_store import SOLD, USED, PelletStore
from cesim.events.chain.pelletising import OF_CARS, PELLET
from cesim.events.chain.recipes import Recipes
from cesim.events.clock import DAY
from cesim.events.facility import whole
from cesim.events.faults import refuse
from cesim.events.notes import MOST_LOTS
from cesim.events.sharing import shared
from cesim.ledger.substances import ORIGINS, POLYMERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.events.chain.bunkers import Bunker
    from cesim.events.chain.pellet_store import Taken
    from cesim.events.chain.plan import Names, PlasticsPlan
    from cesim.events.rules import Mark, Rule
    from cesim.events.simulation import Simulation

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

TONNE: Final = 1_000_000_000
"""mg"""
FLOWS: Final = {
    USED: ("pelletising.{grade}", "recyclate.{grade}"),
    SOLD: ("pelletising.{grade}", "recyclate_export"),
    "recyclate_in": ("recyclate.{grade}", "compounding.{owner}"),
    "x_to_car": ("x_to_car_supply.{grade}", "compounding.{owner}"),
    "chemical": ("chemical_recycling_supply", "compounding.{owner}"),
    "bio": ("bio_supply", "compounding.{owner}"),
    "virgin": ("virgin_supply", "compounding.{owner}"),
    "filler": ("filler_supply", "compounding.{owner}"),
    "compound": ("compounding.{grade}", "part_making.{grade}"),
    "moulded": ("part_making.{grade}", "assembly"),
}
FROM_OWNER: Final = (USED, SOLD)
"""Kinds whose flow begins in the region that is their owner: where they arose."""
LOSSES: Final = {("compound", "energy_recovery"): ("compounding.{grade}", "energy_recovery")}
SINKS: Final = ("energy_recovery", "recyclate_export", "assembly", BLENDED)
SOURCES: Final = (
    "x_to_car_supply", "chemical_recycling_supply", "bio_supply", "virgin_supply", "filler_supply", "from_elsewhere",
    COMPOUNDED,
)  # fmt: skip
_SUPPLIERS: Final = {"chemical-pp": ("chemical", "chemical_recycling_supply"), "bio-pp": ("bio", "bio_supply")}
"""Kind and source of recyclates from outside; the others are of kind `x_to_car`."""
_PRIMARY: Final = np.array([float(origin == "primary") for origin in ORIGINS])
_POST_ELV: Final = COUNT + ORIGINS.index("post_elv")


@dataclass(frozen=True)
class Campaign:
    """What was made of one polymer at a clearing, mg."""

    second: int
    polymer: str
    of_cars: int
    """Pellets of scrapped cars."""
    outside: int
    """Recyclate from outside cars."""
    virgin: int
    filler: int
    post_elv: int
    """Of all that: what was plastics of scrapped cars."""

    @property
    def made(self) -> int:
        """Return the compound before what is lost, mg."""
        return self.of_cars + self.outside + self.virgin + self.filler


class Compounder(PelletStore):
    """The bunkers, mixers and moulds of a region.

    Parameters
    ----------
    simulation, name, place
        See `Facility`; the place is the region.
    names
        Of the chain.
    site
        Its index in `PlasticsPlan.compounders`.
    clearing_days
        Between two clearings; the last of a year is at its last second.
    t_per_day
        Recyclate it can work on; None: any. What is not worked on is replaced by virgin polymer and filler.
    room_t, patience_days
        Of its store of pellets (`PelletStore`), looked at once a clearing.
    instant
        See `ChainPlan.instant`: one campaign a year, by the recipes of the balance where it gives them, and everything
        that is left is exported.

    Raises
    ------
    InputError
        What `PelletStore` raises; ``facility_number`` for less than a day between clearings or a capacity below zero.
    """

    kind: ClassVar[str] = "compounder"

    def __init__(
        self,
        simulation: Simulation,
        name: str,
        place: str,
        names: Names,
        site: int,
        clearing_days: int = 7,
        t_per_day: float | None = None,
        room_t: float | None = None,
        patience_days: float | None = None,
        instant: bool = False,
    ) -> None:
        room_mg = None if room_t is None else round(room_t * TONNE)
        patience_s = None if patience_days is None else round(patience_days * DAY)
        super().__init__(simulation, name, place, names.recyclates[:OF_CARS], room_mg, patience_s)
        self.recyclates, self.site, self.instant = names.recyclates, site, instant
        self.clearing_days = whole(name, "clearing_days", clearing_days, 1)
        self.mg_per_day = None if t_per_day is None else whole(name, "mg_per_day", round(t_per_day * TONNE), 0)
        self.campaigns: list[Campaign] = []
        self.plan: PlasticsPlan
        self._recipes: Recipes
        everything = {BLENDED: dict.fromkeys(COLUMNS.substances, Fraction(1))}
        self._ending = self.lots.reaction(self.lots.mark("recyclate_in"), everything)
        self._converting: dict[tuple[int, int], Rule] = {}
        self._mixing: dict[int, Rule] = {}

    # a year

    def begin_year(self, plan: PlasticsPlan, begin_s: int, end_s: int, border: Floats | None = None) -> None:
        """Put the clearings of a year in the diary; called at its beginning or before it.

        Parameters
        ----------
        plan
            Of the year.
        begin_s, end_s
            Of the year.
        border
            (ELV recyclate, pairs) t of pellets that come in from regions outside, evenly over the year.

        Raises
        ------
        InputError
            ``lot_not_whole`` for a mass that is below zero or no number.
        """
        for yearly in (plan.made, plan.supply, plan.recipe_used, border):
            if yearly is not None and not (yearly >= 0).all():
                raise refuse("lot_not_whole", self.name, found=float(yearly[~(yearly >= 0)][0]))
        step = end_s - begin_s if self.instant else self.clearing_days * DAY
        self.clock.call_at(begin_s, self._begin, plan)
        before = begin_s
        for second in (*range(begin_s + step, end_s, step), end_s):
            parts = tuple((one - begin_s) / (end_s - begin_s) for one in (before, second))
            self.clock.call_at(second - (second == end_s), self._clear, (*parts, second - before, border))
            before = second

    def _begin(self, plan: PlasticsPlan) -> None:
        self.plan = plan
        self._recipes = Recipes(plan, self.recyclates, OF_CARS)
        losses = {"energy_recovery": dict.fromkeys(COLUMNS.substances, lost_share(plan.loss))} if plan.loss else {}
        rule = self.lots.reaction(self.lots.mark("compound", POLYMERS[0]), losses)
        self._mixing = {k: replace(rule, marks=(self.lots.mark("compound", name),)) for k, name in enumerate(POLYMERS)}

    # a clearing

    def _clear(self, interval: tuple[float, float, int, Floats | None]) -> None:
        """Make what was wanted since the last clearing; interval: shares of the year, its seconds, and the border."""
        begin, end, seconds, border = interval
        plan = self.plan
        if border is not None:
            self._from_border(_between(border, begin, end))
        made, supply = (_between(of[self.site], begin, end) for of in (plan.made, plan.supply))
        targets = shared(made[:, None], whole_weights(plan.recipe)[:, :, None])[:, :, 0]
        bunkers = self.look()
        if self.instant and plan.recipe_used is not None:
            amounts = _between(plan.recipe_used[self.site], begin, end)
            taken = self.share_out(bunkers, amounts)
        else:
            amounts = self._drawn(targets, supply, bunkers, seconds)
            taken = self.draw_off(bunkers)
        self._make(targets, amounts, taken)
        self.sell(everything=self.instant)

    def _from_border(self, pellets: Whole) -> None:
        for name, pairs in zip(self.grades, pellets, strict=True):
            if pairs.any():
                row = np.zeros(COLUMNS.width, dtype=np.int64)
                row[:COUNT], row[_POST_ELV] = pairs, pairs.sum()
                mark = self.lots.mark(PELLET, name, "elsewhere")
                self.receive(self.lots.create(row, mark, "from_elsewhere", self.code))

    def _drawn(self, targets: Whole, supply: Whole, bunkers: Mapping[int, Bunker], seconds: int) -> Whole:
        """Return recyclate in each compound, mg, (N, K), after drawing it off the bunkers."""
        left = supply.copy()
        left[:OF_CARS] = [bunkers[n].left if n in bunkers else 0 for n in range(OF_CARS)]
        room = None if self.mg_per_day is None else self.mg_per_day * seconds // DAY
        amounts = np.zeros((len(left), len(POLYMERS)), dtype=np.int64)
        for k in range(len(POLYMERS)):
            amounts[:, k] = self._recipes.amounts(k, targets[k], left, bunkers, room)
            left -= amounts[:, k]
            room = None if room is None else room - int(amounts[:, k].sum())
            for number, bunker in bunkers.items():
                bunker.draw(k, int(amounts[number, k]))
        return amounts

    # compounds

    def _make(self, targets: Whole, amounts: Whole, taken: Taken) -> None:
        """Mix, lose what is lost, mould and deliver."""
        blends = {who: self._merged(lots, self.lots.mark("blend")) for who, lots in taken.items()}
        rows = dict(zip(blends, self.lots.rows(list(blends.values())), strict=True)) if blends else {}
        for k, name in enumerate(POLYMERS):
            of_cars = [as_material(row, name) for (_, polymer), row in rows.items() if polymer == k]
            charged = [(n, blend) for (n, polymer), blend in blends.items() if polymer == k]
            lots = [
                self.lots.react(blend, self._conversion(n, k), self.code, [(COMPOUNDED, row)])
                for (n, blend), row in zip(charged, of_cars, strict=True)
            ]
            outside = [self._bought(n, k, int(amounts[n, k]), lots) for n in self._from_outside(amounts[:, k])]
            brought = np.array([*of_cars, *outside], dtype=np.int64).reshape(-1, COLUMNS.width)
            missing = np.maximum(targets[k] - components(brought).sum(axis=0), 0)
            virgin, filler = missing * [1, 0, 1], missing * [0, 1, 0]
            for kind, part in (("virgin", virgin), ("filler", filler)):
                if part.any():
                    mark = self.lots.mark(kind, "", name)
                    lots.append(self.lots.create(bought(name, part, _PRIMARY), mark, f"{kind}_supply", self.code))
            if lots:
                pellets, others = (sum(int(row[:COUNT].sum()) for row in of) for of in (of_cars, outside))
                new, post_elv = (int(virgin.sum()), int(filler.sum())), int(brought[:, _POST_ELV].sum())
                self.campaigns.append(Campaign(self.clock._now, name, pellets, others, *new, post_elv))
                self._deliver(k, lots)

    def _from_outside(self, amounts: Whole) -> list[int]:
        """Return numbers of recyclates from outside cars of which there is some."""
        return [n for n in np.flatnonzero(amounts).tolist() if n >= OF_CARS]

    def _bought(self, number: int, k: int, mass: int, lots: list[int]) -> Whole:
        """Buy recyclate from outside cars, put it to the lots of a compound; return its composition."""
        plan, name = self.plan, self.recyclates[number]
        kind, source = _SUPPLIERS.get(name, ("x_to_car", "x_to_car_supply"))
        parts = shared(np.array([[mass]]), whole_weights(plan.composition[number])[None, :, None])[0, :, 0]
        row = bought(POLYMERS[k], parts, plan.origin[number])
        lots.append(self.lots.create(row, self.lots.mark(kind, name, POLYMERS[k]), source, self.code))
        return row

    def _conversion(self, number: int, k: int) -> Rule:
        """Pellets end; the same polymer, filler and additive begin as the compound's own material."""
        if (number, k) not in self._converting:
            mark = self.lots.mark("recyclate_in", self.recyclates[number], POLYMERS[k])
            self._converting[number, k] = replace(self._ending, marks=(mark,))
        return self._converting[number, k]

    def _deliver(self, k: int, lots: list[int]) -> None:
        mixed = self._merged(lots, self.lots.mark("blend", "", POLYMERS[k]))
        compound = self.lots.react(mixed, self._mixing[k], self.code)
        self.ship(self.lots.reclassify(compound, self.lots.mark("moulded", POLYMERS[k]), self.code), "assembly")

    def _merged(self, lots: list[int], mark: Mark) -> int:
        while len(lots) > MOST_LOTS:
            lots = [*lots[MOST_LOTS:], self.lots.merge(lots[:MOST_LOTS], mark, self.code)]
        return self.lots.merge(lots, mark, self.code)


def _between(yearly: Floats, begin: float, end: float) -> Whole:
    """Return what falls to a part of the year, mg, of t a year: parts add up to the whole."""
    until_end, until_begin = (np.floor(yearly * TONNE * part + 0.5).astype(np.int64) for part in (end, begin))
    return np.asarray(until_end - until_begin)
