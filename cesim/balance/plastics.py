"""Recycled plastics into car compounds.

A compound is a fixed recipe of polymer, filler and additives. Recyclate brings its own filler and some foreign polymer,
so how much fits is decided by filler, foreign matter and the share that is approved. Objective, in this order: most
recyclate from end-of-life vehicles (the closed loop), most recyclate, least cost, lowest grade number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.inputs import ELV_RECYCLATES, RECYCLATES
from cesim.balance.masses import PAIR_ITEM, added_up
from cesim.charge.lexicographic import maximise
from cesim.ledger.flows import cells
from cesim.ledger.substances import ALLOYS, COMPONENTS, ELEMENTS, ORIGINS, POLYMERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.balance.inputs import Plastics
    from cesim.ledger.flows import Edges, YearFlows

    Floats = NDArray[np.float64]

_START = len(ALLOYS) * len(ELEMENTS)
_ELV = len(ELV_RECYCLATES)
_POST_ELV, _VIRGIN = ORIGINS.index("post_elv"), ORIGINS.index("primary")
_POLYMER_ITEM = len(ALLOYS)


@dataclass(frozen=True)
class Compounds:
    """Compounds of a year: their mass (D, M, polymer) and origin (D, M, polymer, O), in t of finished compound.

    Beside them what they were made of: what went into the mixers, (D, M, polymer), and how much of each recyclate,
    (D, M, N, polymer).
    """

    mass: Floats
    origin: Floats
    made: Floats
    used: Floats


class Compounding:
    """Compounds each polymer in turn, in the order of `POLYMERS`."""

    def __init__(self, plastics: Plastics, nominal: Floats, regions: Sequence[str], edges: Edges) -> None:
        self.plastics, self.edges = plastics, edges
        self.regions = tuple(regions)
        self.sites = tuple(regions[n] for n in plastics.compounders)
        plastic = nominal[:, _START : _START + len(POLYMERS) * len(COMPONENTS)]
        self.recipe = plastic.reshape(-1, len(POLYMERS), len(COMPONENTS))
        """(D, polymer, component)"""

    def run(self, flows: YearFlows, year: int, recyclates: Floats, demand: Floats) -> Compounds:
        """Make the compounds for the cars built.

        Parameters
        ----------
        recyclates : (D, R, ELV recyclate, pairs) pellets from end-of-life vehicles
        demand : (D, polymer) t of plastics in the cars built
        """
        p = self.plastics
        components = self._components(recyclates)
        arrived = (p.route[:, :, :, None, None] * components[:, :, None]).sum(axis=1)
        stock, composition = self._stock(year, arrived)
        left, used = stock.copy(), np.zeros((*stock.shape, len(POLYMERS)))
        made = demand[:, None, :] * p.share[..., None] / (1.0 - p.loss[:, None, None])
        for k in range(len(POLYMERS)):
            columns = np.flatnonzero(p.admitted[k])
            if columns.size:
                taken = self._blend(year, k, columns, made[..., k], left, composition)
                left[:, :, columns] = np.maximum(left[:, :, columns] - taken, 0.0)
                used[:, :, columns, k] = taken
        self._write_elv(flows, recyclates, arrived, used)
        return self._write_compounds(flows, made, used, composition)

    def _components(self, recyclates: Floats) -> Floats:
        """(D, R, n, pairs) -> (D, R, n, 3): a pellet is told by polymer, filler, additive only."""
        block = recyclates[..., _START : _START + len(POLYMERS) * 3]
        components: Floats = block.reshape(*recyclates.shape[:3], len(POLYMERS), 3).sum(axis=3)
        return components

    def _stock(self, year: int, arrived: Floats) -> tuple[Floats, Floats]:
        """Recyclate on offer at each site (D, M, N) and its composition (D, M, N, 3)."""
        p = self.plastics
        own = arrived.sum(axis=3)
        outside = p.supply[:, year, None, :] * p.share[..., None]
        stock = outside.copy()
        stock[..., :_ELV] = own
        composition = np.broadcast_to(p.composition[:, None], (*stock.shape, 3)).copy()
        filled = own[..., None] > 0
        composition[:, :, :_ELV] = np.where(
            filled, arrived / np.where(filled, own[..., None], 1.0), composition[:, :, :_ELV]
        )
        return stock, composition

    def _blend(
        self, year: int, k: int, columns: NDArray[np.intp], made: Floats, left: Floats, composition: Floats
    ) -> Floats:
        """Recyclate (D, M, columns) for one compound."""
        p = self.plastics
        draws, sites = made.shape
        n = columns.size
        mass = made.reshape(-1)
        own = np.take(composition, columns, axis=2).reshape(-1, n, 3)
        from_asr = np.array([RECYCLATES[c].startswith("asr-") for c in columns], dtype=float)
        foreign = np.repeat(np.take(p.foreign, columns, axis=1), sites, axis=0)
        rows = np.concatenate(
            [
                own.transpose(0, 2, 1),
                foreign[:, None, :],
                np.ones((mass.size, 1, n)),
                np.broadcast_to(from_asr, (mass.size, 1, n)),
            ],
            axis=1,
        )
        allowed = [np.repeat(share, sites) for share in (p.foreign_limit[:, k], p.cap[:, year, k], p.asr_cap[:, year])]
        held = np.repeat(self.recipe[:, k], sites, axis=0).T
        limits = np.stack([*(mass * share for share in held), *(mass * share for share in allowed)], axis=1)
        elv = (columns < _ELV).astype(float)
        price = np.repeat(p.virgin_price, sites)[:, None] - np.repeat(np.take(p.price, columns, axis=1), sites, axis=0)
        order = -np.arange(1.0, n + 1.0)
        objectives = np.stack([np.broadcast_to(o, price.shape) for o in (elv, np.ones(n), price, order)], axis=1)
        upper = np.take(left, columns, axis=2).reshape(-1, n)
        return maximise(objectives, rows, limits, upper).x.reshape(draws, sites, n)

    def _local(
        self, flows: YearFlows, process_from: str, process_to: str, item: str, origin: Floats, components: Floats
    ) -> None:
        """Write a flow at the sites: (D, M, O) and (D, M, 3)."""
        edge = self.edges.edge(
            process_from, process_to, cells(self.sites, (item,), ORIGINS), cells(self.sites, (item,), COMPONENTS)
        )
        flows.add(edge, origin, components)

    def _write_elv(self, flows: YearFlows, recyclates: Floats, arrived: Floats, used: Floats) -> None:
        """ELV pellets from the regions to the compounders; what is not used is sold outside cars."""
        p = self.plastics
        total = arrived.sum(axis=3)
        share = used[:, :, :_ELV].sum(axis=3) / np.where(total > 0, total, 1.0)
        plastic = slice(_START, _START + len(POLYMERS) * 3)
        for n, name in enumerate(ELV_RECYCLATES):
            pairs = recyclates[:, :, n, plastic].reshape(*recyclates.shape[:2], len(POLYMERS), 3)
            moved = p.route * share[:, None, :, n]
            carried = moved[..., None, None] * pairs[:, :, None]
            left = np.maximum(1.0 - moved.sum(axis=2), 0.0)[..., None, None] * pairs
            cell = (self.regions, POLYMERS, ("post_elv",)), (self.regions, POLYMERS, COMPONENTS)
            edge = self.edges.edge(
                f"pelletising.{name}", f"recyclate.{name}",
                cells(*cell[0], self.sites), cells(*cell[1], self.sites),
            )  # fmt: skip
            flows.add(edge, added_up(carried), carried)
            edge = self.edges.edge(f"pelletising.{name}", "recyclate_export", cells(*cell[0]), cells(*cell[1]))
            flows.add(edge, added_up(left), left)

    def _write_compounds(self, flows: YearFlows, made: Floats, used: Floats, composition: Floats) -> Compounds:
        """Recyclate, virgin and filler into the compounds; losses burnt."""
        p = self.plastics
        origin = np.zeros((*made.shape, len(ORIGINS)))
        source = np.concatenate([np.zeros((_ELV, len(ORIGINS))), p.origin[_ELV:]])
        source[:_ELV, _POST_ELV] = 1.0
        for k, polymer in enumerate(POLYMERS):
            into = f"compounding.{polymer}"
            brought = np.zeros((*made.shape[:2], 3))
            for n, name in enumerate(RECYCLATES):
                if not p.admitted[k, n]:
                    continue
                mass = used[:, :, n, k]
                components = mass[..., None] * composition[:, :, n]
                brought += components
                by_origin = mass[..., None] * source[n]
                origin[:, :, k] += by_origin
                self._local(flows, _supplier(name), into, polymer, by_origin, components)
            missing = np.maximum(made[..., k, None] * self.recipe[:, None, k] - brought, 0.0)
            virgin, filler = missing.copy(), missing.copy()
            virgin[..., 1] = 0.0
            filler[..., [0, 2]] = 0.0
            for process, part in (("virgin_supply", virgin), ("filler_supply", filler)):
                new = np.zeros((*made.shape[:2], len(ORIGINS)))
                new[..., _VIRGIN] = part.sum(axis=2)
                origin[:, :, k] += new
                self._local(flows, process, into, polymer, new, part)
            whole = brought + missing
            lost = p.loss[:, None, None]
            self._local(flows, into, "energy_recovery", polymer, origin[:, :, k] * lost, whole * lost)
            kept = 1.0 - lost
            self._local(flows, into, f"part_making.{polymer}", polymer, origin[:, :, k] * kept, whole * kept)
            origin[:, :, k] *= kept
        mass = origin.sum(axis=3)
        return Compounds(mass, origin, made, used)

    def parts(self, flows: YearFlows, compounds: Compounds, assembly: Floats) -> None:
        """Moulded parts to the assembly plants (D, R)."""
        for k, polymer in enumerate(POLYMERS):
            spread = compounds.origin[:, :, k, None, :] * assembly[:, None, :, None]
            mass = spread.sum(axis=3)
            edge = self.edges.edge(
                f"part_making.{polymer}", "assembly", cells(self.sites, (polymer,), ORIGINS, self.regions),
                cells(self.sites, (polymer,), COMPONENTS, self.regions),
            )  # fmt: skip
            flows.add(edge, spread, mass[..., None] * self.recipe[:, None, None, k])


def _supplier(recyclate: str) -> str:
    """The process that delivers a recyclate to the compounder."""
    if recyclate in ELV_RECYCLATES:
        return f"recyclate.{recyclate}"
    special = {"chemical-pp": "chemical_recycling_supply", "bio-pp": "bio_supply"}
    return special.get(recyclate, f"x_to_car_supply.{recyclate}")


PLASTIC_PAIRS = np.flatnonzero((PAIR_ITEM >= _POLYMER_ITEM) & (_POLYMER_ITEM + len(POLYMERS) > PAIR_ITEM))
"""Positions of plastics in the pair axis."""
