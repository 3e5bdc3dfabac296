"""What keeps 6000-series metal from becoming cars again: from the potential down to what is realised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.lots.amounts import Amount, heads
from cesim.report.lots.view import LIMITS

if TYPE_CHECKING:
    from cesim.report.lots.view import LotView

FEW_DRAWS: Final = 20
"""Of fewer draws the 5th and 95th percentile are hardly more than the least and the most of them."""


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
        if int(view.about["asked"]["draws"]) < FEW_DRAWS:
            notes.append(writer.say("lots.few_draws", draws=view.about["asked"]["draws"]))
    figures = (_figure(view), _ranges(view)) if view.drawn else (_figure(view),)
    return Section("limits", writer.say("lots.limits_head"), lead, figures, (_table(view),), notes=tuple(notes))


def _figure(view: LotView) -> Figure:
    """Bars that hang from one another: each limit begins where the one before ends."""
    writer, steps = view.writer, view.steps
    level = steps["potential"].best
    rows, held = [_whole(view, "potential", "k-none")], list(steps["potential"].ends)
    for limit in LIMITS:
        step = steps[limit]
        css = "k-post" if step.best < 0 else "k-second"
        rows.append(
            Row(writer.say(f"lots.step.{limit}"), (Mark("bar", css, level, level - step.best),), _moved(view, step))
        )
        level -= step.best
        held.append(level)
    rows.append(_whole(view, "realised", "k-main"))
    held += steps["realised"].ends
    keys = [Key("k-none", writer.say("lots.key.potential")), Key("k-second", writer.say("lots.key.lost"))]
    if any(steps[limit].best < 0 for limit in LIMITS):
        keys.append(Key("k-post", writer.say("lots.key.gained")))
    keys.append(Key("k-main", writer.say("lots.key.realised")))
    if view.drawn:
        keys.append(Key("k-edge", writer.say("lots.key.range")))
    return Figure(writer.say("lots.limits_figure"), rows_of(rows, axis_of(held)), tuple(keys), is_wide=True)


def _ranges(view: LotView) -> Figure:
    """What each limit costs, from nothing, with the range of the draws."""
    writer, rows = view.writer, []
    for limit in LIMITS:
        step = view.steps[limit]
        marks = [Mark("bar", "k-post" if step.best < 0 else "k-second", 0.0, step.best)]
        if step.low is not None and step.high is not None:
            marks.append(Mark("line", "k-edge", step.low, step.high))
        told = writer.full(step.best, "t_many")
        rows.append(Row(writer.say(f"lots.step.{limit}"), tuple(marks), told, _spread(view, step)))
    axis = axis_of(end for limit in LIMITS for end in view.steps[limit].ends)
    return Figure(writer.say("lots.ranges_figure"), rows_of(rows, axis), is_wide=True)


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
