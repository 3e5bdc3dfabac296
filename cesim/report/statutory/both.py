"""Both definitions side by side: each stream, and in which book it counts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from cesim.report.casthouse.shell import Figure, Key, Section
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.statutory.blocks import Block, columns, table_of
from cesim.report.statutory.counting import COUNTED, STREAMS

if TYPE_CHECKING:
    from cesim.report.casthouse.tracks import Axis
    from cesim.report.statutory.blocks import Value
    from cesim.report.statutory.counting import Account, Book
    from cesim.report.statutory.view import View

COLOURS: Final = {
    "post_elv": "k-post", "post_in_use": "k-main", "post_other": "k-soft", "pre_other": "k-pre", "pre_auto": "k-grade",
    "chemical": "k-hot", "bio": "k-none",
}  # fmt: skip
"""Class of the colour of each stream."""


def both_section(view: View) -> Section:
    """Return the part on both definitions."""
    block = both_block(view)
    lead = (view.say("both.lead"), view.say("both.lead_maker" if view.statement.maker else "both.lead_national"))
    return Section(
        "both", view.say("both.head"), lead, (_figure(view),), (table_of(block, view.nothing),), block.notes
    )  # fmt: skip


def both_block(view: View) -> Block:
    """Return the streams: what there is of each, and what counts where."""
    s = view.statement
    of_eu = s.maker is not None
    heads, looks = columns(
        (view.say("column.stream"), "text"), (view.say("column.kg_all"), "kg"), (view.say("column.share_all"), "fine"),
        *([(view.say("column.kg_eu_types"), "kg")] if of_eu else []),
        *((view.say(f"column.in_{book}"), "text") for book in ("japan", "eu", "closed")),
    )  # fmt: skip
    rows = [_row(view, origin, of_eu) for origin in STREAMS]
    rows += [_sum(view, book, of_eu) for book in ("japan", "eu", "closed")]
    rows.append((view.say("row.all_plastics"), s.whole.total, Fraction(1), *([_of(s.eu)] if of_eu else []), "", "", ""))
    notes = tuple(view.say(f"both.note_{at}") for at in (1, 2, 3))
    return Block(
        "both",
        view.say("both.table"),
        heads,
        looks,
        tuple(rows),
        notes=notes,
        sums=4,
        marks=tuple(range(len(heads) - 3, len(heads))),
    )


def _row(view: View, origin: str, of_eu: bool) -> tuple[Value, ...]:
    s = view.statement
    counts = [view.yes(origin in COUNTED[book]) for book in ("japan", "eu", "closed")]
    share = Fraction(s.whole.kg[origin], s.whole.total)
    return (view.origin(origin), s.whole.kg[origin], share, *([_of(s.eu, origin)] if of_eu else []), *counts)


def _sum(view: View, book: Book, of_eu: bool) -> tuple[Value, ...]:
    s = view.statement
    marks = [view.say("counts.sum") if book == one else "" for one in ("japan", "eu", "closed")]
    eu = [] if not of_eu else [None if s.eu is None else s.eu.counted(book)]
    return (view.say(f"row.{book}"), s.whole.counted(book), s.whole.share(book), *eu, *marks)


def _of(held: Account | None, origin: str = "") -> int | None:
    if held is None:
        return None
    return held.kg[origin] if origin else held.total


def _figure(view: View) -> Figure:
    """One bar for each book, its streams one after the other, in percent of all plastics in the cars."""
    held = view.statement.whole
    recycled = [origin for origin in COLOURS if held.kg[origin]]
    axis = axis_of([100.0 * float(held.share(book)) for book in ("japan", "eu", "closed")])
    rows = [
        Row(
            view.say(f"row.{book}"), _bars(held, book, recycled), view.share(held.share(book)),
            view.tonnes(held.counted(book)), is_strong=book == "japan",
        )
        for book in ("japan", "eu", "closed")
    ]  # fmt: skip
    shown = [origin for origin in recycled if origin in COUNTED["japan"]]
    keys = tuple(Key(COLOURS[origin], view.origin(origin)) for origin in shown)
    return Figure(view.say("both.figure"), rows_of(rows, _percent(axis)), keys)


def _bars(held: Account, book: Book, recycled: list[str]) -> tuple[Mark, ...]:
    marks, start = [], 0.0
    for origin in recycled:
        if origin in COUNTED[book]:
            end = start + 100.0 * held.kg[origin] / held.total
            marks.append(Mark("bar", COLOURS[origin], start, end))
            start = end
    return tuple(marks)


def _percent(axis: Axis) -> Axis:
    return replace(axis, ticks=tuple((at, f"{text} %") for at, text in axis.ticks))
