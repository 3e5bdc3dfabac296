"""The page of a study: what was asked, what all futures came to, which targets they meet, where runs failed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cesim.report.casthouse.shell import Page, Section, render
from cesim.report.numbers import write, write_range
from cesim.report.sweep.summary_figures import fans, threads_figure
from cesim.report.sweep.summary_tables import (
    all_figures_table,
    breaking_table,
    chance,
    chance_error,
    differences_table,
    failures_table,
    figures_table,
    targets_table,
)
from cesim.report.sweep.summary_view import SummaryView, records
from cesim.report.sweep.varied import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.scenario.model import Scenario
    from cesim.sweep.answers.summary import Summary
    from cesim.text import Language

TERMS = ("future", "alternative", "run", "replicate", "design", "common_luck", "standard_error_share")
METHOD = 5
MOST_GOALS = 3
"""Targets that are told in words."""
MOST_ALTERNATIVES = 4
"""Alternatives that are told in words; the table has them all."""
FEW = 100
"""Futures below which the ends of a range are rough."""


def summary_page(scenario: Scenario, found: Summary, lang: Language) -> str:
    """Return the page as HTML text."""
    view = summary_view(scenario, found, lang)
    return render(
        Page(
            writer=view.names.writer,
            kind="sweep",
            title=found.study[lang],
            headline=tuple(headline(view)),
            sections=tuple(_sections(view)),
            terms=TERMS,
            is_bad=not found.done,
            alarms=tuple(alarms(view)),
            method=METHOD,
            asked=asked(view),
            remarks=tuple(remarks(view)),
            inputs="sweep.inputs",
        )
    )


def summary_view(scenario: Scenario, found: Summary, lang: Language) -> SummaryView:
    """Return the view of a study in one language."""
    return SummaryView(names_of(scenario, lang), found)


def headline(view: SummaryView) -> Iterator[str]:
    """Say which targets how many of the futures meet; without targets, where the first indicators lie."""
    if not view.found.done:
        yield view.say("nothing_done", runs=f"{view.found.failed:,}")
        return
    told = list(_chances(view))
    yield from told or _medians(view)


def _chances(view: SummaryView) -> Iterator[str]:
    for goal in view.found.goals[:MOST_GOALS]:
        held = [row for row in records(view.found.targets) if row["target"] == goal.id and int(row["futures"])]
        for row in held[:MOST_ALTERNATIVES]:
            count = round(float(row["met"]) * int(row["futures"]))
            facts = {"goal": view.names.goal(goal), "count": f"{count:,}", "futures": f"{int(row['futures']):,}",
                     "share": chance(view, row), "error": chance_error(view, row)}  # fmt: skip
            if view.has_several:
                yield view.say("chance_of", alternative=view.alternatives[row["alternative"]], **facts)
            else:
                yield view.say("chance", **facts)


def _medians(view: SummaryView) -> Iterator[str]:
    region, words = view.found.shape.regions[0], view.names.words
    for indicator in view.headlines[:MOST_GOALS]:
        for name, told in list(view.alternatives.items())[:MOST_ALTERNATIVES]:
            row = _main(view, view.rows(indicator, region, name))
            if row is None:
                continue
            facts = {"name": view.names.series((indicator, region, int(row["year"]))),
                     "median": write(row["p50"], row["unit"], words),
                     "ends": write_range(row["p05"], row["p95"], row["unit"], words)}  # fmt: skip
            if view.has_several:
                yield view.say("median_of", alternative=told, **facts)
            else:
                yield view.say("median_is", **facts)


def _main(view: SummaryView, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The row of the year shown first: 2035 where it is there, else the middle one of the report."""
    there = [row for row in rows if row["year"] in view.found.years and math.isfinite(row["p50"])]
    if not there:
        return None
    return next((row for row in there if row["year"] == 2035), there[len(there) // 2])


def alarms(view: SummaryView) -> Iterator[str]:
    """What must not be overlooked: runs that failed, and points that are no sample of futures."""
    found = view.found
    if found.done and found.failed:
        yield view.say("some_failed", failed=f"{found.failed:,}", runs=f"{found.done + found.failed:,}",
                       share=view.names.writer.short(found.failed / (found.done + found.failed)))  # fmt: skip
    if not found.is_sample:
        yield view.say("no_sample", design=view.say(f"design.{found.design.replace('-', '_')}"))


def remarks(view: SummaryView) -> Iterator[str]:
    """What makes the figures rough."""
    found = view.found
    missing = found.points * found.shape.per_point - found.done - found.failed
    if missing > 0:
        yield view.say("not_all", missing=f"{missing:,}")
    if 0 < found.points < FEW and found.is_sample:
        yield view.say("few", points=found.points)


def asked(view: SummaryView) -> dict[str, str]:
    """What was asked, label by label."""
    found, say = view.found, view.say
    design = say("design_points", design=say(f"design.{found.design.replace('-', '_')}"), points=f"{found.points:,}")
    return {
        say("asked.design"): design,
        say("asked.engine"): say(f"engine.{found.engine}"),
        say("asked.alternatives"): "\n".join(view.alternatives.values()),
        say("asked.factors", count=f"{len(found.factors):,}"): "\n".join(map(view.names.varied, found.factors)),
        say("asked.replicates"): f"{found.shape.replicates:,}",
        say("asked.seed"): str(found.seed),
        say("asked.runs"): say("runs_told", done=f"{found.done:,}", failed=f"{found.failed:,}"),
        say("asked.seconds"): say("seconds", seconds=f"{found.seconds:,.1f}"),
    }


def _sections(view: SummaryView) -> Iterator[Section]:
    found, say = view.found, view.say
    if found.done:
        if len(found.targets):
            notes = (say("targets_note"),)
            yield Section("targets", say("targets"), (say("targets_lead"),), (), (targets_table(view),), notes)
        pictures = tuple(fans(view))
        lead = (say("fans_lead" if pictures else "no_figures"),)
        yield Section("fans", say("fans"), lead, pictures)
        tables = tuple(one for one in (figures_table(view), all_figures_table(view)) if one is not None)
        yield Section("figures", say("figures"), (say("figures_lead"),), (), tables)
        if len(found.differences):
            yield Section("differences", say("differences"), (say("differences_lead"),), (), (differences_table(view),))
        if found.futures is not None:
            yield _threads(view)
    if found.failed:
        yield _failures(view)


def _threads(view: SummaryView) -> Section:
    found = view.found.futures
    assert found is not None
    if found.goal is not None:
        lead = view.say("threads_goal", goal=view.names.goal(found.goal))
    else:
        lead = view.say("threads_median", name=view.names.series(found.series))
    more = (view.say("threads_of", alternative=view.alternatives[found.alternative]),) if view.has_several else ()
    return Section("threads", view.say("threads"), (lead, *more), (threads_figure(view, found),))


def _failures(view: SummaryView) -> Section:
    broken = view.found.breaking
    lead = [view.say("failures_lead")]
    tables = [failures_table(view)]
    if broken is not None:
        told = [view.names.quoted(view.found.columns[one.input]) for one in broken.separations if one.separates][
            :MOST_GOALS
        ]
        lead.append(view.say(f"breaking.{broken.code}", names=view.names.writer.join(told),
                             failed=f"{broken.failed:,}", points=f"{broken.points:,}"))  # fmt: skip
        if broken.separations:
            tables.append(breaking_table(view))
    return Section("failures", view.say("failures"), tuple(lead), (), tuple(tables))
