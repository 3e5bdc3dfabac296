"""Cars at the end of their life: handed over month by month, each at its own time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from cesim.events.chain.material import COLUMNS, COUNT
from cesim.events.facility import Facility
from cesim.ledger.substances import ORIGINS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.chain.dismantling import Dismantler
    from cesim.events.chain.plan import Arrivals
    from cesim.events.simulation import Simulation

    Whole = NDArray[np.int64]

SOURCE: Final = "taken_back"
"""Account from which cars come."""
SOURCES: Final = (SOURCE,)
FLOWS: Final = {"car": ("take_back", "dismantling")}
SERIALS: Final = 10_000_000_000
"""Serials of a year; those of a region are a hundredth of it."""

LARGEST: Final = 2**49
"""Milligrams of a lot, where all cars come at once."""


def second_of(year: int, month: int, first: int) -> int:
    """Return the second at which a month begins, from the beginning of a first year; month 13 is the next January."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return int((datetime(year, month, 1, tzinfo=UTC) - datetime(first, 1, 1, tzinfo=UTC)).total_seconds())


class Gate(Facility):
    """Hands the cars of a region's owners, and of those who bring theirs here, to its dismantlers.

    The cars of a month come in an order that is drawn, spread evenly over the month. A car that finds no room waits
    with its owner.

    Parameters
    ----------
    simulation, name, place
        See `Facility`.
    region
        Number of the region.
    dismantler
        Who takes the cars.
    first_year
        In which the run begins.
    batch
        Cars of a type that come as one lot.
    instant
        All cars of a year come at its beginning, as few lots.
    """

    kind: ClassVar[str] = "take_back"

    def __init__(
        self,
        simulation: Simulation,
        name: str,
        place: str,
        region: int,
        dismantler: Dismantler,
        first_year: int,
        regions: tuple[str, ...],
        batch: int = 1,
        instant: bool = False,
    ) -> None:
        super().__init__(simulation, name, place)
        self.region, self.dismantler, self.first_year, self.batch = region, dismantler, first_year, batch
        self.instant = instant
        self.marks = [self.lots.mark("car", owner=origin) for origin in regions]
        self._coming: list[tuple[int, int, int, Any]] = []
        self.cars_in: dict[int, int] = {}
        """Cars handed over, by year."""

    @property
    def cars(self) -> int:
        """Return how many cars were handed over."""
        return sum(self.cars_in.values())

    def open_year(self, year: int, arrivals: Arrivals) -> None:
        """Enter the cars of a year that begins now."""
        self._year = year
        self.cars_in[year] = 0
        serial = (year - self.first_year) * SERIALS + self.region * (SERIALS // 100)
        origins = np.flatnonzero(arrivals.counts[:, self.region].sum(axis=(1, 2))).tolist()
        if self.instant:
            self.dismantler.open_serials(serial, 0)
            for origin in origins:
                self._all_at_once(origin, arrivals)
            return
        coming: list[tuple[int, int, int, Any]] = []
        rows: dict[tuple[int, int, int], Whole] = {}
        for month in range(12):
            counts = arrivals.counts[:, self.region, month]
            lots = [
                (int(o), int(t), min(self.batch, int(counts[o, t]) - done))
                for o, t in zip(*np.nonzero(counts), strict=True)
                for done in range(0, int(counts[o, t]), self.batch)
            ]
            begin, end = (second_of(year, month + n, self.first_year) for n in (1, 2))
            luck = self.draws("order").some(serial + len(coming), len(lots))
            for place, at in enumerate(np.argsort(luck, kind="stable").tolist()):
                origin, type_, count = lots[at]
                key = (origin, type_, count)
                if key not in rows:
                    rows[key] = _row(arrivals.rows[origin, self.region, type_] * count)
                second = begin + (2 * place + 1) * (end - begin) // (2 * len(lots))
                coming.append((second, origin, count, rows[key]))
        for origin in origins:  # the last car of each region carries what rounding leaves
            at = max(n for n, one in enumerate(coming) if one[1] == origin)
            second, _, count, row = coming[at]
            coming[at] = (second, origin, count, _row(row[:COUNT] + arrivals.rest[origin, self.region]))
        self._coming = coming[::-1]
        self._serial = serial
        self.dismantler.open_serials(serial, len(coming))
        if coming:
            self.clock.call_at(coming[0][0], self._hand_over)

    def _all_at_once(self, origin: int, arrivals: Arrivals) -> None:
        """Hand over the cars of an owners' region, in lots as large as a lot may be."""
        of_type = arrivals.counts[origin, self.region].sum(axis=0)
        whole = of_type @ arrivals.rows[origin, self.region] + arrivals.rest[origin, self.region]
        lots = int(whole.sum() // LARGEST) + 1
        for number in range(lots):
            row = _row(whole * (number + 1) // lots - whole * number // lots)
            count = int(of_type.sum()) if number == 0 else 0
            lot = self.lots.create(row, self.marks[origin], SOURCE, self.code, count, number)
            self.cars_in[self._year] += count
            self.send(lot, self.dismantler)

    def _hand_over(self, _: object) -> None:
        _, origin, count, row = self._coming.pop()
        lot = self.lots.create(row, self.marks[origin], SOURCE, self.code, count, self._serial)
        if count > 1:
            self.dismantler.cars_of[lot] = count
        self._serial += 1
        self.cars_in[self._year] += count
        self.send(lot, self.dismantler)
        if self._coming:
            self.clock.call_at(self._coming[-1][0], self._hand_over)


def _row(pairs: Whole) -> Whole:
    """A composition of what was in use: all of it post-consumer."""
    row = np.zeros(COLUMNS.width, dtype=np.int64)
    row[:COUNT] = pairs
    row[COUNT + ORIGINS.index("post_elv")] = pairs.sum()
    row.setflags(write=False)
    return row
