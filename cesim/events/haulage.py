"""Trucks: lots travel by the load, and a load takes its time there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from cesim.events.faults import refuse
from cesim.events.furnace import Batch, Furnace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.events.facility import Facility
    from cesim.events.simulation import Simulation


class Haulage(Furnace):
    """A haulier's fleet: lots wait at its dock until a load is full (or patience is over) and a truck is there.

    A load goes from one facility to one other. Its lots are on the road until they are unloaded, where there is room;
    then the truck drives back empty. One shipment is one event and one row of the table `shipment`.

    Parameters
    ----------
    simulation, name, place, limit, capacity, patience_s
        See `Furnace`.
    trucks
        In the fleet.
    routes
        Seconds one way and metres, by the names of the two facilities.

    Raises
    ------
    InputError
        What `Furnace` raises; ``facility_unreachable`` for a load between facilities without a route.
    """

    kind: ClassVar[str] = "haulage"

    def __init__(
        self,
        simulation: Simulation,
        name: str,
        routes: Mapping[tuple[str, str], tuple[int, int]],
        place: str = "",
        limit: int | None = None,
        capacity: int = 1,
        trucks: int = 1,
        patience_s: int | None = None,
    ) -> None:
        super().__init__(simulation, name, place, limit, capacity, trucks, patience_s)
        self.routes = dict(routes)
        self._roads: dict[str, tuple[Facility, Facility, int, int]] = {}
        self._roads_of: dict[int, str] = {}

    def carry(self, lot: int, origin: Facility, to: Facility) -> None:
        """Take a lot at a facility, to be brought to another."""
        road = f"{origin.name} > {to.name}"
        if road not in self._roads:
            self._roads[road] = (origin, to, *self._route(origin, to))
        self._roads_of[lot] = road
        origin.send(lot, self)

    def _route(self, origin: Facility, to: Facility) -> tuple[int, int]:
        route = self.routes.get((origin.name, to.name))
        if route is None:
            raise refuse("facility_unreachable", to.name, found=origin.name, allowed=[b for _, b in self.routes])
        return route

    def grade(self, lot: int) -> str:
        """Lots of one road wait for one load."""
        return self._roads_of[lot]

    def seconds(self, batch: list[int]) -> int:
        """Seconds on the road, one way."""
        return self._roads[self._roads_of[batch[0]]][2]

    def _done(self, batch: Batch) -> None:
        """Unload: all at once where there is room for all."""
        origin, to, _, metres = self._roads[batch.grade]
        event = self.lots._next_event
        for lot in batch.lots:
            del self._roads_of[lot]
        if to.outside or (to.limit is not None and to.inside + len(batch.lots) > to.limit):
            for lot in batch.lots:
                self.send(lot, to)
        else:
            self.lots.move(batch.lots, self.code, to.code)
            for lot in batch.lots:
                to.receive(lot)
        values = (event, batch.started, self.clock._now, self.code, origin.code, to.code, len(batch.lots), metres)
        names = ("event", "departed_s", "arrived_s", "haulage", "facility", "facility_to", "lots", "distance_m")
        self.lots.ledger.add("shipment", {k: np.array([v]) for k, v in zip(names, values, strict=True)})

    def _free(self, job: Batch) -> None:
        """Drive back."""
        self.clock.call_in(self._roads[job.grade][2], self._back, job)

    def _back(self, job: Batch) -> None:
        super()._free(job)
