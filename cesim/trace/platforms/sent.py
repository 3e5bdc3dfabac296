"""Records as platforms receive them: those that others see, in the order in which they were written."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.trace.selecting import places
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Edges
    from cesim.trace.records import Records

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]


class Sent:
    """What is sent; own books are not.

    Parameters
    ----------
    records
        All that was written.
    first_year
        Seconds count from its beginning.
    """

    def __init__(self, records: Records, first_year: int) -> None:
        self.records, self.entries, self.first_year = records, records.entries, first_year
        self.roles = [actor.role for actor in self.entries.names.actors]

    @cached_property
    def rows(self) -> Whole:
        """Records that somebody named sends, as they are written."""
        rows = np.flatnonzero(~self.entries.inside & (self.entries.actor >= 0))
        return rows[np.argsort(self.records.written_s[rows], kind="stable")]

    @cached_property
    def writes(self) -> Truths:
        """Who sends anything, (actor + 1,); the last for nobody. Whoever does not is not on a platform."""
        found = np.zeros(len(self.roles) + 1, dtype=bool)
        found[self.entries.actor[self.rows]] = True
        found[-1] = False
        return found

    def of_step(self, *steps: str) -> Whole:
        """Return what is sent of some steps, as written."""
        wanted = np.zeros(len(STEPS), dtype=bool)
        wanted[[STEPS.index(step) for step in steps]] = True
        return self.rows[wanted[self.entries.step[self.rows]]]

    def has_role(self, *roles: str) -> Truths:
        """Return which actors have one of some roles, (actor + 1,); the last for nobody."""
        return np.array([*(role in roles for role in self.roles), False], dtype=bool)

    def goods(self, lots: Whole) -> Whole:
        """Return what lots are, kind and item in one number; -1 in either counts as one more word."""
        held = self.entries.lots
        return np.asarray((held.kind[lots] + 1) * (len(self.entries.names.items) + 1) + held.item[lots] + 1)

    def called(self, goods: int) -> str:
        """Return the words of `goods`."""
        names = self.entries.names
        kind, item = divmod(goods, len(names.items) + 1)
        return f"{names.kinds[kind - 1] if kind else ''} {names.items[item - 1] if item else ''}".strip()

    def month(self, rows: Whole) -> Whole:
        """Return the month of records, counted from January 1970."""
        begin = np.datetime64(f"{self.first_year:04}-01-01T00:00:00", "s")
        moments = begin + self.entries.time_s[rows].astype("timedelta64[s]")
        return moments.astype("datetime64[M]").astype(np.int64)


class Held(NamedTuple):
    """Lots of some records, one after the other."""

    row: Whole
    lot: Whole
    mass_mg: Whole


def held_by(side: Edges, rows: Whole) -> Held:
    """Return the lots on a side of records, in the order of the records."""
    start, index = places(side.start, rows)
    return Held(np.repeat(rows, np.diff(start)), side.lot[index], side.mass_mg[index])
