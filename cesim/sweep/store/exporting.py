"""Results for other programs: one CSV that Excel opens with its Japanese intact, or one Parquet file."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cesim.sweep.store.parts import table
from cesim.sweep.store.trouble import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.sweep.store.reading import StudyTables


def export_csv(study: StudyTables, target: Path) -> None:
    """Write all results as CSV (UTF-8 with its mark), whole or not at all; nothing stands for no value.

    Raises
    ------
    InputError
        where it cannot be written (`cesim.sweep.store.trouble.told`)
    """
    with _instead_of(target) as staged, staged.open("w", encoding="utf-8-sig", newline="") as file:
        for number, frame in enumerate(study.frames()):
            frame.to_csv(file, index=False, header=number == 0)


def export_parquet(study: StudyTables, target: Path) -> None:
    """Write all results as one Parquet file with the columns of a part, whole or not at all."""
    import pyarrow.parquet as pq

    shape = study.lock.shape
    nobody = np.zeros(0, dtype=np.int64)
    schema = table(shape, nobody, np.zeros((0, shape.rows, len(shape.indicators)))).schema
    with _instead_of(target) as staged, pq.ParquetWriter(staged, schema, compression="zstd") as writer:
        for runs, values in study.parts(shape.indicators):
            writer.write_table(table(shape, runs, np.moveaxis(values, 0, -1)))


@contextmanager
def _instead_of(target: Path) -> Iterator[Path]:
    """Give a file to write to, which takes the place of the target when the block ends well."""
    with told(target), tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.absolute().parent) as folder:
        staged = Path(folder) / target.name
        yield staged
        staged.replace(target)
