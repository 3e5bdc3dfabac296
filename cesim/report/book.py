"""How a workbook of cesim is opened and a sheet written: the same looks, and the same bytes on any day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cesim.report.sheets import Sheet

FORMATS = {
    "share": "0.0%",
    "fine": "0.00%",
    "mass": "#,##0.0",
    "count": "#,##0",
    "year": "0",
    "ratio": "0.000",
    "number": "General",
    "text": "@",
}


RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that Excel takes for a formula when its cell is entered again."""

UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of making in every workbook: the same run gives the same bytes on any day."""


def opened(path: Path) -> tuple[Any, Mapping[str, Any]]:
    """Return a new workbook and its looks by name."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), {**options, "nan_inf_to_errors": False})
    book.set_properties({"created": UNDATED})
    looks = {name: book.add_format({"num_format": code, "valign": "top"}) for name, code in FORMATS.items()}
    looks["quoted"] = book.add_format({"num_format": FORMATS["text"], "valign": "top", "quote_prefix": True})
    looks["head"] = book.add_format({"bold": True, "bg_color": "#e8edf2", "bottom": 1, "text_wrap": True})
    return book, looks


def write(page: Any, sheet: Sheet, looks: Mapping[str, Any]) -> None:
    """Write head and rows. Text is always written as text, so that no cell of a user becomes a formula."""
    for column, (title, width) in enumerate(zip(sheet.titles, sheet.widths, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, title, looks["head"])
    for line, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            look = sheet.look(line - 1, column)
            if pd.isna(value):
                page.write_blank(line, column, None, looks[look])
            elif isinstance(value, str):
                page.write_string(line, column, value, looks["quoted" if value[:1] in RISKY and value else "text"])
            elif isinstance(value, bool):
                page.write_boolean(line, column, value, looks["number"])
            else:
                page.write_number(line, column, float(value), looks[look])
    page.freeze_panes(1, sheet.frozen)
    if sheet.rows and sheet.filtered:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.titles) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
