"""The numbers of a comparison as a workbook, not rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.report.book import opened, write
from cesim.report.compare.page import headline
from cesim.report.compare.view import view_of
from cesim.report.numbers import unit_name
from cesim.report.sheets import Sheet, look_of

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.plan.comparing import Comparison
    from cesim.report.compare.view import ComparisonView
    from cesim.text import Language

NUMBERS = ("best", "p05", "p50", "p95", "difference_best", "difference_p05", "difference_p50", "difference_p95")


def write_comparison_workbook(path: Path, found: Comparison, lang: Language) -> Path:
    """Write the workbook in `lang` and return its path."""
    view = view_of(found, lang)
    book, looks = opened(path)
    for sheet in (_notes(view), _figures(view), _targets(view), _inputs(view)):
        write(book.add_worksheet(sheet.name), sheet, looks)
    book.close()
    return path


def _notes(view: ComparisonView) -> Sheet:
    say = view.writer.say
    rows: list[list[Any]] = [["", told] for told in headline(view)]
    rows += [[view.writer.say("method_head"), say(f"compare.method_{at}")] for at in range(1, 5)]
    rows += [[str(at), name] for at, name in enumerate(view.names, start=1)]
    return Sheet(
        say("compare.book.notes"), [say("compare.book.notes"), ""], [24, 120], ["text", "text"], rows, filtered=False
    )


def _figures(view: ComparisonView) -> Sheet:
    say, words = view.writer.say, view.writer.words
    rows, looks = [], []
    for row in view.figures.to_dict("records"):
        unit, name = str(row["unit"]), view.indicator(str(row["indicator"]))
        numbers = [row[key] for key in (*NUMBERS, "higher", "lower")]
        told = [name, view.place(str(row["region"])), row["year"], unit_name(unit, words), view.names[row["scenario"]]]
        rows.append([*told, *numbers])
        looks.append(look_of(unit))
    titles = [
        say(f"compare.column.{key}")
        for key in ("indicator", "place", "year", "unit", "scenario", *NUMBERS, "higher", "lower")
    ]
    kinds = ["text", "text", "year", "text", "text", *["value"] * len(NUMBERS), "share", "share"]
    return Sheet(say("compare.book.figures"), titles, [52, 18, 8, 12, 30, *[14] * 10], kinds, rows, looks, 1)


def _targets(view: ComparisonView) -> Sheet:
    say = view.writer.say
    rows = []
    for row in view.targets.to_dict("records"):
        target = view.found.scenarios[0].targets[str(row["target"])]
        name = str(getattr(target.name, view.lang))
        place, scenario = view.place(str(row["region"])), view.names[row["scenario"]]
        rows.append(
            [name, place, row["year"], row["value"], scenario, row["met"], row["difference"], row["standard_error"]]
        )
    keys = ("target", "place", "year", "value", "scenario", "met", "difference", "standard_error")
    kinds = ["text", "text", "year", "number", "text", "share", "share", "fine"]
    titles = [say(f"compare.column.{key}") for key in keys]
    return Sheet(say("compare.book.targets"), titles, [52, 18, 8, 12, 30, 14, 14, 14], kinds, rows)


def _inputs(view: ComparisonView) -> Sheet:
    say = view.writer.say
    rows = [list(row) for row in view.inputs.itertuples(index=False)]
    titles = [say("compare.column.path"), *view.names]
    return Sheet(say("compare.book.inputs"), titles, [60, *[44] * len(view.names)], ["text"] * len(titles), rows)
