"""Writes the lot tables to Parquet: in the order of time, in parts, each complete or absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.ledger.lot_rows import Rows
from cesim.ledger.lot_tables import COMPOSED, TABLES, Column

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

PART: Final = 262_144
"""Rows of a table after which a part is written."""
_MARK: Final = ("kind", "grade", "owner")


class LotWriter(Rows):
    """A folder of tables, `lot/part-000000.parquet` and so on; a part appears under its name only when it is whole.

    Parts end where a period ends or `PART` rows are full, so the same run gives the same parts, byte for byte. Parts
    that an earlier run left in the folder are removed.

    Parameters
    ----------
    folder
        Where the tables go; made if it is not there.
    substances, origins
        Of the compositions.
    part
        Rows of a part.
    """

    def __init__(self, folder: Path, substances: tuple[str, ...], origins: tuple[str, ...], part: int = PART) -> None:
        super().__init__(substances, origins)
        self.folder, self.part = folder, part
        self.written = dict.fromkeys(TABLES, 0)
        """Parts of each table that are on disk."""
        self.forget_later()

    def add(self, table: str, columns: Mapping[str, Whole]) -> None:
        """Take rows of a table; a part that is full is written."""
        super().add(table, columns)
        if self._counts[table] >= self.part:
            self._write(table)

    def close_period(self) -> None:
        """Write what is there of every table."""
        for table in TABLES:
            if self._counts[table]:
                self._write(table)

    def forget_later(self) -> None:
        """Remove parts that are not of this run, or were written after the state that is continued from."""
        for table, written in self.written.items():
            for path in sorted((self.folder / table).glob("part-*.parquet")):
                if int(path.stem.removeprefix("part-")) >= written:
                    path.unlink()
            for path in (self.folder / table).glob(".part-*"):
                path.unlink()

    def _write(self, table: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = self.table(table)
        self.clear(table)
        folder = self.folder / table
        folder.mkdir(parents=True, exist_ok=True)
        name = f"part-{self.written[table]:06}.parquet"
        staged = folder / f".{name}"
        arrays = self._arrays(table, columns)
        named = [name for name, array in arrays.items() if pa.types.is_dictionary(array.type)]
        packed = {name: "DELTA_BINARY_PACKED" for name in arrays if name not in named}
        statistics = [name for name in ("lot", "event", "time_s") if name in arrays]
        # numbers packed by their differences: as small as zstd makes them, in half the time
        pq.write_table(
            pa.table(arrays), staged, compression="lz4", use_dictionary=named, column_encoding=packed,
            write_statistics=statistics, store_schema=False,
        )  # fmt: skip
        staged.replace(folder / name)
        self.written[table] += 1

    def _arrays(self, table: str, columns: dict[str, Whole]) -> dict[str, pa.Array[Any]]:
        """The columns of a table as they are written: names for numbers, nothing for -1."""
        arrays: dict[str, pa.Array[Any]] = {}
        for column in TABLES[table]:
            if column.name in _MARK and "mark" in columns:
                arrays[column.name] = self._of_mark(columns["mark"], _MARK.index(column.name))
            else:
                arrays[column.name] = self._array(column, columns[column.name])
        if table in COMPOSED:
            import pyarrow as pa

            for number, column in enumerate(self.composition):
                arrays[column.name] = pa.array(columns["composition"][:, number])
        return arrays

    def _of_mark(self, codes: Whole, which: int) -> pa.Array[Any]:
        import numpy as np

        texts = [mark[which + 1] for mark in self.names["mark"]]
        distinct = sorted(set(texts))
        number = np.array([distinct.index(text) for text in texts], dtype=np.int32)
        return _named(number[codes], distinct, False)

    def _array(self, column: Column, values: Whole) -> pa.Array[Any]:
        import pyarrow as pa

        if column.named:
            return _named(values, self.names[column.named], column.empty)
        if column.empty:
            return pa.array(values, mask=values < 0)
        return pa.array(values)


def _named(codes: Any, names: Any, empty: bool) -> pa.Array[Any]:
    import pyarrow as pa

    indices = pa.array(codes.astype("int32"), mask=codes < 0 if empty else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), type=pa.string()))
