"""People who answer requests: a desk with a few of them, hours of work, and a pile that is worked off from the front.

Waiting is worked out exactly, request by request: each goes to whoever is free first (Kiefer and Wolfowitz 1955; with
one person Lindley's recursion of 1952). Time inside is working time; nobody answers at night.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapreplace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Whole = NDArray[np.int64]

HOUR: Final = 3600
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Hours in which people are at the desk; a week begins with its working days.

    Raises
    ------
    InputError
        ``working_time_empty`` for hours or days in which nobody ever works.
    """

    opens: int = 9
    closes: int = 17
    days: int = 5

    def __post_init__(self) -> None:
        if not (0 <= self.opens < self.closes <= 24 and 1 <= self.days <= 7):
            found = (self.opens, self.closes, self.days)
            raise InputError([Fault("working_time_empty", Place(model="working time"), {"found": found})])

    @property
    def day_s(self) -> int:
        """Seconds of work in a day."""
        return (self.closes - self.opens) * HOUR

    def worked(self, second: int) -> int:
        """Return how many seconds were worked until a second of the calendar."""
        week, rest = divmod(second, WEEK)
        day, of_day = divmod(rest, DAY)
        whole = (week * self.days + min(day, self.days)) * self.day_s
        return whole + (min(max(of_day - self.opens * HOUR, 0), self.day_s) if day < self.days else 0)

    def moment(self, worked: int) -> int:
        """Return the first second of the calendar until which that much was worked."""
        if worked <= 0:
            return 0
        whole, rest = divmod(worked - 1, self.day_s)
        week, day = divmod(whole, self.days)
        return week * WEEK + day * DAY + self.opens * HOUR + rest + 1


ALWAYS: Final = WorkingTime(0, 24, 7)
"""Somebody is there day and night."""


@dataclass(frozen=True)
class Waiting:
    """How long requests waited at a desk, working time."""

    answers: int
    mean_s: float
    p50_s: float
    p90_s: float
    backlog_mean: float
    """Requests waiting, averaged over the time from the first request to the last beginning of work."""
    backlog_most: int
    busy: float
    """Share of the people's time that was spent answering, over the same time and to the last answer."""


class Desk:
    """People who answer; first come, first served.

    Parameters
    ----------
    people
        How many, at least one.
    working
        When.

    Raises
    ------
    InputError
        ``desk_empty``.
    """

    def __init__(self, people: int, working: WorkingTime = ALWAYS) -> None:
        if people < 1:
            raise InputError([Fault("desk_empty", Place(model="people"), {"found": people})])
        self.working = working
        self._free = [0] * people
        """Second of working time at which each is free again, a heap."""
        self._last = 0
        self._came: list[int] = []
        self._began: list[int] = []
        self._ended: list[int] = []

    def answer(self, second: int, work_s: int) -> int:
        """Take a request that comes at a second and needs so much work; return the second of its answer.

        Raises
        ------
        InputError
            ``desk_out_of_order`` for one that comes before the last, ``desk_no_work`` for one that takes no time.
        """
        if second < self._last:
            raise _refuse("desk_out_of_order", second)
        if work_s < 1:
            raise _refuse("desk_no_work", work_s)
        self._last = second
        came = self.working.worked(second)
        began = max(came, self._free[0])
        heapreplace(self._free, began + work_s)
        self._came.append(came)
        self._began.append(began)
        self._ended.append(began + work_s)
        return self.working.moment(began + work_s)

    def waited(self) -> Whole:
        """Return how long each request waited until somebody took it up, seconds of work, (request,)."""
        return np.array(self._began, dtype=np.int64) - np.array(self._came, dtype=np.int64)

    def worked_s(self) -> int:
        """Return how long people worked on all that came, seconds."""
        return sum(self._ended) - sum(self._began)

    def open_at(self, second: int) -> int:
        """Return how many requests that came until a second were not answered then."""
        now = self.working.worked(second)
        return sum(came <= now for came in self._came) - sum(end <= now for end in self._ended)

    def waiting(self) -> Waiting | None:
        """Return statistics of all that came; none where nothing did."""
        if not self._came:
            return None
        waited = self.waited()
        came, began = np.array(self._came, dtype=np.int64), np.array(self._began, dtype=np.int64)
        ended = np.array(self._ended, dtype=np.int64)
        span, whole = int(began.max() - came[0]), int(ended.max() - came[0])
        p50, p90 = np.quantile(waited, [0.5, 0.9]).tolist()
        return Waiting(
            len(waited),
            float(waited.mean()),
            p50,
            p90,
            float(waited.sum() / span) if span else 0.0,
            _most(came, began),
            float((ended - began).sum() / (len(self._free) * whole)),
        )


def answered(seconds: ArrayLike, work_s: ArrayLike, people: int, working: WorkingTime = ALWAYS) -> Whole:
    """Return the second of the answer of each of many requests in the order of time, (request,)."""
    desk = Desk(people, working)
    pairs = zip(np.asarray(seconds).tolist(), np.asarray(work_s).tolist(), strict=True)
    return np.array([desk.answer(second, work) for second, work in pairs], dtype=np.int64)


def _most(came: Whole, began: Whole) -> int:
    """The greatest number that waited at once; one taken up at a second no longer waits in it."""
    waits = began > came
    seconds = np.concatenate([began[waits], came[waits]])
    change = np.concatenate([np.full(waits.sum(), -1), np.ones(waits.sum(), dtype=np.int64)])
    order = np.lexsort((change, seconds))
    return int(np.cumsum(change[order]).max(initial=0))


def _refuse(code: str, found: int) -> InputError:
    return InputError([Fault(code, Place(model="desk"), {"found": found})])
