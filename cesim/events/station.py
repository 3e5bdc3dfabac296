"""A facility with servers that each work on one lot at a time, and a waiting line."""

from __future__ import annotations

from collections import deque
from heapq import heappush
from typing import TYPE_CHECKING, ClassVar

from simpy.events import NORMAL

from cesim.events.facility import Facility, whole
from cesim.events.faults import refuse
from cesim.events.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.events.simulation import Simulation


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

    __slots__ = ("_closed", "_ends", "_finishing", "_halted", "_left_over", "_line", "_lines", "_one_line", "_open")
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
        self._one_line = not order and type(self).grade is Station.grade
        self._line: deque[int] = deque()
        self._lines: Waiting[int] = Waiting(order)
        self._ends: dict[int, int] = {}
        self._left_over: dict[int, int] = {}
        self._closed = self._halted = 0
        self._finishing = self._finish  # made once, because a run asks for it with every lot

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

    # lots; counts and areas are kept up in the line, because this is what a run does most

    def receive(self, lot: int) -> None:
        """Take in a lot: it is worked on if a server is free, and waits otherwise."""
        now = self.clock._now
        passed = now - self._changed
        if passed:
            self._inside_area += self.inside * passed
            self._busy_area += self.busy * passed
            self._changed = now
        self.inside += 1
        self.came += 1
        self._came_sum += now
        if self.busy < self._open:
            self.busy += 1
            self._begin(lot, now)
        elif self._one_line:
            self._line.append(lot)
        else:
            self._lines.put(lot, self.grade(lot))

    def _begin(self, lot: int, now: int) -> None:
        """Let a server, already counted as busy, begin with a lot."""
        seconds = self.seconds(lot)
        if type(seconds) is not int or seconds < 0:
            raise refuse("facility_number", self.name, field="seconds", found=seconds, limits=">= 0")
        self._begun_sum += now
        self._ends[lot] = end = now + seconds
        clock = self.clock  # `call_at`, without the call
        clock._written += 1
        heappush(clock._queue, (end, NORMAL, clock._written, self._finishing, lot))

    def _finish(self, lot: int) -> None:
        now = self.clock._now
        end = self._ends.pop(lot, -1)
        if end != now:  # halted meanwhile: it ends later
            if end >= 0:
                self._ends[lot] = end
            return
        self._job = lot
        self.done(lot)
        self._job = None
        if self._ticket is None:
            self._released(lot)
        else:
            self._ticket = None

    def _released(self, job: object) -> None:  # noqa: ARG002 -- which of the servers it is makes no difference
        """Let the server of a lot go on with the next."""
        now = self.clock._now
        passed = now - self._changed
        if passed:
            self._inside_area += self.inside * passed
            self._busy_area += self.busy * passed
            self._changed = now
        self.inside -= 1
        self.left += 1
        self._left_sum += now
        if self.inside >= self.busy and self.busy <= self._open:  # somebody waits, and work goes on
            self._begin(self._line.popleft() if self._one_line else self._lines.take(), now)
        else:
            self.busy -= 1
        if self.outside:
            self._let_in()

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
        """Stop at once: what is begun waits where it is, and holds its server."""
        self._halted += 1
        self._open = 0
        if self._halted == 1:
            now = self.clock._now
            self._left_over = {lot: end - now for lot, end in self._ends.items()}
            self._ends.clear()

    def resume(self, _: object = None) -> None:
        """Go on with what was stopped."""
        self._halted = self._fewer("halted", self._halted)
        if not self._halted:
            now = self.clock._now
            for lot, seconds in self._left_over.items():
                self._ends[lot] = now + seconds
                self.clock.call_in(seconds, self._finish, lot)
            self._left_over = {}
        self._reopen()

    def _fewer(self, what: str, count: int) -> int:
        if not count:
            raise refuse("facility_not_stopped", self.name, found=what)
        return count - 1

    def _reopen(self) -> None:
        if self._closed or self._halted:
            return
        self._open = self.servers
        self._tally()
        while self.inside > self.busy and self.busy < self._open:
            self.busy += 1
            self._begin(self._line.popleft() if self._one_line else self._lines.take(), self.clock._now)
