"""The folder of a sweep while it is written: runs come in, in any order, and are there from then on."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import InputError
from cesim.ledger.staging import staged
from cesim.sweep.solving import Failure
from cesim.sweep.store.gathering import gathered, rows_of
from cesim.sweep.store.laying import check_is_free, check_lock, lay_out
from cesim.sweep.store.lock import read_lock, same
from cesim.sweep.store.parts import table, write_part
from cesim.sweep.store.run_log import RunLog
from cesim.sweep.store.sole import sole_writer
from cesim.sweep.store.trouble import told
from cesim.sweep.store.whole import check_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from cesim.sweep.solving import Batch, Ints
    from cesim.sweep.store.lock import Lock


class Store:
    """The folder of a sweep, open for writing; nobody else can write to it meanwhile, everybody can read it.

    What `record` took is there whatever happens to the program afterwards. `seal` puts what still waits in the run log
    into parts; without it nothing is lost, and the next `seal` does it.

    Attributes
    ----------
    folder
        of the study
    lock
        what made it
    """

    def __init__(self, folder: Path, lock: Lock) -> None:
        self.folder = folder
        self.lock = lock
        self._held = ExitStack()
        with ExitStack() as opening:
            opening.enter_context(sole_writer(folder))
            with told(folder):
                self._log = RunLog(folder, write=True)
                opening.callback(self._log.close)
                self._whole, self._counts = self._counted()
            self._held = opening.pop_all()

    @staticmethod
    def create(folder: Path, lock: Lock, files: Mapping[str, bytes | str] | None = None) -> Store:
        """Make the folder, whole or not at all, and open it.

        Parameters
        ----------
        folder
            where nothing stands, or an empty folder
        lock
            what makes the study
        files
            further files by their path in the folder, such as ``study.yaml``

        Raises
        ------
        InputError
            ``sweep_store_there``, ``folder_in_use``, ``out_is_file`` where something stands there already; what
            `trouble.told` tells
        """
        folder = Path(folder)
        check_is_free(folder)
        check_lock(lock)
        with told(folder), staged(folder) as staging:
            lay_out(staging, lock, files or {})
        return Store(folder, lock)

    @staticmethod
    def open(folder: Path, lock: Lock | None = None) -> Store:
        """Open a folder to add to it; it stays as it is where it must not be.

        Parameters
        ----------
        folder
            of the study
        lock
            of whoever wants to add to it; nothing is compared where there is none

        Raises
        ------
        InputError
            those of `read_lock` and `check_whole`; why another study's runs may not be added
            (`cesim.sweep.store.lock.same`); ``sweep_in_use``; what `trouble.told` tells
        """
        folder = Path(folder)
        own = read_lock(folder)
        check_whole(folder)
        if lock is not None and (faults := same(own, lock, folder)):
            raise InputError(faults)
        return Store(folder, own)

    def record(self, batch: Batch) -> None:
        """Take what runs came to; they are there when this returns. Parts that are complete are sealed.

        A run that is there already must have come to the same. Only what may be the machine's doing (too long, died)
        gives way to a result, and never replaces one.

        Raises
        ------
        InputError
            ``sweep_run_differs``, and then nothing of the batch is there; what `trouble.told` tells
        """
        rows = rows_of(batch, self.lock)
        with told(self.folder):
            with self._log.transaction() as connection:
                new, answered = self._log.add(rows)
                parts = Counter(run // self.lock.part for run in new)
                stale = {run // self.lock.part for run in answered}.union(parts).intersection(self._whole)
                connection.executemany("UPDATE parts SET sha256 = '' WHERE part = ?", [(part,) for part in stale])
            for part in stale:
                self._counts[part] = self._whole.pop(part)
            for part, count in parts.items():
                self._counts[part] = self._counts.get(part, 0) + count
            for part in parts:
                if self._counts[part] == self.lock.part:
                    self._seal(part)

    def finished(self) -> Ints:
        """Return the runs that are there, ascending: with a result, or with the reason why they have none."""
        length = self.lock.part
        found = []
        with told(self.folder):
            self._whole, self._counts = self._counted()
            for part in sorted({*self._whole, *self._counts}):
                if self._whole.get(part) == length:
                    found.append(np.arange(part * length, (part + 1) * length, dtype=np.int64))
                    continue
                rows = self._log.between("run", part * length, (part + 1) * length)
                found.append(np.array(rows, dtype=np.int64).reshape(-1))
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)

    def failed(self) -> dict[int, Failure]:
        """Return the runs without a result, ascending, and why."""
        question = "SELECT run, status, reason FROM runs WHERE status <> 'done' ORDER BY run"
        with told(self.folder):
            found = self._log.connection.execute(question).fetchall()
        return {run: Failure(status, reason) for run, status, reason in found}

    def seal(self) -> None:
        """Put what waits in the run log into parts, complete or not."""
        with told(self.folder):
            self._whole, self._counts = self._counted()  # a stop may have come between the log and what is known of it
            for part in sorted(self._counts):
                self._seal(part)

    def close(self) -> None:
        """Let go of the folder."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _seal(self, part: int) -> None:
        """Write a part with all that is known of its runs, then let the run log forget their values.

        Between the two the values are in both places, and either will do.
        """
        known = gathered(self._log, self.folder, self.lock, part)
        written = write_part(self.folder, part, table(self.lock.shape, known.runs, known.values))
        first, end = part * self.lock.part, (part + 1) * self.lock.part
        with self._log.transaction() as connection:
            self._log.forget(first, end)
            connection.execute("REPLACE INTO parts VALUES (?, ?, ?)", (part, len(known.runs), written))
        self._whole[part] = len(known.runs)
        self._counts.pop(part, None)

    def _counted(self) -> tuple[dict[int, int], dict[int, int]]:
        """Return the runs of each part whose file is up to date, and of each whose file is not: never counted twice."""
        whole = {part: runs for part, runs, sha256 in self._log.parts() if sha256}
        return whole, self._log.counts(self.lock.part, sorted(whole))
