"""Where the aluminium of a region's end-of-life vehicles ends.

Every yard, melt and hulk pile is well mixed, so the share of a region in what leaves is its share in what came in. The
trace multiplies these shares along the way: dismantler (-> shredder) -> yard -> melt -> finished part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.ledger.flows import FlowView, Table

    Floats = NDArray[np.float64]


class Trace:
    """Follows ELV aluminium of one year by the region where the car was dismantled."""

    def __init__(self, view: FlowView, flows: Table, regions: Sequence[str]) -> None:
        self.view, self.flows, self.regions = view, flows, tuple(regions)
        edges = flows.layout.edges
        yards = sorted({edge.process_from for edge in edges if edge.process_to.startswith("melt_down.")})
        yards = [yard for yard in yards if yard.startswith("scrap_yard.") and "new-mixed" not in yard]
        self.grades = [yard.removeprefix("scrap_yard.") for yard in yards]
        makers = {edge.process_to: edge.process_from for edge in edges if edge.process_to.startswith("scrap_yard.")}
        self.from_shredder = [makers[f"scrap_yard.{g}"] == "alloy_sorting" for g in self.grades]

    def into(self, products: Sequence[str], only: Sequence[str] | None) -> Floats:
        """ELV metal (region, draw) in finished parts of the products; ``only`` of these alloys in the old car."""
        finished = self._per_product(products, "part_making", "assembly")
        entered = self._melted_by_grade(products, None)
        share = _ratio(finished, entered.sum(axis=0))
        wanted = (self._melted_by_grade(products, only) * share).sum(axis=2)
        return self._by_origin_region(wanted, only)

    def melted(self, products: Sequence[str]) -> Floats:
        """ELV metal (region, draw) melted into the products."""
        return self._by_origin_region(self._melted_by_grade(products, None).sum(axis=2), None)

    def _per_product(self, products: Sequence[str], process: str, to: str) -> Floats:
        """ELV metal (region, product, draw) leaving a process of each product."""
        names = [f"{process}.{p}" for p in products]
        found = self.view.grouped(
            self.flows, f"{process}.*", to, ["region", "process_from"], [self.regions, names], origin=("post_elv",)
        )
        return found

    def _melted_by_grade(self, products: Sequence[str], only: Sequence[str] | None) -> Floats:
        """Recovered ELV metal (grade, region of the melt, product, draw)."""
        labels = [[f"melt_down.{g}" for g in self.grades], self.regions, [f"melting.{p}" for p in products]]
        return self.view.grouped(
            self.flows, "melt_down.*", "melting.*", ["process_from", "region", "process_to"], labels,
            alloy=only, origin=("post_elv",),
        )  # fmt: skip

    def _by_origin_region(self, melted: Floats, only: Sequence[str] | None) -> Floats:
        """Give (grade, melt region, draw) back to the regions where the cars were dismantled."""
        labels = [[f"scrap_yard.{g}" for g in self.grades], self.regions, self.regions]
        moved = self.view.grouped(
            self.flows, "scrap_yard.*", "melt_down.*", ["process_from", "region", "region_to"], labels,
            alloy=only, origin=("post_elv",),
        )  # fmt: skip
        share = _ratio(moved, moved.sum(axis=1)[:, None])
        by_yard = np.einsum("grmd,gmd->grd", share, melted)
        hulks = self.view.grouped(
            self.flows, "dismantling", "shredding", ["region", "region_to"], [self.regions, self.regions],
            alloy=only if only is not None else ALLOYS,
        )  # fmt: skip
        came_from = _ratio(hulks, hulks.sum(axis=0)[None])
        shredded = np.array(self.from_shredder)
        direct = by_yard[~shredded].sum(axis=0)
        through_shredder: Floats = (came_from * by_yard[shredded].sum(axis=0)).sum(axis=1)
        return direct + through_shredder


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)
