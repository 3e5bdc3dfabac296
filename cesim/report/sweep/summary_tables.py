"""The tables of a study: figures by alternative, targets, differences, runs that failed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cesim.report.casthouse.shell import Table
from cesim.report.numbers import bare_change, scale_for
from cesim.report.sweep.summary_view import records
from cesim.sweep.reasons import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.report.sweep.summary_view import SummaryView

MOST_ROWS = 200
"""Rows of a table on the page; the CSV files have them all."""
MOST_REASONS = 30


def figures_table(view: SummaryView) -> Table:
    """Median and 5 to 95 % of the main indicators in the years of the report, by alternative."""
    rows = list(_figure_rows(view, view.headlines))
    return _figures(view, view.say("figures_table"), rows, folded=False)


def all_figures_table(view: SummaryView) -> Table | None:
    """The same of all other indicators; None where there is none."""
    others = tuple(name for name in view.found.shape.indicators if name not in view.headlines)
    rows = list(_figure_rows(view, others))
    return _figures(view, view.say("all_figures", count=len(others)), rows[:MOST_ROWS], folded=True) if rows else None


def _figures(view: SummaryView, title: str, rows: list[tuple[str, ...]], *, folded: bool) -> Table:
    named = ("indicator", "place", *(("alternative",) if view.has_several else ()))
    columns = (*(view.say(f"column.{key}") for key in named), *map(str, view.found.years))
    kinds = ("", *("words",) * (len(named) - 1), *("",) * len(view.found.years))
    return Table(title, columns, tuple(rows), is_folded=folded, kinds=kinds)


def _figure_rows(view: SummaryView, indicators: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for indicator in indicators:
        for region in view.found.shape.regions:
            held = view.rows(indicator, region)
            size = max((abs(row["p95"]) for row in held if math.isfinite(row["p95"])), default=0.0)
            for name, told in view.alternatives.items():
                own = {row["year"]: row for row in held if row["alternative"] == name}
                scale = scale_for(held[0]["unit"], size, view.names.words)
                label = f"{view.names.indicator(indicator)} ({scale.symbol})".removesuffix(" ()")
                cells = [_spread(view, own.get(year), scale.bare) for year in view.found.years]
                yield (label, view.names.place(region), *((told,) if view.has_several else ()), *cells)


def _spread(view: SummaryView, row: dict[str, Any] | None, bare: Any) -> str:
    if row is None or not math.isfinite(row["p50"]):
        return view.names.writer.say("undefined")
    return f"{bare(row['p50'])} ({bare(row['p05'])} – {bare(row['p95'])})"


def targets_table(view: SummaryView) -> Table:
    """Share of the futures that meet each target, by alternative, with its standard error."""
    rows = []
    goals = {goal.id: goal for goal in view.found.goals}
    for row in records(view.found.targets):
        goal = goals[row["target"]]
        cells = [view.names.goal(goal)] + ([view.alternatives[row["alternative"]]] if view.has_several else [])
        cells += [f"{int(row['futures']):,}", chance(view, row), chance_error(view, row)]
        if view.has_several:
            cells.append(_against_first(view, row))
        rows.append(tuple(cells))
    keys = ["target", "futures", "met", "error"]
    if view.has_several:
        keys = ["target", "alternative", "futures", "met", "error", "against"]
    kinds = tuple("words" if key == "alternative" else "" for key in keys)
    first = next(iter(view.alternatives.values()))
    columns = tuple(view.say(f"column.{key}", **({"first": first} if key == "against" else {})) for key in keys)
    return Table(view.say("targets_table"), columns, tuple(rows), kinds=kinds)


def chance(view: SummaryView, row: dict[str, Any]) -> str:
    """The share of the futures that meet a target; a dash where no future has a value."""
    return view.names.writer.full(float(row["met"]), "share")


def chance_error(view: SummaryView, row: dict[str, Any]) -> str:
    """Its standard error; where all futures agree, how far the share may still be off: three in as many futures.

    With no exception among n futures a share of 3 / n of exceptions is left possible at 95 % (J. A. Hanley, A.
    Lippman-Hand, Journal of the American Medical Association 249, 1983, 1743-1745). Points made from each other, as a
    Saltelli or a Morris design has them, count as one.
    """
    futures, met = int(row["independent"]), float(row["met"])
    if not futures or not math.isfinite(met):
        return view.names.writer.say("undefined")
    if met in (0.0, 1.0):
        return view.say("rule_of_three", share=view.names.writer.full(min(1.0, 3.0 / futures), "share"))
    error = float(row["standard_error"])
    return f"± {view.names.writer.full(error, 'share')}" if math.isfinite(error) else view.names.writer.say("undefined")


def _against_first(view: SummaryView, row: dict[str, Any]) -> str:
    if row["alternative"] == next(iter(view.alternatives)) or not math.isfinite(row["difference"]):
        return view.names.writer.say("undefined")
    words, told = view.names.words, bare_change(row["difference"], "share", view.names.words)
    error = (
        bare_change(row["difference_error"], "share", words).lstrip("+")
        if math.isfinite(row["difference_error"])
        else "–"
    )
    return f"{told} {words('unit.points')} (± {error})"


def differences_table(view: SummaryView) -> Table:
    """How the other alternatives differ from the first in the same futures."""
    rows = []
    frame = view.found.differences
    main = frame[frame["indicator"].isin(list(view.headlines))]
    for (indicator, region), held in main.groupby(["indicator", "region"], sort=False, observed=True):
        told = records(held)
        size = max((abs(row[end]) for row in told for end in ("p05", "p95") if math.isfinite(row[end])), default=0.0)
        unit = told[0]["unit"]
        symbol = view.names.words("unit.points") if unit == "share" else scale_for(unit, size, view.names.words).symbol
        label = f"{view.names.indicator(str(indicator))} ({symbol})".removesuffix(" ()")
        for name in dict.fromkeys(row["alternative"] for row in told):
            own = {row["year"]: row for row in told if row["alternative"] == name}
            cells = [_difference(view, own.get(year), size) for year in view.found.years]
            rows.append((label, view.names.place(str(region)), view.alternatives[name], *cells))
    columns = (
        *(view.say(f"column.{key}") for key in ("indicator", "place", "alternative")),
        *map(str, view.found.years),
    )
    kinds = ("", "words", "words", *("",) * len(view.found.years))
    first = next(iter(view.alternatives.values()))
    return Table(view.say("differences_table", first=first), columns, tuple(rows[:MOST_ROWS]), kinds=kinds)


def _difference(view: SummaryView, row: dict[str, Any] | None, size: float) -> str:
    if row is None or not math.isfinite(row["p50"]):
        return view.names.writer.say("undefined")
    told = [bare_change(row[end], row["unit"], view.names.words, size) for end in ("p50", "p05", "p95")]
    return f"{told[0]} ({told[1]} – {told[2]})"


def failures_table(view: SummaryView) -> Table:
    """How many runs failed, by reason."""
    rows = []
    for row in records(view.found.failures)[:MOST_REASONS]:
        reason = in_words(str(row["reason"]), view.names.lang) or view.names.writer.say("undefined")
        cells = (view.say(f"status.{row['status']}"), reason, f"{int(row['runs']):,}")
        rows.append((cells[0], *((view.alternatives[row["alternative"]],) if view.has_several else ()), *cells[1:]))
    keys = ("status", *(("alternative",) if view.has_several else ()), "reason", "runs")
    kinds = tuple("words" if key in ("alternative", "reason") else "" for key in keys)
    return Table(view.say("failures_table"), tuple(view.say(f"column.{key}") for key in keys), tuple(rows), kinds=kinds)


def breaking_table(view: SummaryView) -> Table:
    """What of the inputs tells runs that failed from the others."""
    assert view.found.breaking is not None
    rows = tuple(
        (view.names.varied(view.found.columns[one.input]), f"{100 * one.failed_above:.0f} %",
         f"{100 * one.others_above:.0f} %", f"{100 * one.at:.0f} %",
         "< 0.001" if one.raised < 1e-3 else f"{one.raised:.2g}")
        for one in view.found.breaking.separations[:MOST_REASONS]
    )  # fmt: skip
    columns = tuple(view.say(f"column.{key}") for key in ("input", "failed_above", "others_above", "at", "p"))
    return Table(view.say("breaking_table"), columns, rows, is_folded=True)
