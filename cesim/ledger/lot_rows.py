"""Rows of the lot tables in memory, as columns of whole numbers with the lists of names beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.ledger.lot_tables import COMPOSED, EVENT_KINDS, SIDES, TABLES, composition_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.ledger.lot_tables import Column

    Whole = NDArray[np.int64]
    Columns = dict[str, Whole]

FIXED_NAMES: Mapping[str, Sequence[str]] = {"event_kind": EVENT_KINDS, "side": SIDES}
"""Names that are the same in every run."""


def column_names(composition: Sequence[Column]) -> tuple[str, ...]:
    """Return the columns of a composition as the accounts name them: ``Al``, ``from_post_elv``."""
    return tuple(column.name.removesuffix("_mg") for column in composition)


class Rows:
    """Rows of all tables, collected chunk by chunk in the order of time.

    Parameters
    ----------
    substances, origins
        Of the compositions.
    """

    def __init__(self, substances: Sequence[str], origins: Sequence[str]) -> None:
        self.substances, self.origins = tuple(substances), tuple(origins)
        self.width = len(self.substances) + len(self.origins)
        self.composition = composition_columns(self.substances, self.origins)
        self.names: dict[str, Sequence[Any]] = {**FIXED_NAMES, "column": column_names(self.composition)}
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

    def column(self, table: str, name: str) -> Whole:
        """Return one column of a table, ``Al_mg`` of its composition too."""
        columns = self.table(table)
        if name in columns:
            return columns[name]
        return columns["composition"][:, [column.name for column in self.composition].index(name)]

    def compositions(self, table: str) -> Iterator[Whole | None]:
        """Go through the columns of the compositions of a table; none stands for a column of zeros."""
        for values in self.table(table)["composition"].T:
            yield values if values.any() else None

    def tables(self) -> dict[str, Columns]:
        """Return all tables by name."""
        return {name: self.table(name) for name in TABLES}

    def clear(self, name: str) -> None:
        """Forget the rows of a table."""
        self._chunks[name], self._counts[name] = [], 0
