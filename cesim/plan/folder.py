"""The folder of an answer on a plan: what was asked, its tables, and what a door adds; whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import cesim
from cesim.errors import Fault, InputError, Place
from cesim.ledger.staging import staged
from cesim.run.folder import check_can_be_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from cesim.scenario.load import Loaded
    from cesim.scenario.model import Scenario

MARK: Final = "plan.json"
"""The file by which a folder is known as an answer on a plan."""


def check_target(target: Path, kind: str, mark: str = MARK) -> None:
    """Refuse to write where something else stands: only an answer of the same kind is replaced.

    Parameters
    ----------
    mark
        the file by which it is known; what was written when that was `plan.json` for all is known by it, too

    Raises
    ------
    InputError
        ``folder_in_use``, and where no folder can be made
    """
    check_can_be_folder(target)
    if target.exists() and any(target.iterdir()) and kind not in {_kind_of(target, name) for name in (mark, MARK)}:
        raise InputError([Fault("folder_in_use", Place(str(target)), {"found": str(target)})])


def save(
    target: Path,
    kind: str,
    about: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    finish: Callable[[Path], None] | None = None,
    mark: str = MARK,
) -> None:
    """Write what was asked (`mark`), the tables and what `finish` adds; the same answer gives the same bytes."""
    check_target(target, kind, mark)
    try:
        with staged(target) as folder:
            told = {"kind": kind, "cesim": cesim.__version__, **about}
            (folder / mark).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            for name, table in tables.items():
                table.to_parquet(folder / f"{name}.parquet", index=False)
            if finish is not None:
                finish(folder)
    except OSError as error:  # it names the staging folder, which nobody asked for
        reason = error.strerror or str(error)
        raise InputError([Fault("cannot_write_folder", Place(str(target)), {"found": reason})]) from error


def provenance(loaded: Loaded[Scenario]) -> dict[str, Any]:
    """Which scenario an answer is of."""
    return {
        "name": loaded.scenario.name.model_dump(),
        "file": str(loaded.files[0].name) if loaded.files else "",
        "hash": loaded.hash,
        "resolved": loaded.resolved_text,
    }


def _kind_of(folder: Path, mark: str) -> str | None:
    try:
        found = json.loads((folder / mark).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return str(found.get("kind", "")) if isinstance(found, dict) else None
