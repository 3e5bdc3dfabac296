"""One writer at a time: a lock of the operating system on a file in the folder, gone with whoever held it."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.sweep.store.trouble import told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITING: Final = ".writing"


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder for writing; an empty file `.writing` stays behind and means nothing by itself.

    SQLite's own lock on an empty file is used: on every system it refuses a second holder, in this process, too, and a
    process that is killed leaves none behind.

    Raises
    ------
    InputError
        ``sweep_in_use`` where somebody else holds it
    """
    with told(folder):
        connection = sqlite3.connect(folder / WRITING, timeout=0.0, isolation_level=None, check_same_thread=False)
    try:
        try:
            with told(folder):
                connection.execute("BEGIN EXCLUSIVE")
        except InputError as error:
            if error.faults[0].code != "sweep_log_busy":
                raise
            raise InputError([Fault("sweep_in_use", Place(str(folder)), {"found": folder.name})]) from error
        yield
    finally:
        connection.close()
