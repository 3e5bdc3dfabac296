"""From a scenario to what the lot-by-lot engine is given: the balance is solved, and its coefficients are handed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.chain import Chain
from cesim.balance.inputs import (
    ASR_TO,
    ELV_GRADES,
    MARKET_GRADES,
    PART_GRADES,
    RECYCLATES,
    REMOVED_TO,
    SHRED_GRADES,
    YARD,
)
from cesim.balance.masses import PAIR_ITEM
from cesim.balance.metal import METALS, brought, grade_stock, rounds
from cesim.events.chain.plan import (
    Border,
    MetalPlan,
    Names,
    PlasticsPlan,
    Recipe,
    TreatmentPlan,
    YearPlan,
)
from cesim.ledger.flows import Edges
from cesim.ledger.substances import ALLOYS, ITEMS, PAIRS
from cesim.quantities import KeyedSource
from cesim.run.compile import compile_block
from cesim.run.lot_arrivals import CarTypes
from cesim.run.periods import balance_years
from cesim.run.sampler import Sampler
from cesim.run.solve import told_as_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.balance.chain import YearDetails
    from cesim.balance.inputs import System
    from cesim.ledger.flows import YearFlows
    from cesim.quantities import DrawSource
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

_STEEL, _COPPER = PAIRS.index(("steel", "Fe")), PAIRS.index(("copper", "Cu"))


@dataclass(frozen=True)
class BalanceYear:
    """A year of the balance, of one lane: what it gives the lot-by-lot engine, and its flows to compare with."""

    plan: YearPlan
    flows: YearFlows


def names_of(scenario: Scenario) -> Names:
    """Return the names along the axes."""
    return Names(
        tuple(scenario.regions), tuple(scenario.parts), REMOVED_TO, PART_GRADES, SHRED_GRADES, YARD, RECYCLATES, ASR_TO
    )


def in_focus(scenario: Scenario) -> tuple[int, ...]:
    """Return the numbers of the regions that the headlines speak of: those simulated lot by lot."""
    regions = tuple(scenario.regions)
    return tuple(regions.index(name) for name in dict.fromkeys(scenario.report.focus))


def balance_of(
    scenario: Scenario,
    seed: int,
    lane: int,
    first: int,
    last: int,
    inside: tuple[int, ...],
    draws: DrawSource | None = None,
) -> Iterator[BalanceYear]:
    """Solve the balance of one lane and yield the years asked for.

    Parameters
    ----------
    lane
        0 is the best estimate, then come the draws.
    first, last
        Years.
    inside
        Regions that are simulated lot by lot.
    draws
        Where the draws come from, the first of each, in place of seed and lane.

    Raises
    ------
    NoAnswer
        See `cesim.run.solve`.
    """
    with told_as_faults():
        sampler = Sampler(KeyedSource(seed), lane, 1) if draws is None else Sampler(draws, 1, 1)
        system = compile_block(scenario, sampler).system
        types = CarTypes(scenario, sampler, system.cars)
        years = balance_years(scenario)
        minutes = np.stack([sampler.path(f"parts.{k}.minutes", p.minutes, years)[0] for k, p in scenario.parts.items()])
        chain = Chain(system, Edges(), detailed=True)
        for result in chain.years():
            year = result.flows.year
            if result.details is None or year < first:
                continue
            own = np.ascontiguousarray(minutes[:, year - int(years[0])])
            yield BalanceYear(_Year(chain, types, result.details, year, inside).plan(own), result.flows)
            if year == last:
                return


class _Year:
    """A year of the balance, while it is being put into the words of the chain."""

    def __init__(self, chain: Chain, types: CarTypes, details: YearDetails, year: int, inside: tuple[int, ...]) -> None:
        self.chain, self.types, self.details, self.calendar = chain, types, details, year
        self.system: System = chain.system
        self.year = year - int(self.system.cars.years[0])
        self.outside = [n for n in range(len(self.system.cars.regions)) if n not in inside]

    def plan(self, minutes: Floats) -> YearPlan:
        """Return all of the year."""
        treatment = self.system.treatment
        arrivals = self.types.arrivals(self.chain.memory, self.year, self.details.scrapped[0], treatment.elv_route[0])
        cars = arrivals.counts.sum(axis=(0, 2, 3))
        return YearPlan(
            self.calendar, arrivals, self._treatment(minutes, cars), self._metal(), self._plastics(), self._border()
        )

    def _treatment(self, minutes: Floats, cars: NDArray[np.int64]) -> TreatmentPlan:
        t, year, recovered = self.system.treatment, self.year, self.details.recovered
        grades, shredded = recovered.grades[0], recovered.shredded[0]
        parts, shreds = grades[:, : len(PART_GRADES)], grades[:, len(PART_GRADES) :]
        taken = (1.0 - t.reused[0, year]) * t.taken[0, year]
        to_steelworks = t.removed_to[:, ITEMS.index("steel")] == REMOVED_TO.index("ferrous_recycling")
        removed = (
            recovered.arrived[0, :, _STEEL] * (taken * to_steelworks * t.part_share[0, :, ITEMS.index("steel")]).sum()
        )
        delivered = shredded * np.take(t.to_metal[0], PAIR_ITEM)
        return TreatmentPlan(
            elv_route=t.elv_route[0],
            hulk_route=t.hulk_route[0],
            part_share=t.part_share[0],
            removed_to=t.removed_to,
            reused=t.reused[0, year],
            taken=t.taken[0, year],
            minutes=minutes,
            identified=t.identified[0, year],
            steel_to_grades=_over(parts[..., _STEEL], removed[:, None]),
            to_metal=t.to_metal[0],
            metal_steel=_over(shreds[..., _STEEL].sum(axis=1), delivered[:, _STEEL]),
            metal_copper=_over(shreds[..., _COPPER].sum(axis=1), delivered[:, _COPPER]),
            sorted_to=t.sorted_to[0, year],
            free_to=_over(shreds[..., _STEEL], shreds[..., _STEEL].sum(axis=1, keepdims=True)),
            asr_sorted=float(t.asr_sorted[0, year]),
            asr_recovered=t.asr_recovered[0, year],
            asr_to=t.asr_to[0],
            pellet_yield=t.pellet_yield[0, year],
            arising=grades.sum(axis=2),
            plastics=recovered.recyclates[0].sum(axis=2) / np.repeat(t.pellet_yield[0, year], 2),
            hulk_t=_over(shredded.sum(axis=1), cars @ t.hulk_route[0]),
        )

    def _metal(self) -> MetalPlan:
        m, year, details = self.system.metal, self.year, self.details
        products = [details.products[alloy] for alloy in ALLOYS]
        return MetalPlan(
            melters=tuple(m.melters.tolist()),
            scrap_route=m.scrap_route[0],
            windows=m.windows[year],
            rounds=rounds(),
            loss=m.loss[0, year],
            new_loss=float(m.new_loss[0]),
            mill_return=m.mill_return[0],
            press_scrap=m.press_scrap[0],
            segregated=m.segregated[0, year],
            approved=m.approved[0, year],
            price=m.price[0],
            primary_price=float(m.primary_price[0]),
            addition_price=m.addition_price[0],
            sash_supply=m.sash_supply[0, year],
            market_composition=m.market_composition[0],
            market_origin=m.market_origin[0],
            finished=np.stack([p.finished[0] for p in products], axis=1),
            belief=self._belief(),
            wanted=details.wanted[0],
            opening=self._opening(),
            product=np.stack([p.composition[0] for p in products], axis=1),
            recipe=self._recipe(),
        )

    def _opening(self) -> Floats:
        """(M, A, METALS) mixed new scrap in the yard: the balance knows its alloys and its elements, each alone."""
        items, elements = self.details.waiting_items[0], self.details.waiting_elements[0]
        opening: Floats = items[..., None] * _over(elements, elements.sum(axis=1, keepdims=True))[:, None]
        return opening

    def _recipe(self) -> Recipe:
        products = [self.details.products[alloy] for alloy in ALLOYS]
        sites = products[0].need.shape[1]
        return Recipe(
            used=self.details.used[0],
            primary=np.stack([p.charge.primary for p in products], axis=1),
            additions=np.stack([p.charge.additions.reshape(sites, -1) for p in products], axis=1),
            returned=np.stack([p.returned[0] for p in products], axis=1),
            need=np.stack([p.need[0] for p in products], axis=1),
        )

    def _belief(self) -> Floats:
        """(M, G, METALS) mean composition of each grade where it is melted; of all sites where none is there."""
        m = self.system.metal
        stock = brought(grade_stock(self.details.recovered.grades), m.scrap_route).elements[0]
        elements = np.zeros((len(m.melters), len(YARD), len(METALS)))
        elements[:, : len(ELV_GRADES)] = stock
        elements[:, YARD.index("new-mixed")] = self.details.waiting_elements[0]
        for n, name in enumerate(MARKET_GRADES):
            elements[:, YARD.index(name)] = m.market_composition[0, n]
        there = elements.sum(axis=2, keepdims=True) > 0
        everywhere = np.broadcast_to(elements.sum(axis=0), elements.shape)
        chosen = np.where(there, elements, everywhere)
        belief: Floats = _over(chosen, chosen.sum(axis=2, keepdims=True))
        return belief

    def _plastics(self) -> PlasticsPlan:
        p, year, compounds = self.system.plastics, self.year, self.details.compounds
        return PlasticsPlan(
            compounders=tuple(p.compounders.tolist()),
            route=p.route[0],
            made=compounds.made[0],
            recipe=self.chain.compounding.recipe[0],
            supply=p.supply[0, year] * p.share[0][:, None],
            composition=p.composition[0],
            origin=p.origin,
            foreign=p.foreign[0],
            foreign_limit=p.foreign_limit[0],
            cap=p.cap[0, year],
            asr_cap=float(p.asr_cap[0, year]),
            admitted=p.admitted,
            price=p.price[0],
            virgin_price=float(p.virgin_price[0]),
            loss=float(p.loss[0]),
            recipe_used=compounds.used[0],
        )

    def _border(self) -> Border:
        """What regions outside send in: hulks, scrap and pellets, t in the year."""
        out, recovered, system = self.outside, self.details.recovered, self.system
        grades = recovered.grades[0, out]
        return Border(
            hulks=np.einsum("rp,rs->sp", recovered.hulks[0, out], system.treatment.hulk_route[0, out]),
            scrap=np.einsum("rgp,rm->mgp", grades, system.metal.scrap_route[0, out]),
            pellets=np.einsum("rnp,rm->mnp", recovered.recyclates[0, out], system.plastics.route[0, out]),
        )


def _over(part: Floats, whole: Floats) -> Floats:
    """Shares; nothing where there is nothing to share."""
    shares: Floats = np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)
    return shares
