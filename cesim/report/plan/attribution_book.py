"""The numbers of an attribution as a workbook, with a chart of the waterfall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.plan.frames import kinds_of
from cesim.plan.games import NotResolvable, waterfall
from cesim.report.book import opened, write
from cesim.report.plan.view import plan_view
from cesim.report.sheets import Sheet, look_of

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.plan.attribution import Divided, PlanAttribution
    from cesim.report.plan.view import PlanView
    from cesim.scenario.model import Scenario
    from cesim.text import Language


def write_attribution_book(path: Path, scenario: Scenario, found: PlanAttribution, lang: Language) -> Path:
    """Write the workbook in `lang` and return its path."""
    view = plan_view(scenario, lang)
    book, looks = opened(path)
    write(book.add_worksheet(view.writer.say("plan.book.shares")), _shares(view, found), looks)
    for at, one in enumerate(found.divided, start=1):
        sheet = _waterfall(view, one, at)
        page = book.add_worksheet(sheet.name)
        write(page, sheet, looks)
        page.insert_chart(1, len(sheet.titles) + 1, _chart(book, view, sheet, one), {"x_scale": 1.6, "y_scale": 1.5})
    write(book.add_worksheet(view.writer.say("plan.book.pairs")), _pairs(view, found), looks)
    book.close()
    return path


def _shares(view: PlanView, found: PlanAttribution) -> Sheet:
    say = view.writer.say
    rows: list[list[Any]] = []
    looks = []
    for one in found.divided:
        for told in kinds_of(one):
            if isinstance(told, NotResolvable):
                reason = say(f"plan.not_resolvable_{told.reason}", draws=told.draws, needed=f"{told.needed:,}")
                rows.append([view.goal(one.goal), say(f"plan.of.{told.of}"), "", None, None, reason])
                looks.append("number")
                continue
            for share in told.shares:
                rows.append([view.goal(one.goal), say(f"plan.of.{told.of}"), view.marked(share.player), share.value,
                             share.error, say(f"plan.standing.{share.standing}")])  # fmt: skip
                looks.append("fine" if one.goal.unit == "share" or told.of == "chance" else look_of(one.goal.unit))
    titles = [say(f"plan.column.{key}") for key in ("goal", "of", "measure", "share", "error", "standing")]
    return Sheet(say("plan.book.shares"), titles, [56, 22, 44, 14, 14, 40],
                 ["text", "text", "text", "value", "value", "text"], rows, looks, 1)  # fmt: skip


def _waterfall(view: PlanView, one: Divided, at: int) -> Sheet:
    """Rows of the chart: what lies below the bar, and the bar."""
    say, mean = view.writer.say, one.attributed.mean
    rows: list[list[Any]] = [[say("plan.without"), 0.0, mean.before.value, mean.before.value]]
    rows += [
        [view.measure(step.player), min(step.start, step.end), abs(step.change), step.change]
        for step in waterfall(mean)
    ]
    rows.append([say("plan.with"), 0.0, mean.after.value, mean.after.value])
    look = "fine" if one.goal.unit == "share" else look_of(one.goal.unit)
    titles = [say(f"plan.column.{key}") for key in ("measure", "below", "bar", "share")]
    return Sheet(say("plan.book.waterfall", at=at), titles, [44, 12, 12, 12], ["text", look, look, look], rows,
                 filtered=False)  # fmt: skip


def _chart(book: Any, view: PlanView, sheet: Sheet, one: Divided) -> Any:
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    last = len(sheet.rows)
    names = [sheet.name, 1, 0, last, 0]
    chart.add_series({"categories": names, "values": [sheet.name, 1, 1, last, 1], "fill": {"none": True}})
    chart.add_series(
        {"categories": names, "values": [sheet.name, 1, 2, last, 2], "fill": {"color": "#0072b2"}, "gap": 40}
    )
    chart.set_legend({"none": True})
    chart.set_title({"name": view.goal(one.goal), "name_font": {"size": 11}})
    chart.set_y_axis({"reverse": True})
    return chart


def _pairs(view: PlanView, found: PlanAttribution) -> Sheet:
    say = view.writer.say
    rows = [
        [view.goal(one.goal), view.measure(pair.first), view.measure(pair.second), pair.index.value, pair.index.error,
         pair.alone.value, pair.last.value, say(f"plan.pair.{pair.kind}")]
        for one in found.divided for pair in one.pairs
    ]  # fmt: skip
    keys = ("goal", "first", "second", "interaction", "error", "alone", "last", "kind")
    titles = [say(f"plan.column.{key}") for key in keys]
    looks = ["text", "text", "text", "number", "number", "number", "number", "text"]
    return Sheet(say("plan.book.pairs"), titles, [56, 36, 36, 14, 14, 14, 14, 30], looks, rows)
