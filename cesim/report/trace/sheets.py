"""The sheets of a trace as plain rows: the tables as they are, in words, with a sheet that says how to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.report.sheets import MOST_ROWS, Sheet
from cesim.report.trace.asked import asked, habit_columns, habit_rows
from cesim.report.trace.columns import NEEDS_TRUTH, TABLES, cells_of, columns_of, heading
from cesim.report.trace.headline import alarms, headline, remarks
from cesim.report.trace.reservations import reservations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.report.trace.view import TraceView

WIDE: Final = {
    "law": 46, "model": 30, "standing": 34, "allowed": 24, "of": 26, "actor": 30, "role": 28, "giver": 30, "taker": 30,
    "viewer": 40, "what": 52, "fault": 36, "joins": 30, "reason": 44,
}  # fmt: skip
ON_REQUEST: Final = ("points",)
"""Tables that a trace has only where they were asked for."""
METHOD: Final = 7
"""Sentences on method and limits that the catalogue has."""


def sheets_of(view: TraceView, terms: Sequence[str]) -> list[Sheet]:
    """Return all sheets, how to read them first."""
    tables = [name for name in TABLES if view.knows or name not in NEEDS_TRUTH]
    tables = [name for name in tables if name in view.tracing.tables or name not in ON_REQUEST]
    return [_notes(view, terms), *(_table(view, name) for name in tables), *_habits(view)]


def _table(view: TraceView, what: str) -> Sheet:
    columns = columns_of(view.names, what)
    return Sheet(
        view.say(f"book.{what}"), [heading(one, view.names) for one in columns],
        [WIDE.get(one.name, 14 if one.look != "text" else 18) for one in columns], [one.look for one in columns],
        cells_of(view.names, what)[:MOST_ROWS],
    )  # fmt: skip


def _notes(view: TraceView, terms: Sequence[str]) -> Sheet:
    """How to read the book, what was asked, what the words mean."""
    say, writer = view.say, view.writer
    rows: list[list[Any]] = [[say("title"), told] for told in headline(view)]
    rows += [["", told] for told in (*alarms(view), *remarks(view))]
    rows += [["", say(f"book.note_{at}")] for at in (1, 2)]
    rows += [[label, told] for label, told in asked(view).items()]
    rows += [[writer.say("method_head"), say(f"method_{at}")] for at in range(1, METHOD + 1)]
    for key in terms:
        ja, en, meaning = writer.say(f"terms.{key}").split(" | ")
        rows.append([f"{ja} / {en}", meaning])
    rows += [[place, told] for place, told in reservations(view)]
    name = say("book.notes")
    return Sheet(name, [name, ""], [44, 130], ["text", "text"], rows, filtered=False)


def _habits(view: TraceView) -> list[Sheet]:
    """The habits that the records were written by; an imported trace has none."""
    rows = [list(row) for row in habit_rows(view)]
    if not rows:
        return []
    heads = list(habit_columns(view))
    return [Sheet(view.say("book.habits"), heads, [28, 44, 20, 16], ["text"] * 4, rows)]
