"""Sheets -> a workbook: looks, drop-downs, notes, and cells locked that nobody should change."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.quantities.series import FIRST_YEAR, LAST_YEAR
from cesim.scenario.workbook.cells import LONGEST
from cesim.scenario.workbook.layout import ABOUT, HEAD, MARK
from cesim.scenario.workbook.page import DETAIL, INPUT, KEY, SHOWN, Ends, Filled
from cesim.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cesim.scenario.workbook.page import Column, Lists, Page
    from cesim.text import Language

_OPTIONS: Final = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True,
}  # fmt: skip
_SHAPES: Final = {"text": "@", "number": "General", "count": "[>=1000]#,##0;General", "year": "0"}
_LOOKS: Final[dict[str, dict[str, object]]] = {
    KEY: {"font_color": "#44546A", "bg_color": "#EEF1F5", "locked": True},
    SHOWN: {"font_color": "#7F7F7F", "bg_color": "#F7F7F7", "locked": True},
    INPUT: {"bg_color": "#FFF8DC", "border": 1, "border_color": "#D9C98A", "locked": False},
    DETAIL: {"bg_color": "#FFFFFF", "border": 1, "border_color": "#DDDDDD", "locked": False},
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#2F4B6E", "text_wrap": True, "valign": "vcenter"},
}
_WHOLE: Final = 1e15
_FORMULA: Final = ("=", "+", "-", "@", "'", "\t", "\r")
"""A text that begins so would be taken for a formula when its cell is entered again."""
_ALLOWED: Final = {
    "format_columns": True, "format_rows": True, "format_cells": True, "autofilter": True, "sort": True,
}  # fmt: skip


UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of making in every workbook: the same scenario gives the same bytes on any day."""


class Exact(float):
    """A number that is written with every digit it needs, where the library would stop at the sixteenth."""

    def __format__(self, _spec: str) -> str:
        """Return the shortest text that reads back to the same number."""
        return str(int(self)) if self.is_integer() and abs(self) < _WHOLE else repr(float(self))


