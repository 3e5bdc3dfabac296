"""New cars, cars in use and the ways out, written as flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.masses import ItemMass, per_pair
from cesim.ledger.flows import Cell, cells, paired_cells
from cesim.ledger.substances import ITEMS, ORIGINS, PAIRS

if TYPE_CHECKING:
    from cesim.balance.inputs import Cars
    from cesim.balance.masses import Floats, Memory
    from cesim.ledger.flows import Edge, Edges, YearFlows

POOL = "japan"
"""The region label of nation-wide pools."""

ABROAD = "abroad"


class CarFlows:
    """Writes the flows between assembly, the market, cars in use and their exits."""

    def __init__(self, cars: Cars, memory: Memory, edges: Edges) -> None:
        self.cars, self.memory, self.edges = cars, memory, edges
        regions = cars.regions
        self._known: dict[tuple[str, str, str, str], Edge] = {}
        self._local = (cells(regions, ITEMS, ORIGINS), paired_cells(regions, PAIRS))

    def _edge(self, process_from: str, process_to: str, region: str = "", region_to: str = "") -> Edge:
        """Return an edge whose cells run over regions; ``region`` or ``region_to`` replaces one end by a pool."""
        key = (process_from, process_to, region, region_to)
        if key not in self._known:
            origin, substance = self._local
            if region or region_to:
                origin = tuple(_moved(cell, region, region_to) for cell in origin)
                substance = tuple(_moved(cell, region, region_to) for cell in substance)
            self._known[key] = self.edges.edge(process_from, process_to, origin, substance)
        return self._known[key]

    def leave(self, flows: YearFlows, year: int) -> Floats:
        """Write relocation and exits of the year; return the pairs (D, R, pairs) of the cars scrapped."""
        cars, memory = self.cars, self.memory
        newest = year - 1
        before = cars.stock[:, year]
        stays = np.diagonal(cars.move, axis1=1, axis2=2)[:, None, :]
        shifted = np.concatenate([cars.age_share[:, :1], cars.age_share[:, :-1]], axis=1)
        out = memory.masses(before, year, newest, shifted * (1.0 - stays))
        into = memory.masses(before, year, newest, cars.age_share - shifted * stays)
        self._write(flows, "in_use", "used_car_market", out, region_to=POOL)
        self._write(flows, "used_car_market", "in_use", into, region=POOL)
        for weight, sink in ((cars.exported, "used_car_export"), (cars.other, "other_exit")):
            gone = memory.masses(weight[:, year], year, newest, cars.age_share)
            self._write(flows, "in_use", sink, gone)
        scrapped = memory.masses(cars.scrapped[:, year], year, newest, cars.age_share)
        self._write(flows, "in_use", "take_back", scrapped)
        return scrapped.pairs

    def sell(self, flows: YearFlows, year: int, made: ItemMass) -> None:
        """Write what happens to the cars built: shipped, registered with the imported ones, and the new stock.

        ``made`` holds the items of the cars built in Japan with region axis of length 1 (D, 1, ...).
        """
        cars, memory = self.cars, self.memory
        assembly = cars.assembly[:, :, None]
        self._write(flows, "assembly", "new_car_market", _times(made, assembly), region_to=POOL)
        built = np.maximum(cars.built[:, year], 1e-300)
        shipped_share = np.take(cars.shipped[:, year] / built, cars.item_class, axis=1)
        imported = self._nominal(cars.imported[:, year])
        shipped = _by_item(made, shipped_share)
        kept = _by_item(made, 1.0 - shipped_share)
        registered = ItemMass(kept.pairs + imported.pairs, kept.origin + imported.origin)
        self._write(flows, "overseas_assembly", "new_car_market", imported, region=ABROAD, region_to=POOL)
        self._write(flows, "new_car_market", "new_car_export", shipped, region=POOL, region_to=ABROAD)
        first = cars.age_share[:, 0, :, None]
        self._write(flows, "new_car_market", "in_use", _times(registered, first), region=POOL)
        self._remember(year, registered)
        held = memory.masses(cars.stock[:, year + 1], year, year, cars.age_share)
        flows.hold(self._edge("in_use", ""), held.origin, held.pairs)

    def opening(self, flows: YearFlows) -> None:
        """Write the stock at the end of the year before the first."""
        held = self.memory.masses(self.cars.stock[:, 0], -1, -1, self.cars.age_share)
        flows.hold(self._edge("in_use", ""), held.origin, held.pairs)

    def _remember(self, year: int, registered: ItemMass) -> None:
        """Cohorts carry shares: composition by alloy and origin by alloy and polymer."""
        memory = self.memory
        alloys, elements = memory.composition.shape[2:]
        metal = registered.pairs[:, 0, : alloys * elements].reshape(-1, alloys, elements)
        origin = registered.origin[:, 0, : memory.origin.shape[2]]
        memory.remember(year, _shares(metal, memory.composition[:, 0]), _shares(origin, memory.origin[:, 0]))

    def _nominal(self, weight: Floats) -> ItemMass:
        """(D, Q) class masses of cars built elsewhere: nominal composition and origin."""
        cars = self.cars
        mass = np.take(weight, cars.item_class, axis=1) * cars.split
        return ItemMass((per_pair(mass) * cars.nominal)[:, None], (mass[..., None] * cars.nominal_origin)[:, None])

    def _write(
        self,
        flows: YearFlows,
        process_from: str,
        process_to: str,
        mass: ItemMass,
        region: str = "",
        region_to: str = "",
    ) -> None:
        if mass.pairs.shape[1] == 1 and region and region_to:
            edge = self.edges.edge(
                process_from, process_to,
                tuple(Cell(region, region_to, i, o) for i in ITEMS for o in ORIGINS),
                tuple(Cell(region, region_to, i, s) for i, s in PAIRS),
            )  # fmt: skip
        else:
            edge = self._edge(process_from, process_to, region, region_to)
        flows.add(edge, mass.origin, mass.pairs)


def _moved(cell: Cell, region: str, region_to: str) -> Cell:
    return cell._replace(region=region or cell.region, region_to=region_to or cell.region_to)


def _times(mass: ItemMass, factor: Floats) -> ItemMass:
    """Spread a nation-wide mass over regions; ``factor`` is (D, R, 1)."""
    return ItemMass(mass.pairs * factor, mass.origin * factor[..., None])


def _by_item(mass: ItemMass, share: Floats) -> ItemMass:
    """Take a share (D, I) of each item."""
    return ItemMass(mass.pairs * per_pair(share)[:, None], mass.origin * share[:, None, :, None])


def _shares(mass: Floats, otherwise: Floats) -> Floats:
    """Shares along the last axis; where nothing was made, the older ones."""
    total = mass.sum(axis=-1, keepdims=True)
    return np.where(total > 0, mass / np.where(total > 0, total, 1.0), otherwise)
