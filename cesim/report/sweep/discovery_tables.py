"""The tables of a discovery: the box, all boxes on the way, best compromises, worst futures, files written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cesim.indicators import INDICATORS
from cesim.report.casthouse.shell import Table
from cesim.report.numbers import write
from cesim.report.sweep.sentences import limits_told, range_told

if TYPE_CHECKING:
    import pandas as pd

    from cesim.report.sweep.discovery_view import DiscoveryView

ROWS = 20
"""Rows of best compromises and worst futures that are shown; the workbook has them all."""
ROUGHLY = 1e-3
"""Quasi-p-value below which only that is said."""


def box_table(view: DiscoveryView) -> Table:
    """Each limit of the box: what is kept, what the study covers, and how surely it is not chance."""
    stability, dash = view.found.explanation.stability, view.names.writer.say("undefined")
    rows = tuple(
        (
            view.names.varied(varied.name), range_told(view.names, varied, limit), view.extent(varied),
            dash if varied.best is None else view.names.value(varied.best, varied), p_told(restriction.p, dash),
            dash if stability is None else f"{100.0 * stability.share[restriction.column]:.0f} %",
        )
        for restriction, varied, limit in view.limits
    )  # fmt: skip
    columns = tuple(view.say(f"column.{key}") for key in ("input", "kept", "range", "best", "p", "again"))
    return Table(view.say("box_table"), columns, rows, kinds=("", "words", "words", "words", "", ""))


def boxes_table(view: DiscoveryView) -> Table:
    """Every box on the way."""
    trajectory = view.found.explanation.trajectory
    assert trajectory is not None
    rows = []
    for at, box in enumerate(trajectory.boxes):
        told = limits_told(view.names, box.restrictions, view.varied) or view.say("everything")
        mark = view.say("chosen") if at == view.found.explanation.position else ""
        rows.append((f"{at + 1}", mark, f"{100 * box.coverage:.1f} %", f"{100 * box.density:.1f} %", f"{box.inside:,}",
                     f"{box.inside_of_interest:,}", f"{len(box.restrictions)}", told))  # fmt: skip
    keys = ("box", "chosen", "coverage", "density", "inside", "inside_of_interest", "limited", "limits")
    kinds = ("", "mark", "", "", "", "", "", "words")
    return Table(view.say("boxes_table", count=len(rows)), tuple(view.say(f"column.{key}") for key in keys),
                 tuple(rows), is_folded=True, kinds=kinds)  # fmt: skip


def compromise_table(view: DiscoveryView) -> Table | None:
    """The best compromises, with the scenario file of each."""
    return _points(view, view.found.pareto, "pareto_table")


def worst_table(view: DiscoveryView) -> Table | None:
    """The worst futures, with the scenario file of each."""
    return _points(view, view.found.worst, "worst_table")


def files_table(view: DiscoveryView) -> Table:
    """The scenario files that were written."""
    rows = tuple((name, view.say(f"file.{what}")) for name, what in (view.found.files or {}).items())
    columns = (view.say("column.file"), view.say("column.what"))
    return Table(view.say("files_table"), columns, rows, kinds=("", "words"))


def p_told(p: float, dash: str) -> str:
    """A quasi-p-value to two digits; a dash where there is none."""
    if not math.isfinite(p):
        return dash
    return f"< {ROUGHLY:g}" if p < ROUGHLY else f"{p:.2g}"


def _points(view: DiscoveryView, frame: pd.DataFrame | None, title: str) -> Table | None:
    if frame is None or frame.empty:
        return None
    measured = [str(name) for name in frame.columns if name not in ("point", "alternative", "file")]
    named = [name for name in ("point", "alternative", "file") if name in frame.columns]
    rows = tuple(
        (*(_cell(view, name, row[name]) for name in named), *(_value(view, name, row[name]) for name in measured))
        for row in frame.head(ROWS).to_dict("records")
    )
    columns = (*(view.say(f"column.{name}") for name in named), *(_head(view, name) for name in measured))
    kinds = tuple("words" if name in ("alternative", "file") else "" for name in (*named, *measured))
    return Table(view.say(title, shown=len(rows), count=f"{len(frame):,}"), columns, rows, kinds=kinds)


def _cell(view: DiscoveryView, name: str, value: Any) -> str:
    if name == "point":
        return f"{int(value):,}"
    return str(value) if isinstance(value, str) and value else view.names.writer.say("undefined")


def _head(view: DiscoveryView, column: str) -> str:
    """Name of a column ``indicator|region|year``."""
    parts = column.split("|")
    if len(parts) == 3:
        return view.names.series((parts[0], parts[1], int(parts[2])))
    return view.names.indicator(column)


def _value(view: DiscoveryView, column: str, value: Any) -> str:
    indicator = column.split("|")[0]
    unit = INDICATORS[indicator].unit if indicator in INDICATORS else "-"
    if not math.isfinite(float(value)):
        return view.names.writer.say("undefined")
    return write(float(value), unit, view.names.words)
