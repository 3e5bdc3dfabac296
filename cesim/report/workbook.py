"""The same numbers as a workbook, with native charts, for readers who live in Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.report.book import FORMATS, opened, write
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


def write_workbook(folder: Path, lang: Language, indicators: Mapping[str, IndicatorInfo]) -> Path:
    """Write `results.xlsx` in `lang` into the run folder and return its path."""
    tables, words = read_run(folder), Words(lang)
    same_units(tables, indicators)
    path = folder / "results.xlsx"
    book, looks = opened(path)
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
        write(page, sheet, looks)
        if sheet.charts:
            _draw(book, page, sheet, words)
    book.close()
    return path


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
