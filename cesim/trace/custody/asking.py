"""For which lots credits are asked, and how they are granted one lot after the other."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.custody.account import Account
    from cesim.trace.custody.flow import Flow
    from cesim.trace.custody.terms import Terms

    Whole = NDArray[np.int64]


def asked(flow: Flow, terms: Terms) -> Whole:
    """Return what is asked for each output lot, whole mg, (lot,).

    Every n-th lot of a site, in the order of periods and, inside one, of their numbers, is asked its share.
    """
    side, share = flow.outputs, Fraction(terms.share)
    mass = [one * share.numerator // share.denominator for one in side.mass_mg.tolist()]
    order = np.lexsort((side.period, side.site))
    _, first, lots = np.unique(side.site[order], return_index=True, return_counts=True)
    place = np.empty(len(side), dtype=np.int64)
    place[order] = np.arange(len(side)) - np.repeat(first, lots)
    return np.where(place % terms.every == terms.every - 1, np.array(mass, dtype=np.int64), 0)


def granted(account: Account, asked_mg: Whole, period: int, whole: bool) -> Whole:
    """Return what an account grants to lots of one period that ask one after the other, mg, (lot,)."""
    if whole:
        return np.array([account.claim(one, period, whole=True) for one in asked_mg.tolist()], dtype=np.int64)
    # first come, first served is the same as one claim for all, laid on the lots in their order
    total = account.claim(int(asked_mg.sum()), period)
    return np.diff(np.minimum(np.cumsum(asked_mg), total), prepend=0)
