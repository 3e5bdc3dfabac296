"""One year after the other: the order in which engine A works.

1. Cars leave: relocation, exports, other exits, scrap. Old scrap comes with the composition of its cohort.
2. Treatment: dismantling, shredding, sorting, residue.
3. Allocation: scrap into alloys, recyclate into compounds.
4. New cars are built from that, shipped or registered, and remembered as a cohort.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.cars import CarFlows
from cesim.balance.masses import PAIR_ITEM, ItemMass, Memory
from cesim.balance.metal import Melting, brought, grade_stock
from cesim.balance.metal_flows import MetalFlows
from cesim.balance.plastics import Compounding
from cesim.balance.treatment import TreatmentFlows
from cesim.ledger.flows import Edges, YearFlows, cells, paired_cells
from cesim.ledger.substances import ALLOYS, ELEMENTS, ITEMS, ORIGINS, OTHERS, PAIRS, POLYMERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.balance.inputs import System
    from cesim.balance.metal import Product
    from cesim.balance.plastics import Compounds
    from cesim.balance.treatment import Recovered

    Floats = NDArray[np.float64]

_PAINT = len(ELEMENTS) - 1
_PLASTIC = len(ALLOYS)


@dataclass(frozen=True)
class Limits:
    """What stops more scrap in the heats open to it, by alloy.

    Attributes
    ----------
    binding : (D, M)
        the element, -1 for none
    limit_price : (D, M, METALS)
        JPY per t of each element by which its limit would be moved (below zero where the scrap let in costs more)
    scrap_per_limit : (D, M, METALS)
        t of 6000-series scrap per t of each element by which its limit would be moved
    open_heats : (D, M)
        t of metal melted in the heats open to scrap
    """

    binding: dict[str, NDArray[np.int64]]
    limit_price: dict[str, Floats]
    scrap_per_limit: dict[str, Floats]
    open_heats: dict[str, Floats]

    @property
    def price(self) -> dict[str, Floats]:
        """Price of the limit that binds, JPY per t of its element (D, M); 0 where none does."""
        return {alloy: of_binding(self.limit_price[alloy], binding) for alloy, binding in self.binding.items()}

    def first(self, draws: int) -> Limits:
        """The same of the first draws alone."""
        return Limits(
            {alloy: values[:draws] for alloy, values in self.binding.items()},
            {alloy: values[:draws] for alloy, values in self.limit_price.items()},
            {alloy: values[:draws] for alloy, values in self.scrap_per_limit.items()},
            {alloy: values[:draws] for alloy, values in self.open_heats.items()},
        )


def of_binding(by_element: Floats, binding: NDArray[np.int64]) -> Floats:
    """The value of the element that binds, out of (..., METALS); 0 where none does."""
    own = np.take_along_axis(by_element, np.maximum(binding, 0)[..., None], axis=-1)[..., 0]
    return np.where(binding >= 0, own, 0.0)


@dataclass(frozen=True)
class YearDetails:
    """What went through the rooms in a year: what a lot-by-lot run of the same year is given.

    Attributes
    ----------
    scrapped : (D, R, pairs)
        cars scrapped, where they were in use, t
    recovered
        scrap and recyclate where they arise, and what they are recovered from
    waiting_items : (D, M, A), waiting_elements : (D, M, METALS)
        mixed new scrap in the yard when the year begins
    products
        by alloy
    used : (D, M, YARD, A), wanted : (D, M, YARD)
        recovered metal of each grade in each product; share of a grade that was of the 6000 series
    compounds
        of plastics
    """

    scrapped: Floats
    recovered: Recovered
    waiting_items: Floats
    waiting_elements: Floats
    products: dict[str, Product]
    used: Floats
    wanted: Floats
    compounds: Compounds


@dataclass(frozen=True)
class YearResult:
    """The flows of a year, what limited them and, where it was asked for, what went through the rooms."""

    flows: YearFlows
    limits: Limits | None
    details: YearDetails | None = None


def solve(system: System, edges: Edges, detailed: bool = False) -> Iterator[YearResult]:
    """Yield the opening stocks (the year before the first), then every year in order."""
    return Chain(system, edges, detailed).years()


class Chain:
    """The rooms of engine A, wired together for one block of draws."""

    def __init__(self, system: System, edges: Edges, detailed: bool = False) -> None:
        system = system.along_axes()
        self.system, self.edges, self.detailed = system, edges, detailed
        regions = system.cars.regions
        self.memory = Memory(system.cars)
        self.cars = CarFlows(system.cars, self.memory, edges)
        self.treatment = TreatmentFlows(system.treatment, regions, edges)
        self.melting = Melting(system.metal)
        self.metal = MetalFlows(system.metal, regions, edges)
        self.compounding = Compounding(system.plastics, system.cars.nominal, regions, edges)
        self.draws = system.cars.registered.shape[0]

    def years(self) -> Iterator[YearResult]:
        """Yield the opening stocks, then every year in order."""
        first = int(self.system.cars.years[0])
        opening = YearFlows(first - 1, self.draws)
        self.cars.opening(opening)
        self.metal.yard_level(opening, self.melting.new_items, self.melting.new_elements)
        yield YearResult(opening, None)
        for year in range(self.system.cars.years.size):
            yield self._year(year, first + year)

    def _year(self, year: int, calendar_year: int) -> YearResult:
        flows = YearFlows(calendar_year, self.draws)
        scrapped = self.cars.leave(flows, year)
        recovered = self.treatment.treat(flows, year, scrapped)
        demand = self._demand(year)
        waiting = self.melting.new_items, self.melting.new_elements
        products, used, wanted = self._metal(flows, year, recovered.grades, demand)
        compounds = self.compounding.run(
            flows, year, recovered.recyclates, demand[:, _PLASTIC : _PLASTIC + len(POLYMERS)]
        )
        self.compounding.parts(flows, compounds, self.system.cars.assembly)
        self.cars.sell(flows, year, self._built(flows, products, compounds.origin, demand))
        limits = Limits(
            {a: p.charge.binding.reshape(p.open_heats.shape) for a, p in products.items()},
            {a: p.charge.limit_price.reshape(*p.open_heats.shape, -1) for a, p in products.items()},
            {a: p.charge.scrap_per_limit.reshape(*p.open_heats.shape, -1) for a, p in products.items()},
            {a: p.open_heats for a, p in products.items()},
        )
        if not self.detailed:
            return YearResult(flows, limits)
        details = YearDetails(scrapped, recovered, *waiting, products, used, wanted, compounds)
        return YearResult(flows, limits, details)

    def _demand(self, year: int) -> Floats:
        """(D, I) t of each item in the cars built."""
        cars = self.system.cars
        return np.take(cars.built[:, year], cars.item_class, axis=1) * cars.split

    def _paint_share(self) -> Floats:
        """(D, A) paint in the mass of an alloy in a car."""
        return self.system.cars.nominal[:, _PAINT : len(ALLOYS) * len(ELEMENTS) : len(ELEMENTS)]

    def _metal(
        self, flows: YearFlows, year: int, grades: Floats, demand: Floats
    ) -> tuple[dict[str, Product], Floats, Floats]:
        """Charge, write and carry over the aluminium of the year; return products, scrap used, and its 6000 share."""
        at_regions = grade_stock(grades)
        elv = brought(at_regions, self.system.metal.scrap_route)
        finished = demand[:, : len(ALLOYS)] * (1.0 - self._paint_share())
        waiting = self.melting.new_items, self.melting.new_elements
        products, stock, used, wanted = self.melting.run(year, elv, finished)
        self.metal.scrap(flows, year, at_regions, stock, used)
        self.metal.new_mixed(flows, year, *waiting, used)
        for alloy, product in products.items():
            self.metal.product(flows, year, alloy, product, used)
            self.metal.parts(flows, year, alloy, product, self.system.cars.assembly)
        self.melting.carry_over(year, products)
        self.metal.yard_level(flows, self.melting.new_items, self.melting.new_elements)
        return products, used, wanted

    def _built(
        self, flows: YearFlows, products: dict[str, Product], compound_origin: Floats, demand: Floats
    ) -> ItemMass:
        """The items of all cars built in Japan (D, 1, ...), paint and other materials supplied."""
        cars = self.system.cars
        pairs = np.zeros((self.draws, 1, len(PAIRS)))
        origin = np.zeros((self.draws, 1, len(ITEMS), len(ORIGINS)))
        width = len(ELEMENTS)
        for n, alloy in enumerate(ALLOYS):
            product = products[alloy]
            finished = product.finished[..., None]
            pairs[:, 0, n * width : (n + 1) * width - 1] = (finished * product.composition).sum(axis=1)
            origin[:, 0, n] = (finished * product.origin).sum(axis=1)
        paint = demand[:, : len(ALLOYS)] * self._paint_share()
        pairs[:, 0, _PAINT : len(ALLOYS) * width : width] = paint
        origin[:, 0, : len(ALLOYS), 0] += paint
        plastic = compound_origin.sum(axis=1)
        origin[:, 0, _PLASTIC : _PLASTIC + len(POLYMERS)] = plastic
        rest = demand[:, -len(OTHERS) :]
        origin[:, 0, -len(OTHERS) :, 0] = rest
        mass = origin[:, 0].sum(axis=2)
        after = np.arange(len(PAIRS)) >= len(ALLOYS) * width
        pairs[:, 0, after] = np.take(mass, PAIR_ITEM[after], axis=1) * cars.nominal[:, after]
        self._supplied(flows, paint, rest)
        return ItemMass(pairs, origin)

    def _supplied(self, flows: YearFlows, paint: Floats, rest: Floats) -> None:
        """Paint and the materials that are not followed upstream."""
        regions, assembly = self.system.cars.regions, self.system.cars.assembly[:, :, None]
        new = ("primary",)
        edge = self.edges.edge(
            "paint_supply", "assembly", cells(regions, ALLOYS, new), cells(regions, ALLOYS, ("coating",))
        )
        flows.add(edge, assembly * paint[:, None], assembly * paint[:, None])
        edge = self.edges.edge(
            "material_supply", "assembly", cells(regions, OTHERS, new), paired_cells(regions, PAIRS[-len(OTHERS) :])
        )
        flows.add(edge, assembly * rest[:, None], assembly * rest[:, None])
