"""Where the aluminium of a region's end-of-life vehicles ends.

Every yard, melt and hulk pile is well mixed, so the share of a region in what leaves is its share in what came in. The
trace multiplies these shares along the way: dismantler (-> shredder) -> yard -> melt -> finished part.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.ledger.flows import FlowView, Table

    Floats = NDArray[np.float64]


_ELV = ("post_elv",)
_HELD = (*ALLOYS, "steel", "copper")
"""What a scrap grade holds: its alloys and what it picked up."""


class Trace:
    """Follows ELV aluminium of one year by the region where the car was dismantled."""

    def __init__(self, view: FlowView, flows: Table, regions: Sequence[str]) -> None:
        self.view, self.flows, self.regions = view, flows, tuple(regions)
        edges = flows.layout.edges
        yards = sorted({edge.process_from for edge in edges if edge.process_to.startswith("melt_down.")})
        yards = [yard for yard in yards if yard.startswith("scrap_yard.") and "new-mixed" not in yard]
        self.grades = [yard.removeprefix("scrap_yard.") for yard in yards]
        makers = {edge.process_to: edge.process_from for edge in edges if edge.process_to.startswith("scrap_yard.")}
        self._known: dict[tuple[str, ...], Floats] = {}
        self.from_shredder = [makers[f"scrap_yard.{g}"] == "alloy_sorting" for g in self.grades]

    def into(self, products: Sequence[str], only: Sequence[str]) -> Floats:
        """ELV metal (region, draw) in finished parts of the products that was of these items in the old car."""
        return _summed(self._finished(tuple(products))[[_HELD.index(item) for item in only]], 0)

    def melted(self, products: Sequence[str]) -> Floats:
        """ELV aluminium (region, draw) melted into the products."""
        by_alloy = self._by_region_of_car(_summed(self._charged(products), 3))
        return _summed(by_alloy[: len(ALLOYS)], 0)

    def _finished(self, products: tuple[str, ...]) -> Floats:
        """ELV metal (alloy of the old car, region of the old car, draw) in finished parts of the products."""
        if products not in self._known:
            finished = self.view.grouped(
                self.flows, "part_making.*", "assembly", ["region", "process_from"],
                [self.regions, [f"part_making.{product}" for product in products]], origin=_ELV,
            )  # fmt: skip
            entered = self.view.grouped(
                self.flows, "melt_down.*", "melting.*", ["region", "process_to"],
                [self.regions, [f"melting.{product}" for product in products]], origin=_ELV,
            )  # fmt: skip
            charged = self._charged(products) * _ratio(finished, entered)
            self._known[products] = self._by_region_of_car(_summed(charged, 3))
        return self._known[products]

    def _charged(self, products: Sequence[str]) -> Floats:
        """Recovered ELV metal (alloy of the old car, grade, region of the melt, product, draw)."""
        labels = [_HELD, [f"melt_down.{g}" for g in self.grades], self.regions, [f"melting.{p}" for p in products]]
        by = ["alloy", "process_from", "region", "process_to"]
        return self.view.grouped(self.flows, "melt_down.*", "melting.*", by, labels, origin=_ELV)

    def _by_region_of_car(self, melted: Floats) -> Floats:
        """Give (alloy, grade, region of the melt, draw) back to the regions where the cars were dismantled."""
        by_yard = _summed(self._brought * melted[:, :, None], 3)
        shredded = np.array(self.from_shredder, dtype=bool)
        at_shredder = _summed(by_yard[:, shredded], 1)
        through_shredder = _summed(self._hulks * at_shredder[:, None], 2)
        return _summed(by_yard[:, ~shredded], 1) + through_shredder

    @cached_property
    def _brought(self) -> Floats:
        """Share of each yard in the scrap of a melt (alloy, grade, region of the yard, region of the melt, draw)."""
        labels = [_HELD, [f"scrap_yard.{g}" for g in self.grades], self.regions, self.regions]
        by = ["alloy", "process_from", "region", "region_to"]
        moved = self.view.grouped(self.flows, "scrap_yard.*", "melt_down.*", by, labels, origin=_ELV)
        return _ratio(moved, _summed(moved, 2)[:, :, None])

    @cached_property
    def _hulks(self) -> Floats:
        """Share of each dismantling region in the hulks of a shredder (alloy, dismantled, shredded, draw)."""
        hulks = self.view.grouped(
            self.flows, "dismantling", "shredding", ["alloy", "region", "region_to"],
            [_HELD, self.regions, self.regions],
        )  # fmt: skip
        return _ratio(hulks, _summed(hulks, 1)[:, None])


def _summed(parts: Floats, axis: int) -> Floats:
    """Sum an axis term by term: numpy's own order of adding would depend on how many draws there are."""
    terms = np.moveaxis(parts, axis, 0)
    total = np.zeros(terms.shape[1:])
    for term in terms:
        total += term
    return total


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Shares; those of nothing are 0, which is what anything finite is beside infinity."""
    share: Floats = part / np.where(whole > 0, whole, np.inf)
    return share
