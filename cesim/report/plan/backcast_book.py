"""The numbers of a backcast as a workbook, with a chart of cost against confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.plan.backcast import ALL
from cesim.report.book import opened, write
from cesim.report.plan.backcast_answer import headline, remarks
from cesim.report.plan.backcast_tables import heads, option_table, stands
from cesim.report.plan.backcast_view import backcast_view
from cesim.report.sheets import Sheet, look_of

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.plan.backcasting import PlanBackcast
    from cesim.report.plan.backcast_view import BackcastView
    from cesim.scenario.model import Scenario
    from cesim.text import Language


def write_backcast_book(path: Path, scenario: Scenario, told: PlanBackcast, lang: Language) -> Path:
    """Write the workbook in `lang` and return its path."""
    view = backcast_view(scenario, told, lang)
    book, looks = opened(path)
    for sheet in (_answer(view), _targets(view), _roads(view), _payers(view)):
        write(book.add_worksheet(sheet.name), sheet, looks)
    if told.front is not None:
        sheet = _front(view)
        page = book.add_worksheet(sheet.name)
        write(page, sheet, looks)
        page.insert_chart(1, len(sheet.titles) + 1, _chart(book, view, sheet), {"x_scale": 1.5, "y_scale": 1.5})
    write(book.add_worksheet(view.say("book.options")), _options(view), looks)
    book.close()
    return path


def _answer(view: BackcastView) -> Sheet:
    rows = [[sentence] for sentence in (*headline(view), *remarks(view))]
    return Sheet(view.say("book.answer"), [view.plan.title], [140], ["text"], rows, filtered=False)


def _targets(view: BackcastView) -> Sheet:
    rows, looks = [], []
    for goal in view.told.question.goals:
        for name, stand in stands(view):
            rows.append([view.plan.goal(goal), view.say(f"stand.{name}"), goal.value, stand.medians[goal.id],
                         stand.shares[goal.id]])  # fmt: skip
            looks.append("fine" if goal.unit == "share" else look_of(goal.unit))
    titles = heads(view, "goal", "plan", "asked", "median", "share")
    kinds = ["text", "text", "value", "value", "share"]
    return Sheet(view.say("book.targets"), titles, [56, 24, 14, 14, 16], kinds, rows, looks, 1)


def _roads(view: BackcastView) -> Sheet:
    say = view.plan.writer.say
    rows = [
        [view.plan.marked(row.measure), say(f"plan.bundle.{row.pillar}"), say(f"plan.bundle.{row.horizon}"),
         view.payer(row.actor), view.say(plan), bar.start, bar.full, bar.level, bar.cost, bar.low, bar.high]
        for row in view.told.roads.rows
        for plan, bar in (("forecast", row.forecast), ("backcast", row.backcast)) if bar is not None
    ]  # fmt: skip
    titles = heads(view, "measure", "pillar", "horizon", "actor", "plan", "start", "full", "level", "cost_jpy", "low",
                   "high")  # fmt: skip
    widths = [44, 40, 20, 24, 22, 10, 10, 10, 20, 20, 20]
    kinds = ["text"] * 5 + ["year", "year", "share", "count", "count", "count"]
    return Sheet(view.say("book.roads"), titles, widths, kinds, rows, frozen=1)


def _payers(view: BackcastView) -> Sheet:
    told = view.told
    rows = [
        [view.payer(name), None if told.answer is None else told.answer.paid[name], told.written.paid[name],
         told.question.budgets.get(name)]
        for name in (*view.payers(), ALL)
    ]  # fmt: skip
    titles = heads(view, "payer", "cost_jpy", "written_jpy", "most_jpy")
    return Sheet(view.say("book.payers"), titles, [30, 24, 24, 24], ["text", "count", "count", "count"], rows)


def _front(view: BackcastView) -> Sheet:
    assert view.told.front is not None
    rows: list[list[Any]] = []
    for point in view.told.front.points:
        own = point.solution
        told = view.say("yes" if point.complete else "no")
        if own is None:
            rows.append([point.confidence, None, None, None, told, None, ""])
        else:
            names = ", ".join(view.plan.measure(name) for name in view.plan.plan.measures if name in own.choice)
            rows.append([point.confidence, own.cost, own.bound, own.reached, told, len(own.choice), names])
    titles = heads(view, "confidence", "cost_jpy", "bound_jpy", "reached", "is_proven", "number", "measures")
    kinds = ["share", "count", "count", "share", "text", "count", "text"]
    return Sheet(view.say("book.front"), titles, [14, 20, 20, 16, 14, 10, 80], kinds, rows, filtered=False)


def _chart(book: Any, view: BackcastView, sheet: Sheet) -> Any:
    chart = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    last = len(sheet.rows)
    shares = [sheet.name, 1, 0, last, 0]
    for column, key, colour in ((1, "key_found", "#0072b2"), (2, "key_bound", "#46525e")):
        chart.add_series({
            "name": view.say(key), "categories": shares, "values": [sheet.name, 1, column, last, column],
            "line": {"color": colour}, "marker": {"type": "circle", "size": 6, "fill": {"color": colour}},
        })  # fmt: skip
    chart.set_title({"name": view.say("front_figure"), "name_font": {"size": 11}})
    chart.set_x_axis({"name": view.say("front_across"), "min": 0, "max": 1, "num_format": "0%"})
    chart.set_y_axis({"name": view.say("column.cost_jpy"), "num_format": "#,##0"})
    chart.set_legend({"position": "bottom"})
    return chart


def _options(view: BackcastView) -> Sheet:
    table = option_table(view)
    rows = [list(row) for row in table.rows]
    return Sheet(view.say("book.options"), table.columns, [44, 40, 20, 30, 20], ["text"] * 5, rows, frozen=1)
