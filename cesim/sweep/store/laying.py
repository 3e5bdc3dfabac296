"""A new study's folder: what may be written where, and what stands in it before the first run."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.run.folder import check_can_be_folder
from cesim.sweep.store.parts import KEYS, RESULTS
from cesim.sweep.store.run_log import LOG, SCHEMA
from cesim.sweep.store.whole import LOCK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cesim.sweep.store.lock import Lock

_MOST: Final = 2**63 - 1
"""The highest whole number of SQLite, and of Parquet."""


def check_is_free(folder: Path) -> None:
    """Refuse a place where something stands already.

    Raises
    ------
    InputError
        ``sweep_store_there`` where it is a study, ``folder_in_use`` where it is something else, ``out_is_file``
    """
    check_can_be_folder(folder)
    if (folder / LOCK).exists():
        raise InputError([Fault("sweep_store_there", Place(str(folder)), {"found": folder.name})])
    if folder.exists() and any(folder.iterdir()):
        raise InputError([Fault("folder_in_use", Place(str(folder)), {"found": str(folder)})])


def check_lock(lock: Lock) -> None:
    """Refuse what cannot be kept.

    Raises
    ------
    InputError
        ``sweep_indicator_name`` for a name that two columns would have, ``sweep_seed_too_large``
    """
    names = (*KEYS, *lock.shape.indicators)
    twice = sorted({name for name in names if names.count(name) > 1})
    faults = [Fault("sweep_indicator_name", Place(), {"found": name}) for name in twice]
    if not 0 <= lock.seed <= _MOST:
        faults.append(Fault("sweep_seed_too_large", Place(), {"found": lock.seed, "most": _MOST}))
    if faults:
        raise InputError(faults)


def lay_out(folder: Path, lock: Lock, files: Mapping[str, bytes | str]) -> None:
    """Write what a study's folder holds before the first run."""
    (folder / RESULTS).mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    with closing(sqlite3.connect(folder / LOG)) as connection:
        connection.executescript(SCHEMA)
    (folder / LOCK).write_bytes(lock.as_json().encode("utf-8"))
