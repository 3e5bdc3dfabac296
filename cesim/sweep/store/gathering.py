"""What runs of a part came to, wherever their values are: sealed in its file, or still waiting in the run log.

Every run has a hash of its values in the run log, so a file is believed run by run: it may be newer or older than the
log says, as after a crash, and still no value is taken for another.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.sweep.solving import Batch, Failure
from cesim.sweep.store.parts import cells, damaged, read_part

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.sweep.solving import Floats, Ints
    from cesim.sweep.store.lock import Lock
    from cesim.sweep.store.run_log import Row, RunLog

_DIGEST_BYTES: Final = 16


def plain(values: Floats) -> Floats:
    """Return values as they are hashed and kept: little-endian, in one piece, one NaN for all of them."""
    kept = np.array(values, dtype="<f8", order="C")
    kept[np.isnan(kept)] = np.nan
    return kept


def digest(held: bytes) -> str:
    """Return the hash of what a run left."""
    return blake2b(held, digest_size=_DIGEST_BYTES).hexdigest()


def rows_of(batch: Batch, lock: Lock) -> list[Row]:
    """Return runs as rows of the run log.

    Raises
    ------
    ValueError
        where a batch is not of such a study: a fault of the solver, not of anybody's input
    """
    runs = np.asarray(batch.runs, dtype=np.int64)
    shape = (len(runs), lock.shape.rows, len(lock.shape.indicators))
    if batch.values.shape != shape or len(batch.seconds) != len(runs) or (runs[:1] < 0).any():
        raise ValueError(f"values {batch.values.shape} and seconds {len(batch.seconds)} where {shape} is due")
    if (np.diff(runs) <= 0).any() or not set(batch.failures) <= set(runs.tolist()):
        raise ValueError("runs of a batch are ascending, and its failures are of its runs")
    point, replicate, alternative = cells(lock.shape, runs)
    content = plain(batch.values).tobytes()
    width = 8 * shape[1] * shape[2]
    held = [content[at * width : (at + 1) * width] for at in range(len(runs))]
    status, reason = ["done"] * len(runs), [""] * len(runs)
    digests: list[str] = [digest(one) for one in held]
    kept: list[bytes | None] = list(held)
    for run, failure in batch.failures.items():
        at = int(np.searchsorted(runs, run))
        status[at], reason[at] = failure.status, failure.reason.encode("utf-8", "replace").decode("utf-8")
        digests[at], kept[at] = "", None
    return list(
        zip(
            runs.tolist(), alternative.tolist(), point.tolist(), replicate.tolist(), status, reason,
            batch.seconds.tolist(), [lock.seed] * len(runs), digests, kept, strict=True,
        )
    )  # fmt: skip


def gathered(log: RunLog, folder: Path, lock: Lock, part: int) -> Batch:
    """Return what is known of the runs of a part.

    Raises
    ------
    InputError
        ``sweep_part_damaged`` where the file does not hold what the run log says
    """
    first, end = part * lock.part, (part + 1) * lock.part
    rows, waiting = log.between("run, status, reason, seconds, hash", first, end), log.waiting(first, end)
    runs = np.array([row[0] for row in rows], dtype=np.int64)
    values = np.full((len(rows), lock.shape.rows, len(lock.shape.indicators)), np.nan)
    failures = {run: Failure(status, reason) for run, status, reason, *_ in rows if status != "done"}
    sealed = []
    for number, (run, status, *_) in enumerate(rows):
        if (held := waiting.get(run)) is not None:
            values[number] = np.frombuffer(held, dtype="<f8").reshape(values.shape[1:])
        elif status == "done":
            sealed.append(number)
    if sealed:
        values[sealed] = _sealed(folder, lock, part, runs[sealed], [rows[number][4] for number in sealed])
    seconds = np.array([np.nan if row[3] is None else row[3] for row in rows], dtype=np.float64)
    return Batch(runs, values, seconds, failures)


def _sealed(folder: Path, lock: Lock, part: int, runs: Ints, digests: list[str]) -> Floats:
    """Return the values (run, row, indicator) that a part has of some runs, each proved by its hash."""
    there, values = read_part(folder, part, lock, lock.shape.indicators)
    at = np.searchsorted(there, runs)
    if at.max() >= len(there) or not np.array_equal(there[at], runs):
        raise damaged(folder, part)
    found = plain(np.moveaxis(values[:, at], 0, -1))
    if any(digest(one.tobytes()) != wanted for one, wanted in zip(found, digests, strict=True)):
        raise damaged(folder, part)
    return found
