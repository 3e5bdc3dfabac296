"""What went into every point, as tables of their own: for analyses that want nothing of cesim, and for readers."""

from __future__ import annotations

import csv
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.quantities import LawOfShares
from cesim.sweep.designs.headings import POINT
from cesim.sweep.engines.points import source_of
from cesim.sweep.numbers import numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.sweep.numbers import Column
    from cesim.sweep.planning import SweepPlan

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

POINTS: Final = "points.parquet"
INPUTS: Final = "inputs.parquet"
SHEET: Final = "inputs.csv"
MOST: Final = 20_000_000
"""Numbers in a table; of more it is not written, for it would be larger than all results."""
MOST_SHEET: Final = 1_000_000
"""Numbers in the CSV file: what a spreadsheet opens without pain."""
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

    streams = _streams(plan)
    if points * len(streams) > MOST:
        _take_away(folder, POINTS)  # of fewer points
        return False
    schema = pa.schema([(POINT, pa.int64()), *((name, pa.float64()) for name in streams)])
    parts = (
        pa.table([numbers, *(u[name] for name in streams)], schema=schema)
        for numbers, u in _drawn(plan, points)
    )  # fmt: skip
    _write_parquet(folder, POINTS, schema, parts)
    return True


def write_inputs(folder: Path, plan: SweepPlan, points: int) -> bool:
    """Write `inputs.parquet`, where it is small `inputs.csv` as well, and return whether the former was.

    One row a point, in their order: `point`, then what every number that varies was, in its unit; of a number that
    changes over the years a column for each year of the report. The CSV file may be read again as the table of a study
    (`cesim.sweep.tabled`): columns are headed as there. The same points give the same bytes.

    Raises
    ------
    InputError
        ``cannot_write_folder``
    """
    import pyarrow as pa

    columns = list(numbers_of(plan.study, plan.designed.factors, plan.alternatives).columns(_streams(plan)))
    _take_away(folder, SHEET)  # of fewer points, where it is not written anew
    if points * len(columns) > MOST:
        _take_away(folder, INPUTS)
        return False
    schema = pa.schema([(POINT, pa.int64()), *((str(column.heading), _kind(column)) for column in columns)])
    parts = (
        pa.table([numbers, *_cells(columns, u)], schema=schema)
        for numbers, u in _drawn(plan, points)
    )  # fmt: skip
    _write_parquet(folder, INPUTS, schema, parts)
    if points * len(columns) <= MOST_SHEET:
        _write_sheet(folder)
    return True


def _streams(plan: SweepPlan) -> list[str]:
    return [column["stream"] for column in plan.columns]


def _drawn(plan: SweepPlan, points: int) -> Iterator[tuple[Ints, dict[str, Floats]]]:
    """Go through the points, some at a time: their numbers, and the probabilities of every stream."""
    recipe: Any = getattr(plan.recipe, "balance", plan.recipe)  # of both engines either knows the points
    for first in range(0, points, _ROWS):
        numbers = np.arange(first, min(first + _ROWS, points), dtype=np.int64)
        source = source_of(recipe, numbers, 0)
        yield numbers, {name: source.u(name, 0, numbers.size) for name in _streams(plan)}


def _kind(column: Column) -> Any:
    """Return the type of a column: numbers, or the words of a choice."""
    import pyarrow as pa

    return pa.string() if column.options and not _are_numbers(column.options) else pa.float64()


def _cells(columns: Sequence[Column], u: dict[str, Floats]) -> Iterator[Any]:
    """Yield the cells of each column; shares that add to one stand side by side and are drawn once."""
    last, shares = None, np.empty((0, 0))
    for column in columns:
        own = [u[stream] for stream in column.streams]
        if isinstance(column.law, LawOfShares):
            if (column.law, column.streams) != last:
                last, shares = (column.law, column.streams), column.law.draw(np.stack(own, axis=1))
            yield shares[:, column.key]
        elif column.options:
            yield _options(column)[column.values(own).astype(np.int64)]
        else:
            yield column.values(own)


def _options(column: Column) -> Any:
    """Return what a choice takes, as an array of numbers or of words."""
    if _are_numbers(column.options):
        return np.array([float(option) for option in column.options])
    return np.array(column.options, dtype=object)


def _are_numbers(options: tuple[str, ...]) -> bool:
    try:
        return all(np.isfinite(float(option)) for option in options)
    except ValueError:
        return False


def _write_parquet(folder: Path, name: str, schema: Any, parts: Iterator[Any]) -> None:
    """Write a table part by part under another name, then put it in its place."""
    import pyarrow.parquet as pq

    staged = folder / f".{name}.new"
    try:
        with pq.ParquetWriter(staged, schema, compression="zstd", use_dictionary=False) as writer:
            for part in parts:
                writer.write_table(part)
        staged.replace(folder / name)
    except OSError as error:
        raise _refused(folder, staged, error) from error


def _write_sheet(folder: Path) -> None:
    """Write the table of inputs as CSV; digits are as many as tell a number from its neighbours."""
    import pyarrow.parquet as pq

    staged = folder / f".{SHEET}.new"
    table = pq.ParquetFile(folder / INPUTS)
    try:
        with staged.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(table.schema_arrow.names)
            for part in table.iter_batches(_ROWS):
                writer.writerows(zip(*(column.to_pylist() for column in part.columns), strict=True))
        staged.replace(folder / SHEET)
    except OSError as error:
        raise _refused(folder, staged, error) from error
    finally:
        table.close()


def _take_away(folder: Path, name: str) -> None:
    try:
        (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise _refused(folder, folder / f".{name}.new", error) from error


def _refused(folder: Path, staged: Path, error: OSError) -> InputError:
    with suppress(OSError):
        staged.unlink(missing_ok=True)
    return InputError([Fault("cannot_write_folder", Place(str(folder)), {"found": error.strerror or str(error)})])
