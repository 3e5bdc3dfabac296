"""CMP, the platform for chemicals and circularity of products, as its public requirements of March 2024 read.

Public: somebody asks for the composition of a product; whoever is asked accepts with a date or refuses with a reason,
answers, and may answer again; whoever asked approves or returns an answer, and one that lies too long counts as
approved; reminders may be sent; answers are full (FSD), full with undisclosed substances (FSR) or full by mass with
anonymous ones (FMD). Our reading: the hours people need, the days until an answer counts as approved, and that a grade
of a region in a quarter is one product. No claim of compatibility: no schema is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final
from zlib import crc32

from cesim.trace.platforms.answering import DAY, HOUR, Desk

if TYPE_CHECKING:
    from cesim.trace.luck import Luck
    from cesim.trace.network_plan import CompositionPlan

_MOST_VERSIONS: Final = 5
"""Nobody returns an answer more often; a modelling limit."""


@dataclass(slots=True)
class Traffic:
    """How many messages went through the platform."""

    requests: int = 0
    refusals: int = 0
    answers: int = 0
    approvals: int = 0
    returns: int = 0
    deemed: int = 0
    reminders: int = 0
    lookups: int = 0


class Compositions:
    """Compositions that are asked for once and read many times.

    Parameters
    ----------
    plan
        Who answers, how fast, how fully.
    luck
        Keyed by the name of what is asked for.
    """

    def __init__(self, plan: CompositionPlan, luck: Luck) -> None:
        self.plan, self.luck = plan, luck
        self.desk = Desk(plan.people, plan.working)
        self.traffic = Traffic()
        self._ready: dict[str, int | None] = {}
        """Second from which a composition can be read; none where the request was refused."""
        self._asked: set[str] = set()
        self._coming: list[tuple[int, str, int]] = []
        """Requests and returned answers on their way to the desk: second, name, version."""
        self._wakes: list[int] = []
        """Seconds from which something more can be read."""

    def declared(self, name: str) -> int:
        """Return in which class an answer will be given, place in `DECLARATIONS`."""
        chance = self._at(name, "declared")
        full, registered, _ = self.plan.declared
        return 0 if chance < full else 1 if chance < full + registered else 2

    def request(self, name: str, second: int) -> None:
        """Ask for a composition; the first to ask counts."""
        self.traffic.lookups += 1
        if name not in self._asked:
            heappush(self._coming, (second, name, 0))

    def ready(self, name: str) -> int | None:
        """Return the second from which a composition can be read; none where it is not known yet, or never."""
        return self._ready.get(name)

    def next_wake(self) -> int | None:
        """Return when something next reaches the desk or can be read; none where nothing is under way."""
        return min([*(one[0] for one in self._coming[:1]), *self._wakes[:1]], default=None)

    def advance(self, now: int) -> None:
        """Let everything that reaches the desk until a second be worked on, in the order of time."""
        while self._coming and self._coming[0][0] <= now:
            second, name, version = heappop(self._coming)
            if version == 0 and name in self._asked:
                continue
            self._asked.add(name)
            self._answer(second, name, version)
        while self._wakes and self._wakes[0] <= now:
            heappop(self._wakes)

    def _answer(self, second: int, name: str, version: int) -> None:
        plan = self.plan
        if version == 0:
            self.traffic.requests += 1
            if self._at(name, "refused") < plan.refused:
                self.traffic.refusals += 1
                self._ready[name] = None
                return
        work = self.luck.duration("cmp.work", _identity(name, version), plan.answer_hours * HOUR, plan.answer_cv)
        answered = self.desk.answer(second, max(1, round(work)))
        self.traffic.answers += 1
        self.traffic.reminders += int((answered - second) // (plan.reminder_days * DAY))
        review = self.luck.duration("cmp.review", _identity(name, version), plan.review_days * DAY, plan.review_cv)
        if review > plan.deemed_days * DAY:
            self.traffic.deemed += 1
            self._open(name, answered + round(plan.deemed_days * DAY))
        elif version < _MOST_VERSIONS and self._at(name, "returned", version) < plan.returned:
            self.traffic.returns += 1
            heappush(self._coming, (answered + round(review), name, version + 1))
        else:
            self.traffic.approvals += 1
            self._open(name, answered + round(review))

    def _open(self, name: str, second: int) -> None:
        self._ready[name] = second
        heappush(self._wakes, second)

    def _at(self, name: str, purpose: str, version: int = 0) -> float:
        return self.luck.at(f"cmp.{purpose}", _identity(name, version))


def _identity(name: str, version: int) -> int:
    return (crc32(name.encode()) << 3) + version
