"""When stations work and when they do not: shifts by the calendar, outages by luck."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from cesim.events.clock import DAY
from cesim.events.facility import whole
from cesim.events.faults import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.events.station import Station


class Shifts:
    """A timetable that comes round again: a station is open in its shifts and closed between them.

    Parameters
    ----------
    station
        Whose shifts they are.
    hours
        Begin and end of each shift, in s from the beginning of a round, in order.
    every
        Length of a round, s: a day, or seven.

    Raises
    ------
    InputError
        ``shifts_overlap``
    """

    def __init__(self, station: Station, hours: Sequence[tuple[int, int]], every: int = DAY) -> None:
        times = [time for shift in hours for time in shift]
        if not times or times != sorted(set(times)) or times[0] < 0 or times[-1] > every:
            raise refuse("shifts_overlap", station.name, found=list(hours), allowed=every)
        self.station, self.hours, self.every = station, tuple(hours), every
        self._next = 0
        clock = station.clock
        station.close()
        self._round = clock._now // every * every
        clock.call_at(max(clock._now, self._round + times[0]), self._open)

    def _open(self, _: object) -> None:
        _, end = self.hours[self._next]
        clock = self.station.clock
        if clock._now >= self._round + end:  # over before the run began
            self._later()
            return
        self.station.open()
        clock.call_at(self._round + end, self._close)

    def _close(self, _: object) -> None:
        self.station.close()
        self._later()

    def _later(self) -> None:
        self._next += 1
        if self._next == len(self.hours):
            self._next = 0
            self._round += self.every
        clock = self.station.clock
        clock.call_at(max(clock._now, self._round + self.hours[self._next][0]), self._open)


class Outages:
    """Breakdowns: exponential time between them and exponential repair, from the station's own draws.

    Parameters
    ----------
    station
        What breaks down.
    mean_up_s, mean_down_s
        Means, s.
    """

    def __init__(self, station: Station, mean_up_s: int, mean_down_s: int) -> None:
        self.station = station
        self.mean_up_s = whole(station.name, "mean_up_s", mean_up_s, 1)
        self.mean_down_s = whole(station.name, "mean_down_s", mean_down_s, 1)
        self._count = 0
        self._up, self._down = station.draws("up"), station.draws("down")
        self._go_on()

    def _go_on(self) -> None:
        self.station.clock.call_in(exponential(self._up.at(self._count), self.mean_up_s), self._break)

    def _break(self, _: object) -> None:
        self.station.halt()
        self.station.clock.call_in(exponential(self._down.at(self._count), self.mean_down_s), self._mend)

    def _mend(self, _: object) -> None:
        self.station.resume()
        self._count += 1
        self._go_on()


def exponential(draw: float, mean_s: int) -> int:
    """Return an exponential time in whole seconds from a uniform draw."""
    return round(-log(draw) * mean_s)
