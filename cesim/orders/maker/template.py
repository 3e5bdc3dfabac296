"""The workbook that a maker fills in: every sheet with an example, drop-down lists where there is a choice."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.orders.maker.columns import ALL, README, SHEETS, named
from cesim.text import say

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.orders.maker.columns import Column, Sheet
    from cesim.text import Language

EXAMPLE: Final[dict[str, tuple[tuple[object, ...], ...]]] = {
    "maker": (("name", "maker"), ("period", "FY2032")),
    "types": (
        ("type_a", "domestic", "no", 120_000, 118.0),
        ("type_b", "domestic", "yes", 64_000, 132.5),
        ("type_b_eu", "eu", "yes", 31_000, 141.2),
        ("type_c_eu", "eu", "no", 22_000, 150.0),
    ),
    "recyclate": (
        ("compounder", "PP-T", "post_elv", 310_000, ALL),
        ("compounder", "PP", "post_other", 780_000, ALL),
        ("appliances", "ABS", "post_other", 190_000, "type_b_eu"),
        ("parts", "PP", "post_in_use", 95_000, "type_b_eu"),
        ("works", "PP", "pre_auto", 650_000, "type_a"),
        ("works", "PA", "pre_other", 240_000, ALL),
        ("chemical", "PP", "chemical", 120_000, "type_b_eu"),
        ("bio", "PA", "bio", 60_000, "type_c_eu"),
    ),
    "plan": ((2027, None, 0.03), (2030, None, 0.05), (2032, 2_500_000, 0.07), (2035, None, 0.12)),
}
"""Invented; in it nothing is of a real maker."""
_WORDS: Final = ("name", "type", "supplier", "into")
"""Columns whose example is a word of the catalogue."""
_ROWS: Final = 200
"""Rows that have drop-down lists."""
_FORMATS: Final = {"count": "#,##0", "mass": "#,##0.###", "share": "0.0%"}


def write_template(path: Path, lang: Language) -> Path:
    """Write the workbook, filled with an example; a file that exists is never touched.

    Raises
    ------
    InputError
        ``maker_not_a_workbook``, ``already_there``, ``cannot_write``
    """
    if path.suffix.lower() != ".xlsx":
        raise InputError([Fault("maker_not_a_workbook", Place(str(path)))])
    if path.exists():
        raise InputError([Fault("already_there", Place(str(path)), {"found": str(path)})])
    staged = path.with_name(f".{path.stem}.{os.getpid()}.xlsx")
    try:
        _write(staged, lang)
        staged.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError([Fault("cannot_write", Place(str(path)), {"found": reason})]) from None
    finally:
        staged.unlink(missing_ok=True)
    return path


def _write(path: Path, lang: Language) -> None:
    import xlsxwriter  # type: ignore[import-untyped]
    from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
    looks = {
        "head": book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "top"}),
        "note": book.add_format({"font_color": "#5A6470", "font_size": 9, "text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        **{kind: book.add_format({"num_format": look}) for kind, look in _FORMATS.items()},
    }
    _readme(book.add_worksheet(named("sheet", README, lang)), looks, lang)
    for sheet in SHEETS:
        page = book.add_worksheet(named("sheet", sheet.key, lang))
        (_fields if sheet.has_fields else _table)(page, sheet, looks, lang)
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error)) from None


def _readme(page: Any, looks: dict[str, Any], lang: Language) -> None:
    page.write_string(0, 0, say("maker.readme.title", lang), looks["title"])
    for at, key in enumerate(
        ("example", "units", "mass", "all", "origins", "period", "plan", "notes", "command"), start=2
    ):
        page.write_string(at, 0, say(f"maker.readme.{key}", lang), looks["wrap"])
    page.set_column(0, 0, 110)


def _fields(page: Any, sheet: Sheet, looks: dict[str, Any], lang: Language) -> None:
    for at, (column, (_, value)) in enumerate(zip(sheet.columns, EXAMPLE[sheet.key], strict=True)):
        page.write_string(at, 0, named(f"column.{sheet.key}", column.key, lang), looks["head"])
        _cell(page, at, 1, column, value, looks, lang)
        page.write_string(at, 2, say(f"maker.about.{sheet.key}.{column.key}", lang), looks["note"])
    page.set_column(0, 1, 24)
    page.set_column(2, 2, 80)


def _table(page: Any, sheet: Sheet, looks: dict[str, Any], lang: Language) -> None:
    for at, column in enumerate(sheet.columns):
        page.write_string(0, at, named(f"column.{sheet.key}", column.key, lang), looks["head"])
        note = say(f"maker.about.{sheet.key}.{column.key}", lang)
        page.write_string(1, at, f"# {note}" if at == 0 else note, looks["note"])
        if column.choices:
            names = [named(f"choice.{column.key}", one, lang) for one in column.choices]
            page.data_validation(2, at, _ROWS, at, {"validate": "list", "source": names})
    for line, row in enumerate(EXAMPLE[sheet.key], start=2):
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _cell(page, line, at, column, value, looks, lang)
    page.set_row(1, 62)
    page.freeze_panes(1, 1)
    page.set_column(0, len(sheet.columns) - 1, 26)


def _cell(page: Any, line: int, at: int, column: Column, value: object, looks: dict[str, Any], lang: Language) -> None:
    if isinstance(value, int | float):
        page.write_number(line, at, value, looks.get(column.kind))
    elif isinstance(value, str):
        page.write_string(line, at, _worded(column, value, lang))


def _worded(column: Column, value: str, lang: Language) -> str:
    if column.choices or value == ALL:
        return named(f"choice.{column.key}", value, lang)
    return say(f"maker.example.{value}", lang) if column.key in _WORDS else value
