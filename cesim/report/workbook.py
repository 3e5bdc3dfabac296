"""The same numbers as a workbook, with native charts, for readers who live in Excel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

from cesim.report.read import read_run, same_units
from cesim.report.sheets import (
    Sheet,
    flow_sheet,
    goal_sheet,
    indicator_sheet,
    limit_sheet,
    line_sheet,
    loss_sheet,
    note_sheet,
    source_sheet,
    stock_sheet,
    summary_sheet,
)
from cesim.report.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cesim.report.read import IndicatorInfo
    from cesim.text import Language

FORMATS = {
    "share": "0.0%",
    "mass": "#,##0.0",
    "count": "#,##0",
    "year": "0",
    "number": "General",
    "text": "@",
}


UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of making in every workbook: the same run gives the same bytes on any day."""


def write_workbook(folder: Path, lang: Language, indicators: Mapping[str, IndicatorInfo]) -> Path:
    """Write `results.xlsx` in `lang` into the run folder and return its path."""
    tables, words = read_run(folder), Words(lang)
    same_units(tables, indicators)
    path = folder / "results.xlsx"
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), {**options, "nan_inf_to_errors": False})
    book.set_properties({"created": UNDATED})
    looks = {name: book.add_format({"num_format": code, "valign": "top"}) for name, code in FORMATS.items()}
    looks["head"] = book.add_format({"bold": True, "bg_color": "#e8edf2", "bottom": 1, "text_wrap": True})
    sheets = [
        summary_sheet(tables, words, indicators),
        goal_sheet(tables, words, indicators),
        note_sheet(tables, words, indicators),
        indicator_sheet(tables, words, indicators),
        line_sheet(tables, words, indicators),
        loss_sheet(tables, words),
        flow_sheet(tables, words),
        stock_sheet(tables, words),
        limit_sheet(tables, words),
        source_sheet(tables, words, indicators),
    ]
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        _write(page, sheet, looks)
        if sheet.charts:
            _draw(book, page, sheet, words)
    book.close()
    return path


def _write(page: Any, sheet: Sheet, looks: Mapping[str, Any]) -> None:
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
                page.write_string(line, column, value, looks["text"])
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


def _draw(book: Any, page: Any, sheet: Sheet, words: Words) -> None:
    """Put one native line chart per indicator beside the table."""
    right = len(sheet.titles) + 1
    for index, chart in enumerate(sheet.charts):
        drawn = book.add_chart({"type": "line"})
        dashes = {chart.low: "dash", chart.high: "dash", chart.best: "square_dot"}
        for column in (chart.median, chart.low, chart.high, chart.best):
            drawn.add_series(
                {
                    "name": [sheet.name, 0, column],
                    "categories": [sheet.name, chart.first, chart.year, chart.last, chart.year],
                    "values": [sheet.name, chart.first, column, chart.last, column],
                    "line": {
                        "color": "#333333" if column == chart.best else "#0072b2",
                        "width": 2.25 if column == chart.median else 1,
                        "dash_type": dashes.get(column, "solid"),
                    },
                }
            )
        drawn.set_title({"name": chart.title, "name_font": {"size": 11}, "overlay": False})
        drawn.set_y_axis({"num_format": FORMATS[chart.look], "min": 0, "major_gridlines": {"visible": True}})
        drawn.set_x_axis({"interval_unit": 5, "name": words("year")})
        drawn.set_legend({"position": "bottom"})
        drawn.set_size({"width": 560, "height": 300})
        page.insert_chart(1 + 16 * index, right, drawn)
