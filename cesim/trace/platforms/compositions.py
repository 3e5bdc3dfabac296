"""Compositions of what is sold, as they come out of CMP: asked for once, answered by people, read many times.

A grade of a region in a quarter is taken as one product (our reading; CMP knows products of car makers and their
suppliers). What happens to a request is in `exchange`; here is who answers, how fast and how fully.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final
from zlib import crc32

from cesim.trace.platforms.answering import DAY, HOUR, Desk
from cesim.trace.platforms.exchange import Exchange, Traffic

if TYPE_CHECKING:
    from cesim.trace.platforms.luck import Luck
    from cesim.trace.platforms.network_plan import CompositionPlan

_MOST_VERSIONS: Final = 5
"""Nobody returns an answer more often; a modelling limit."""


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
        self._exchanges: dict[str, Exchange] = {}
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
        if name not in self._exchanges:
            heappush(self._coming, (second, name, 0))

    def ready(self, name: str) -> int | None:
        """Return the second from which a composition can be read; none where it is not known yet, or never."""
        held = self._exchanges.get(name)
        return None if held is None else held.readable_s

    def next_wake(self) -> int | None:
        """Return when something next reaches the desk or can be read; none where nothing is under way."""
        return min([*(one[0] for one in self._coming[:1]), *self._wakes[:1]], default=None)

    def advance(self, now: int) -> None:
        """Let everything that reaches the desk until a second be worked on, in the order of time."""
        while self._coming and self._coming[0][0] <= now:
            second, name, version = heappop(self._coming)
            if version > 0 or name not in self._exchanges:
                self._answer(second, name, version)
        while self._wakes and self._wakes[0] <= now:
            heappop(self._wakes)

    def _answer(self, second: int, name: str, version: int) -> None:
        plan = self.plan
        if version == 0:
            self._exchanges[name] = Exchange(name, second, round(plan.deemed_days * DAY), traffic=self.traffic)
        exchange = self._exchanges[name]
        if version == 0 and self._at(name, "refused") < plan.refused:
            exchange.refuse(second, "not given")
            return
        work = self.luck.duration("cmp.work", _identity(name, version), plan.answer_hours * HOUR, plan.answer_cv)
        answered = self.desk.answer(second, max(1, round(work)))
        if version == 0:
            exchange.accept(second, answered)
        self._remind(exchange, second, answered)
        exchange.answer(answered, version)
        self._review(exchange, answered, version)

    def _remind(self, exchange: Exchange, second: int, answered: int) -> None:
        every = max(1, round(self.plan.reminder_days * DAY))
        for late in range(second + every, answered, every):
            exchange.remind(late)

    def _review(self, exchange: Exchange, answered: int, version: int) -> None:
        """Let whoever asked look at an answer, unless it counts as approved before."""
        plan, name = self.plan, exchange.name
        days = self.luck.duration("cmp.review", _identity(name, version), plan.review_days, plan.review_cv)
        looked = answered + round(days * DAY)
        if looked >= answered + exchange.deemed_s:
            exchange.settle(looked)
        elif version < _MOST_VERSIONS and self._at(name, "returned", version) < plan.returned:
            exchange.send_back(looked, "incomplete")
            heappush(self._coming, (looked, name, version + 1))
        else:
            exchange.approve(looked)
        if exchange.readable_s is not None:
            heappush(self._wakes, exchange.readable_s)

    def _at(self, name: str, purpose: str, version: int = 0) -> float:
        return self.luck.at(f"cmp.{purpose}", _identity(name, version))


def _identity(name: str, version: int) -> int:
    return (crc32(name.encode()) << 3) + version
