"""One run of a sweep again: it must come to what it came to then, to the last bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.errors import Fault, InputError, NoAnswer, Place
from cesim.sweep.opened import plan_in
from cesim.sweep.store import open_study, read_lock, same
from cesim.sweep.store.gathering import digest, plain
from cesim.sweep.store.parts import read_part
from cesim.sweep.store.run_log import BY_CHANCE, RunLog
from cesim.sweep.store.trouble import told

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.sweep.solving import Batch, Cell, Floats
    from cesim.sweep.store import Lock


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
        ``sweep_no_such_run``, ``sweep_part_damaged``; where code, packages or data are others than those of
        the sweep, since equality would then say nothing (`cesim.sweep.store.same`)
    NoAnswer
        ``sweep_replay_differs``; ``sweep_replay_by_chance`` for a run that was stopped or lost, and now has a result
    """
    plan, lock = plan_in(folder), read_lock(folder)
    if faults := same(lock, plan.lock(lock.shard), folder):
        raise InputError(faults)
    then = _kept(folder, lock, run)
    now = plan.recipe.solver().solve(np.array([run], dtype=np.int64))
    cell = plan.recipe.shape.cell(run)
    name = plan.recipe.shape.alternatives[cell.alternative]
    if not _alike(then, now, run):
        by_chance = then.status in BY_CHANCE and run not in now.failures
        code = "sweep_replay_by_chance" if by_chance else "sweep_replay_differs"
        raise NoAnswer([Fault(code, Place(str(folder)), {"found": run})])
    reason = now.failures[run].reason if run in now.failures else ""
    return Replayed(run, cell, name, now.values[0] if not reason else np.empty((0, 0)), reason)


class Kept(NamedTuple):
    """What a study holds of a run: its line in the run log, and the bytes of its values wherever they lie."""

    status: str
    hash: str
    values: bytes


def _kept(folder: Path, lock: Lock, run: int) -> Kept:
    open_study(folder)  # refuses a folder without a run log
    with told(folder):
        log = RunLog(folder, write=False)
        try:
            rows, last = log.between("status, hash", run, run + 1), log.last()
            held = log.waiting(run, run + 1).get(run)
        finally:
            log.close()
    if not rows:
        raise InputError([Fault("sweep_no_such_run", Place(str(folder)), {"found": run, "last": last})])
    status, digest_then = rows[0]
    if status == "done" and held is None:
        runs, values = read_part(folder, run // lock.part, lock, lock.shape.indicators)
        held = plain(np.moveaxis(values[:, runs == run], 0, -1)).tobytes()
    return Kept(status, digest_then, held or b"")


def _alike(then: Kept, now: Batch, run: int) -> bool:
    """Whether a run has the same result, in the run log and in its part, or fails alike."""
    if run in now.failures:
        return now.failures[run].status == then.status
    found = plain(now.values[0]).tobytes()
    return then.status == "done" and digest(found) == then.hash and found == then.values
