"""A place where lots come in, wait, are worked on and leave; what all facilities have in common."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cesim.events.faults import refuse

if TYPE_CHECKING:
    from cesim.events.draws import Stream
    from cesim.events.simulation import Simulation


@dataclass(frozen=True)
class Statistics:
    """What a facility has seen up to a second.

    Areas are counts times seconds: kept up as things change. Sums are of single lots, from their own times. Little's
    law says that they agree (`cesim.events.laws`).
    """

    facility: str
    seconds: int
    servers: int
    came: int
    left: int
    inside: int
    """Lots, waiting or worked on."""
    busy: int
    """Servers held."""
    inside_area: int
    waiting_area: int
    busy_area: int
    sojourn_sum: int
    """Seconds of lots inside: those that left, and those that are there so far."""
    wait_sum: int
    """Seconds of lots before work on them began, so far."""
    service_sum: int
    """Seconds of servers held, so far."""

    @property
    def utilisation(self) -> float:
        """Share of the servers' time in which they were held."""
        return self.busy_area / (self.servers * self.seconds) if self.servers * self.seconds else 0.0

    @property
    def mean_inside(self) -> float:
        """Lots inside, in the mean over time."""
        return self.inside_area / self.seconds if self.seconds else 0.0

    @property
    def mean_waiting(self) -> float:
        """Lots waiting, in the mean over time."""
        return self.waiting_area / self.seconds if self.seconds else 0.0

    @property
    def mean_wait(self) -> float:
        """Seconds a lot waits, in the mean over those that came."""
        return self.wait_sum / self.came if self.came else 0.0


class Ticket:
    """Held by who waits with lots that the next facility has no room for yet."""

    __slots__ = ("count", "job")

    def __init__(self, job: object) -> None:
        self.count, self.job = 0, job


class Facility:
    """A fence with a gate: lots come in where there is room, and otherwise wait outside, where they were.

    Parameters
    ----------
    simulation
        The run that it belongs to; it is entered there under its name.
    name
        Of its own, such as ``shredder Nagoya``; also of its streams of draws.
    place
        Where it stands, such as a prefecture.
    limit
        Lots for which there is room, including those worked on.

    Raises
    ------
    InputError
        ``name_twice``; ``facility_number`` for a limit below 1.
    """

    # slots, because counts and sums are what a run changes most; a facility of one's own may keep what it likes
    __slots__ = (
        "_begun_sum", "_busy_area", "_came_sum", "_changed", "_inside_area", "_job", "_left_sum", "_since", "_ticket",
        "busy", "came", "clock", "code", "inside", "left", "limit", "lots", "name", "outside", "place", "servers",
        "simulation",
    )  # fmt: skip
    kind: ClassVar[str] = "facility"

    def __init__(self, simulation: Simulation, name: str, place: str = "", limit: int | None = None) -> None:
        self.name, self.place = name, place
        self.limit = limit if limit is None else whole(name, "limit", limit, 1)
        self.simulation = simulation
        self.clock, self.lots = simulation.clock, simulation.lots
        self.code = simulation.enter(self)
        self.outside: deque[tuple[Facility, int, Ticket | None]] = deque()
        """Who waits for room, with which lot."""
        self._ticket: Ticket | None = None
        self._job: object = None
        self.servers = self.busy = self.inside = self.came = self.left = 0
        self._since = self._changed = self.clock._now
        self._inside_area = self._busy_area = 0
        self._came_sum = self._begun_sum = self._left_sum = 0  # seconds at which lots came, were begun, left

    # what a facility of one's own does

    def receive(self, lot: int) -> None:
        """Take in a lot that has come through the gate."""
        raise NotImplementedError

    # what all of them can do

    def has_room(self) -> bool:
        """Say whether one more lot may come in."""
        return self.limit is None or self.inside < self.limit

    def send(self, lot: int, to: Facility) -> None:
        """Bring a lot to another facility; where there is no room it waits here, and holds what worked on it."""
        if to.outside or not to.has_room():
            if self._job is not None and self._ticket is None:
                self._ticket = Ticket(self._job)
            if self._ticket is not None:
                self._ticket.count += 1
            to.outside.append((self, lot, self._ticket))
            return
        self.lots.move_one(lot, self.code, to.code)
        to.receive(lot)

    def ship(self, lot: int, sink: str) -> None:
        """Let a lot leave the system."""
        self.lots.ship(lot, sink, self.code)

    def draws(self, purpose: str) -> Stream:
        """Return the facility's own stream of draws for a purpose."""
        return self.simulation.draws.stream(f"{self.name}.{purpose}")

    def statistics(self) -> Statistics:
        """Return what it has seen until now."""
        self._tally()
        now = self.clock._now
        return Statistics(
            self.name, now - self._since, self.servers, self.came, self.left, self.inside, self.busy,
            self._inside_area, self._waiting_area(), self._busy_area,
            self.inside * now + self._left_sum - self._came_sum,
            self._wait_sum(now), self._service_sum(now),
        )  # fmt: skip

    def _waiting_area(self) -> int:
        """Lots waiting, times seconds; a server works on one lot unless a facility says otherwise."""
        return self._inside_area - self._busy_area

    def _wait_sum(self, now: int) -> int:
        """Seconds of lots before work on them began."""
        return (self.inside - self.busy) * now + self._begun_sum - self._came_sum

    def _service_sum(self, now: int) -> int:
        """Seconds of servers held."""
        return self.busy * now + self._left_sum - self._begun_sum

    # between facilities

    def handed(self, lot: int, to: Facility, ticket: Ticket | None) -> None:
        """Hand over a lot that was waiting for room at another facility."""
        self.lots.move_one(lot, self.code, to.code)
        to.receive(lot)
        if ticket is not None:
            ticket.count -= 1
            if not ticket.count:
                self._released(ticket.job)

    def _let_in(self) -> None:
        while self.outside and self.has_room():
            facility, lot, ticket = self.outside.popleft()
            facility.handed(lot, self, ticket)

    def _released(self, job: object) -> None:
        """Go on after the lots of a job have found room."""
        raise NotImplementedError

    # statistics: whatever changes a count calls `_tally` first

    def _tally(self) -> None:
        passed = self.clock._now - self._changed
        if passed:
            self._inside_area += self.inside * passed
            self._busy_area += self.busy * passed
            self._changed += passed


def whole(name: str, field: str, value: object, least: int) -> int:
    """Return a whole number that is not below the least.

    Raises
    ------
    InputError
        ``facility_number``
    """
    if type(value) is not int or value < least:
        raise refuse("facility_number", name, field=field, found=value, limits=f">= {least}")
    return value
