"""A facility with servers that each work on one lot at a time, and a waiting line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cesim.events.facility import Facility, whole
from cesim.events.faults import refuse
from cesim.events.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.events.simulation import Simulation

_LOT, _ENTERED, _STARTED, _END, _LEFT = range(5)
"""What a job is: a lot, when it came, when work began, when it ends (-1: not fixed), seconds left when halted."""


class Station(Facility):
    """A counter with so many servers: a lot is served by one of them, for the seconds that `seconds` says.

    A type of one's own says how long a lot takes (`seconds`), what is done with it (`done`), and, where lines are kept
    by grade, what its grade is (`grade`).

    Parameters
    ----------
    simulation, name, place, limit
        See `Facility`.
    servers
        Lots worked on side by side.
    order
        Grades in the order in which they are served; none: the longest waiting first.

    Raises
    ------
    InputError
        What `Facility` raises; ``facility_number`` for fewer than one server.
    """

    kind: ClassVar[str] = "station"

    def __init__(
        self,
        simulation: Simulation,
        name: str,
        place: str = "",
        limit: int | None = None,
        servers: int = 1,
        order: Sequence[str] = (),
    ) -> None:
        super().__init__(simulation, name, place, limit)
        self.servers = self._open = whole(name, "servers", servers, 1)
        self._line: Waiting[list[int]] = Waiting(order)
        self._working: dict[int, list[int]] = {}
        self._closed = self._halted = 0

    # what a station of one's own says

    def seconds(self, lot: int) -> int:
        """Return how long work on a lot takes."""
        raise NotImplementedError

    def done(self, lot: int) -> None:
        """Do with a lot what is done with it here, and send on what comes of it."""
        raise NotImplementedError

    def grade(self, lot: int) -> str:
        """Return the line in which a lot waits; all in one unless a station says otherwise."""
        del lot
        return ""

    # lots

    def receive(self, lot: int) -> None:
        """Take in a lot: it is worked on if a server is free, and waits otherwise."""
        now = self.clock._now
        self._tally()
        self.inside += 1
        self.came += 1
        self._entered += now
        job = [lot, now, -1, -1, 0]
        if self.busy < self._open:
            self._start(job, now)
            return
        self.waiting += 1
        self._queued += now
        if self.waiting > self.most_waiting:
            self.most_waiting = self.waiting
        self._line.put(job, self.grade(lot))

    def _start(self, job: list[int], now: int) -> None:
        lot = job[_LOT]
        seconds = self.seconds(lot)
        job[_STARTED], job[_END] = now, now + seconds
        self.busy += 1
        self._started += now
        self._waits += now - job[_ENTERED]
        self._working[lot] = job
        self.clock.call_in(seconds, self._finish, job)

    def _finish(self, job: list[int]) -> None:
        if job[_END] != self.clock._now:  # halted meanwhile: it ends later
            return
        job[_END] = -1
        del self._working[job[_LOT]]
        self._job = job
        self.done(job[_LOT])
        ticket, self._ticket, self._job = self._ticket, None, None
        if ticket is None:
            self._released(job)

    def _released(self, job: object) -> None:
        """Let the server of a job go on with the next."""
        if not isinstance(job, list):
            raise TypeError(job)
        now = self.clock._now
        self._tally()
        self.inside -= 1
        self.left += 1
        self.busy -= 1
        self._entered -= job[_ENTERED]
        self._sojourns += now - job[_ENTERED]
        self._started -= job[_STARTED]
        self._services += now - job[_STARTED]
        if self.waiting:
            self._go_on(now)
        if self.outside:
            self._let_in()

    def _go_on(self, now: int) -> None:
        while self.waiting and self.busy < self._open:
            job = self._line.take()
            self.waiting -= 1
            self._queued -= job[_ENTERED]
            self._start(job, now)

    # shifts and outages

    def close(self, _: object = None) -> None:
        """Begin nothing more; what is begun is finished."""
        self._closed += 1
        self._open = 0

    def open(self, _: object = None) -> None:
        """Begin again."""
        self._closed = self._fewer("closed", self._closed)
        self._reopen()

    def halt(self, _: object = None) -> None:
        """Stop at once: what is begun waits where it is."""
        self._halted += 1
        self._open = 0
        if self._halted == 1:
            now = self.clock._now
            for job in self._working.values():
                job[_LEFT], job[_END] = job[_END] - now, -1

    def resume(self, _: object = None) -> None:
        """Go on with what was stopped."""
        self._halted = self._fewer("halted", self._halted)
        if not self._halted:
            now = self.clock._now
            for job in self._working.values():
                job[_END] = now + job[_LEFT]
                self.clock.call_in(job[_LEFT], self._finish, job)
        self._reopen()

    def _fewer(self, what: str, count: int) -> int:
        if not count:
            raise refuse("facility_not_stopped", self.name, found=what)
        return count - 1

    def _reopen(self) -> None:
        if not self._closed and not self._halted:
            self._open = self.servers
            self._tally()
            self._go_on(self.clock._now)
