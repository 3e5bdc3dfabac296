"""A maker beside the whole country of a run: its part of the recycled plastics, and whether there is enough."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Section
from cesim.report.statutory.blocks import Block, columns, table_of
from cesim.report.statutory.counting import COUNTED, REST, STREAMS
from cesim.report.statutory.europe import measured
from cesim.report.statutory.statement import missing

if TYPE_CHECKING:
    from cesim.report.statutory.view import View


def beside_section(view: View) -> Section | None:
    """Return the comparison; None where there is no maker or no run."""
    if view.statement.maker is None or view.statement.national is None:
        return None
    block = beside_block(view)
    return Section("beside", view.say("beside.head"), (view.say("beside.lead", scenario=view.scenario), *told(view)),
                   (), (table_of(block, view.nothing),), block.notes)  # fmt: skip


def beside_block(view: View) -> Block:
    """Return by stream what the maker has, what all cars of the run have, and its part of that."""
    s = view.statement
    assert s.national is not None
    mine, all_cars = s.whole, s.national.account
    heads, looks = columns(
        (view.say("column.stream"), "text"), (view.say("column.kg_maker"), "kg"), (view.say("column.kg_run"), "kg"),
        (view.say("column.part"), "fine"), (view.say("column.left"), "kg"),
    )  # fmt: skip
    pairs = [(view.origin(origin), mine.kg[origin], all_cars.kg[origin]) for origin in STREAMS if origin != REST]
    pairs += [
        (view.say(f"row.{book}"), mine.counted(book), all_cars.counted(book)) for book in ("japan", "eu", "closed")
    ]
    pairs.append((view.say("row.all_plastics"), mine.total, all_cars.total))
    rows = tuple((name, one, other, Fraction(one, other) if other else None, other - one) for name, one, other in pairs)
    return Block("beside", view.say("beside.table"), heads, looks, rows,
                 notes=(view.say("beside.note_1"), view.say("beside.note_2")), sums=4)  # fmt: skip


def more_than_all(view: View) -> list[str]:
    """Return the names of streams of which the maker has more than all cars of the run."""
    s = view.statement
    if s.maker is None or s.national is None:
        return []
    held = s.national.account.kg
    return [view.origin(o) for o in STREAMS if o != REST and s.whole.kg[o] > held[o] > 0]


def not_modelled(view: View) -> list[str]:
    """Return the names of streams that the maker has and the run has not."""
    s = view.statement
    if s.maker is None or s.national is None:
        return []
    return [view.origin(o) for o in STREAMS if s.whole.kg[o] > 0 and not s.national.account.kg[o]]


def told(view: View) -> list[str]:
    """Return the comparison in sentences."""
    s = view.statement
    assert s.national is not None
    mine, all_cars = s.whole, s.national.account
    lines = [view.say("beside.parts", plastics=_part(view, mine.total, all_cars.total),
                      recycled=_part(view, mine.counted("japan"), all_cars.counted("japan")))]  # fmt: skip
    more = more_than_all(view)
    lines.append(view.say("beside.more", names=view.writer.join(more)) if more else view.say("beside.enough"))
    if none := not_modelled(view):
        lines.append(view.say("beside.not_modelled", names=view.writer.join(none)))
    if s.eu is not None and (lack := missing(s.eu, measured(view)).total_kg):
        free = sum(max(all_cars.kg[o] - mine.kg[o], 0) for o in COUNTED["eu"])
        key = "beside.lack_there" if free >= lack else "beside.lack_not_there"
        lines.append(view.say(key, lack=view.tonnes(lack), free=view.tonnes(free)))
    return lines


def _part(view: View, one: int, other: int) -> str:
    return view.share(Fraction(one, other)) if other else view.nothing
