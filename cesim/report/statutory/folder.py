"""The folder of a statement: page and workbook, written together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.ledger.staging import staged
from cesim.report.statutory.page import statutory_page
from cesim.report.statutory.workbook import write_statutory_workbook
from cesim.run.folder import check_can_be_folder

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.report.statutory.statement import Statement
    from cesim.text import Language

PAGE: Final = "statutory.html"
BOOK: Final = "statutory.xlsx"
NAMES: Final = frozenset({PAGE, BOOK})


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but a statement; see also `check_can_be_folder`.

    Raises
    ------
    InputError
        ``statutory_folder_in_use``, ``out_is_file``, ``cannot_write_folder``
    """
    check_can_be_folder(folder)
    held = sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []
    others = [name for name in held if name not in NAMES]
    if others or (held and PAGE not in held):
        raise InputError([Fault("statutory_folder_in_use", Place(str(folder)), {"found": (others or held)[0]})])


def write_statutory(folder: Path, statement: Statement, lang: Language) -> Path:
    """Write page and workbook; those of an earlier statement are replaced. Errors as `check_folder`."""
    check_folder(folder)
    with staged(folder) as staging:
        (staging / PAGE).write_text(statutory_page(statement, lang), encoding="utf-8", newline="\n")
        write_statutory_workbook(staging / BOOK, statement, lang)
    return folder
