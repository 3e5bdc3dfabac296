"""Mass balance by credits: each site has an account, and says itself of which lots it claims how much.

A lot may be claimed at 100 % though it is physically 30 % recycled, as long as the account is never overdrawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.custody.account import Account
from cesim.trace.custody.asking import asked, granted
from cesim.trace.custody.counted import VIEWS
from cesim.trace.custody.factor import factors
from cesim.trace.custody.outcome import Outcome, Statement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.custody.flow import Flow
    from cesim.trace.custody.outcome import Eligible
    from cesim.trace.custody.terms import Terms

    Whole = NDArray[np.int64]


def credit(flow: Flow, eligible: Eligible, terms: Terms) -> Outcome:
    """Return the mass claimed of each lot when every site has an account of its own.

    Within a period deposits come first, then claims in the order of the lots.
    """
    want, factor, batches = asked(flow, terms), factors(flow, terms), flow.batches()
    lots, statements = [], []
    for view, mass_mg in zip(VIEWS, eligible.inputs, strict=True):
        came = flow.cells(flow.basis, mass_mg)
        given = np.zeros(len(flow.outputs), dtype=np.int64)
        for site, name in enumerate(flow.sites):
            account = Account(factor[site], terms.life)
            _run(account, came[site].tolist(), batches[site], want, terms, given)
            statements.append(Statement(view, name, account.statement()))
        lots.append(given)
    lot_mg = np.stack(lots)
    return Outcome(lot_mg, want.sum() - lot_mg.sum(axis=1), tuple(statements))


def _run(account: Account, came: list[int], batches: list[Whole], want: Whole, terms: Terms, given: Whole) -> None:
    """Lead the account of a site through all periods, writing what lots are given."""
    for period, (mass_mg, lots) in enumerate(zip(came, batches, strict=True)):
        account.deposit(mass_mg, period)
        given[lots] = granted(account, want[lots], period, terms.whole)
