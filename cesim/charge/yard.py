"""What lies in the yard of a casthouse: lots that may be charged, with what is believed about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.charge.belief import Belief
from cesim.charge.composition import BASE, columns
from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cesim.charge.records import OriginRecord
    from cesim.charge.sources import ScrapSource

Recycled = Literal["post", "pre", "none"]
"""Post-consumer scrap, pre-consumer scrap, or neither: primary metal and run-around scrap (ISO 14021, 7.8.1.1)."""


@dataclass(frozen=True, eq=False)
class Lot:
    """A heap of metal that may go into a heat, such as twelve tonnes of bonnets with a ticket on them.

    Raises
    ------
    InputError
        For a stock below zero or below what must be charged, numbers that are not finite, a belief without element
        names or of a composition that cannot be.
    """

    name: str
    """As it is called in the yard."""
    stock: float | None
    """t at hand; None: as much as is wanted."""
    price: float
    """JPY/t; below zero where somebody pays to be rid of it."""
    co2: float
    """t CO2e/t, up to the furnace door."""
    belief: Belief
    """What may be in it; `Belief.elements` says of which elements. Aluminium is the rest."""
    recycled: Recycled
    """What it counts as in the recycled content."""
    least: float = 0.0
    """t that must be charged: in the furnace already, or promised."""
    record: OriginRecord | None = None
    """What is written about where it comes from, if the belief rests on that."""

    def __post_init__(self) -> None:
        with Refusals(f"Lot {self.name}") as refusals:
            refusals.number("price", self.price, shape=())
            refusals.number("co2", self.co2, shape=())
            refusals.known("recycled", self.recycled, ("post", "pre", "none"))
            most = np.inf if self.stock is None else float(refusals.number("stock", self.stock, 0.0, shape=()))
            refusals.number("least", self.least, 0.0, most, shape=())
            if not self.belief.elements:
                refusals.refuse("charge_unnamed", "belief", found="elements")
            elif BASE in refusals.distinct("belief", self.belief.elements):
                refusals.refuse("charge_repeated", "belief", found=f"{BASE} (the rest)")
            mean = refusals.number("belief", self.belief.mean(), 0.0, 1.0)
            if mean.sum() > 1.0:
                refusals.refuse("charge_over_whole", "belief", found=float(mean.sum()))

    @classmethod
    def known(
        cls,
        name: str,
        composition: Mapping[str, float],
        *,
        stock: float | None,
        price: float,
        co2: float,
        recycled: Recycled,
        least: float = 0.0,
    ) -> Lot:
        """Return a lot whose composition is certain, such as primary metal with a certificate.

        Parameters
        ----------
        composition
            Symbol -> mass fraction; aluminium is the rest and may be left out.
        """
        columns(f"Lot {name}", composition, ())
        stated = {element: float(value) for element, value in composition.items() if element != BASE}
        mean = np.array([list(stated.values())])
        belief = Belief(np.ones(1), mean, np.zeros((1, mean.size, mean.size)), "normal", tuple(stated))
        return cls(name, stock, price, co2, belief, recycled, least)

    @classmethod
    def recorded(
        cls,
        name: str,
        record: OriginRecord,
        sources: Mapping[str, ScrapSource] | Iterable[ScrapSource],
        *,
        stock: float | None,
        price: float,
        co2: float,
        recycled: Recycled,
        least: float = 0.0,
    ) -> Lot:
        """Return a lot of which only the record is known; see `OriginRecord.belief`."""
        return cls(name, stock, price, co2, record.belief(sources), recycled, least, record)

    @property
    def varies(self) -> bool:
        """Whether anything about its composition is uncertain."""
        return bool(self.belief.covariance().any())
