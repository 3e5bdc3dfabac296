"""Files that a command writes beside what it prints: whole or not at all, and never over somebody else's."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.orders.answers import Answer

MARK: Final = '<meta name="generator" content="cesim'
"""Stands in every page that cesim wrote."""
_FIGURES: Final = "figures.parquet"
_HEAD: Final = 4096
"""Bytes in which it is looked for."""


def free_page(path: Path) -> None:
    """Refuse a path where no page can be written, or where something else than a page of cesim stands.

    Raises
    ------
    InputError
        ``page_is_folder``, ``no_such_folder``, ``already_there``
    """
    if path.is_dir():
        raise InputError([Fault("page_is_folder", Place(str(path)))])
    if not path.parent.is_dir():
        raise InputError([Fault("no_such_folder", Place(str(path.parent)))])
    if not path.exists():
        return
    with path.open("rb") as stream:
        is_ours = MARK.encode() in stream.read(_HEAD)
    if not is_ours:
        raise InputError([Fault("already_there", Place(str(path)), {"found": str(path)})])


def write_page(path: Path, text: str) -> Path:
    """Write a page; one that cesim wrote before is replaced. Errors as `free_page`."""
    free_page(path)
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        staged.write_text(text, encoding="utf-8", newline="\n")
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
    return path


def free_folder(path: Path) -> None:
    """Refuse a folder that holds anything but the tables of an earlier answer, and what is no folder.

    Raises
    ------
    InputError
        ``not_a_folder``, ``already_there``
    """
    if path.exists() and not path.is_dir():
        raise InputError([Fault("not_a_folder", Place(str(path)))])
    held = [one.name for one in path.iterdir()] if path.is_dir() else []
    if held and (_FIGURES not in held or any(not name.endswith(".parquet") for name in held)):
        raise InputError([Fault("already_there", Place(str(path)), {"found": str(path)})])


def write_parquet(folder: Path, answer: Answer) -> Path:
    """Write every table of an answer, and its figures, as Parquet files; those of an earlier answer are replaced.

    Errors as `free_folder`.
    """
    import pandas as pd

    free_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = folder.with_name(f".{folder.name}.{os.getpid()}")
    staged.mkdir()
    try:
        figures = [{"figure": name, "value": value} for name, value in answer.figures.items()]
        for name, rows in {_FIGURES.removesuffix(".parquet"): figures, **answer.tables}.items():
            if rows:
                pd.DataFrame(rows).to_parquet(staged / f"{name}.parquet", index=False)
        shutil.rmtree(folder, ignore_errors=True)
        staged.replace(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return folder
