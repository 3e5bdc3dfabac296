"""Reads the lot tables of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.ledger.lot_rows import Rows
from cesim.ledger.lot_tables import COMPOSED, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.ledger.lot_rows import Columns


def read_table(folder: Path, name: str) -> Any:
    """Return a table as Arrow, its parts in their order.

    Raises
    ------
    InputError
        ``lot_table_missing`` where there is no part of it, or one of them is not there.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = sorted((folder / name).glob("part-*.parquet"))
    if not parts or parts[-1].stem != f"part-{len(parts) - 1:06}":
        raise InputError([Fault("lot_table_missing", Place(file=str(folder)), {"found": name})])
    return pa.concat_tables([pq.read_table(part) for part in parts])


def read_rows(folder: Path) -> Rows:
    """Return all tables as whole numbers with their names: what the proof reads.

    A named column holds places in ``names`` of its own name; what is empty is -1.
    """
    rows = Rows(0)
    for name in TABLES:
        if not (folder / name).is_dir():  # nothing of the kind happened
            continue
        columns, table = _columns(rows, name, read_table(folder, name)), TABLES[name]
        if name in COMPOSED:
            beside = list(columns)[len(table) :]
            columns["composition"] = np.column_stack([columns.pop(one) for one in beside])
            rows.width = len(beside)
        rows.add(name, columns)
    return rows


def _columns(rows: Rows, name: str, table: Any) -> Columns:
    import pyarrow.compute as pc

    named = {column.name: column.named for column in TABLES[name] if column.named}
    columns: Columns = {}
    for column in table.column_names:
        values = table[column]
        if column in named:
            known = list(rows.names.get(named[column], ()))
            texts = values.unique().to_pylist()
            known += sorted({text for text in texts if text is not None and text not in known})
            rows.names[named[column]] = known
            import pyarrow as pa

            values = pc.index_in(values.cast(pa.string()), pa.array(known, type=pa.string()))
        columns[column] = pc.fill_null(values, -1).to_numpy().astype(np.int64)
    return columns
