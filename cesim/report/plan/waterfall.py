"""The waterfall of a plan: from nothing done to everything done, one row a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.games import waterfall
from cesim.report.casthouse.shell import Figure, Key
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.numbers import scale_for, write, write_change, write_error

if TYPE_CHECKING:
    from cesim.plan.games import Attribution, Share, Step
    from cesim.report.plan.view import PlanView
    from cesim.run.goals import Goal

HELPS, HARMS, UNSURE, WHOLE = "k-post", "k-hot", "k-none", "k-main"


def waterfall_figure(view: PlanView, goal: Goal, told: Attribution) -> Figure:
    """Return the figure of one quantity of one target."""
    say = view.writer.say
    scale = scale_for(goal.unit, max(abs(told.before.value), abs(told.after.value), abs(goal.value)), view.words)
    shares = {share.player: share for share in told.shares}
    level = goal.value if told.of == "mean" else 0.0
    steps = waterfall(told)
    rows = [_end(view, goal, say("plan.without"), told.before.value, level, scale.factor)]
    rows += [_step(view, goal, told, step, shares[step.player], level, scale.factor) for step in steps]
    rows.append(_end(view, goal, say("plan.with"), told.after.value, level, scale.factor))
    axis = axis_of(
        scale.factor * end
        for end in (
            told.before.value,
            told.after.value,
            level,
            *(end for step in steps for end in (step.start, step.end)),
        )
    )
    keys = (Key(HELPS, say("plan.key_helps")), Key(HARMS, say("plan.key_harms")), Key(UNSURE, say("plan.key_unsure")),
            Key("k-ink l-line", say("plan.key_error")), Key("k-second l-tick", say("plan.key_target")))  # fmt: skip
    return Figure(say(f"plan.waterfall_{told.of}", unit=scale.symbol), rows_of(rows, axis), keys, is_wide=True)


def _end(view: PlanView, goal: Goal, name: str, value: float, level: float, factor: float) -> Row:
    marks = (Mark("bar", WHOLE, 0.0, value * factor), Mark("tick", "k-second", level * factor))
    return Row(name, marks, write(value, goal.unit, view.words), is_strong=True)


def _step(view: PlanView, goal: Goal, told: Attribution, step: Step, share: Share, level: float, factor: float) -> Row:
    error = share.error or 0.0
    marks = (
        Mark("bar", colour(goal, told, share), step.start * factor, step.end * factor),
        Mark("line", "k-ink", (step.end - error) * factor, (step.end + error) * factor),
        Mark("tick", "k-second", level * factor),
    )
    size = abs(told.total.value)
    beside = "" if share.error is None else f"± {write_error(error, goal.unit, view.words, abs(told.total.value))}"
    change = write_change(step.change, goal.unit, view.words, max(size, abs(step.change)))
    return Row(view.marked(step.player), marks, change, beside, is_off=share.standing in ("none", "within_error"))


def colour(goal: Goal, told: Attribution, share: Share) -> str:
    """Class of the colour of a share: whether it helps, harms, or cannot be told from nothing."""
    if share.standing in ("none", "within_error"):
        return UNSURE
    less_is_better = goal.at_most or told.of == "shortfall"
    return HELPS if (share.value < 0.0) == less_is_better else HARMS
