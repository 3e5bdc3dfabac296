"""The figures of a survey: what knowing is worth, and what makes each headline uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.survey.spread import STATUSES
from cesim.report.casthouse.shell import Figure, Key
from cesim.report.casthouse.tracks import Axis, Mark, Row, axis_of, round_ticks, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.plan.survey import Spread, Stake
    from cesim.report.plan.survey_view import SurveyView

COLOURS = {"read": "k-main", "unverified": "k-second", "estimate": "k-pre", "given": "k-ink"}
REST = "k-none"
MOST_WORTH = 8
MOST_INPUTS = 5


def worth_figure(view: SurveyView, stake: Stake) -> Figure:
    """What knowing each number is worth, the largest first, with the floor below which it says nothing."""
    known = stake.knowing
    assert known is not None
    scale = 1e-8 if view.lang == "ja" else 1e-9
    first, rows, ends = view.first(stake), [], [known.floor * scale]
    for path, worth in list(known.worth.items())[:MOST_WORTH]:
        error = known.error.get(path, 0.0)
        marks = (
            Mark("bar", COLOURS[view.inputs[path].quantity.status], 0.0, worth * scale),
            Mark("line", "k-ink", max(0.0, worth - error) * scale, (worth + error) * scale),
            Mark("tick", "k-hot", known.floor * scale),
        )
        ends.append((worth + error) * scale)
        rows.append(Row(view.input(path), marks, view.yen(worth), f"± {view.yen(error)}", is_off=path not in first))
    keys = (*_keys(view), Key("k-ink l-line", view.say("key_error")), Key("k-hot l-tick", view.say("key_floor")))
    note = view.say("worth_note")
    return Figure(view.say("worth_figure", unit=view.say("unit_money")), rows_of(rows, axis_of(ends)), keys, note, True)


def spread_figure(view: SurveyView) -> Figure:
    """One stacked row a headline: the share of its spread by how well the inputs are known."""
    rows = [_stacked(view, one) for one in view.found.spreads]
    keys = (*_keys(view), Key(REST, view.say("unexplained")))
    return Figure(view.say("spread_figure"), rows_of(rows, _whole()), keys, view.say("spread_note"), True)


def _stacked(view: SurveyView, one: Spread) -> Row:
    parts = [(COLOURS[status], one.by_status[status]) for status in STATUSES]
    marks, start = [], 0.0
    whole = max(1.0, sum(share for _, share in parts) + one.unexplained)  # shares are estimates and may pass one
    for css, share in (*parts, (REST, one.unexplained)):
        if share > 0.0:
            marks.append(Mark("bar", css, 100.0 * start / whole, 100.0 * (start + share) / whole))
        start += share
    unread = one.by_status["unverified"] + one.by_status["estimate"]
    told = view.say("unread", share=view.plan.writer.full(unread, "share"))
    return Row(view.series(one.series), tuple(marks), told)


def top_figures(view: SurveyView) -> Iterator[Figure]:
    """The inputs that explain most of each headline, where any does."""
    for one in view.found.spreads:
        rows = [
            Row(view.input(path), (Mark("bar", COLOURS[view.inputs[path].quantity.status], 0.0, 100.0 * share),),
                view.plan.writer.full(share, "share"), view.status(path))
            for path, share in list(one.shares.items())[:MOST_INPUTS]
        ]  # fmt: skip
        if rows:
            yield Figure(view.series(one.series), rows_of(rows, _whole()))


def _whole() -> Axis:
    return Axis(0.0, 100.0, round_ticks(0.0, 100.0, 20.0))


def _keys(view: SurveyView) -> tuple[Key, ...]:
    """Statuses that any input has."""
    there = {one.quantity.status for one in view.found.inputs}
    return tuple(Key(COLOURS[status], view.status_name(status)) for status in STATUSES if status in there)
