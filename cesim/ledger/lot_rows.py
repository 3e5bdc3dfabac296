"""Rows of the lot tables in memory, as columns of whole numbers with the lists of names beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.ledger.lot_tables import COMPOSED, EVENT_KINDS, SIDES, TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Columns = dict[str, Whole]

FIXED_NAMES: Mapping[str, Sequence[str]] = {"event_kind": EVENT_KINDS, "side": SIDES}
"""Names that are the same in every run."""


class Rows:
    """Rows of all tables, collected chunk by chunk in the order of time.

    Parameters
    ----------
    width
        Number of columns of a composition.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.names: dict[str, Sequence[str]] = dict(FIXED_NAMES)
        """Names by kind: what a number in a named column means."""
        self._chunks: dict[str, list[Mapping[str, Whole]]] = {name: [] for name in TABLES}
        self._counts = dict.fromkeys(TABLES, 0)

    def add(self, table: str, columns: Mapping[str, Whole]) -> None:
        """Take rows of a table."""
        count = len(next(iter(columns.values())))
        if count:
            self._chunks[table].append(columns)
            self._counts[table] += count

    def table(self, name: str) -> Columns:
        """Return a table by column; ``composition`` is a matrix (row, column)."""
        chunks = self._chunks[name]
        if not chunks:
            columns = {column.name: np.zeros(0, dtype=np.int64) for column in TABLES[name]}
            if name in COMPOSED:
                columns["composition"] = np.zeros((0, self.width), dtype=np.int64)
            return columns
        if len(chunks) > 1:
            chunks[:] = [{key: np.concatenate([chunk[key] for chunk in chunks]) for key in chunks[0]}]
        return dict(chunks[0])

    def tables(self) -> dict[str, Columns]:
        """Return all tables by name."""
        return {name: self.table(name) for name in TABLES}

    def clear(self, name: str) -> None:
        """Forget the rows of a table."""
        self._chunks[name], self._counts[name] = [], 0
