"""What went into every point, as a table of its own: for analyses that want nothing of cesim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.sweep.engines.points import source_of

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.sweep.planning import SweepPlan

POINTS: Final = "points.parquet"
MOST: Final = 20_000_000
"""Numbers in the table; of more it is not written, for it would be larger than all results."""
_ROWS: Final = 4096


def write_points(folder: Path, plan: SweepPlan, points: int) -> bool:
    """Write `points.parquet` into the folder of a sweep, and return whether it was.

    One row a point, in their order: `point`, then for every stream that varies where in its law the number lies, as a
    probability. A lever of several values takes the one in whose equal part of 0 to 1 it lies. The same points give the
    same bytes.

    Raises
    ------
    InputError
        ``cannot_write_folder``
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    streams = [column["stream"] for column in plan.columns]
    recipe: Any = getattr(plan.recipe, "balance", plan.recipe)  # of both engines either knows the points
    if points * len(streams) > MOST:
        return False
    staged = folder / f".{POINTS}.new"
    schema = pa.schema([("point", pa.int64()), *((name, pa.float64()) for name in streams)])
    try:
        with pq.ParquetWriter(staged, schema, compression="zstd", use_dictionary=False) as writer:
            for first in range(0, points, _ROWS):
                numbers = np.arange(first, min(first + _ROWS, points), dtype=np.int64)
                source = source_of(recipe, numbers, 0)
                drawn = [source.u(name, 0, numbers.size) for name in streams]
                writer.write_table(pa.table([numbers, *drawn], schema=schema))
        staged.replace(folder / POINTS)
    except OSError as error:
        staged.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise InputError([Fault("cannot_write_folder", Place(str(folder)), {"found": reason})]) from error
    return True
