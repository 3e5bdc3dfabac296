"""A facility that works on lots by the batch: a furnace of so many lots, or of so many tonnes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cesim.events.facility import Facility, whole
from cesim.events.faults import refuse

if TYPE_CHECKING:
    from cesim.events.simulation import Simulation


@dataclass(eq=False, slots=True)
class Batch:
    """Lots that are worked on together."""

    grade: str
    lots: list[int]
    started: int


class Furnace(Facility):
    """A pot that is filled before it is heated: lots of a grade wait until they fill it.

    A type of one's own says how long a batch takes (`seconds`), what comes of it (`done`), how much a lot takes up
    (`size`, one unless said otherwise; a mass in mg makes it a furnace of tonnes), and the pile it lies in (`grade`).

    Parameters
    ----------
    simulation, name, place, limit
        See `Facility`.
    capacity
        Of one batch, in the unit of `size`. A batch takes lots in the order in which they came, as many as fit.
    machines
        Batches side by side.
    patience_s
        Seconds after which the longest waiting lot is worked on though its batch is not full.

    Raises
    ------
    InputError
        What `Facility` raises; ``facility_number``; ``lot_above_capacity`` when a lot comes that fits in no batch.
    """

    kind: ClassVar[str] = "furnace"

    def __init__(
        self,
        simulation: Simulation,
        name: str,
        place: str = "",
        limit: int | None = None,
        capacity: int = 1,
        machines: int = 1,
        patience_s: int | None = None,
    ) -> None:
        super().__init__(simulation, name, place, limit)
        self.capacity = whole(name, "capacity", capacity, 1)
        self.servers = whole(name, "machines", machines, 1)
        self.patience_s = patience_s if patience_s is None else whole(name, "patience_s", patience_s, 0)
        self._piles: dict[str, deque[tuple[int, int, int]]] = {}
        self._sizes: dict[str, int] = {}
        self.waiting = 0
        self._stood = self._waits = self._waited = self._ended_sum = 0
        self.batches = 0
        """Batches that were begun: the identity of the next one's draws."""

    # what a furnace of one's own says

    def seconds(self, batch: list[int]) -> int:
        """Return how long a batch takes."""
        raise NotImplementedError

    def done(self, batch: list[int]) -> None:
        """Do with a batch what is done with it here, and send on what comes of it."""
        raise NotImplementedError

    def size(self, lot: int) -> int:
        """Return how much of the capacity a lot takes up."""
        del lot
        return 1

    def grade(self, lot: int) -> str:
        """Return the pile in which a lot waits; all in one unless a furnace says otherwise."""
        del lot
        return ""

    # lots

    def receive(self, lot: int) -> None:
        """Take in a lot; a batch is begun where one is full and a machine is free."""
        now, size, grade = self.clock._now, self.size(lot), self.grade(lot)
        if size > self.capacity:
            raise refuse("lot_above_capacity", self.name, found=size, allowed=self.capacity)
        self._tally()
        self.inside += 1
        self.came += 1
        self.waiting += 1
        self._came_sum += now
        self._piles.setdefault(grade, deque()).append((lot, now, size))
        self._sizes[grade] = self._sizes.get(grade, 0) + size
        if self.patience_s is not None:
            self.clock.call_in(self.patience_s, self._charge)
        self._charge()

    def _charge(self, _: object = None) -> None:
        """Begin batches, the longest waiting pile first, while there are machines and piles that are ready."""
        now = self.clock._now
        while self.busy < self.servers:
            ready = [(pile[0][1], pile[0][0], grade) for grade, pile in self._piles.items() if self._ready(grade, now)]
            if not ready:
                return
            self._begin(min(ready)[2], now)

    def _ready(self, grade: str, now: int) -> bool:
        pile = self._piles[grade]
        if not pile:
            return False
        return self._sizes[grade] >= self.capacity or (
            self.patience_s is not None and now - pile[0][1] >= self.patience_s
        )

    def _begin(self, grade: str, now: int) -> None:
        pile, batch, full = self._piles[grade], Batch(grade, [], now), 0
        self._tally()
        while pile and full + pile[0][2] <= self.capacity:
            lot, entered, size = pile.popleft()
            batch.lots.append(lot)
            full += size
            self._waits += now - entered
            self._waited += entered
        self._sizes[grade] -= full
        self.waiting -= len(batch.lots)
        self.busy += 1
        self.batches += 1
        self._begun_sum += now
        self.clock.call_in(self.seconds(batch.lots), self._finish, batch)

    def _finish(self, batch: Batch) -> None:
        self._job = batch
        self._done(batch)
        ticket, self._ticket, self._job = self._ticket, None, None
        if ticket is None:
            self._released(batch)

    def _done(self, batch: Batch) -> None:
        self.done(batch.lots)

    def _released(self, job: object) -> None:
        """Let the machine of a batch go on with the next."""
        if not isinstance(job, Batch):
            raise TypeError(job)
        now = self.clock._now
        self._tally()
        self.inside -= len(job.lots)
        self.left += len(job.lots)
        self._left_sum += now * len(job.lots)
        self._free(job)
        if self.outside:
            self._let_in()

    def _free(self, job: Batch) -> None:  # noqa: ARG002 -- a haulier's machine must know where it is
        self._tally()
        self.busy -= 1
        self._ended_sum += self.clock._now
        self._charge()

    # statistics: a batch holds one machine, and many lots

    def _tally(self) -> None:
        self._stood += self.waiting * (self.clock._now - self._changed)
        super()._tally()

    def _waiting_area(self) -> int:
        return self._stood

    def _wait_sum(self, now: int) -> int:
        return self._waits + self.waiting * now - (self._came_sum - self._waited)

    def _service_sum(self, now: int) -> int:
        return self.busy * now + self._ended_sum - self._begun_sum
