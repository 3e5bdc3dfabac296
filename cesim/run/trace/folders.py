"""The folder of a trace: its ledgers, its tables, and what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.ledger.staging import staged
from cesim.run.folder import check_can_be_folder
from cesim.run.trace.tracing import Tracing
from cesim.scenario.reporting import Judging
from cesim.trace.folder import open_entries, open_records, save_entries, save_records

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

MARK: Final = "trace.json"
KIND: Final = "trace"
RECORDS, TRUTH = "records", "truth"
TABLES: Final = (
    "claims", "bounds", "budget", "values", "onboarding", "fuller", "losses", "audit", "actors", "roc", "handovers",
    "platforms", "points",
)  # fmt: skip
"""Tidy tables that a trace may have beside its ledgers."""

_ABOUT: Final = {"judging", "made", "first_year", "policy", "habits", "seed", "run"}
_JUDGED: Final = set(Judging.model_fields)


def save_tracing(tracing: Tracing, target: Path, finish: Callable[[Path, Tracing], None] | None = None) -> Tracing:
    """Write a trace to a staging folder and rename it; a trace that stands there is replaced, anything else refused.

    Parameters
    ----------
    finish
        May add files (report, workbook) before the folder is published.
    """
    check_trace_target(target)
    with staged(target) as staging:
        (staging / RECORDS).mkdir()
        save_records(staging / RECORDS, tracing.records)
        if tracing.truth is not None:
            (staging / TRUTH).mkdir()
            save_entries(staging / TRUTH, tracing.truth)
        for name, table in tracing.tables.items():
            table.to_parquet(staging / f"{name}.parquet", index=False)
        text = json.dumps(tracing.about, ensure_ascii=False, indent=1)
        (staging / MARK).write_text(text + "\n", encoding="utf-8")
        if finish is not None:
            finish(staging, tracing)
    return Tracing(tracing.about, tracing.records, tracing.truth, tracing.tables, target)


def check_trace_target(target: Path) -> None:
    """Refuse to write where something else stands.

    Raises
    ------
    InputError
        ``folder_in_use``, and where no folder can be made.
    """
    check_can_be_folder(target)
    if target.exists() and any(target.iterdir()) and _held(target) is None:
        raise InputError([Fault("folder_in_use", Place(str(target)), {"found": str(target)})])


def _held(folder: Path) -> dict[str, Any] | None:
    """Return what a folder says it is; nothing where it is no trace."""
    try:
        found = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("kind") == KIND else None


def open_tracing(folder: str | Path) -> Tracing:
    """Read the folder of a trace.

    Raises
    ------
    InputError
        ``no_trace_folder``, ``ledger_missing``, ``ledger_broken``.
    """
    where = Path(folder)
    about = _held(where)
    if about is None and (where / "trace" / MARK).is_file():  # a run lot by lot that was traced
        where = where / "trace"
        about = _held(where)
    judged = about.get("judging") if about else None
    if about is None or not about.keys() >= _ABOUT or not isinstance(judged, dict) or not judged.keys() >= _JUDGED:
        raise InputError([Fault("no_trace_folder", Place(str(where)), {"found": str(where)})])
    truth = open_entries(where / TRUTH) if (where / TRUTH).is_dir() else None
    tables = {name: _table(path) for name in TABLES if (path := where / f"{name}.parquet").is_file()}
    return Tracing(about, open_records(where / RECORDS), truth, tables, where)


def _table(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:  # what pyarrow raises is one of these
        told = {"found": str(error).splitlines()[0]}
        raise InputError([Fault("ledger_broken", Place(str(path)), told)]) from error
