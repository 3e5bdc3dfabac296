"""The clock: a SimPy environment that also calls plain functions, in whole seconds."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any, Final, Protocol

import simpy
from simpy.core import EmptySchedule, StopSimulation
from simpy.events import NORMAL, Event, EventPriority, Process

from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

DAY: Final = 86_400
"""Seconds."""
_FIRST: Final = EventPriority(-1)
_LAST: Final = -1
"""Number below those of all entries: what stands at the end of a period comes before all that is due then."""


class PlugIn(Protocol):
    """Something of a user's own that runs as a SimPy process and says how it begins again.

    It keeps what it must remember in its own fields, because a generator cannot be saved.
    """

    def process(self, clock: Clock) -> Generator[Event, Any, Any]:
        """Run from the beginning."""
        ...

    def restart(self, clock: Clock) -> Generator[Event, Any, Any]:
        """Run on from what the fields say; called at every end of a period, where all plug-ins are stopped."""
        ...


class Clock(simpy.Environment):
    """The wall clock of a plant that also holds its diary: at a second, do this with that.

    It is a SimPy environment, so shifts, outages and plug-ins may be processes; lots move by `call_in` and `call_at`,
    which cost a tenth of a process. What is due at the same second is done in the order in which it was put down.
    Time is a whole number of seconds; anything else is refused.

    It can be saved while nothing but calls stands in the diary: so their functions are methods of things that can be
    saved, and no closures.
    """

    _now: int
    _queue: list[Any]

    def __init__(self, initial_time: int = 0) -> None:
        super().__init__(initial_time)
        self._written = 0
        self._plug_ins: list[tuple[PlugIn, Process | None]] = []

    def call_in(self, delay: int, function: Callable[[Any], object], argument: Any = None) -> None:
        """Call a function so many seconds from now.

        Raises
        ------
        InputError
            ``clock_not_whole`` for a time that is no whole number of seconds, ``clock_back`` for one that is over.
        """
        if type(delay) is not int or delay < 0:
            raise self._not_when(delay, delay)
        self._written += 1  # as in `call_at`, without another call: half of what an event costs
        heappush(self._queue, (self._now + delay, NORMAL, self._written, function, argument))

    def call_at(self, when: int, function: Callable[[Any], object], argument: Any = None) -> None:
        """Call a function at a second; errors as `call_in`."""
        if type(when) is not int or when < self._now:
            raise self._not_when(when, when - self._now)
        self._written += 1
        heappush(self._queue, (when, NORMAL, self._written, function, argument))

    def _not_when(self, found: object, ahead: float) -> InputError:
        if type(found) is int and ahead < 0:
            return InputError([Fault("clock_back", arguments={"found": found, "now": self._now})])
        return InputError([Fault("clock_not_whole", arguments={"found": found})])

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """Put down an event of SimPy."""
        when = self._now + delay
        if when != int(when):
            raise InputError([Fault("clock_not_whole", arguments={"found": when})])
        self._written += 1
        heappush(self._queue, (int(when), priority, self._written, self._happen, event))

    def step(self) -> None:
        """Do what is due next; raises SimPy's `EmptySchedule` where nothing is."""
        try:
            self._now, _, _, function, argument = heappop(self._queue)  # the time first, so that it sees its own
        except IndexError:
            raise EmptySchedule from None
        function(argument)

    def _happen(self, event: Event) -> None:
        """Let an event of SimPy happen: its callbacks are called."""
        callbacks = event.callbacks
        event.callbacks = None  # type: ignore[assignment]
        try:
            for callback in callbacks:
                callback(event)
        except StopSimulation:  # as SimPy does: the rest is done when the run goes on
            event.callbacks = callbacks[callbacks.index(callback) + 1 :]
            self.schedule(event, _FIRST)
            raise
        if not event._ok and not hasattr(event, "_defused"):
            raise type(event._value)(*event._value.args) from event._value

    def run_to(self, end: int) -> None:
        """Do everything that is due before a second, and stand at it: periods are half-open.

        What is due at the second itself belongs to the next period.
        """
        if end > self._now:
            queue, pop = self._queue, heappop
            heappush(queue, (end, _FIRST, _LAST, self._over, None))
            try:
                while True:  # `step` inlined: this is where a run spends its time
                    self._now, _, _, function, argument = pop(queue)
                    function(argument)
            except _PeriodOverError:
                return
            except BaseException:
                queue[:] = [entry for entry in queue if entry[2] != _LAST]
                heapify(queue)
                raise

    def _over(self, _: object) -> None:
        raise _PeriodOverError

    # plug-ins, and saving

    def start(self, plug_in: PlugIn) -> None:
        """Start the process of a plug-in that can be begun again."""
        self._plug_ins.append((plug_in, self.process(plug_in.process(self))))

    def rest(self) -> None:
        """Stop the processes of plug-ins, so that nothing but calls stands in the diary."""
        for number, (plug_in, process) in enumerate(self._plug_ins):
            if process is None or not process.is_alive:
                continue
            target = process._target
            if target is not None and target.callbacks is not None:
                target.callbacks.remove(process._resume)
            process._generator.close()
            self._plug_ins[number] = (plug_in, None)
        self._plug_ins = [(plug_in, process) for plug_in, process in self._plug_ins if process is None]
        # in place, because `run_to` holds on to the list
        self._queue[:] = [entry for entry in self._queue if not _happens(entry) or entry[4].callbacks]
        heapify(self._queue)

    def wake(self) -> None:
        """Begin the processes of plug-ins again."""
        for number, (plug_in, _) in enumerate(self._plug_ins):
            self._plug_ins[number] = (plug_in, self.process(plug_in.restart(self)))

    def __getstate__(self) -> dict[str, Any]:
        """Return what is written down; refused while a process runs that cannot be begun again."""
        for entry in self._queue:
            if _happens(entry):
                raise InputError([Fault("clock_process_running", arguments={"found": _whose(entry[4])})])
        plug_ins = [plug_in for plug_in, _ in self._plug_ins]
        return {"now": self._now, "queue": list(self._queue), "written": self._written, "plug_ins": plug_ins}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["now"])  # type: ignore[misc]
        self._queue = state["queue"]
        self._written = state["written"]
        self._plug_ins = [(plug_in, None) for plug_in in state["plug_ins"]]


class _PeriodOverError(Exception):
    """The end of a period stands in the diary like everything else, so that nobody need look for it at every entry."""


def _happens(entry: tuple[Any, ...]) -> bool:
    """Say whether an entry of the diary is an event of SimPy, not a call."""
    return getattr(entry[3], "__func__", None) is Clock._happen


def _whose(event: Event) -> str:
    """Name of the process that waits for an event."""
    for callback in event.callbacks or ():
        process = getattr(callback, "__self__", None)
        if isinstance(process, Process):
            return process.name
    return repr(event)
