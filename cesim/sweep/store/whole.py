"""Whether the folder of a sweep has what it needs, and what can be done where it has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from pathlib import Path

LOCK: Final = "lock.json"
LOG: Final = "runs.sqlite"
RESULTS: Final = "results"


def no_lock(folder: Path) -> InputError:
    """Return why there is no `lock.json` to read: no folder, another folder, or a sweep that lost it."""
    place = Place(str(folder))
    if not folder.is_dir():
        code = "sweep_is_file" if folder.exists() else "sweep_no_folder"
        return InputError([Fault(code, place, {"found": str(folder)})])
    if (folder / LOG).exists() or (folder / RESULTS).is_dir():
        return InputError([Fault("sweep_lock_missing", place, {"found": folder.name})])
    above = folder.absolute().parent
    meant = str(folder.parent) if (above / LOCK).is_file() else None
    return InputError([Fault("sweep_no_store", place, {"found": str(folder), "nearest": meant})])


def check_log(folder: Path) -> None:
    """Refuse a sweep without its run log; raises `InputError` (``sweep_log_missing``)."""
    log = folder / LOG
    if not log.is_file() or not log.stat().st_size:
        raise InputError([Fault("sweep_log_missing", Place(str(folder)))])


def check_whole(folder: Path) -> None:
    """Refuse a sweep that cannot be added to; raises `InputError` as `check_log`, or ``sweep_results_missing``."""
    check_log(folder)
    if not (folder / RESULTS).is_dir():
        raise InputError([Fault("sweep_results_missing", Place(str(folder)))])
