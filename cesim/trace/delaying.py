"""When records are written, and when they say they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.draft import Draft

    Whole = NDArray[np.int64]

_DAY: Final = 86_400
_LONGEST_DAYS: Final = 36_525.0
"""A hundred years: later than that is never, and still a time that can be counted."""


def said_at(draft: Draft) -> Whole:
    """Return the second at which each record says it was written, (entry,); own books are kept at once."""
    return np.asarray(draft.truth.time_s + _waited(draft, "delay", "delay_days"))


def back_date(draft: Draft) -> Whole:
    """Return how many seconds later than it says each record was written, (entry,), and note which were."""
    if not draft.any("back_dated"):
        return np.zeros(len(draft.truth), dtype=np.int64)
    later = draft.struck("back_dated", np.ones(len(draft.truth), dtype=bool))
    waited = np.where(later, np.maximum(_waited(draft, "back_dated how late", "back_dated_days"), 1), 0)
    draft.mark("back_dated", later)
    return waited


def again(draft: Draft) -> Whole:
    """Return how many seconds after the first a second record of the same would be written, (entry,)."""
    return _waited(draft, "delay of the duplicate", "delay_days")


def _waited(draft: Draft, purpose: str, field: str) -> Whole:
    """Draw log-normal times, s."""
    from scipy.special import ndtri  # here, since scipy is slow to import

    median, spread, actor = draft.rate(field), draft.rate("delay_spread"), draft.truth.actor
    out = np.zeros(len(actor), dtype=np.int64)
    luck = draft.draws(purpose, field)
    some = np.flatnonzero((luck < 1.0) & draft.reported)
    days = median[actor[some]] * np.exp(spread[actor[some]] * ndtri(luck[some]))
    out[some] = np.rint(np.minimum(days, _LONGEST_DAYS) * _DAY)
    return out
