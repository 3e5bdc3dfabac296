"""Shards put together: the folder that one sweep of all runs would have left, byte for byte in its parts."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.ledger.staging import staged
from cesim.sweep.store.gathering import gathered
from cesim.sweep.store.laying import check_is_free, lay_out
from cesim.sweep.store.lock import read_lock, same
from cesim.sweep.store.run_log import RunLog
from cesim.sweep.store.sole import sole_writer
from cesim.sweep.store.store import Store
from cesim.sweep.store.trouble import told
from cesim.sweep.store.whole import check_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.sweep.store.lock import Lock

_FILES: Final = ("study.yaml", "scenarios", "inputs")
"""What belongs to the study and not to a shard of it; the rest is made anew by the doors."""


@dataclass(frozen=True)
class Merged:
    """What was put together.

    Attributes
    ----------
    runs
        how many are there
    shards_missing
        which shards were not given, from 1
    runs_missing
        how many there are not of those up to the last that is there
    """

    runs: int
    shards_missing: tuple[int, ...]
    runs_missing: int

    def remarks(self, folder: Path) -> tuple[Fault, ...]:
        """Return what a reader should know of it."""
        place = Place(str(folder))
        told = []
        if self.shards_missing:
            told.append(Fault("sweep_shards_missing", place, {"found": list(self.shards_missing)}))
        if self.runs_missing:
            told.append(Fault("sweep_runs_missing", place, {"found": self.runs_missing}))
        return tuple(told)


def merge(shards: Sequence[Path], target: Path, partial: bool = False) -> Merged:
    """Put shards together in a new folder; they stay as they are.

    Parameters
    ----------
    shards
        folders of one study, each made with another ``--shard i/n``
    target
        where nothing stands, or an empty folder
    partial
        whether some shards may be missing

    Raises
    ------
    InputError
        those of `read_lock`, ``sweep_log_missing``, ``sweep_no_shards``, ``sweep_not_a_shard``, ``sweep_shard_twice``,
        ``sweep_shards_missing``; why two are not of one study (`cesim.sweep.store.lock.same`); ``sweep_run_differs``
        where they overlap and disagree; ``sweep_in_use`` while a shard is still being written; what `told` tells
    """
    folders, target = [Path(folder) for folder in shards], Path(target)
    locks = [read_lock(folder) for folder in folders]
    missing = _checked(folders, locks, partial)
    check_is_free(target)
    whole = replace(locks[0], shard=None)
    with ExitStack() as opened:
        logs = []
        for folder in folders:
            if os.access(folder, os.W_OK):  # nobody writes to the others
                opened.enter_context(sole_writer(folder))
            check_log(folder)
            with told(folder):
                logs.append(RunLog(folder, write=False))
            opened.callback(logs[-1].close)
        with told(target), staged(target) as staging:
            lay_out(staging, whole, _files(folders[0]))
            with Store(staging, whole) as store:
                _pour(store, folders, logs)
                runs = store.finished()
    return Merged(len(runs), missing, int(runs[-1]) + 1 - len(runs) if len(runs) else 0)


def _pour(store: Store, folders: Sequence[Path], logs: Sequence[RunLog]) -> None:
    """Record what every shard has of a part before the next part, so that little waits in the run log."""
    lock = store.lock
    last = -1
    for folder, log in zip(folders, logs, strict=True):
        with told(folder):
            last = max(last, log.last())
    for part in range(last // lock.part + 1):
        for folder, log in zip(folders, logs, strict=True):
            with told(folder):
                batch = gathered(log, folder, lock, part)
            store.record(batch)
    store.seal()


def _checked(folders: Sequence[Path], locks: Sequence[Lock], partial: bool) -> tuple[int, ...]:
    """Refuse what is not one study in shards; return those that are missing."""
    if not folders:
        raise InputError([Fault("sweep_no_shards")])
    faults = [fault for folder, lock in zip(folders, locks, strict=True) for fault in _alone(folder, lock, locks[0])]
    if faults:
        raise InputError(faults)
    given = [lock.shard[0] for lock in locks if lock.shard is not None]
    for at, (folder, number) in enumerate(zip(folders, given, strict=True)):
        if number in given[:at]:
            faults.append(Fault("sweep_shard_twice", Place(str(folder)), {"found": number}))
    count = locks[0].shard[1] if locks[0].shard is not None else 0
    missing = tuple(number for number in range(1, count + 1) if number not in given)
    if missing and not partial:
        faults.append(Fault("sweep_shards_missing", Place(str(folders[0])), {"found": list(missing)}))
    if faults:
        raise InputError(faults)
    return missing


def _alone(folder: Path, lock: Lock, first: Lock) -> list[Fault]:
    """Why a folder cannot be put together with the first one."""
    if lock.shard is None:
        return [Fault("sweep_not_a_shard", Place(str(folder)), {"found": folder.name})]
    faults = list(same(lock, first, folder, shard=False))
    if first.shard is not None and (lock.shard[1], lock.part) != (first.shard[1], first.part) and not faults:
        faults.append(Fault("sweep_other_study", Place(str(folder)), {"found": ["shard", "part"]}))
    return faults


def _files(folder: Path) -> dict[str, bytes | str]:
    """Return the files that belong to the study."""
    found: dict[str, bytes | str] = {}
    for name in _FILES:
        path = folder / name
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file():
                found[file.relative_to(folder).as_posix()] = file.read_bytes()
    return found
