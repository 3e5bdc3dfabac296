"""One request for the composition of a product, from the question to the approval.

Public: request, receipt (accepted with a date or refused with a reason), answer, approval or return; what is neither
approved nor returned within a set time counts as approved; one request may yield several answers; reminders. Our
reading: the set time, and that an answer after an approval opens a new round.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cesim.trace.platforms.faults import refuse

_NEXT: Final = {
    "requested": ("accept", "refuse", "remind"),
    "accepted": ("answer", "remind"),
    "refused": (),
    "answered": ("approve", "send_back", "answer"),
    "returned": ("answer", "remind"),
    "approved": ("answer",),
    "deemed": ("answer",),
}
"""What may happen in each state."""
_AFTER: Final = {"accept": "accepted", "refuse": "refused", "answer": "answered", "approve": "approved",
                 "send_back": "returned"}  # fmt: skip


@dataclass(slots=True)
class Traffic:
    """How many messages of each kind went through the platform."""

    requests: int = 0
    receipts: int = 0
    refusals: int = 0
    reminders: int = 0
    answers: int = 0
    approvals: int = 0
    returns: int = 0
    deemed: int = 0
    forwarded: int = 0
    lookups: int = 0

    def messages(self) -> int:
        """Return all that somebody sent; an approval that is deemed sends nobody anything."""
        sent = self.requests + self.receipts + self.refusals + self.reminders + self.answers
        return sent + self.approvals + self.returns + self.lookups


@dataclass(slots=True)
class Exchange:
    """A request on its way.

    Raises
    ------
    InputError
        ``exchange_order`` for a step that cannot follow, ``exchange_back`` for one before the last.
    """

    name: str
    second: int
    """When something last happened."""
    deemed_s: int
    """Seconds after which an answer counts as approved."""
    due_s: int | None = None
    traffic: Traffic = field(default_factory=Traffic)
    promised_s: int | None = None
    reason: str = ""
    answers: list[tuple[int, object]] = field(default_factory=list)
    """When, and what; the last counts."""
    readable_s: int | None = None
    """Second from which an answer that was approved, or counts as such, can be read."""
    readable: object = None
    _state: str = "requested"

    def __post_init__(self) -> None:
        self.traffic.requests += 1

    def state(self, now: int) -> str:
        """Return where it stands at a second."""
        self.settle(now)
        return self._state

    def settle(self, now: int) -> None:
        """Count an answer as approved that nobody looked at in time."""
        if self._state == "answered" and now >= self.answers[-1][0] + self.deemed_s:
            self._open("deemed", self.answers[-1][0] + self.deemed_s)
            self.traffic.deemed += 1

    def accept(self, second: int, promised_s: int) -> None:
        """Say that an answer will come, and when."""
        self._step("accept", second)
        self.promised_s = promised_s
        self.traffic.receipts += 1

    def refuse(self, second: int, reason: str) -> None:
        """Say that none will come, and why."""
        if not reason:
            raise refuse("exchange_without_reason", self.name)
        self._step("refuse", second)
        self.reason = reason
        self.traffic.refusals += 1

    def remind(self, second: int) -> None:
        """Ask where the answer is."""
        self._step("remind", second)
        self.traffic.reminders += 1

    def answer(self, second: int, what: object) -> None:
        """Give an answer, or a better one."""
        self._step("answer", second)
        self.answers.append((second, what))
        self.traffic.answers += 1

    def approve(self, second: int) -> None:
        """Take the answer."""
        self._step("approve", second)
        self._open("approved", second)
        self.traffic.approvals += 1

    def send_back(self, second: int, reason: str) -> None:
        """Return the answer for correction."""
        if not reason:
            raise refuse("exchange_without_reason", self.name)
        self._step("send_back", second)
        self.reason = reason
        self.traffic.returns += 1

    def _step(self, step: str, second: int) -> None:
        if second < self.second:
            raise refuse("exchange_back", self.name, found=second, now=self.second)
        self.settle(second)
        if step not in _NEXT[self._state]:
            raise refuse("exchange_order", self.name, found=step, state=self._state, allowed=_NEXT[self._state])
        self._state = _AFTER.get(step, self._state)
        self.second = second

    def _open(self, state: str, second: int) -> None:
        self._state, self.readable_s, self.readable = state, second, self.answers[-1][1]
