"""The lots that exist, as a struct of arrays; those that ended leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

_BLOCK: Final = 4096
"""Lots by which the arrays grow at least."""


class Store:
    """The shelf: one row a lot, in the order of birth, so that a lot is found by bisection.

    Rows are compositions in mg, then the count of vehicles and the serial; beside them mark and time of birth.
    """

    def __init__(self, width: int) -> None:
        self._count = 0
        self._gone = 0
        self._lots = np.zeros(_BLOCK, dtype=np.int64)
        self._rows = np.zeros((_BLOCK, width), dtype=np.int64)
        self._beside = np.zeros((_BLOCK, 2), dtype=np.int64)
        self._there = np.zeros(_BLOCK, dtype=np.bool_)

    def add(self, lots: Whole, rows: Whole, beside: Whole) -> None:
        """Put lots on the shelf: numbers above all before, rows, and mark and birth."""
        need = self._count + len(lots)
        if need > len(self._lots):
            self._tidy()
            need = self._count + len(lots)
        if need > len(self._lots):
            more = max(_BLOCK, need - len(self._lots), len(self._lots) // 2)
            grown = [np.concatenate([a, np.zeros((more, *a.shape[1:]), a.dtype)]) for a in self._arrays()]
            self._lots, self._rows, self._beside, self._there = grown
        new = slice(self._count, need)
        self._lots[new], self._rows[new], self._beside[new], self._there[new] = lots, rows, beside, True
        self._count = need

    def end(self, lots: Whole) -> None:
        """Take lots off the shelf."""
        self._there[self._at(lots)] = False
        self._gone += len(lots)
        if 2 * self._gone > self._count + _BLOCK:
            self._tidy()

    def rows(self, lots: Whole) -> Whole:
        """Return the rows of lots that are there, (lot, column)."""
        return self._rows[self._at(lots)]

    def beside(self, lots: Whole) -> Whole:
        """Return mark and birth of lots that are there, (lot, 2)."""
        return self._beside[self._at(lots)]

    @property
    def lots(self) -> Whole:
        """The lots that are there, in the order of birth."""
        return self._lots[: self._count][self._there[: self._count]]

    def sum(self) -> Whole:
        """Return all rows added up, (column)."""
        return np.asarray(self._rows[: self._count][self._there[: self._count]].sum(axis=0))

    def _at(self, lots: Whole) -> Whole:
        return np.searchsorted(self._lots[: self._count], lots)

    def _tidy(self) -> None:
        """Move together what is left."""
        there = np.flatnonzero(self._there[: self._count])
        for array in (self._lots, self._rows, self._beside):
            array[: there.size] = array[there]
        self._there[:] = False
        self._there[: there.size] = True
        self._count, self._gone = int(there.size), 0

    def _arrays(self) -> tuple[NDArray[np.generic], ...]:
        return self._lots, self._rows, self._beside, self._there

    def __getstate__(self) -> dict[str, object]:
        self._tidy()
        state = dict(self.__dict__)
        for name in ("_lots", "_rows", "_beside", "_there"):
            state[name] = state[name][: self._count].copy()
        return state
