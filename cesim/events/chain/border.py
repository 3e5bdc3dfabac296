"""What comes in from regions that are not simulated lot by lot: loads, evenly over the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from cesim.events.chain.material import COLUMNS, COUNT
from cesim.events.facility import Facility
from cesim.ledger.substances import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cesim.events.rules import Mark

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

SOURCE: Final = "from_elsewhere"
"""Account of what comes in."""
SOURCES: Final = (SOURCE,)
_MG: Final = 1e9


class Border(Facility):
    """Where loads come in and are handed to the facility they are for."""

    kind: ClassVar[str] = "border"

    def bring(self, mass: Floats, load_t: float, mark: Mark, begin: int, end: int, to: Callable[[int], object]) -> None:
        """Bring a mass evenly between two seconds, in loads that together hold it to the milligram.

        Parameters
        ----------
        mass : (pair,)
            t of what was in scrapped cars.
        load_t
            Of a load, about.
        mark
            Of a load.
        begin, end
            s
        to
            Takes a load, which is at this facility.
        """
        whole = np.rint(mass * _MG).astype(np.int64)
        if not whole.any():
            return
        loads = int(np.ceil(mass.sum() / load_t))
        row = _row(whole // loads)
        last = _row(whole - (loads - 1) * (whole // loads))
        span = end - begin
        self.clock.call_at(begin + span // (2 * loads), self._come, (0, loads, row, last, mark, begin, span, to))

    def _come(self, what: tuple[int, int, Whole, Whole, Mark, int, int, Callable[[int], object]]) -> None:
        number, loads, row, last, mark, begin, span, to = what
        lot = self.lots.create(last if number == loads - 1 else row, mark, SOURCE, self.code)
        to(lot)
        if number + 1 < loads:
            when = begin + (2 * number + 3) * span // (2 * loads)
            self.clock.call_at(when, self._come, (number + 1, *what[1:]))


def _row(pairs: Whole) -> Whole:
    row = np.zeros(COLUMNS.width, dtype=np.int64)
    row[:COUNT] = pairs
    row[COUNT + ORIGINS.index("post_elv")] = pairs.sum()
    row.setflags(write=False)
    return row
