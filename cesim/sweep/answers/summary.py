"""What was asked of a study and what its runs came to, from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.indicators import INDICATORS
from cesim.sweep.answers.futures import Futures, evenly
from cesim.sweep.answers.results import kept_goals, main_series, report_years, together
from cesim.sweep.answers.tallies import differences, failures, figures, targets, units_of
from cesim.sweep.sensitivity import breaking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from cesim.run.goals import Goal
    from cesim.sweep.answers.folder import StudyFolder
    from cesim.sweep.sensitivity import Breaking
    from cesim.sweep.solving import Shape

MOST_FUTURES = 16_384
"""Futures held to tell what parts those that meet a target from the others; of more, evenly chosen ones."""
SAMPLES = ("monte-carlo", "sobol", "hypercube", "saltelli")
"""Designs whose points stand for futures as likely as the ranges say; of others shares are shares of points."""


@dataclass(frozen=True)
class Summary:
    """What was asked of a study and what its runs came to.

    Attributes
    ----------
    study
        its name, by language
    shape
        how runs are numbered
    design, engine, seed
        as the study has them
    points
        futures asked for so far
    factors
        names of what varies
    levers
        of each alternative, path -> value
    scenarios
        of each alternative, the name of its scenario by language
    done, seconds
        runs with a result; seconds of all runs together
    figures, targets, differences, failures
        tables of `cesim.sweep.answers.tallies`
    goals
        targets that the study can be held to
    years
        those of the report
    futures
        some of them, to be drawn; None where none has an answer
    breaking
        what tells runs that failed from the others; None where none failed
    columns
        what each input of `breaking` is
    """

    study: Mapping[str, str]
    shape: Shape
    design: str
    engine: str
    seed: int
    points: int
    factors: tuple[str, ...]
    levers: tuple[Mapping[str, object], ...]
    scenarios: tuple[Mapping[str, str], ...]
    done: int
    seconds: float
    figures: pd.DataFrame
    targets: pd.DataFrame
    differences: pd.DataFrame
    failures: pd.DataFrame
    goals: tuple[Goal, ...]
    years: tuple[int, ...]
    futures: Futures | None = None
    breaking: Breaking | None = None
    columns: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """Runs without a result."""
        return int(self.failures["runs"].sum())

    @property
    def is_sample(self) -> bool:
        """Whether a share of the points is a share of what may happen."""
        return self.design in SAMPLES


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
