"""Plain Monte Carlo: every number by itself.

A study that draws everything uncertain by its key needs no columns and no design. This one is for columns that are to
be stored and analysed as those of the other designs are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.sweep.designs.design import check_asked
from cesim.sweep.designs.keyed import keyed_rows

if TYPE_CHECKING:
    from cesim.sweep.designs.keyed import Floats


@dataclass(frozen=True)
class MonteCarlo:
    """Independent uniform numbers without end."""

    columns: int
    seed: int

    @property
    def points(self) -> None:
        """There is always another."""
        return

    def rows(self, first: int, count: int) -> Floats:
        """Points, shape ``(count, columns)``."""
        check_asked(first, count, None)
        return keyed_rows(self.seed, "monte_carlo", first, count, self.columns)
