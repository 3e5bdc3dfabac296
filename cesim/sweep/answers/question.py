"""Which futures of a study are asked about, and the question that is put where nobody puts one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.indicators import INDICATORS
from cesim.sweep.answers.limits import shortest
from cesim.sweep.answers.results import kept_goals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.run.goals import Goal, SeriesKey
    from cesim.sweep.answers.folder import StudyFolder
    from cesim.sweep.discovery.pareto import Best

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

Interest = Literal["miss", "meet", "above", "below", "fail"]
"""``miss``, ``meet``: a target; ``above``, ``below``: an indicator beside a level; ``fail``: there is no answer."""


@dataclass(frozen=True)
class Question:
    """Which futures are asked about.

    Attributes
    ----------
    interest
        what makes a future one of them
    goal
        the target, of ``miss`` and ``meet``
    series
        indicator, region and year that a level is of; None of ``fail``
    level
        of ``above`` and ``below``, in the unit of the indicator
    unit
        of the indicator
    """

    interest: Interest
    goal: Goal | None = None
    series: SeriesKey | None = None
    level: float = 0.0
    unit: str = ""


def main_question(study: StudyFolder, goals: Sequence[Goal], alternative: int, *, meets: bool = False) -> Question:
    """Return the question that is put where nobody puts one: which futures miss the first target that parts them.

    Raises
    ------
    InputError
        ``discover_no_target`` where the study keeps no target
    """
    interest: Interest = "meet" if meets else "miss"
    held = list(goals) or kept_goals(study)
    if not held:
        raise InputError([Fault("discover_no_target", Place(str(study.folder)))])
    own = study.runs % len(study.shape.alternatives) == alternative
    for goal in held if not goals else ():
        values = study.series(goal.indicator, goal.region, [goal.year])[own, 0]
        values = values[np.isfinite(values)]
        if len(values) and 0 < int(goal.is_met(values).sum()) < len(values):
            return Question(interest, goal, goal.series, goal.value, goal.unit)
    first = held[0]
    return Question(interest, first, first.series, first.value, first.unit)


def worst_question(study: StudyFolder, series: SeriesKey, unit: str, alternative: int, share: float) -> Question:
    """Return which futures are the worst share by an indicator, as a level of it.

    Raises
    ------
    InputError
        ``discover_no_direction`` for an indicator of which neither more nor less is better; ``discover_nothing`` where
        no run has a value
    """
    best = best_of(Question("above", None, series))
    if best is None:
        raise InputError([Fault("discover_no_direction", arguments={"found": series[0]})])
    own = study.runs % len(study.shape.alternatives) == alternative
    values = study.series(series[0], series[1], [series[2]])[own, 0]
    values = np.sort(values[np.isfinite(values)])
    if len(values) < 2:
        raise InputError([Fault("discover_nothing", Place(str(study.folder)), {"found": series[0]})])
    count = min(max(1, round(share * len(values))), len(values) - 1)
    low, high = (values[count - 1], values[count]) if best == "high" else (values[-count - 1], values[-count])
    level = float(shortest(Decimal(float(low)), Decimal(float(high)))) if low < high else float(low)
    return Question("below" if best == "high" else "above", None, series, level, unit)


def best_of(question: Question) -> Best | None:
    """Which values are better: as the target says, else as the indicator does; None where neither is."""
    if question.goal is not None:
        return "low" if question.goal.at_most else "high"
    if question.series is None or question.series[0] not in INDICATORS:
        return None
    return {"up": "high", "down": "low"}.get(INDICATORS[question.series[0]].better)  # type: ignore[return-value]


def of_interest(question: Question, outcome: Floats) -> Bools:
    """Say which outcomes are asked about."""
    if question.goal is not None:
        met = question.goal.is_met(outcome)
        asked: Bools = ~met if question.interest == "miss" else met
        return asked
    beyond: Bools = outcome > question.level if question.interest == "above" else outcome < question.level
    return beyond
