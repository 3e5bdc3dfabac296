"""The answer to a system: every flow and every stock, as named arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.frame import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.balance.arrays import Array
    from cesim.balance.audit import Balance
    from cesim.balance.system import System


@dataclass(frozen=True)
class Solution:
    """Flows by (giver, taker) and stocks by name, over years, elements and the system's further axes.

    Stocks are those of the year's end; a sink's is all that ever entered it.
    """

    system: System
    flows: dict[tuple[str, str], Array]
    stocks: dict[str, Array]

    def flow(self, giver: str, taker: str) -> Array:
        """Mass of one flow per year and element."""
        if (giver, taker) not in self.flows:
            listed = ", ".join(f"{one} -> {other}" for one, other in self.flows)
            raise ModelError(f"no flow {giver} -> {taker}; allowed: {listed}")
        return self.flows[giver, taker]

    def stock(self, name: str) -> Array:
        """Mass in a stock or a sink at each year's end, by element."""
        if name not in self.stocks:
            raise ModelError(f"no stock {name!r}; allowed: {', '.join(self.stocks)}")
        return self.stocks[name]

    def into(self, name: str) -> Array:
        """All that enters a process."""
        return self._all(name, 1)

    def out_of(self, name: str) -> Array:
        """All that leaves a process."""
        return self._all(name, 0)

    def table(self) -> Iterator[dict[str, object]]:
        """Rows of every flow: process_from, process_to, a column per axis, and the mass with its unit."""
        column = f"mass_{self.system.frame.unit}"
        for (giver, taker), array in self.flows.items():
            for place, mass in np.ndenumerate(array.values):
                row: dict[str, object] = {"process_from": giver, "process_to": taker}
                for axis, where in zip(array.coords, place, strict=True):
                    row[axis.name] = (axis.labels or ())[where]
                row[column] = float(mass)
                yield row

    def balance(self) -> Balance:
        """Prove the solution from its flows and stocks alone; see `cesim.balance.audit`."""
        from cesim.balance.audit import audit

        return audit(self)

    def _all(self, name: str, end: int) -> Array:
        found = [array for flow, array in self.flows.items() if flow[end] == name]
        if not found:
            raise ModelError(f"nothing {'enters' if end else 'leaves'} {name!r}")
        total = found[0]
        for array in found[1:]:
            total = total + array
        return total
