"""The numbers of a trace as a workbook, for readers who live in Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.book import opened, write
from cesim.report.trace.page import TERMS
from cesim.report.trace.sheets import sheets_of
from cesim.report.trace.view import view_of

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.run.trace.tracing import Tracing
    from cesim.text import Language


def write_trace_workbook(folder: Path, tracing: Tracing, lang: Language) -> Path:
    """Write `results.xlsx` in `lang` into the folder of a trace and return its path."""
    path = folder / "results.xlsx"
    book, looks = opened(path)
    for sheet in sheets_of(view_of(tracing, lang), TERMS):
        write(book.add_worksheet(sheet.name), sheet, looks)
    book.close()
    return path
