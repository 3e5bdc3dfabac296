"""The run log: one row a run, in SQLite. Nothing that a run came to is ever replaced by something else."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LOG: Final = "runs.sqlite"
SCHEMA: Final = """
BEGIN;
CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    alternative INTEGER NOT NULL,
    point INTEGER NOT NULL,
    replicate INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    seconds REAL,
    seed INTEGER NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE waiting (run INTEGER PRIMARY KEY, held BLOB NOT NULL);
CREATE INDEX failed ON runs (run) WHERE status <> 'done';
CREATE TABLE parts (part INTEGER PRIMARY KEY, runs INTEGER NOT NULL, sha256 TEXT NOT NULL);
COMMIT;
"""
BY_CHANCE: Final = ("too_long", "died")
"""What may be the machine's doing, not the run's: a result of the same run stands instead of it, and may come later."""
Row = tuple[int, int, int, int, str, str, float, int, str, "bytes | None"]
"""A row of `runs`, column by column, and last what waits to be written into a part.

Values have a table of their own, for pages of the log in which a run once took its place never shrink again: beside it
the log of a large study would be some thirty times as long.
"""
_PATIENCE_S: Final = 60.0
_SYNC: Final = "NORMAL"
"""A power failure may take the last runs with it, never the log; a killed process takes nothing."""
_INSERT: Final = "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_HOLD: Final = "INSERT INTO waiting VALUES (?, ?)"


class RunLog:
    """An open run log.

    Parameters
    ----------
    folder
        of the study
    write
        whether rows will be added; else the file is only read, also while another process adds to it
    """

    def __init__(self, folder: Path, write: bool) -> None:
        self.folder = folder
        self._write = write
        self.connection = _opened(folder / LOG, write)
        try:
            self.connection.execute("SELECT count(*) FROM parts").fetchone()  # a file that is none stays as it is
            if write:
                self._set_up()
        except BaseException:
            self.connection.close()
            raise

    def _set_up(self) -> None:
        """Use a write-ahead log, or the journal where the folder's file system has no shared memory for one."""
        try:
            mode = self.connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if not _no_shared_memory(error):
                raise
            mode = ""
        if mode != "wal":
            self.connection.execute("PRAGMA journal_mode=TRUNCATE")
        self.connection.execute(f"PRAGMA synchronous={_SYNC}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of a block is written, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:  # some errors end it by themselves
                self.connection.execute("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """See the log as it is now throughout a block, whoever adds to it meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield self.connection
        finally:
            self.connection.execute("ROLLBACK")

    def add(self, rows: Sequence[Row]) -> tuple[list[int], list[int]]:
        """Add rows within a transaction; return the runs that are new, and those that failed by chance before."""
        self.connection.execute("SAVEPOINT adding")
        try:
            self._insert(rows)
            new, answered = [row[0] for row in rows], list[int]()
        except sqlite3.IntegrityError:  # some are there already: rare, so that it is not asked before
            self.connection.execute("ROLLBACK TO adding")
            new, answered = self._add_to_known(rows)
        self.connection.execute("RELEASE adding")
        return new, answered

    def _add_to_known(self, rows: Sequence[Row]) -> tuple[list[int], list[int]]:
        new, answered = [], []
        for row in rows:
            run, status, digest = row[0], row[4], row[8]
            known = self.connection.execute("SELECT status, hash FROM runs WHERE run = ?", (run,)).fetchone()
            if known is None:
                self._insert([row])
                new.append(run)
            elif known == (status, digest) or status in BY_CHANCE:
                continue
            elif known[0] in BY_CHANCE:
                self._insert([row], _INSERT.replace("INSERT", "REPLACE", 1))
                answered.append(run)
            else:
                told = {"run": run, "found": _outcome(*known), "own": _outcome(status, digest)}
                raise InputError([Fault("sweep_run_differs", Place(str(self.folder)), told)])
        return new, answered

    def _insert(self, rows: Sequence[Row], line: str = _INSERT) -> None:
        self.connection.executemany(line, [row[:-1] for row in rows])
        self.connection.executemany(_HOLD, [(row[0], row[-1]) for row in rows if row[-1] is not None])

    def parts(self) -> list[tuple[int, int, str]]:
        """Return part, runs and digest of every part; an empty digest says that rows came in since it was written."""
        return self.connection.execute("SELECT part, runs, sha256 FROM parts ORDER BY part").fetchall()

    def counts(self, length: int, but: Sequence[int]) -> dict[int, int]:
        """Return how many runs there are of each part of so many runs, but for some parts, ascending."""
        question = "SELECT run / ?, count(*) FROM runs WHERE run >= ? AND run < ? GROUP BY 1"
        found: dict[int, int] = {}
        first = 0
        for part in (*but, None):
            end = self.last() + 1 if part is None else part * length
            if end > first:
                found.update(self.connection.execute(question, (length, first, end)))
            first = 0 if part is None else (part + 1) * length
        return found

    def last(self) -> int:
        """Return the highest run, or -1."""
        found = self.connection.execute("SELECT max(run) FROM runs").fetchone()[0]
        return -1 if found is None else int(found)

    def between(self, columns: str, first: int, end: int) -> list[Any]:
        """Return columns of the runs from `first` up to before `end`, in their order."""
        question = f"SELECT {columns} FROM runs WHERE run >= ? AND run < ? ORDER BY run"
        return self.connection.execute(question, (first, end)).fetchall()

    def waiting(self, first: int, end: int) -> dict[int, bytes]:
        """Return run -> values that wait to be written into a part, of the runs from `first` up to before `end`."""
        return dict(self.connection.execute("SELECT run, held FROM waiting WHERE run >= ? AND run < ?", (first, end)))

    def forget(self, first: int, end: int) -> None:
        """Let go of the values that wait, within a transaction: they are in a part now."""
        self.connection.execute("DELETE FROM waiting WHERE run >= ? AND run < ?", (first, end))

    def close(self) -> None:
        """Close it, whole in one file, so that it can be read from a folder that cannot be written to."""
        try:
            if self._write:
                self.connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error:  # somebody reads it just now, or the disk is full; nothing is lost either way
            return
        finally:
            self.connection.close()


def _opened(path: Path, write: bool) -> sqlite3.Connection:
    address = path.absolute().as_uri()
    waiting = path.with_name(path.name + "-wal")
    connection = sqlite3.connect(
        f"{address}?mode={'rw' if write else 'ro'}", uri=True, timeout=_PATIENCE_S, isolation_level=None,
        check_same_thread=False,
    )  # fmt: skip
    if write:
        return connection
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if waiting.exists() and waiting.stat().st_size:
            raise
        return sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    return connection


def _no_shared_memory(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorname.startswith(("SQLITE_IOERR_SHM", "SQLITE_PROTOCOL", "SQLITE_IOERR_LOCK"))


def _outcome(status: str, digest: str) -> str:
    return digest or status
