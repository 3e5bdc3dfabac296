"""The workbook of a statement: numbers without formulas, the watermark on every sheet and every printed page."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from cesim.report.book import opened
from cesim.report.statutory.beside import beside_block
from cesim.report.statutory.blocks import Block
from cesim.report.statutory.both import both_block
from cesim.report.statutory.europe import europe_blocks
from cesim.report.statutory.headline import alarms, headline, remarks
from cesim.report.statutory.japan import plan_block, report_blocks
from cesim.report.statutory.page import METHOD, TERMS, asked
from cesim.report.statutory.read_law import law_block
from cesim.report.statutory.view import view_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cesim.report.statutory.blocks import Value
    from cesim.report.statutory.statement import Statement
    from cesim.report.statutory.view import View
    from cesim.text import Language

FORMATS: Final = {"kg": "#,##0", "fine": "0.00%", "points": "+0.00%;-0.00%;0.00%", "count": "#,##0", "year": "0"}
HEAD: Final = 3
"""Row of the headings, from 0: above it the title, and the watermark or who it is of."""
WIDTHS: Final = {"text": 30, "kg": 18, "fine": 14, "points": 14, "count": 14, "year": 12, "value": 22}


def write_statutory_workbook(path: Path, statement: Statement, lang: Language) -> Path:
    """Write the workbook in `lang` and return its path."""
    view = view_of(statement, lang)
    book, looks = opened(path)
    mine = {name: book.add_format({"num_format": code, "valign": "top"}) for name, code in FORMATS.items()}
    mine["text"] = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    mine |= {"title": book.add_format({"bold": True, "font_size": 14}), "head": looks["head"],
             "mark": book.add_format({"bold": True, "font_color": "#B0391F"}),
             "note": book.add_format({"font_color": "#5A6470"})}  # fmt: skip
    mine |= {f"sum_{name}": book.add_format({"num_format": code, "bold": True, "top": 1})
             for name, code in {**FORMATS, "text": "@"}.items()}  # fmt: skip
    for blocks in _sheets(view):
        _write(book.add_worksheet(view.say(f"book.{blocks[0].key}")), view, blocks, mine)
    book.close()
    return path


def _sheets(view: View) -> list[list[Block]]:
    """Return the blocks by sheet."""
    s = view.statement
    report, *annexes = report_blocks(view)
    held = [[_read_me(view)], [both_block(view)], [report], annexes, [plan_block(view)], europe_blocks(view)]
    if s.maker is not None and s.national is not None:
        held.append([beside_block(view)])
    return [*held, [law_block(view)]]


def _read_me(view: View) -> Block:
    rows = [(view.say("book.what"), told) for told in headline(view)]
    rows += [("", told) for told in (*alarms(view), *remarks(view))]
    rows += list(asked(view).items())
    rows += [(view.writer.say("method_head"), view.say(f"method_{at}")) for at in range(1, METHOD + 1)]
    for key in TERMS:
        ja, en, meaning = view.writer.say(f"terms.{key}").split(" | ")
        rows.append((f"{ja} / {en}", meaning))
    return Block("read_me", view.say("title"), ("", ""), ("text", "text"), tuple(rows))


def _write(page: Any, view: View, blocks: list[Block], looks: Mapping[str, Any]) -> None:
    """Write blocks below one another; text as text, so that no cell of a user becomes a formula."""
    page.write_string(0, 0, blocks[0].title, looks["title"])
    page.write_string(1, 0, view.watermark or view.say("subtitle", who=view.who, period=view.period),
                      looks["mark" if view.watermark else "note"])  # fmt: skip
    line = HEAD
    for at, block in enumerate(blocks):
        if at:
            page.write_string(line, 0, block.title, looks["title"])
            line += 1
        line = _table(page, block, line, looks) + 1
    _widths(page, blocks)
    page.freeze_panes(HEAD + 1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_header(f"&C{_escaped(view.watermark)}" if view.watermark else "")
    page.set_footer(f"&L{_escaped(view.say('book.footer'))}&R&P / &N")


def _table(page: Any, block: Block, line: int, looks: Mapping[str, Any]) -> int:
    """Write one block from a row on; return the row below it."""
    for column, name in enumerate(block.columns):
        page.write_string(line, column, name, looks["head"])
    for at, row in enumerate(block.rows):
        line += 1
        is_sum = at >= len(block.rows) - block.sums
        for column, value in enumerate(row):
            look = block.look(at, column)
            _cell(page, line, column, value, looks[f"sum_{look}" if is_sum else look])
    for note in block.notes:
        line += 1
        page.write_string(line, 0, note, looks["note"])
    return line + 1


def _cell(page: Any, line: int, column: int, value: Value, look: Any) -> None:
    if value is None:
        page.write_blank(line, column, None, look)
    elif isinstance(value, str):
        page.write_string(line, column, value, look)
    else:
        page.write_number(line, column, float(value) if isinstance(value, Fraction) else value, look)


def _widths(page: Any, blocks: list[Block]) -> None:
    most = max(len(block.columns) for block in blocks)
    for column in range(most):
        looks = [block.looks[column] for block in blocks if column < len(block.columns)]
        page.set_column(column, column, max(WIDTHS[look] for look in looks))
    if blocks[0].key in ("read_me", "law"):
        page.set_column(1, 1, 110)


def _escaped(text: str) -> str:
    """Return text as a header of Excel takes it: an ampersand begins a command there."""
    return text.replace("&", "&&")
