"""One run of a sweep again: it must come to what it came to then, to the last bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, NoAnswer, Place
from cesim.sweep.opened import plan_in
from cesim.sweep.store import open_study, read_lock, same
from cesim.sweep.store.gathering import digest, plain

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.sweep.solving import Batch, Cell, Floats


@dataclass(frozen=True)
class Replayed:
    """A run that came to the same again.

    Attributes
    ----------
    run, cell, alternative
        which it is
    values : (row, indicator)
        what it came to; empty where it has no result again
    reason
        why it has no result; empty where it has one
    """

    run: int
    cell: Cell
    alternative: str
    values: Floats
    reason: str = ""


def replay(folder: Path, run: int) -> Replayed:
    """Answer a run once more and hold it against the store.

    Raises
    ------
    InputError
        ``sweep_no_such_run``; where code, packages or data are others than those of the sweep, since equality would
        then say nothing (`cesim.sweep.store.same`)
    NoAnswer
        ``sweep_replay_differs``
    """
    plan, lock = plan_in(folder), read_lock(folder)
    if faults := same(lock, plan.lock(lock.shard), folder):
        raise InputError(faults)
    study = open_study(folder)
    rows = study.runs()
    known = rows[rows["run"] == run]
    place = Place(str(folder))
    if known.empty:
        last = int(rows["run"].max()) if len(rows) else 0
        raise InputError([Fault("sweep_no_such_run", place, {"found": run, "last": last})])
    then = known.iloc[0]
    now = plan.recipe.solver().solve(np.array([run], dtype=np.int64))
    cell = plan.recipe.shape.cell(run)
    name = plan.recipe.shape.alternatives[cell.alternative]
    if not _alike(str(then["status"]), str(then["hash"]), now, run):
        raise NoAnswer([Fault("sweep_replay_differs", place, {"found": run})])
    reason = now.failures[run].reason if run in now.failures else ""
    return Replayed(run, cell, name, now.values[0] if not reason else np.empty((0, 0)), reason)


def _alike(status: str, then: str, now: Batch, run: int) -> bool:
    """Whether a run has the same result, or fails alike."""
    if run in now.failures:
        return now.failures[run].status == status
    return status == "done" and digest(plain(now.values[0]).tobytes()) == then
