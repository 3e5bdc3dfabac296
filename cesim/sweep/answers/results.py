"""Which results of a study are looked at first: those of targets, then headlines, in the years of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.indicators import INDICATORS
from cesim.run.goals import goals_of
from cesim.sweep.designs import Morris, Saltelli, layout_of

if TYPE_CHECKING:
    from cesim.run.goals import Goal, SeriesKey
    from cesim.sweep.answers.folder import StudyFolder

MAIN = 2035
"""The year shown first, where it is there."""


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
