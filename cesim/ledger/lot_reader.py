"""Reads the lot tables of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.ledger.lot_rows import FIXED_NAMES, column_names
from cesim.ledger.lot_tables import TABLES, composition_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


_AT_ONCE: Final = 4
"""Columns of a composition read at once."""


def read_table(folder: Path, name: str, columns: Sequence[str] | None = None) -> Any:
    """Return a table as Arrow, its parts in their order; all columns unless some are named.

    Raises
    ------
    InputError
        ``lot_table_missing`` where there is no part of it, or one of them is not there.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = _parts(folder, name)
    named = [column.name for column in TABLES[name] if column.named]
    wanted = None if columns is None else list(columns)
    tables = [pq.ParquetFile(part, read_dictionary=named).read(wanted, use_threads=False) for part in parts]
    return pa.concat_tables(tables).unify_dictionaries()


def _parts(folder: Path, name: str) -> list[Path]:
    parts = sorted((folder / name).glob("part-*.parquet"))
    if not parts or parts[-1].stem != f"part-{len(parts) - 1:06}":
        raise InputError([Fault("lot_table_missing", Place(file=str(folder)), {"found": name})])
    return parts


def parts_of(folder: Path, name: str, columns: Sequence[str]) -> Iterator[list[Whole]]:
    """Yield plain columns of a table part by part, in the order of its rows; nothing where there is no part."""
    import pyarrow.parquet as pq

    for part in sorted((folder / name).glob("part-*.parquet")):
        table = pq.ParquetFile(part).read(columns=list(columns))
        yield [np.asarray(table[column].to_numpy()) for column in columns]


class SavedRows:
    """The tables of a folder, read column by column as whole numbers: what the proof reads.

    A named column holds places in `names` of its kind; what is empty is -1.

    Parameters
    ----------
    folder
        Where `lot`, `event` and the others are.
    """

    def __init__(self, folder: Path) -> None:
        import pyarrow.parquet as pq

        self.folder = folder
        self.names: dict[str, Sequence[Any]] = dict(FIXED_NAMES)
        self._there = {name for name in TABLES if (folder / name).is_dir()}
        read_table(folder, "lot", [])  # refused where it is missing
        every = pq.read_schema(folder / "lot" / "part-000000.parquet").names[len(TABLES["lot"]) :]
        self.origins = tuple(name[len("from_") : -len("_mg")] for name in every if name.startswith("from_"))
        self.substances = tuple(name[: -len("_mg")] for name in every[: len(every) - len(self.origins)])
        self.names["column"] = column_names(composition_columns(self.substances, self.origins))

    def column(self, table: str, name: str) -> Whole:
        """Return one column of a table; nothing where nothing of the kind happened."""
        if table not in self._there:
            return np.zeros(0, dtype=np.int64)
        values = read_table(self.folder, table, [name])[name]
        named = {column.name: column.named for column in TABLES[table] if column.named}.get(name)
        if named is None:
            if values.null_count:
                values = values.fill_null(-1)
            return np.asarray(values.to_numpy()).astype(np.int64, copy=False)
        chunks = [np.asarray(chunk.indices.fill_null(-1)) for chunk in values.chunks]
        texts = values.chunk(0).dictionary.to_pylist() if chunks else []
        known = list(self.names.get(named, ()))
        known += sorted(set(texts) - set(known))
        self.names[named] = known
        places = np.array([*(known.index(text) for text in texts), -1], dtype=np.int64)  # the last for -1
        return places[np.concatenate(chunks)] if chunks else np.zeros(0, dtype=np.int64)

    def compositions(self, table: str) -> Iterator[Whole | None]:
        """Go through the columns of the compositions of a table; none stands for a column of zeros.

        Some columns are read at once, because opening a part takes as long as reading a column of it.
        """
        import pyarrow.parquet as pq

        width = len(self.substances) + len(self.origins)
        if table not in self._there:
            yield from [None] * width
            return
        parts = [(path, pq.read_metadata(path)) for path in _parts(self.folder, table)]
        first = len(TABLES[table])
        zero = [all(_zero(part, first + number) for _, part in parts) for number in range(width)]
        names = [column.name for column in composition_columns(self.substances, self.origins)]
        for start in range(0, width, _AT_ONCE):
            some = [number for number in range(start, min(start + _AT_ONCE, width)) if not zero[number]]
            wanted = [names[number] for number in some]
            read = [pq.ParquetFile(path, metadata=part).read(wanted, use_threads=False) for path, part in parts]
            values = {
                number: np.concatenate([chunk.to_numpy() for part in read for chunk in part[names[number]].chunks])
                for number in some
            }
            del read
            for number in range(start, min(start + _AT_ONCE, width)):
                yield values.pop(number, None)


def _zero(part: Any, number: int) -> bool:
    """Say whether a column of a part is known to hold nothing but zeros."""
    for group in range(part.num_row_groups):
        statistics = part.row_group(group).column(number).statistics
        if statistics is None or not statistics.has_min_max or statistics.min != 0 or statistics.max != 0:
            return False
    return True