class Book:
    """A workbook that is being written."""

    def __init__(self, path: Path, lists: Lists, titles: Mapping[str, str], lang: Language) -> None:
        import xlsxwriter  # type: ignore[import-untyped]

        self.book = xlsxwriter.Workbook(str(path), _OPTIONS)
        self.book.set_properties({"created": UNDATED})
        self.lists, self.titles, self.lang = lists, titles, lang
        self._looks: dict[tuple[object, ...], Any] = {}
        self._ranges: dict[str, str] = {"truth": "TRUE,FALSE"}

    def look(self, name: str, shape: str = "number", *, quoted: bool = False) -> Any:
        """Return a look, made once."""
        known = (name, shape, quoted)
        if known not in self._looks:
            more = {"num_format": _SHAPES[shape], "valign": "top", "quote_prefix": quoted}
            self._looks[known] = self.book.add_format({**more, **_LOOKS[name]})
        return self._looks[known]

    def ranges(self, pages: Sequence[Page]) -> None:
        """Say where the lists will stand from which cells are chosen."""
        sheet = _quoted(self.titles["choices"])
        for at, (name, choices) in enumerate(self.lists.held.items()):
            column = _letters(2 * at)
            self._ranges[name] = f"={sheet}!${column}$3:${column}${2 + max(len(choices), 1)}"
        for page in pages:
            last = HEAD + len(page.lines) + page.spare
            self._ranges[f"keys:{page.key}"] = f"={_quoted(self.titles[page.key])}!$A${HEAD + 1}:$A${last}"

    def page(self, page: Page) -> None:
        """Write a sheet that is read back."""
        sheet = self.book.add_worksheet(self.titles[page.key])
        for at, column in enumerate(page.columns):
            self._column(sheet, at, column, page.key)
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.set_row(1, 42)
        blank = [{column.key: column.blank for column in page.columns}] * page.spare
        for at, cells in enumerate([*(line.cells for line in page.lines), *blank], start=HEAD):
            for number, column in enumerate(page.columns):
                self._cell(sheet, at, number, cells.get(column.key, column.blank))
        self._limits(sheet, page)
        for at, line in enumerate(page.lines, start=HEAD):
            if line.level:
                sheet.set_row(at, None, None, {"level": 1, "hidden": True})
        last = HEAD + len(page.lines) + page.spare - 1
        sheet.autofilter(1, 0, max(last, 1), len(page.columns) - 1)
        sheet.freeze_panes(HEAD, page.frozen)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(page.columns))}{last + 1}"})
        sheet.protect("", _ALLOWED)
        _printed(sheet)

    def _column(self, sheet: Any, at: int, column: Column, key: str) -> None:
        options = {"level": column.level, "hidden": column.hidden or bool(column.level)}
        sheet.set_column(at, at, column.width, None, options)
        sheet.write_string(0, at, f"{MARK}{key}:{column.key}" if at == 0 else column.key)
        sheet.write_string(1, at, column.title, self.look("head", "text"))
        if column.about:
            sheet.write_comment(1, at, column.about, {"x_scale": 2})

    def _cell(self, sheet: Any, row: int, column: int, cell: Filled) -> None:
        value = cell.value
        if value is None:
            sheet.write_blank(row, column, None, self.look(cell.look, cell.shape))
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.look(cell.look))
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.look(cell.look, "text", quoted=value.startswith(_FORMULA)))
        else:
            shape = "number" if cell.shape == "text" else cell.shape
            sheet.write_number(row, column, Exact(value), self.look(cell.look, shape))
        if cell.about:
            sheet.write_comment(row, column, cell.about, {"x_scale": 2})

    def _limits(self, sheet: Any, page: Page) -> None:
        """Give cells that follow each other and take the same their drop-down or their limits once."""
        lines = [*(line.cells for line in page.lines), *([{}] * page.spare)]
        for at, column in enumerate(page.columns):
            rules = [_rule(cells.get(column.key, column.blank)) for cells in lines]
            first = 0
            for row in range(1, len(rules) + 1):
                if row == len(rules) or rules[row] != rules[first]:
                    self._limit(sheet, HEAD + first, HEAD + row - 1, at, rules[first])
                    first = row

    def _limit(self, sheet: Any, first: int, last: int, column: int, rule: tuple[str, Ends | None]) -> None:
        choices, ends = rule
        if choices:
            source = self._ranges.get(choices)
            if source is not None:
                options = {"validate": "list", "source": source.split(",") if source[0] != "=" else source}
                soft = choices in ("paths",) or choices.startswith("keys:")
                sheet.data_validation(
                    first,
                    column,
                    last,
                    column,
                    {**options, "error_type": "warning" if soft else "stop", **self._words("choose")},
                )
        elif ends is not None and (limits := _limits(ends)):
            kind = "integer" if ends == Ends(FIRST_YEAR, LAST_YEAR) else "decimal"
            sheet.data_validation(first, column, last, column, {"validate": kind, **limits, **self._words("number")})

    def _words(self, key: str) -> dict[str, str]:
        return {
            "error_title": say(f"workbook.refused.{key}_title", self.lang),
            "error_message": say(f"workbook.refused.{key}", self.lang),
        }

    def choices(self) -> None:
        """Write the lists from which cells are chosen."""
        sheet = self.book.add_worksheet(self.titles["choices"])
        for at, (name, choices) in enumerate(self.lists.held.items()):
            sheet.set_column(2 * at, 2 * at, 28)
            sheet.set_column(2 * at + 1, 2 * at + 1, 40 if any(told for _, told in choices) else 2)
            title = say(f"workbook.list.{name}", self.lang) if not name.startswith("list") else ""
            sheet.write_string(0, 2 * at, title, self.look("head", "text"))
            for row, (choice, told) in enumerate(choices, start=2):
                sheet.write_string(row, 2 * at, choice, self.look(KEY, "text"))
                if told:
                    sheet.write_string(row, 2 * at + 1, told, self.look(SHOWN, "text"))
        sheet.protect("", _ALLOWED)

    def readme(self, title: str, lines: Sequence[str]) -> None:
        """Write the sheet of words; it is not read."""
        sheet = self.book.add_worksheet(self.titles["readme"])
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 110)
        sheet.write_string(0, 0, title, self.book.add_format({"bold": True, "font_size": 15}))
        wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        for at, line in enumerate(lines, start=2):
            sheet.write_string(at, 0, line, wrap)
        sheet.protect("", _ALLOWED)

    def about(self, told: Mapping[str, str]) -> None:
        """Write the hidden sheet that says what the workbook is."""
        sheet = self.book.add_worksheet(self.titles["about"])
        sheet.write_string(0, 0, f"{MARK}{ABOUT}:key")
        sheet.write_string(0, 1, "value")
        for at, (key, value) in enumerate(told.items(), start=1):
            sheet.write_string(at, 0, key)
            sheet.write_string(at, 1, value)
        sheet.protect()
        sheet.hide()


def check_lengths(pages: Sequence[Page]) -> None:
    """Refuse texts that no cell can hold."""
    faults = [
        Fault("text_too_long_for_cell", Place(model=str(next(iter(line.cells.values())).value)), {"allowed": LONGEST})
        for page in pages
        for line in page.lines
        if any(
            isinstance(cell.value, str) and len(cell.value.encode("utf-16-le")) > 2 * LONGEST
            for cell in line.cells.values()
        )
    ]
    if faults:
        raise InputError(faults)


def staged(path: Path) -> Path:
    """Return where a file is written before it takes its name."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def _rule(cell: Filled) -> tuple[str, Ends | None]:
    return cell.choices, cell.ends


def _limits(ends: Ends) -> dict[str, object]:
    if ends.above is not None and ends.most is None:
        return {"criteria": ">", "value": ends.above}
    least = ends.least if ends.above is None else ends.above
    if least is not None and ends.most is not None:
        return {"criteria": "between", "minimum": least, "maximum": ends.most}
    if least is not None:
        return {"criteria": ">=", "value": least}
    return (
        {"criteria": "<=", "value": ends.most}
        if ends.most is not None
        else {"criteria": "between", "minimum": -1e300, "maximum": 1e300}
    )


def _printed(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
