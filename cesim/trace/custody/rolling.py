"""Mass balance by rolling average: all output of a period has the average share of what came in of late.

An average alone may claim matter twice: 1 t of eligible input is the whole of the average of its own period and a part
of the next ones, whatever these send out. So what a site has claimed in all is held against what came in (ISO 22095-2
was read as an abstract only; that the balance is closed in this way is our reading).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.custody.factor import factors
from cesim.trace.custody.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from cesim.trace.custody.flow import Flow
    from cesim.trace.custody.outcome import Eligible
    from cesim.trace.custody.terms import Terms

    Whole = NDArray[np.int64]


def rolling_average(flow: Flow, eligible: Eligible, terms: Terms) -> Outcome:
    """Return the mass claimed of each lot when all output of a site and period has one share.

    The share is eligible / total over the last `Terms.window` periods of `Flow.basis`; nothing in a window in which
    nothing came in.
    """
    basis, factor = flow.basis, factors(flow, terms)
    total = flow.cells(basis, basis.mass_mg).tolist()
    output = flow.cells(flow.outputs, flow.outputs.mass_mg).tolist()
    lots, refused = [], []
    for mass_mg in eligible.inputs:
        sums = flow.cells(basis, mass_mg).tolist()
        sites = [_site(*one, terms.window) for one in zip(sums, total, output, factor, strict=True)]
        lots.append(_over_lots(flow, [granted for granted, _ in sites]))
        refused.append(sum(cut for _, cut in sites))
    return Outcome(np.stack(lots), np.array(refused, dtype=np.int64))


def _site(
    eligible: Sequence[int], total: Sequence[int], output: Sequence[int], factor: Fraction, window: int
) -> tuple[list[int], int]:
    """Return what a site claims by period, and what it would claim beyond what came in; whole mg, rounded down."""
    claims: list[int] = []
    refused = claimed = came = 0
    for period, out in enumerate(output):
        since = max(0, period + 1 - window)
        came += eligible[period]
        all_of_it = sum(total[since : period + 1])
        due = out * sum(eligible[since : period + 1]) // all_of_it if all_of_it else 0
        granted = min(due, int(came * factor) - claimed)
        claims.append(granted)
        claimed += granted
        refused += due - granted
    return claims, refused


def _over_lots(flow: Flow, claims: Sequence[Sequence[int]]) -> Whole:
    """Return the claims of sites and periods laid on their lots by mass, to the mg and nothing lost."""
    over = np.zeros(len(flow.outputs), dtype=np.int64)
    for of_site, batches in zip(claims, flow.batches(), strict=True):
        for claim, lots in zip(of_site, batches, strict=True):
            if claim:
                # whole numbers of any size: the product of two masses is beyond 64 bits
                up_to = np.cumsum(flow.outputs.mass_mg[lots]).astype(object)
                over[lots] = np.diff(claim * up_to // up_to[-1], prepend=0).astype(np.int64)
    return over
