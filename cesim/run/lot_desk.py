"""The folder in which a lot-by-lot run is worked on until it is whole, and found again when it was interrupted."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.run.record import LOTS

if TYPE_CHECKING:
    from pathlib import Path

ASKED: Final = "asked.json"
STAGED: Final = "run"
BEST: Final = "lane-00000"
"""Folder of the best estimate with all limits, whose tables are kept."""


def unfinished(target: Path) -> Path:
    """Return the folder in which a run to this folder is worked on."""
    return target.with_name(f"{target.name}.unfinished")


def desk_of(target: Path, question: dict[str, Any], resume: bool) -> Path:
    """Return the folder to work in, empty or with what an interrupted run of the same question left.

    Raises
    ------
    InputError
        ``nothing_to_resume``, ``another_question``, ``folder_in_use``
    """
    desk = unfinished(target)
    held = desk / ASKED
    if resume:
        before = _asked_before(held)
        if not before:
            raise InputError([Fault("nothing_to_resume", Place(str(desk)), {"found": str(desk)})])
        if changed := [name for name in question if before.get(name) != question[name]]:
            told = {"found": ", ".join(changed), "folder": str(desk)}
            raise InputError([Fault("another_question", Place(str(desk)), told)])
        moved = desk / STAGED / LOTS
        if moved.is_dir():  # interrupted while it was put in its place
            moved.rename(desk / BEST)
        return desk
    if desk.exists() and not held.is_file() and any(desk.iterdir()):
        raise InputError([Fault("folder_in_use", Place(str(desk)), {"found": str(desk)})])
    clear(desk)
    desk.mkdir(parents=True)
    held.write_text(json.dumps(question, indent=1), encoding="utf-8")
    return desk


def _asked_before(held: Path) -> dict[str, Any]:
    """Return what an interrupted run was asked; nothing where it was interrupted before that was written."""
    try:
        found = json.loads(held.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def clear(folder: Path) -> None:
    """Remove a folder: at once under its name, so that nobody finds half of it."""
    gone = folder.with_name(f".{folder.name}-gone")
    shutil.rmtree(gone, ignore_errors=True)
    if folder.exists():
        folder.replace(gone)
        shutil.rmtree(gone, ignore_errors=True)
