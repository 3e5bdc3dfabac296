"""The accounts: what every source gave and every sink took, by substance and origin, to the milligram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.faults import refuse
from cesim.events.names import Names
from cesim.ledger.lot_tables import HELD, RECLASSIFICATION, SIDES, SINK, SOURCE
from cesim.ledger.processes import RECLASSIFIED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.columns import Columns

    Whole = NDArray[np.int64]

FULL: Final = 2.0**62
"""Milligrams that no account may reach: 4.6 thousand million t."""


class Accounts:
    """The books of the boundary. Where mass may come from or go must be entered before anything moves.

    Totals are kept over the whole run, (side, account, column), and for the period, which is closed and begun anew.
    """

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.names = Names("account")
        self._numbers: dict[tuple[str, int], int] = {}
        self.total = np.zeros((len(SIDES), 0, columns.width), dtype=np.int64)
        self.period = self.total.copy()
        for process in RECLASSIFIED:
            self._enter(process, RECLASSIFICATION)

    def source(self, name: str) -> int:
        """Enter a source and return its number."""
        return self._enter(name, SOURCE)

    def sink(self, name: str) -> int:
        """Enter a sink and return its number."""
        return self._enter(name, SINK)

    def number(self, name: str, side: int) -> int:
        """Return the number of an account; ``account_unknown`` where none of this name stands on this side."""
        number = self._numbers.get((name, side))
        if number is None:
            entered = tuple(entered for entered, of in self._numbers if of == side)
            raise refuse("account_unknown", SIDES[side], found=name, allowed=entered)
        return number

    def _enter(self, name: str, side: int) -> int:
        code = self.names.new(name)
        self._numbers[name, side] = code
        more = np.zeros((len(SIDES), 1, self.columns.width), dtype=np.int64)
        self.total, self.period = (np.concatenate([one, more], axis=1) for one in (self.total, self.period))
        return code

    def book(self, side: int, accounts: Whole, rows: Whole) -> None:
        """Book compositions (row, column) to accounts (row).

        Raises
        ------
        InputError
            ``account_full``
        """
        for code in set(accounts.tolist()):
            chosen = rows[accounts == code]
            most = chosen.sum(axis=0, dtype=np.float64) + self.total[side, code]
            if (np.abs(most) >= FULL).any():
                raise refuse("account_full", self.names.names[code], found=float(np.abs(most).max()))
            self.total[side, code] += chosen.sum(axis=0)
            self.period[side, code] += chosen.sum(axis=0)

    def held(self) -> Whole:
        """Return what must be held by lots: sources - sinks + reclassifications, mg, (column)."""
        by_side = self.total.sum(axis=1)
        return np.asarray(by_side[SOURCE] - by_side[SINK] + by_side[RECLASSIFICATION])

    def close(self, held: Whole) -> dict[str, Whole]:
        """Return the period's rows of the table `account` and begin the next; `held` is what lies there, (column).

        Raises
        ------
        InputError
            ``mass_not_kept``: what is held is not what came in less what went out.
        """
        wrong = np.flatnonzero(held != self.held())
        if wrong.size:
            worst = int(wrong[0])
            found, allowed = int(held[worst]), int(self.held()[worst])
            raise refuse("mass_not_kept", self.columns.names[worst], found=found, allowed=allowed)
        side, account, column = np.nonzero(self.period)
        here = np.flatnonzero(held)
        rows = {
            "side": np.concatenate([side, np.full(here.size, HELD)]),
            "account": np.concatenate([account, np.full(here.size, -1)]),
            "column": np.concatenate([column, here]),
            "mass_mg": np.concatenate([self.period[side, account, column], held[here]]),
        }
        self.period[:] = 0
        return rows
