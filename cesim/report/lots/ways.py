"""Where the 6000-series metal of scrapped cars went, with sums that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.lots.amounts import Amount, heads
from cesim.report.lots.view import OF_CHARGED, WENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.report.lots.view import LotView

CAME: Final = ("in_cars", "from_elsewhere")
_ALWAYS: Final = (*CAME, "to_elsewhere", "reused", "residue", "charged", "finished")
_KINDS: Final = {
    "came": ("k-soft", CAME), "sum": ("k-edge", ()), "goes_on": ("k-main", ("charged", "finished")),
    "reused": ("k-post", ("reused",)), "elsewhere": ("k-none", ("to_elsewhere", "on_the_way", "in_making")),
    "lost": ("k-second", ()),
}  # fmt: skip
"""Colour of each kind of way, and the ways that are of it; all others are lost."""
_LEAST: Final = 0.05
"""t: less is nothing in the numbers of the page."""


def way_section(view: LotView) -> Section:
    """Return the part on the ways of the metal: what came and went, then what became of what was charged."""
    writer, metal = view.writer, view.metal
    came = sum(metal[name].best for name in CAME)
    axis = axis_of([came, *_levels(view, WENT), *_levels(view, OF_CHARGED)])
    first = [_row(view, name, level, came) for name, level in zip(CAME, (0.0, metal[CAME[0]].best), strict=True)]
    rows = [*first, _total(view, "came", came), *_parts(view, WENT, came)]
    charged = metal["charged"].best
    second = [_total(view, "charged", charged), *_parts(view, OF_CHARGED, charged)]
    figures = (
        Figure(writer.say("lots.ways_figure"), rows_of(rows, axis), _keys(view), is_wide=True),
        Figure(writer.say("lots.charged_figure"), rows_of(second, axis), is_wide=True),
    )
    lead = (writer.say("lots.ways_lead"), writer.say("lots.charged_lead"))
    notes = [writer.say("lots.ways_note")]
    if metal["on_the_way"].best < 0 or metal["in_making"].best < 0:
        notes.append(writer.say("lots.ways_twice"))
    return Section("ways", writer.say("lots.ways_head"), lead, figures, (_table(view),), notes=tuple(notes))


def shown(view: LotView, names: Sequence[str], least: float = _LEAST) -> list[str]:
    """Return the ways that are told: those that at least so many t went, and those a reader looks for."""
    return [name for name in names if name in _ALWAYS or any(abs(end) >= least for end in view.metal[name].ends)]


def _levels(view: LotView, names: Sequence[str]) -> list[float]:
    """Where the bars begin and end when they stand behind one another."""
    levels = [0.0]
    for name in names:
        levels.append(levels[-1] + view.metal[name].best)
    return levels


def _parts(view: LotView, names: Sequence[str], whole: float) -> list[Row]:
    rows, level = [], 0.0
    wanted = shown(view, names)
    for name in names:
        if name in wanted:
            rows.append(_row(view, name, level, whole))
        level += view.metal[name].best
    return rows


def _row(view: LotView, name: str, level: float, whole: float) -> Row:
    writer, amount = view.writer, view.metal[name]
    told = writer.full(amount.best, "t_many")
    if whole > 0:
        told = writer.say("lots.of_whole", mass=told, share=writer.full(amount.best / whole, "share"))
    mark = Mark("bar", _css(name), level, level + amount.best)
    beside = amount.spread(writer, "t_many")
    return Row(writer.say(f"lots.where.{name}"), (mark,), told, beside, is_strong=name == "finished")


def _css(name: str) -> str:
    return next((css for css, names in _KINDS.values() if name in names), _KINDS["lost"][0])


def _keys(view: LotView) -> tuple[Key, ...]:
    return tuple(Key(css, view.writer.say(f"lots.way_kind.{kind}")) for kind, (css, _) in _KINDS.items())


def _total(view: LotView, name: str, whole: float) -> Row:
    told = view.writer.full(whole, "t_many")
    return Row(
        view.writer.say(f"lots.total.{name}"), (Mark("bar", _KINDS["sum"][0], 0.0, whole),), told, is_strong=True
    )


def _table(view: LotView) -> Table:
    writer = view.writer
    rows = [
        (writer.say(f"lots.where.{name}"), writer.say(f"lots.group.{group}"), *amount.cells(writer, "t_many"))
        for name, group, amount in way_rows(view, _LEAST)
    ]
    columns = (writer.say("lots.column.where"), writer.say("lots.column.group"), *heads(writer, drawn=view.drawn))
    return Table(writer.say("lots.ways_table"), columns, tuple(rows), is_folded=True)


def way_rows(view: LotView, least: float) -> list[tuple[str, str, Amount]]:
    """Return every way of at least so many t: its name, its sum (`came`, `went`, `charged`), its amount."""
    groups = (("came", CAME), ("went", WENT), ("charged", OF_CHARGED))
    return [(name, group, view.metal[name]) for group, names in groups for name in shown(view, names, least)]
