"""The aluminium of a year, written as flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.inputs import ELV_GRADES, MARKET_GRADES, PART_GRADES, YARD
from cesim.balance.metal import ADMITTED, HELD, METALS
from cesim.ledger.flows import cells
from cesim.ledger.substances import ALLOYS, ORIGINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.balance.inputs import Metal
    from cesim.balance.metal import Product, Stock
    from cesim.ledger.flows import Edges, YearFlows

    Floats = NDArray[np.float64]

_NEW = YARD.index("new-mixed")
_MIXED = "mixed"
_HELD_ELEMENTS = (*METALS, "coating")


class MetalFlows:
    """Writes what `Melting` decided."""

    def __init__(self, metal: Metal, regions: Sequence[str], edges: Edges) -> None:
        self.metal, self.edges = metal, edges
        self.regions = tuple(regions)
        self.sites = tuple(regions[n] for n in metal.melters)

    def scrap(self, flows: YearFlows, year: int, at_regions: Stock, stock: Floats, used: Floats) -> None:
        """ELV grades of a year: from the yards of the regions to the melters, loss by grade, the rest exported."""
        route = self.metal.scrap_route
        share = used.sum(axis=3) / np.where(stock > 0, stock, 1.0)
        for n, grade in enumerate(ELV_GRADES):
            moved_share = route * share[:, None, :, n]
            maker = "dismantling" if grade in PART_GRADES else "alloy_sorting"
            parts = (at_regions.items[:, :, n], at_regions.elements[:, :, n], at_regions.coating[:, :, n])
            self._graded(flows, maker, grade, parts)
            moved = [moved_share[..., None] * p[:, :, None, :] for p in parts[:2]]
            paint = moved_share * parts[2][:, :, None]
            edge = self.edges.edge(
                f"scrap_yard.{grade}", f"melt_down.{grade}",
                cells(self.regions, HELD, ("post_elv",), self.sites),
                cells(self.regions, (_MIXED,), _HELD_ELEMENTS, self.sites),
            )  # fmt: skip
            flows.add(edge, moved[0], np.concatenate([moved[1], paint[..., None]], axis=3))
            left = np.maximum(1.0 - moved_share.sum(axis=2), 0.0)
            edge = self.edges.edge(
                f"scrap_yard.{grade}", "scrap_export",
                cells(self.regions, HELD, ("post_elv",)), cells(self.regions, (_MIXED,), _HELD_ELEMENTS),
            )  # fmt: skip
            flows.add(
                edge, parts[0] * left[..., None],
                np.concatenate([parts[1] * left[..., None], (parts[2] * left)[..., None]], axis=2),
            )  # fmt: skip
            items, elements = (part.sum(axis=1) for part in moved)
            loss = self.metal.loss[:, year, n]
            self._melt_down_elv(flows, loss, grade, items, elements, paint.sum(axis=1), used[:, :, n])

    def _graded(self, flows: YearFlows, maker: str, grade: str, parts: tuple[Floats, Floats, Floats]) -> None:
        """A grade comes into the yard of its region."""
        edge = self.edges.edge(
            maker, f"scrap_yard.{grade}",
            cells(self.regions, HELD, ("post_elv",)), cells(self.regions, (_MIXED,), _HELD_ELEMENTS),
        )  # fmt: skip
        flows.add(edge, parts[0], np.concatenate([parts[1], parts[2][..., None]], axis=2))

    def _melt_down_elv(
        self, flows: YearFlows, lost: Floats, grade: str, items: Floats, elements: Floats, paint: Floats, amount: Floats
    ) -> None:
        """Paint burns, a share (D,) of the metal becomes dross, the rest goes to its products by their share."""
        loss = lost[:, None, None]
        total = items.sum(axis=2, keepdims=True)
        metal_share = 1.0 - paint[..., None] / np.where(total > 0, total, 1.0)
        metal = items * metal_share
        self._local(
            flows, f"melt_down.{grade}", "coating_burnt", items - metal, ("post_elv",), paint[..., None], ("coating",)
        )
        self._local(flows, f"melt_down.{grade}", "dross", metal * loss, ("post_elv",), elements * loss, METALS)
        whole = amount.sum(axis=2)
        for k, alloy in enumerate(ALLOYS):
            if YARD.index(grade) not in ADMITTED[alloy]:
                continue
            share = (amount[:, :, k] / np.where(whole > 0, whole, 1.0))[..., None] * (1.0 - loss)
            self._local(
                flows, f"melt_down.{grade}", f"melting.{alloy}", metal * share, ("post_elv",), elements * share, METALS
            )

    def _local(
        self,
        flows: YearFlows,
        process_from: str,
        process_to: str,
        by_origin: Floats,
        origins: Sequence[str],
        by_substance: Floats,
        substances: Sequence[str],
        items: Sequence[str] = HELD,
    ) -> None:
        """Write a flow within the melting sites: (D, M, items x origins) and (D, M, substances)."""
        edge = self.edges.edge(
            process_from, process_to, cells(self.sites, items, origins), cells(self.sites, (_MIXED,), substances)
        )
        flows.add(edge, by_origin, by_substance)

    def new_mixed(self, flows: YearFlows, year: int, items: Floats, elements: Floats, used: Floats) -> None:
        """Last year's mixed new scrap (D, M, A): charged or exported."""
        total = elements.sum(axis=2)
        loss = self.metal.loss[:, year, _NEW, None, None]
        amount = used[:, :, _NEW]
        recoverable = total * (1.0 - loss[..., 0])
        share = (amount.sum(axis=2) / np.where(recoverable > 0, recoverable, 1.0))[..., None]
        share = np.clip(share, 0.0, 1.0)
        pre = ("pre_auto",)
        name = "new-mixed"
        self._local(
            flows, f"scrap_yard.{name}", f"melt_down.{name}", items * share, pre, elements * share, METALS, ALLOYS
        )
        left = 1.0 - share
        self._local(flows, f"scrap_yard.{name}", "scrap_export", items * left, pre, elements * left, METALS, ALLOYS)
        charged_items, charged = items * share, elements * share
        self._local(flows, f"melt_down.{name}", "dross", charged_items * loss, pre, charged * loss, METALS, ALLOYS)
        whole = amount.sum(axis=2)
        for k, alloy in enumerate(ALLOYS):
            if _NEW not in ADMITTED[alloy]:
                continue
            part = (amount[:, :, k] / np.where(whole > 0, whole, 1.0))[..., None] * (1.0 - loss)
            self._local(
                flows,
                f"melt_down.{name}",
                f"melting.{alloy}",
                charged_items * part,
                pre,
                charged * part,
                METALS,
                ALLOYS,
            )

    def product(self, flows: YearFlows, year: int, alloy: str, product: Product, used: Floats) -> None:
        """Primary, additions, market scrap and segregated returns into the melt of a year; semis and losses out."""
        m, n = self.metal, ALLOYS.index(alloy)
        shape = (product.need.shape[0], len(self.sites), -1)
        primary = product.charge.primary.reshape(shape[:2])
        content = primary[..., None] * m.windows[year][n].primary
        melt = f"melting.{alloy}"
        self._local(flows, "primary_supply", melt, primary[..., None], ("primary",), content, METALS, (alloy,))
        additions = product.charge.additions.reshape(shape)
        self._local(
            flows,
            "alloying_supply",
            melt,
            additions.sum(axis=2, keepdims=True),
            ("primary",),
            additions,
            METALS,
            (alloy,),
        )
        for k, name in enumerate(MARKET_GRADES):
            if YARD.index(name) not in ADMITTED[alloy]:
                continue
            self._market(flows, year, k, melt, used[:, :, YARD.index(name), n], alloy)
        self._returned(flows, alloy, product)
        lost = product.need + product.returned - product.semis
        self._made(flows, melt, f"part_making.{alloy}", product, product.semis, alloy)
        self._made(flows, melt, "dross", product, lost, alloy)

    def _market(self, flows: YearFlows, year: int, k: int, melt: str, amount: Floats, alloy: str) -> None:
        """Scrap bought outside; its melt loss is booked with the grade."""
        m, name = self.metal, MARKET_GRADES[k]
        loss = m.loss[:, year, YARD.index(name), None, None]
        mass = amount[..., None] / (1.0 - loss)
        origin, elements = mass * m.market_origin[:, None, k], mass * m.market_composition[:, None, k]
        down = f"melt_down.{name}.{alloy}"
        self._local(flows, "other_scrap_supply", down, origin, ORIGINS, elements, METALS, (alloy,))
        self._local(flows, down, "dross", origin * loss, ORIGINS, elements * loss, METALS, (alloy,))
        self._local(flows, down, melt, origin * (1.0 - loss), ORIGINS, elements * (1.0 - loss), METALS, (alloy,))

    def _returned(self, flows: YearFlows, alloy: str, product: Product) -> None:
        """Segregated new scrap: to its own alloy, as pre-consumer material."""
        loss = self.metal.new_loss[:, None]
        back = (product.returned / (1.0 - loss))[..., None]
        elements = back * product.composition
        pre, down = ("pre_auto",), f"melt_down.new-{alloy}"
        self._local(flows, "new_scrap", down, back, pre, elements, METALS, (alloy,))
        lost = loss[..., None]
        self._local(flows, down, "dross", back * lost, pre, elements * lost, METALS, (alloy,))
        self._local(flows, down, f"melting.{alloy}", back * (1 - lost), pre, elements * (1 - lost), METALS, (alloy,))

    def _made(
        self, flows: YearFlows, process_from: str, process_to: str, product: Product, mass: Floats, alloy: str
    ) -> None:
        """Write a mass (D, M) of the product with its origin and composition."""
        self._local(
            flows, process_from, process_to, mass[..., None] * product.origin, ORIGINS,
            mass[..., None] * product.composition, METALS, (alloy,),
        )  # fmt: skip

    def parts(self, flows: YearFlows, year: int, alloy: str, product: Product, assembly: Floats) -> None:
        """Finished parts to the assembly plants (D, R), new scrap by class, mixed new scrap to the yard."""
        making = f"part_making.{alloy}"
        spread = product.finished[:, :, None] * assembly[:, None, :]
        edge = self.edges.edge(
            making, "assembly", cells(self.sites, (alloy,), ORIGINS, self.regions),
            cells(self.sites, (alloy,), METALS, self.regions),
        )  # fmt: skip
        flows.add(
            edge, spread[..., None] * product.origin[:, :, None], spread[..., None] * product.composition[:, :, None]
        )
        self._made(flows, making, "new_scrap", product, product.new_scrap, alloy)
        mixed = (product.new_scrap * (1.0 - self.metal.segregated[:, year, ALLOYS.index(alloy), None]))[..., None]
        self._local(
            flows,
            "new_scrap",
            "scrap_yard.new-mixed",
            mixed,
            ("pre_auto",),
            mixed * product.composition,
            METALS,
            (alloy,),
        )

    def yard_level(self, flows: YearFlows, items: Floats, elements: Floats) -> None:
        """Mixed new scrap in the yard at the end of the year."""
        edge = self.edges.edge(
            "scrap_yard.new-mixed", "", cells(self.sites, ALLOYS, ("pre_auto",)), cells(self.sites, (_MIXED,), METALS)
        )
        flows.hold(edge, items, elements)
