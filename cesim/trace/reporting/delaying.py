"""When records are written, and when they say they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.reporting.draft import Draft

    Whole = NDArray[np.int64]

_DAY: Final = 86_400
_LONGEST_DAYS: Final = 36_525.0
"""A hundred years: later than that is never, and still a time that can be counted."""


def said_at(draft: Draft) -> Whole:
    """Return the second at which each record says it was written, (entry,); own books are kept at once."""
    said = draft.truth.time_s
    if not draft.any("delay_days"):
        return said
    rows = np.flatnonzero(draft.reported & draft.kept)
    out = said.copy()
    out[rows] += _waited(draft, "delay", "delay_days", rows)
    return out


def back_date(draft: Draft) -> Whole:
    """Return how many seconds later than it says each record was written, (entry,), and note which were."""
    late = np.zeros(len(draft.truth), dtype=np.int64)
    if draft.any("back_dated"):
        struck = draft.struck("back_dated", draft.kept)
        rows = np.flatnonzero(struck)
        late[rows] = np.maximum(_waited(draft, "back_dated how late", "back_dated_days", rows), 1)
        draft.mark("back_dated", struck)
    return late


def again(draft: Draft, rows: Whole) -> Whole:
    """Return how many seconds after the first a second record of some entries is written, (row,)."""
    return _waited(draft, "delay of the duplicate", "delay_days", rows)


def _waited(draft: Draft, purpose: str, field: str, rows: Whole) -> Whole:
    """Draw log-normal times of some entries, s."""
    from scipy.special import ndtri  # here, since scipy is slow to import

    actor = draft.truth.actor[rows]
    median, spread = draft.rate(field)[actor], draft.rate("delay_spread")[actor]
    days = median * np.exp(spread * ndtri(np.where(median > 0, draft.draws(purpose, field, rows), 0.5)))
    return np.asarray(np.rint(np.minimum(days, _LONGEST_DAYS) * _DAY), dtype=np.int64)
