"""What is not written: whole records, and lots that a record should name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.selecting import any_of, without

if TYPE_CHECKING:
    from cesim.trace.reporting.draft import Draft


def cover(draft: Draft) -> None:
    """Lose records at random.

    One draw a record is compared with the coverage, so that a higher coverage keeps all that a lower one keeps. What
    happens inside a works stands in its books as long as it takes part at all.
    """
    truth, coverage = draft.truth, draft.rate("coverage")
    covered = draft.tickets.strikes("coverage", np.where(coverage < 1, coverage, 0.0)) | (coverage >= 1)[truth.actor]
    draft.kept = np.where(truth.inside, (coverage > 0)[truth.actor], covered)


def omit(draft: Draft) -> None:
    """Leave lots out of what went into something. A record that makes no lot names all it speaks of."""
    if not draft.any("omission"):
        return
    truth, rate = draft.truth, draft.rate("omission")
    makes = np.diff(truth.outputs.start) > 0
    entry = truth.inputs.entry()
    drawn = draft.tickets.of_edges(truth.inputs.start, "omission", rate > 0)
    gone = (drawn < rate[truth.actor[entry]]) & (draft.reported & makes)[entry]
    draft.mark("omitted_input", any_of(truth.inputs, gone))
    draft.inputs = without(draft.inputs, gone)
