"""The numbers of a lot-by-lot run as a workbook, for readers who live in Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.book import opened, write
from cesim.report.lots.page import TERMS
from cesim.report.lots.sheets import sheets_of
from cesim.report.lots.view import view_of

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.report.lot_terminal import Found
    from cesim.text import Language


def write_lot_workbook(folder: Path, found: Found, lang: Language) -> Path:
    """Write `results.xlsx` in `lang` into the run folder and return its path."""
    path = folder / "results.xlsx"
    book, looks = opened(path)
    for sheet in sheets_of(view_of(found, lang), TERMS):
        write(book.add_worksheet(sheet.name), sheet, looks)
    book.close()
    return path
