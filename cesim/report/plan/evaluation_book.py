"""The numbers of an evaluation as a workbook, not rounded, with a chart of the costs by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.plan.evaluation_frames import evaluation_frames
from cesim.report.book import opened, write
from cesim.report.numbers import unit_name
from cesim.report.plan.evaluation_costs import SPENT
from cesim.report.plan.evaluation_view import evaluation_view
from cesim.report.sheets import Sheet, look_of

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from cesim.plan.evaluating import PlanEvaluation
    from cesim.plan.lots_beside import LotsBeside
    from cesim.report.plan.evaluation_view import EvaluationView
    from cesim.scenario.model import Scenario
    from cesim.text import Language

MONEY = ("best_jpy", "mean_jpy", "p05_jpy", "p50_jpy", "p95_jpy")
SPREAD = {"best": "best_estimate", "p05": "p05", "p50": "p50", "p95": "p95"}
"""Figure -> what it is called."""
SIDES_OF = ("without", "with", "difference")
FILLS = {"investment": "#0072b2", "renewal": "#9fc7e3", "running": "#e0a93b"}


def write_evaluation_book(
    path: Path, scenario: Scenario, found: PlanEvaluation, lang: Language, lots: LotsBeside | None = None
) -> Path:
    """Write the workbook in `lang` and return its path."""
    from cesim.report.plan.evaluation import alarms, headline, remarks

    view = evaluation_view(scenario, found, lang, lots)
    frames = evaluation_frames(found, lang)
    book, looks = opened(path)
    told = [*headline(view), *alarms(view), *remarks(view)]
    write(book.add_worksheet(view.say("book.summary")), _summary(view, told, frames["unit_costs"]), looks)
    write(book.add_worksheet(view.say("book.targets")), _targets(view, frames["targets"]), looks)
    by_year = _by_year(view)
    page = book.add_worksheet(by_year.name)
    write(page, by_year, looks)
    page.insert_chart(1, len(by_year.titles) + 1, _chart(book, view, by_year), {"x_scale": 1.8, "y_scale": 1.5})
    sheets = [_costs(view, frames["costs"]), _accounts(view, frames["accounts"]),
              _indicators(view, frames["indicators"]), _regret(view, frames["regret"]),
              _work(view, frames["work"])]  # fmt: skip
    sheets += [_lots(view, lots)] if lots is not None else []
    for sheet in sheets:
        write(book.add_worksheet(sheet.name), sheet, looks)
    book.close()
    return path


def _titles(view: EvaluationView, *keys: str) -> list[str]:
    return [view.say(f"column.{key}") for key in keys]


def _summary(view: EvaluationView, told: list[str], unit_costs: pd.DataFrame) -> Sheet:
    rows: list[list[Any]] = [[line, "", None, None, None, ""] for line in told]
    for row in unit_costs.to_dict("records"):
        reason = view.money_word("none", row["reason"]) if row["reason"] else ""
        rows.append([view.money_word("per", row["per"]), view.money_word("variant", row["variant"]),
                     *(row[key] for key in ("p50_jpy", "p05_jpy", "p95_jpy")), reason])  # fmt: skip
    titles = [view.say("book.summary"), *_titles(view, "variant", "p50_jpy", "p05_jpy", "p95_jpy", "reason")]
    return Sheet(view.say("book.summary"), titles, [110, 26, 16, 16, 16, 40],
                 ["text", "text", "count", "count", "count", "text"], rows, filtered=False)  # fmt: skip


def _targets(view: EvaluationView, frame: pd.DataFrame) -> Sheet:
    known = {one.goal.id: one.goal for one in view.found.chances()}
    rows, looks = [], []
    for row in frame.to_dict("records"):
        goal = known[row["target"]]
        rows.append([row["target"], view.goal(goal), row["year"], unit_name(goal.unit, view.view.words), row["value"],
                     view.say(f"side_{row['direction']}"),
                     *(row[key] for key in ("met_without", "met_with", "gained", "lost")),
                     row["shortfall_without"], row["shortfall_with"]])  # fmt: skip
        looks.append(look_of(goal.unit))
    titles = _titles(view, "id", "target", "year", "unit", "level", "side_of", "share_without", "share_with", "gained",
                     "lost", "shortfall_without", "shortfall_with")  # fmt: skip
    kinds = ["text", "text", "year", "text", "value", "text", *["share"] * 4, "value", "value"]
    return Sheet(view.say("book.targets"), titles, [18, 60, 8, 10, 14, 10, *[14] * 6], kinds, rows, looks, 2)


def _by_year(view: EvaluationView) -> Sheet:
    """A row a year: what is spent, by kind, and who pays it, not discounted."""
    costs, actors = view.costs, view.costs.actors
    by_kind = [[view.adding(lanes) for lanes in costs.by_year(kinds=(kind,))] for kind in SPENT]
    by_actor = [[view.adding(lanes) for lanes in money] for money in costs.by_actor().values()]
    rows = [
        [year, *(one[at] for one in by_kind), sum(one[at] for one in by_kind), *(one[at] for one in by_actor)]
        for at, year in enumerate(costs.years)
    ]  # fmt: skip
    titles = [view.say("column.year"), *(view.money_word("kind", kind) for kind in SPENT), view.say("column.total"),
              *(view.money_word("actor", actor) for actor in actors)]  # fmt: skip
    return Sheet(view.say("book.by_year"), titles, [8, *[18] * (len(titles) - 1)],
                 ["year", *["count"] * (len(titles) - 1)], rows, frozen=1)  # fmt: skip


def _chart(book: Any, view: EvaluationView, sheet: Sheet) -> Any:
    chart, last = book.add_chart({"type": "column", "subtype": "stacked"}), len(sheet.rows)
    for at, kind in enumerate(SPENT, start=1):
        chart.add_series({
            "name": [sheet.name, 0, at], "categories": [sheet.name, 1, 0, last, 0],
            "values": [sheet.name, 1, at, last, at], "fill": {"color": FILLS[kind]}, "gap": 40,
        })  # fmt: skip
    chart.set_title({"name": view.say("year_figure"), "name_font": {"size": 11}})
    chart.set_y_axis({"num_format": "#,##0", "name": view.say("book.jpy_year")})
    chart.set_legend({"position": "bottom"})
    return chart


def _costs(view: EvaluationView, frame: pd.DataFrame) -> Sheet:
    rows = [
        [row["measure"], view.view.marked(row["measure"]), row["actor_name"], row["kind_name"], row["year"],
         *(row[key] for key in MONEY)]
        for row in frame.to_dict("records")
    ]  # fmt: skip
    titles = _titles(view, "id", "measure", "actor", "kind", "year", *MONEY)
    return Sheet(view.say("book.costs"), titles, [26, 44, 24, 18, 8, *[18] * 5],
                 ["text"] * 4 + ["year"] + ["count"] * 5, rows, frozen=2)  # fmt: skip


def _accounts(view: EvaluationView, frame: pd.DataFrame) -> Sheet:
    keys = ("year", "side_name", "actor_name", "item_name", "counterpart_name", "gain_jpy")
    rows = [[row[key] for key in keys] for row in frame.to_dict("records")]
    titles = _titles(view, "year", "side", "actor", "item", "counterpart", "gain")
    return Sheet(view.say("book.accounts"), titles, [8, 24, 24, 34, 24, 20],
                 ["year", *["text"] * 4, "count"], rows, frozen=1)  # fmt: skip


def _indicators(view: EvaluationView, frame: pd.DataFrame) -> Sheet:
    keys = [f"{side}_{figure}" for side in SIDES_OF for figure in SPREAD]
    rows, looks = [], []
    for row in frame.to_dict("records"):
        rows.append([row["indicator_name"], view.view.place(row["region"]), row["year"],
                     unit_name(row["unit"], view.view.words), *(row[key] for key in keys),
                     view.say(f"direction.{row['direction']}")])  # fmt: skip
        looks.append(look_of(row["unit"]))
    titles = _titles(view, "indicator", "place", "year", "unit")
    titles += [f"{view.say(f'column.{side}')}: {view.say(f'column.{SPREAD[figure]}')}"
               for side in SIDES_OF for figure in SPREAD]  # fmt: skip
    kinds = ["text", "text", "year", "text", *["value"] * 12, "text"]
    return Sheet(view.say("book.indicators"), [*titles, view.say("column.direction")],
                 [52, 16, 8, 12, *[15] * 12, 26], kinds, rows, looks, 3)  # fmt: skip


def _regret(view: EvaluationView, frame: pd.DataFrame) -> Sheet:
    goals = {goal.id: goal for goal in view.found.goals}
    rows = []
    for row in frame.to_dict("records"):
        goal = goals.get(row["target"])
        of = {"cost": "of_cost", "cost_and_target": "of_both"}.get(row["of"], "of_target")
        unit = "JPY" if goal is None else unit_name(goal.unit, view.view.words)
        rows.append([view.plan_name(row["plan"]), view.say(of), "" if goal is None else view.goal(goal), unit,
                     row["share_best"], row["mean"], row["p95"], row["most"]])  # fmt: skip
    titles = _titles(view, "plan", "of", "target", "unit", "share_best", "regret_mean", "regret_p95", "regret_most")
    return Sheet(view.say("book.regret"), titles, [40, 26, 60, 10, 16, 18, 18, 18],
                 ["text", "text", "text", "text", "share", "number", "number", "number"], rows, frozen=1)  # fmt: skip


def _work(view: EvaluationView, frame: pd.DataFrame) -> Sheet:
    rows = [
        [row["year"], view.say(f"work.{row['what']}"), view.money_word("actor", row["actor"]), row["best"], row["mean"]]
        for row in frame.to_dict("records")
    ]
    titles = _titles(view, "year", "work", "actor", "best_estimate", "mean")
    return Sheet(view.say("book.work"), titles, [8, 30, 26, 16, 16], ["year", "text", "text", "mass", "mass"], rows)


def _lots(view: EvaluationView, lots: LotsBeside) -> Sheet:
    rows = [
        [view.plan_name(row["plan"]), row["table"], row["name"], row["value"]]
        for row in lots.frame().to_dict("records")
    ]
    titles = _titles(view, "plan", "of", "id", "value")
    return Sheet(view.say("book.lots"), titles, [24, 14, 34, 18], ["text", "text", "text", "number"], rows)
