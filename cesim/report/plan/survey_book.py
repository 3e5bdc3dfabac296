"""The numbers of a survey as a workbook, not rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.plan.survey.frames import survey_frames
from cesim.report.book import opened, write
from cesim.report.plan.survey_view import survey_view
from cesim.report.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from cesim.report.plan.survey_view import SurveyView
    from cesim.scenario.model import Scenario
    from cesim.text import Language

METHOD = 7


def write_survey_book(path: Path, scenario: Scenario, found: Any, lang: Language) -> Path:
    """Write the workbook in `lang` and return its path."""
    view, frames = survey_view(scenario, found, lang), survey_frames(found)
    book, looks = opened(path)
    for sheet in (_notes(view), _worth(view, frames), _alternatives(view, frames), _status(view, frames),
                  _spreads(view, frames), _inputs(view, frames)):  # fmt: skip
        write(book.add_worksheet(sheet.name), sheet, looks)
    book.close()
    return path


def _notes(view: SurveyView) -> Sheet:
    from cesim.report.plan.survey import alarms, headline, remarks, stakes_lead

    say = view.plan.writer.say
    rows = [["", told] for told in (*headline(view), *alarms(view), *remarks(view))]
    for stake in view.found.stakes:
        rows += [[view.plan.goal(stake.goal), told] for told in stakes_lead(view, stake)]
    rows += [[say("method_head"), view.say(f"method_{at}")] for at in range(1, METHOD + 1)]
    return Sheet(view.say("book.notes"), [view.say("book.notes"), ""], [44, 130], ["text", "text"], rows,
                 filtered=False)  # fmt: skip


def _worth(view: SurveyView, frames: Mapping[str, pd.DataFrame]) -> Sheet:
    stakes = {stake.goal.id: stake for stake in view.found.stakes}
    rows = [
        [_goal(view, row), view.input(row["path"]), row["path"], view.status_name(row["status"]),
         view.source(row["path"]), row["worth_jpy"], row["standard_error_jpy"],
         view.standing(stakes[row["target"]], row["path"])]
        for row in _rows(frames["worth"])
    ]  # fmt: skip
    keys = ("target", "input", "path", "status", "source", "worth_jpy", "error_jpy", "standing")
    kinds = ["text", "text", "text", "text", "text", "count", "count", "text"]
    return _sheet(view, "worth", keys, [50, 60, 44, 10, 40, 18, 18, 26], kinds, rows)


def _alternatives(view: SurveyView, frames: Mapping[str, pd.DataFrame]) -> Sheet:
    stakes = {row["target"]: row for row in _rows(frames["stakes"])}
    rows = [
        [_goal(view, row), view.alternative(row["alternative"]), row["alternative"], row["cost_jpy"], row["missing"],
         stakes[row["target"]]["price_jpy"], row["loss_jpy"], row["least_often"]]
        for row in _rows(frames["alternatives"])
    ]  # fmt: skip
    keys = ("target", "alternative", "alternative_id", "cost_jpy", "missing", "price_jpy", "loss_jpy", "least_often")
    kinds = ["text", "text", "text", "count", "number", "count", "count", "share"]
    return _sheet(view, "alternatives", keys, [50, 50, 50, 20, 14, 20, 20, 14], kinds, rows)


def _status(view: SurveyView, frames: Mapping[str, pd.DataFrame]) -> Sheet:
    rows = [
        [view.series((row["indicator"], row["region"], row["year"])),
         view.say("unexplained") if row["status"] == "unexplained" else view.status_name(row["status"]), row["share"]]
        for row in _rows(frames["spread_by_status"])
    ]  # fmt: skip
    return _sheet(view, "status", ("figure", "status", "spread"), [60, 24, 14], ["text", "text", "share"], rows)


def _spreads(view: SurveyView, frames: Mapping[str, pd.DataFrame]) -> Sheet:
    rows = [
        [view.series((row["indicator"], row["region"], row["year"])), view.input(row["path"]), row["path"],
         view.status_name(row["status"]), row["share"], row["floor"]]
        for row in _rows(frames["spreads"])
    ]  # fmt: skip
    kinds = ["text", "text", "text", "text", "share", "share"]
    keys = ("figure", "input", "path", "status", "spread", "noise")
    return _sheet(view, "spreads", keys, [60, 60, 44, 10, 14, 14], kinds, rows)


def _inputs(view: SurveyView, frames: Mapping[str, pd.DataFrame]) -> Sheet:
    rows = [
        [view.input(row["path"]), row["path"], view.say(f"moves.{row['moves']}"), row["value"], row["low"], row["high"],
         row["unit"], view.status_name(row["status"]), view.source(row["path"])]
        for row in _rows(frames["inputs"])
    ]  # fmt: skip
    keys = ("input", "path", "moves", "best", "low", "high", "unit", "status", "source")
    kinds = ["text", "text", "text", "number", "number", "number", "text", "text", "text"]
    return _sheet(view, "inputs", keys, [60, 44, 10, 14, 14, 14, 12, 10, 50], kinds, rows)


def _sheet(
    view: SurveyView, name: str, keys: tuple[str, ...], widths: list[int], kinds: list[str], rows: list[list[Any]]
) -> Sheet:
    titles = [view.say(f"column.{key}") for key in keys]
    return Sheet(view.say(f"book.{name}"), titles, widths, kinds, rows, frozen=1)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _goal(view: SurveyView, row: dict[str, Any]) -> str:
    return next(view.plan.goal(one.goal) for one in view.found.stakes if one.goal.id == row["target"])
