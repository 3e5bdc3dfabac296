"""The clock: a SimPy environment that also calls plain functions, in whole seconds."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Final

import simpy
from simpy.core import EmptySchedule, StopSimulation
from simpy.events import NORMAL, URGENT, Event

from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

DAY: Final = 86_400
"""Seconds."""
_ENDS: Final = (URGENT, 0)


class Clock(simpy.Environment):
    """The wall clock of a plant that also holds its diary: at a second, do this with that.

    It is a SimPy environment, so shifts, outages and plug-ins may be processes; lots move by `call_in` and `call_at`,
    which cost a tenth of a process. What is due at the same second is done in the order in which it was put down.
    Time is a whole number of seconds; anything else is refused.
    """

    def __init__(self, initial_time: int = 0) -> None:
        super().__init__(initial_time)
        self._written = 0

    def call_in(self, delay: int, function: Callable[[Any], object], argument: Any = None) -> None:
        """Call a function so many seconds from now.

        The function should be a method of something that can be pickled, so that a run can be saved.

        Raises
        ------
        InputError
            ``clock_not_whole`` for a time that is no whole number of seconds, ``clock_back`` for one that is over.
        """
        if type(delay) is not int or delay < 0:
            raise self._not_when(delay, delay)
        self._written += 1  # as in `call_at`, without another call: half of what an event costs
        heappush(self._queue, (self._now + delay, NORMAL, self._written, function, argument))  # type: ignore[arg-type]

    def call_at(self, when: int, function: Callable[[Any], object], argument: Any = None) -> None:
        """Call a function at a second; errors as `call_in`."""
        if type(when) is not int or when < self._now:
            raise self._not_when(when, when - self._now)
        self._written += 1
        heappush(self._queue, (when, NORMAL, self._written, function, argument))  # type: ignore[arg-type]

    def _not_when(self, found: object, ahead: float) -> InputError:
        if type(found) is int and ahead < 0:
            return InputError([Fault("clock_back", arguments={"found": found, "now": self._now})])
        return InputError([Fault("clock_not_whole", arguments={"found": found})])

    def schedule(self, event: Event, priority: int = NORMAL, delay: float = 0) -> None:  # type: ignore[override]
        """Put down an event of SimPy."""
        when = self._now + delay
        if when != int(when):
            raise InputError([Fault("clock_not_whole", arguments={"found": when})])
        self._written += 1
        heappush(self._queue, (int(when), priority, self._written, event))

    def step(self) -> None:
        """Do what is due next; raises SimPy's `EmptySchedule` where nothing is."""
        try:
            entry: tuple[Any, ...] = heappop(self._queue)
        except IndexError:
            raise EmptySchedule from None
        self._now = entry[0]  # before the call, so that it sees its own time
        if len(entry) == 5:
            entry[3](entry[4])
            return
        event = entry[3]
        callbacks, event.callbacks = event.callbacks, None
        for callback in callbacks:
            callback(event)
        if not event._ok and not hasattr(event, "_defused"):
            raise event._value

    def run_to(self, end: int) -> None:
        """Do everything that is due before a second, and stand at it: periods are half-open.

        What is due at the second itself belongs to the next period.
        """
        queue, pop = self._queue, heappop
        while queue and queue[0][0] < end:
            entry: tuple[Any, ...] = queue[0]
            if len(entry) == 5:  # inlined: this is where a run spends its time
                pop(queue)
                self._now = entry[0]
                entry[3](entry[4])
            else:
                self.step()
        self._now = max(self._now, end)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is written down; SimPy's bound classes are made again."""
        processes = [entry[3] for entry in self._queue if len(entry) == 4]  # type: ignore[misc]
        if processes:
            raise InputError([Fault("clock_process_running", arguments={"found": repr(processes[0])})])
        return {"now": self._now, "queue": list(self._queue), "written": self._written}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["now"])  # type: ignore[misc]
        self._queue = state["queue"]
        self._written = state["written"]


__all__ = ["DAY", "Clock", "StopSimulation"]
