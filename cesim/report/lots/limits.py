"""What keeps 6000-series metal from becoming cars again: from the potential down to what is realised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.lots.amounts import Amount, heads
from cesim.report.lots.view import LIMITS

if TYPE_CHECKING:
    from cesim.report.lots.view import LotView


def limit_section(view: LotView) -> Section:
    """Return the part on the limits; where they were not switched off, it says so."""
    writer = view.writer
    if "potential" not in view.steps:
        return Section("limits", writer.say("lots.limits_head"), (writer.say("lots.limits_not_run"),))
    lead = (writer.say("lots.limits_lead"), *(writer.say(f"lots.explain.{limit}") for limit in LIMITS))
    notes = [writer.say("lots.limits_order")]
    if any(view.steps[limit].best < 0 for limit in LIMITS):
        notes.append(writer.say("lots.limits_gain"))
    if view.drawn:
        notes.append(writer.say("lots.limits_range"))
    return Section(
        "limits", writer.say("lots.limits_head"), lead, (_figure(view),), (_table(view),), notes=tuple(notes)
    )


def _figure(view: LotView) -> Figure:
    """Bars that hang from one another: each limit begins where the one before ends."""
    writer, steps = view.writer, view.steps
    level = steps["potential"].best
    rows, held = [_whole(view, "potential", "k-none")], list(steps["potential"].ends)
    for limit in LIMITS:
        step = steps[limit]
        css = "k-post" if step.best < 0 else "k-second"
        marks = [Mark("bar", css, level, level - step.best)]
        if step.low is not None and step.high is not None:
            marks.append(Mark("line", "k-edge", level - step.high, level - step.low))
        held += [level - end for end in step.ends]
        rows.append(Row(writer.say(f"lots.step.{limit}"), tuple(marks), _moved(view, step), _spread(view, step)))
        level -= step.best
    rows.append(_whole(view, "realised", "k-main"))
    held += steps["realised"].ends
    keys = [Key("k-none", writer.say("lots.key.potential")), Key("k-second", writer.say("lots.key.lost"))]
    if any(steps[limit].best < 0 for limit in LIMITS):
        keys.append(Key("k-post", writer.say("lots.key.gained")))
    keys.append(Key("k-main", writer.say("lots.key.realised")))
    if view.drawn:
        keys.append(Key("k-edge", writer.say("lots.key.range")))
    return Figure(writer.say("lots.limits_figure"), rows_of(rows, axis_of(held)), tuple(keys))


def _whole(view: LotView, name: str, css: str) -> Row:
    amount = view.steps[name]
    marks = [Mark("bar", css, 0.0, amount.best)]
    if amount.low is not None and amount.high is not None:
        marks.append(Mark("line", "k-edge", amount.low, amount.high))
    told = view.writer.full(amount.best, "t_many")
    return Row(view.writer.say(f"lots.step.{name}"), tuple(marks), told, _spread(view, amount), is_strong=True)


def _moved(view: LotView, step: Amount) -> str:
    """A loss with a minus; a loss below nothing is a gain."""
    told = view.writer.full(abs(step.best), "t_many")
    return view.writer.say("lots.gained", mass=told) if step.best < 0 else view.writer.say("lots.lost", mass=told)


def _spread(view: LotView, amount: Amount) -> str:
    return amount.spread(view.writer, "t_many")


def _table(view: LotView) -> Table:
    writer = view.writer
    rows = tuple(
        (writer.say(f"lots.step.{step}"), *amount.cells(writer, "t_many")) for step, amount in view.steps.items()
    )
    columns = (writer.say("lots.column.step"), *heads(writer, drawn=view.drawn))
    return Table(writer.say("lots.limits_table"), columns, rows, is_folded=True)
