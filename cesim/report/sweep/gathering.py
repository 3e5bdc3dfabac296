"""From the folder of a study to what its page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.indicators import INDICATORS
from cesim.plan.goals import goals_of
from cesim.report.sweep.summary_figures import evenly
from cesim.report.sweep.summary_view import Futures, Summary
from cesim.report.sweep.tallies import differences, failures, figures, targets, units_of
from cesim.sweep.designs import Morris, Saltelli, layout_of
from cesim.sweep.sensitivity import breaking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.plan.goals import Goal, SeriesKey
    from cesim.report.sweep.folder import StudyFolder
    from cesim.sweep.sensitivity import Breaking

MAIN = 2035
"""The year shown first, where it is there."""
MOST_FUTURES = 16_384
"""Futures held to tell what parts those that meet a target from the others; of more, evenly chosen ones."""


def summary_of(study: StudyFolder) -> Summary:
    """Return what the runs of a study came to."""
    shape, failed, lock = study.shape, study.failed, study.tables.lock
    units, goals, years = units_of(shape.indicators, lock.units), kept_goals(study), report_years(study)
    opening = [name for name in shape.indicators if name in INDICATORS and INDICATORS[name].headline]
    return Summary(
        study=study.name, shape=shape, design=study.plan.designed.kind, engine=lock.engine, seed=lock.seed,
        points=study.points, factors=tuple(factor.name for factor in study.plan.designed.factors),
        levers=tuple(dict(one["levers"]) for one in lock.alternatives),
        scenarios=tuple(dict(one["names"]) for one in lock.alternatives),
        done=len(study.runs), seconds=float(study.log["seconds"].sum()),
        figures=figures(study, units, years, (*opening, *(goal.indicator for goal in goals))),
        targets=targets(study, goals, together(study)), differences=differences(study, units, years, together(study)),
        failures=failures(shape, failed), goals=tuple(goals), years=years, futures=_futures(study, goals),
        breaking=_breaking(study), columns=study.streams,
    )  # fmt: skip


def kept_goals(study: StudyFolder) -> list[Goal]:
    """Targets of the scenario whose indicator, region and year the study keeps."""
    shape = study.shape
    return [
        goal for goal in goals_of(study.scenario).values()
        if goal.indicator in shape.indicators and goal.region in shape.regions and goal.year in shape.years
    ]  # fmt: skip


def report_years(study: StudyFolder) -> tuple[int, ...]:
    """Years of the report that the study keeps; all that it keeps where none is."""
    there = tuple(year for year in study.scenario.report.years if year in study.shape.years)
    return there or study.shape.years


def main_series(study: StudyFolder) -> SeriesKey:
    """The result that is shown first where nobody names one."""
    goals = kept_goals(study)
    if goals:
        return goals[0].series
    shape, years = study.shape, report_years(study)
    opening = [name for name in shape.indicators if name in INDICATORS and INDICATORS[name].headline]
    year = MAIN if MAIN in years else years[len(years) // 2]
    return (opening or list(shape.indicators))[0], shape.regions[0], year


def together(study: StudyFolder) -> int:
    """Points of the design that are made from each other."""
    layout = None if study.plan.designed.design is None else layout_of(study.plan.designed.design)
    if isinstance(layout, Saltelli):
        return layout.per_base
    return layout.per_trajectory if isinstance(layout, Morris) else 1


def _futures(study: StudyFolder, goals: Sequence[Goal]) -> Futures | None:
    """Futures of the first alternative, of the first target that parts them; of the main result where none does."""
    alternatives = len(study.shape.alternatives)
    for goal in (*goals, None):
        series = main_series(study) if goal is None else goal.series
        values = study.series(*series[:2], [series[2]])[:, 0]
        own = np.flatnonzero((study.runs % alternatives == 0) & np.isfinite(values))
        if len(own) and (goal is None or len(set(goal.is_met(values[own]).tolist())) == 2):
            some = own[evenly(len(own), MOST_FUTURES)]
            points = study.runs[some] // study.shape.per_point
            varied = tuple(one.at(points) for one in study.varied(0, series[2]))
            return Futures(study.shape.alternatives[0], varied, values[some], series, goal, len(own))
    return None


def _breaking(study: StudyFolder) -> Breaking | None:
    """What tells points with a run that failed from the others; None where none failed or nothing has a column."""
    if not study.failed or not study.streams:
        return None
    bad = np.zeros(study.points, dtype=np.bool_)
    bad[[run // study.shape.per_point for run in study.failed]] = True
    return breaking(study.columns(), bad)
