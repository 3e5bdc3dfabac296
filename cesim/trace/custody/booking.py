"""Book and claim: credits leave their lots, go to whoever wants them, and are retired once.

Nothing has to pass from the site where matter came in to the site that claims it.
"""

from __future__ import annotations

from fractions import Fraction
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


def book_and_claim(flow: Flow, eligible: Eligible, terms: Terms) -> Outcome:
    """Return the mass claimed of each lot when all sites pay into and draw from one account.

    Every deposit is a document of its site and period in the register; what is granted is retired there.
    """
    want, factor = asked(flow, terms), factors(flow, terms)
    lots, statements = [], []
    for view, mass_mg in zip(VIEWS, eligible.inputs, strict=True):
        came = flow.cells(flow.basis, mass_mg)
        given, account = _run(flow, came, factor, want, terms)
        lots.append(given)
        statements.append(Statement(view, "*", account.statement()))
    lot_mg = np.stack(lots)
    return Outcome(lot_mg, want.sum() - lot_mg.sum(axis=1), tuple(statements))


def _run(flow: Flow, came: Whole, factor: list[Fraction], want: Whole, terms: Terms) -> tuple[Whole, Account]:
    account = Account(Fraction(1), terms.life, scheme="book_and_claim")
    given, batches = np.zeros(len(flow.outputs), dtype=np.int64), flow.batches()
    for period in range(flow.periods):
        for site, name in enumerate(flow.sites):
            account.deposit(int(came[site, period]), period, (name, period), factor[site])
        lots = np.sort(np.concatenate([of_site[period] for of_site in batches]))
        given[lots] = granted(account, want[lots], period, terms.whole)
    return given, account
