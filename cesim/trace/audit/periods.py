"""The periods of an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.audit.weighing import wrong_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]

CELLS: Final = 10_000_000
"""Actors times periods of which tables are still made."""


def periods_of(entries: Entries, period_s: int) -> tuple[Whole, int]:
    """Return the period of each entry, counted from second 0, and how many there are.

    Parameters
    ----------
    entries
        As written.
    period_s
        Length of a period, s.

    Raises
    ------
    InputError
        ``audit_number`` where the period is no positive number of seconds, ``audit_times`` where an entry lies before
        second 0, or so far behind it that there are more than `CELLS` actors and periods.
    """
    if period_s <= 0:
        raise wrong_number("period_s", period_s, "> 0")
    period = np.asarray(entries.time_s // period_s, dtype=np.int64)
    many = int(period.max(initial=-1)) + 1
    if int(period.min(initial=0)) < 0 or many * max(len(entries.names.actors), 1) > CELLS:
        found = f"{int(entries.time_s.min())} .. {int(entries.time_s.max())}"
        raise InputError([Fault("audit_times", Place(model="time_s"), {"found": found, "period": period_s})])
    return period, many
