"""Writes the lot tables to Parquet: in the order of time, in parts, each complete or absent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.ledger.lot_rows import Rows
from cesim.ledger.lot_tables import COMPOSED, TABLES, Column

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Columns = dict[str, Whole]

PART: Final = 262_144
"""Most rows of a part."""
PART_BYTES: Final = 2**25
"""Most memory that the rows of a part take up before they are written: a wide table has shorter parts."""
_STRIP: Final = 512
"""Rows of a composition turned into columns at once: as many as the nearest memory holds."""
_MARK: Final = ("kind", "grade", "owner")


class LotWriter(Rows):
    """A folder of tables, `lot/part-000000.parquet` and so on; a part appears under its name only when it is whole.

    Parts end where a period ends or so many rows are full, to the row, so the same run gives the same parts, byte for
    byte, however its rows come in. Parts that an earlier run left in the folder are removed.

    Parameters
    ----------
    folder
        Where the tables go; made if it is not there.
    substances, origins
        Of the compositions.
    part
        Most rows of a part; a part has fewer where they would take up more than `PART_BYTES`.
    """

    def __init__(self, folder: Path, substances: tuple[str, ...], origins: tuple[str, ...], part: int = PART) -> None:
        super().__init__(substances, origins)
        self.folder = folder
        self.part = {name: max(1, min(part, PART_BYTES // self._row_bytes(name))) for name in TABLES}
        """Rows of a full part, by table."""
        self.written = dict.fromkeys(TABLES, 0)
        """Parts of each table that are on disk."""
        self._open: dict[str, Columns] = {}
        self._unsynced: list[tuple[str, str]] = []
        self.forget_later()

    def add(self, table: str, columns: Mapping[str, Whole]) -> None:
        """Take rows of a table; a part that is full is written."""
        count, first = len(next(iter(columns.values()))), 0
        while first < count:
            full = self._counts[table]
            rows = min(count - first, self.part[table] - full)
            self._fill(table, columns, slice(first, first + rows), full)
            self._counts[table] = full + rows
            first += rows
            if full + rows == self.part[table]:
                self._write(table)

    def table(self, name: str) -> Columns:
        """Return what is not yet written of a table, by column."""
        count = self._counts[name]
        if not count:
            return super().table(name)
        columns = {key: values[..., :count].copy() for key, values in self._open[name].items()}
        if name in COMPOSED:
            columns["composition"] = columns["composition"].T
        return columns

    def close_period(self) -> None:
        """Write what is there of every table."""
        for table in TABLES:
            if self._counts[table]:
                self._write(table)
        self._open.clear()  # a checkpoint follows

    def sync(self) -> None:
        """Have the disk hold all that is written, so that a checkpoint may stand on it."""
        for table, name in self._unsynced:
            synced(self.folder / table / name)
        for table in {table for table, _ in self._unsynced}:
            synced(self.folder / table)
        self._unsynced.clear()

    def forget_later(self) -> None:
        """Remove parts that are not of this run, or were written after the state that is continued from.

        The last one first: whenever this is interrupted, no part is missing between two others.
        """
        for table, written in self.written.items():
            for path in sorted((self.folder / table).glob("part-*.parquet"), reverse=True):
                if int(path.stem.removeprefix("part-")) >= written:
                    path.unlink()
            for path in (self.folder / table).glob(".part-*"):
                path.unlink()

    def _row_bytes(self, table: str) -> int:
        return 8 * (len(TABLES[table]) + (self.width if table in COMPOSED else 0))

    def _fill(self, table: str, columns: Mapping[str, Whole], rows: slice, at: int) -> None:
        """Copy rows to where they are kept until the part is full: column by column, as they are written."""
        kept = self._open.get(table)
        if kept is None:
            shapes = {name: (self.width,) if name == "composition" else () for name in columns}
            kept = {name: np.empty((*shape, self.part[table]), dtype=np.int64) for name, shape in shapes.items()}
            self._open[table] = kept
        for name, values in columns.items():
            if name != "composition":
                kept[name][at : at + rows.stop - rows.start] = values[rows]
                continue
            for first in range(rows.start, rows.stop, _STRIP):
                strip = values[first : min(first + _STRIP, rows.stop)]
                start = at + first - rows.start
                kept[name][:, start : start + len(strip)] = strip.T

    def _write(self, table: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        folder = self.folder / table
        folder.mkdir(parents=True, exist_ok=True)
        name = f"part-{self.written[table]:06}.parquet"
        staged = folder / f".{name}"
        arrays = self._arrays(table, self._open[table], self._counts[table])
        named = [name for name, array in arrays.items() if pa.types.is_dictionary(array.type)]
        packed = {name: "DELTA_BINARY_PACKED" for name in arrays if name not in named}
        # least and most of every number, so that a reader need not open a column of zeros
        statistics = list(packed)
        # numbers packed by their differences: as small as zstd makes them, in half the time
        pq.write_table(
            pa.table(arrays), staged, compression="lz4", use_dictionary=named, column_encoding=packed,
            write_statistics=statistics, store_schema=False,
        )  # fmt: skip
        staged.replace(folder / name)
        self.written[table] += 1
        self.clear(table)
        self._unsynced.append((table, name))

    def _arrays(self, table: str, columns: Columns, count: int) -> dict[str, pa.Array[Any]]:
        """The columns of a table as they are written: names for numbers, nothing for -1."""
        import pyarrow as pa

        arrays: dict[str, pa.Array[Any]] = {}
        for column in TABLES[table]:
            if column.name in _MARK and "mark" in columns:
                arrays[column.name] = self._of_mark(columns["mark"][:count], _MARK.index(column.name))
            else:
                arrays[column.name] = self._array(column, columns[column.name][:count])
        if table in COMPOSED:
            for column, values in zip(self.composition, columns["composition"], strict=True):
                arrays[column.name] = pa.array(values[:count])
        return arrays

    def _of_mark(self, codes: Whole, which: int) -> pa.Array[Any]:
        texts = [mark[which + 1] for mark in self.names["mark"]]
        distinct = sorted(set(texts))
        number = np.array([distinct.index(text) for text in texts], dtype=np.int64)
        return _named(number[codes], distinct, False)

    def _array(self, column: Column, values: Whole) -> pa.Array[Any]:
        import pyarrow as pa

        if column.named:
            return _named(values, self.names[column.named], column.empty)
        if column.empty:
            return pa.array(values, mask=values < 0)
        return pa.array(values)


def synced(path: Path) -> None:
    """Have the disk hold a file, or what files a folder has."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _named(codes: Whole, names: Any, empty: bool) -> pa.Array[Any]:
    """Names for numbers; only those that occur, so that it makes no difference when a part is written."""
    import pyarrow as pa

    present = np.bincount(codes + 1, minlength=len(names) + 1)[1:] > 0
    used = np.flatnonzero(present)
    place = np.append(np.cumsum(present) - 1, 0)  # the last for -1
    indices = pa.array(place[codes].astype(np.int32), mask=codes < 0 if empty else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array([names[code] for code in used], type=pa.string()))
