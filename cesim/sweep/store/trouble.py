"""What the disk refuses, told as what the reader can do about it."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READ_ONLY: Final = (errno.EROFS, errno.EACCES, errno.EPERM)
_OF_SQLITE: Final = {
    sqlite3.SQLITE_FULL: "sweep_disk_full",
    sqlite3.SQLITE_READONLY: "sweep_read_only",
    sqlite3.SQLITE_CANTOPEN: "sweep_read_only",
    sqlite3.SQLITE_PERM: "sweep_read_only",
    sqlite3.SQLITE_BUSY: "sweep_log_busy",
    sqlite3.SQLITE_LOCKED: "sweep_log_busy",
    sqlite3.SQLITE_CORRUPT: "sweep_log_damaged",
    sqlite3.SQLITE_NOTADB: "sweep_log_damaged",
    sqlite3.SQLITE_ERROR: "sweep_log_damaged",  # tables that are not there
}
_PRIMARY: Final = 0xFF
"""The part of SQLite's codes that says what kind of trouble it is (https://sqlite.org/rescode.html)."""


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into an `InputError` with its remedy.

    Raises
    ------
    InputError
        ``sweep_disk_full``, ``sweep_read_only``, ``sweep_log_busy``, ``sweep_log_damaged``, ``sweep_cannot_write``
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _fault(folder, _code_of(error), str(error)) from error
    except OSError as error:
        raise _fault(folder, _code_of_system(error), error.strerror or str(error)) from error


def _code_of(error: sqlite3.Error) -> str:
    number = getattr(error, "sqlite_errorcode", None)  # not where the module itself refuses, as for a closed log
    if number is None:
        raise error
    return _OF_SQLITE.get(number & _PRIMARY, "sweep_cannot_write")


def _code_of_system(error: OSError) -> str:
    if error.errno in _FULL:
        return "sweep_disk_full"
    return "sweep_read_only" if error.errno in _READ_ONLY else "sweep_cannot_write"


def _fault(folder: Path, code: str, reason: str) -> InputError:
    return InputError([Fault(code, Place(str(folder)), {"found": reason})])
