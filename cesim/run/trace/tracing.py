"""Records over a run, or a pilot's own: the ledgers, and the shares that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.run.trace.declared import declared_shares
from cesim.run.trace.products import products_of
from cesim.trace.genealogy.graph import true_genealogy
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import rebuild, tolerance_between

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from cesim.run.trace.products import Product
    from cesim.trace.entries import Entries
    from cesim.trace.genealogy.rebuilding import Rebuilt
    from cesim.trace.records import Records

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tracing:
    """Ledgers, and what was asked of them.

    Attributes
    ----------
    about
        Where the records come from, by which hypothesis, how they are judged.
    records
        What was written.
    truth
        What happened; None for a pilot's own data, of which nobody knows.
    tables
        ``claims``, ``bounds``, ``audit``, ``values``, ... once they were worked out; tidy.
    folder
        Where it is kept.
    """

    about: dict[str, Any]
    records: Records = field(repr=False)
    truth: Entries | None = field(repr=False)
    tables: dict[str, pd.DataFrame] = field(repr=False, default_factory=dict)
    folder: Path = Path()

    @property
    def entries(self) -> Entries:
        """The truth where it is known, else what was written: which lots there are, and what they are."""
        return self.records.entries if self.truth is None else self.truth

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """What claims are made of."""
        return products_of(self.entries)

    def weight_of(self, product: Product, lots: int) -> Floats:
        """Return the mass of each lot of a product, mg, 0 for all others, (lot,).

        Parameters
        ----------
        lots
            How many there are: records may name some that never were.
        """
        weight = np.zeros(lots)
        weight[product.lots] = self.entries.lots.mass_mg[product.lots]
        return weight

    @property
    def judging(self) -> dict[str, float]:
        """Mistakes that are reckoned with, and terms of mass balance."""
        held: dict[str, float] = self.about["judging"]
        return held

    @property
    def tolerance(self) -> float:
        """Share of its mass for which a lot may be used up beyond it, since nobody's scale is another's."""
        return tolerance_between(self.judging["weighing_sd"], self.judging["bias_sd"])

    @cached_property
    def rebuilt(self) -> Rebuilt:
        """What can be rebuilt from all records."""
        return rebuild(self.records, tolerance=self.tolerance)

    @cached_property
    def provable(self) -> Floats:
        """(lot, class) shares that all records prove; what is missing to one is of unknown origin."""
        return shares(self.rebuilt.genealogy)

    @cached_property
    def declared(self) -> Floats:
        """(lot, class) shares that would be claimed."""
        return declared_shares(self.rebuilt, self.records)

    @cached_property
    def true(self) -> Floats | None:
        """(lot, class) shares in truth; None where nobody knows."""
        return None if self.truth is None else shares(true_genealogy(self.truth))
