"""`run.json`, the record of a run: what it must hold, and the tables it vouches for."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from pathlib import Path

MARK: Final = "run.json"
"""The file by which a folder is known as a run."""
SUMS: Final = "tables"
"""Entry of the record that holds the sha256 of each table file, by the name of the table."""
KIND: Final = "kind"
"""Entry of the record that says what was run; a run of the balance has none."""
LOTS: Final = "lots"
"""A run lot by lot; in its folder, the folder of the lot tables of the best estimate."""

_NUMBER: Final = (int, float)
_NAMES: Final = {"ja": str, "en": str}
_CHECK: Final = {"name": str, "cells": int, "worst": _NUMBER, "where": str}
_SHAPE: Final[dict[str, Any]] = {
    "cesim": str,
    "scenario": {"name": _NAMES, "summary": _NAMES, "file": str, "hash": str, "resolved": str},
    "data_hash": str,
    "seed": int,
    "draws": int,
    "years": [int],
    "report_years": [int],
    "regions": [{"id": str, "name": _NAMES, "focus": bool}],
    "focus": {"id": str, "name": _NAMES},
    "variants": {},
    "certificate": {"passed": bool, "worst": _NUMBER, "where": str, "tolerance": _NUMBER, "checks": [_CHECK]},
    "inputs": {"read": int, "unverified": int, "estimate": int, "given": int},
    SUMS: {},
}
"""What the record holds, as docs/tables.md describes it; a list has at least one item."""


def sums(folder: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Return the sha256 of each table file of a folder."""
    return {name: _sum(folder / f"{name}.parquet") for name in names}


def held(folder: Path) -> Any:
    """Return what `run.json` says, or nothing where it is missing or no JSON."""
    try:
        return json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def kind_of(folder: Path) -> str | None:
    """Return what lies in a folder: nothing for a run of the balance, `LOTS`; None where it is no run."""
    about = held(folder)
    return str(about.get(KIND, "")) if isinstance(about, dict) and "scenario" in about else None


def of_kind(folder: Path, kind: str) -> list[Fault]:
    """Return a fault where a folder holds a run of another kind: they have other tables."""
    found = kind_of(folder)
    if found is None or found == kind:
        return []
    told = {"found": str(folder)}
    return [Fault("folder_of_lots" if found == LOTS else "folder_of_balance", Place(str(folder)), told)]


def record(folder: Path, shape: dict[str, Any] = _SHAPE) -> dict[str, Any]:
    """Return the record of a run.

    Parameters
    ----------
    shape
        What it must hold; by default that of a run of the balance.

    Raises
    ------
    InputError
        where it is no JSON, or something is missing in it or of another kind
    """
    path = folder / MARK
    place = Place(str(path))
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise InputError([Fault("not_json", Place(str(path), error.lineno, error.colno))]) from None
    except (ValueError, RecursionError):  # no UTF-8, or nested beyond reason
        raise InputError([Fault("not_json", place)]) from None
    except OSError as error:
        raise InputError([Fault("cannot_read", place, {"found": error.strerror or str(error)})]) from None
    lacking = _lacking(about, shape, "")
    if lacking is not None:
        raise InputError([Fault("record_lacks", place, {"missing": lacking or "{…}"})])
    return dict(about)


def foreign(folder: Path, about: dict[str, Any], names: tuple[str, ...]) -> list[Fault]:
    """Return a fault for each table file that is not the one the record vouches for."""
    faults = []
    for name in names:
        path = folder / f"{name}.parquet"
        try:
            if path.stat().st_size == 0:
                faults.append(Fault("empty_table", Place(str(path))))
            elif about[SUMS].get(name) != _sum(path):
                faults.append(Fault("table_of_another_run", Place(str(path))))
        except OSError as error:
            faults.append(Fault("cannot_read", Place(str(path)), {"found": error.strerror or str(error)}))
    return faults


def _sum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _lacking(found: Any, shape: Any, path: str) -> str | None:
    """Return the dotted path of the first entry that is missing or of another kind than `shape`, else nothing."""
    if isinstance(shape, dict):
        if not isinstance(found, dict):
            return path
        inner = ((found.get(key), kind, f"{path}.{key}" if path else key) for key, kind in shape.items())
    elif isinstance(shape, list):
        if not isinstance(found, list) or not found:
            return path
        inner = ((item, shape[0], f"{path}.{at}") for at, item in enumerate(found))
    else:
        fits = isinstance(found, shape) and (shape is bool or not isinstance(found, bool))
        return None if fits else path
    return next((lacking for one in inner if (lacking := _lacking(*one)) is not None), None)
