"""Segregated new scrap that came back: lots by alloy, each known, since its melt was analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.events.chain.material import METALS, metals
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cesim.events.chain.melting import Doors

    Floats = NDArray[np.float64]


class Returns:
    """Boxes of new scrap, one an alloy, which is charged before anything else.

    Parameters
    ----------
    doors
        Of the casthouse.
    """

    def __init__(self, doors: Doors) -> None:
        self.doors, self.lots = doors, doors.lots
        self.boxes: list[list[tuple[int, int]]] = [[] for _ in ALLOYS]
        """Second from which it may be charged, and lot, by alloy."""
        self.content = np.zeros((len(ALLOYS), len(METALS)))
        """mg by element of what may be charged at this clearing."""

    def put(self, lot: int, alloy: int, from_s: int) -> None:
        """Lay a lot down, to be charged from a second on."""
        self.boxes[alloy].append((from_s, lot))

    def ready(self, now: int, loss: float) -> Floats:
        """Look into what may be charged now; return what is recovered of it, t (A)."""
        ready = [(alloy, lot) for alloy, box in enumerate(self.boxes) for from_s, lot in box if from_s <= now]
        self.content[:] = 0.0
        if ready:
            rows = metals(self.lots.rows([lot for _, lot in ready]))
            np.add.at(self.content, [alloy for alloy, _ in ready], rows)
        return np.asarray(self.content.sum(axis=1) * (1.0 - loss) / 1e9)

    def composition(self) -> Floats:
        """Return mass fractions of what may be charged now, (A, METALS); zero where there is nothing."""
        total = self.content.sum(axis=1, keepdims=True)
        return np.asarray(self.content / np.where(total > 0.0, total, 1.0))

    def charge(
        self,
        alloys: Sequence[int],
        amounts: Floats,
        parts: list[list[int]],
        loss: float,
        now: int,
        gone: Callable[[int], None],
    ) -> None:
        """Divide what is ready among heats and melt it down.

        Parameters
        ----------
        alloys, amounts
            Of the heats, and t recovered for each.
        parts
            Lots of each heat, which are added to.
        loss
            Share lost.
        gone
            Told how many lots left the casthouse.
        """
        masses = np.rint(amounts * 1e9 / (1.0 - loss)).astype(np.int64)
        for alloy, box in enumerate(self.boxes):
            heats = [heat for heat, of in enumerate(alloys) if of == alloy and masses[heat] > 0]
            ready = [lot for from_s, lot in box if from_s <= now]
            if not heats or not ready:
                continue
            mark = self.lots.mark("returning", ALLOYS[alloy])
            lot = self.doors.together(ready, mark)
            wanted = masses[heats].tolist()
            left = int(self.content[alloy].sum()) - sum(wanted)
            if left <= len(heats):
                wanted[0] += left
                left = 0
            shares = [*wanted, left] if left else wanted
            made = self.doors.divide(lot, shares, [mark] * len(shares)) if len(shares) > 1 else [lot]
            for heat, part in zip(heats, made, strict=False):
                parts[heat].append(self.doors.melt(part, "returned", ALLOYS[alloy], "", loss))
            self.boxes[alloy] = [entry for entry in box if entry[0] > now]
            if left:
                self.boxes[alloy].append((now, made[-1]))
            gone(len(ready) - bool(left))
