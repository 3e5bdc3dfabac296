"""Parts of the results: the values of a fixed range of runs in one Parquet file, whole or not there."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.ledger.lot_writer import synced

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from cesim.sweep.solving import Floats, Ints, Shape
    from cesim.sweep.store.lock import Lock

RESULTS: Final = "results"
KEYS: Final = ("run", "point", "replicate", "alternative", "region", "year")
"""Columns of a part before those of the indicators; rows stand in the order of run, region, year."""
_NAMED: Final = ("alternative", "region")
_CELLS: Final = 2**20
_ROWS: Final = 2**16


def runs_of_a_part(shape: Shape) -> int:
    """Return how many runs make a good part: a power of two, so that a part is a few megabytes and quickly read."""
    most = min(_ROWS // shape.rows, _CELLS // (shape.rows * max(1, len(shape.indicators))))
    return 1 << max(0, most.bit_length() - 1)


def part_path(folder: Path, part: int) -> Path:
    """Return where a part stands."""
    return folder / RESULTS / f"part-{part:06}.parquet"


def cells(shape: Shape, runs: Ints) -> tuple[Ints, Ints, Ints]:
    """Return point, replicate and alternative of runs."""
    rest, alternative = np.divmod(runs, len(shape.alternatives))
    point, replicate = np.divmod(rest, shape.replicates)
    return point, replicate, alternative


def table(shape: Shape, runs: Ints, values: Floats) -> pa.Table:
    """Return values (run, row, indicator) as they stand in a part: NaN is written as nothing."""
    import pyarrow as pa

    point, replicate, alternative = (np.repeat(numbers, shape.rows) for numbers in cells(shape, runs))
    region = np.tile(np.repeat(np.arange(len(shape.regions)), len(shape.years)), len(runs))
    columns: dict[str, Any] = {
        "run": pa.array(np.repeat(runs, shape.rows)),
        "point": pa.array(point),
        "replicate": pa.array(replicate),
        "alternative": _named(alternative, shape.alternatives),
        "region": _named(region, shape.regions),
        "year": pa.array(np.tile(np.array(shape.years, dtype=np.int64), len(runs) * len(shape.regions))),
    }
    flat = values.reshape(len(runs) * shape.rows, len(shape.indicators))
    for number, name in enumerate(shape.indicators):
        columns[name] = pa.array(np.ascontiguousarray(flat[:, number]), from_pandas=True)
    return pa.table(columns)


def write_part(folder: Path, part: int, content: pa.Table) -> str:
    """Write a part beside its place, have the disk hold it, rename it, and return its SHA-256.

    The same rows give the same bytes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = part_path(folder, part)
    staged = target.with_name(f"{target.name}.new")  # no name that a reader of all parts would take for one
    buffer = pa.BufferOutputStream()
    whole = [name for name in KEYS if name not in _NAMED]
    pq.write_table(
        content, buffer, compression="zstd", use_dictionary=list(_NAMED), store_schema=False,
        column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"), write_statistics=whole,
        write_page_checksum=True,
    )  # fmt: skip
    written = buffer.getvalue()
    try:
        with staged.open("wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(target)
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    _hold(target.parent)
    return hashlib.sha256(written).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a part as it lies there."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_part(folder: Path, part: int, lock: Lock, indicators: Sequence[str]) -> tuple[Ints, Floats]:
    """Return the runs of a part, and their values (indicator, run, row) of the indicators named; NaN for nothing.

    Raises
    ------
    InputError
        ``sweep_part_damaged`` where it is not there or is not a part of such a study
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = part_path(folder, part)
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            read = file.read(["run", *indicators], use_threads=False)
        runs = np.ascontiguousarray(read["run"].to_numpy().reshape(-1, lock.shape.rows)[:, 0])
        values = np.empty((len(indicators), len(runs), lock.shape.rows))
        for number, name in enumerate(indicators):
            values[number] = read[name].to_numpy().reshape(-1, lock.shape.rows)
    except (OSError, ValueError, KeyError, IndexError, pa.ArrowException) as error:
        raise damaged(folder, part) from error
    if (runs // lock.part != part).any():
        raise damaged(folder, part)
    return runs, values


def damaged(folder: Path, part: int) -> InputError:
    """Return what is told of a part that is not the one that was written."""
    path = part_path(folder, part)
    return InputError([Fault("sweep_part_damaged", Place(str(path)), {"found": path.name})])


def _hold(folder: Path) -> None:
    """Have the disk hold the names in a folder, where the system knows of such a thing."""
    if os.name == "posix":
        synced(folder)


def _named(codes: Ints, names: tuple[str, ...]) -> pa.Array[Any]:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names, type=pa.string()))
