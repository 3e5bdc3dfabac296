"""The workbook of a statement: numbers without formulas, the watermark on every sheet and every printed page."""

from __future__ import annotations

import unicodedata
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
HEAD: Final = 4
"""Row of the first headings, from 0: above it what the sheet is, the watermark or who it is of, the form, the table."""
NARROW: Final = 12
WIDEST: Final = 44
"""Characters of a column of text."""
WIDTHS: Final = {"kg": 18, "fine": 14, "points": 14, "count": 14, "year": 12, "value": 24}


def write_statutory_workbook(path: Path, statement: Statement, lang: Language) -> Path:
    """Write the workbook in `lang` and return its path."""
    view = view_of(statement, lang)
    book, looks = opened(path)
    mine = {name: book.add_format({"num_format": code, "valign": "top"}) for name, code in FORMATS.items()}
    mine["text"] = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    mine |= {"title": book.add_format({"bold": True, "font_size": 14}), "head": looks["head"],
             "mark": book.add_format({"bold": True, "font_color": "#B0391F"}),
             "table": book.add_format({"bold": True}),
             "note": book.add_format({"font_color": "#5A6470"})}  # fmt: skip
    mine |= {f"sum_{name}": book.add_format({"num_format": code, "bold": True, "top": 1})
             for name, code in {**FORMATS, "text": "@"}.items()}  # fmt: skip
    for head, blocks in _sheets(view):
        _write(book.add_worksheet(view.say(f"book.{blocks[0].key}")), view, head, blocks, mine)
    book.close()
    return path


def _sheets(view: View) -> list[tuple[str, list[Block]]]:
    """Return the sheets: what each is, and its blocks."""
    s = view.statement
    report, *annexes = report_blocks(view)
    held = [
        ("title", [_read_me(view)]), ("both.head", [both_block(view)]), ("japan.head", [report]),
        ("japan.head", annexes), ("plan.head", [plan_block(view)]), ("eu.head", europe_blocks(view)),
    ]  # fmt: skip
    if s.maker is not None and s.national is not None:
        held.append(("beside.head", [beside_block(view)]))
    return [(view.say(head), blocks) for head, blocks in [*held, ("law.head", [law_block(view)])]]


def _read_me(view: View) -> Block:
    rows = [(view.say("book.what"), told) for told in headline(view)]
    rows += [("", told) for told in (*alarms(view), *remarks(view))]
    rows += list(asked(view).items())
    rows += [(view.writer.say("method_head"), view.say(f"method_{at}")) for at in range(1, METHOD + 1)]
    for key in TERMS:
        ja, en, meaning = view.writer.say(f"terms.{key}").split(" | ")
        rows.append((f"{ja} / {en}", meaning))
    heads = (view.say("column.item"), view.say("column.content"))
    return Block("read_me", view.say("book.read_me"), heads, ("text", "text"), tuple(rows))


def _write(page: Any, view: View, head: str, blocks: list[Block], looks: Mapping[str, Any]) -> None:
    """Write blocks below one another; text as text, so that no cell of a user becomes a formula."""
    page.write_string(0, 0, head, looks["title"])
    who = view.say("subtitle", who=view.who, period=view.period)
    page.write_string(1, 0, f"{view.watermark}　{who}" if view.watermark else who,
                      looks["mark" if view.watermark else "note"])  # fmt: skip
    page.write_string(2, 0, view.say("form"), looks["note"])
    line = HEAD - 1
    for block in blocks:
        page.write_string(line, 0, block.title, looks["table"])
        line = _table(page, block, line + 1, looks) + 1
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
    for column in range(max(len(block.columns) for block in blocks)):
        wide = max(_width(block, column) for block in blocks if column < len(block.columns))
        page.set_column(column, column, wide)
    if blocks[0].key in ("read_me", "law"):
        page.set_column(1, 1, 110)


def _width(block: Block, column: int) -> int:
    """Return how wide a column has to be; Japanese characters take the room of two."""
    if block.looks[column] != "text":
        return WIDTHS[block.looks[column]]
    cells = [block.columns[column], *(str(row[column]) for row in block.rows)]
    longest = max(sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in cell) for cell in cells)
    return min(max(longest + 2, NARROW), WIDEST)


def _escaped(text: str) -> str:
    """Return text as a header of Excel takes it: an ampersand begins a command there."""
    return text.replace("&", "&&")
