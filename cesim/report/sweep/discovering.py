"""From the folder of a study to which futures miss: the question put, the box looked for, scenarios written back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.indicators import INDICATORS
from cesim.report.sweep.discovery_view import Discovered
from cesim.report.sweep.gathering import kept_goals, together
from cesim.report.sweep.limits import shortest
from cesim.report.sweep.sentences import Question
from cesim.report.sweep.summary_figures import telling
from cesim.sweep.discovery.choosing import explain
from cesim.sweep.discovery.pareto import pareto
from cesim.sweep.discovery.worst import worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.plan.goals import Goal, SeriesKey
    from cesim.report.sweep.folder import StudyFolder
    from cesim.report.sweep.sentences import Interest
    from cesim.report.sweep.varied import Varied
    from cesim.sweep.discovery.boxes import Explanation, Kind
    from cesim.sweep.discovery.pareto import Best

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MOST_INPUTS = 60
"""Inputs that a box is looked for in; of more, those that part the two kinds of futures most."""
FEW_LEVELS = 20
"""Values up to which an input is peeled level by level."""
MOST_FOUND = 20
"""Compromises and worst futures that are listed."""


@dataclass(frozen=True)
class Sought:
    """What is asked of a discovery.

    Attributes
    ----------
    question
        which futures
    alternative
        number of the alternative
    beside
        targets whose indicators are weighed against each other
    resamples, seed
        how a box is tested
    """

    question: Question
    alternative: int = 0
    beside: tuple[Goal, ...] = ()
    resamples: int = 10
    seed: int = 0


@dataclass(frozen=True)
class Looked:
    """A discovery with what its scenario files are written from.

    Attributes
    ----------
    found
        what is shown
    points : (run,)
        point of each run looked at
    worst_points
        points of the worst futures, the worst first
    compromises
        (point, alternative) of the best compromises
    """

    found: Discovered
    points: Ints
    worst_points: tuple[int, ...] = ()
    compromises: tuple[tuple[int, int], ...] = ()


def look(study: StudyFolder, sought: Sought) -> Looked:
    """Look for what the futures asked about have in common.

    Raises
    ------
    InputError
        what `cesim.sweep.discovery.choosing.explain` raises
    """
    question = sought.question
    points, interest, outcome, left_out = _futures(study, sought)
    year = question.series[2] if question.series is not None else study.shape.years[-1]
    varied, screened = screen([one.at(points) for one in study.varied(sought.alternative, year)], interest)
    per_base = together(study)
    explanation = _explained(varied, interest, points // per_base, sought)
    table, worst_points = _worst(sought, points, outcome)
    front, compromises = _compromises(study, sought)
    several = len(study.shape.alternatives) > 1
    found = Discovered(
        study=study.name, question=question, varied=tuple(varied), is_of_interest=interest, outcome=outcome,
        explanation=explanation, alternative=study.shape.alternatives[sought.alternative] if several else "",
        left_out=left_out, pareto=front, worst=table, screened=screened, per_base=per_base,
        bases=len(np.unique(points // per_base)),
    )  # fmt: skip
    return Looked(found, points, worst_points, compromises)


def screen(varied: Sequence[Varied], interest: Bools) -> tuple[list[Varied], int]:
    """Return the inputs that a box is looked for in, and how many there were before where some were left out."""
    moving = [one for one in varied if one.ends[1] > one.ends[0]]
    if len(moving) <= MOST_INPUTS:
        return moving, 0
    return telling(tuple(moving), interest)[:MOST_INPUTS], len(moving)


def kinds_of(varied: Sequence[Varied]) -> list[Kind]:
    """How each input is peeled."""
    return [
        "category" if one.options else "discrete" if len(np.unique(one.column)) <= FEW_LEVELS else "continuous"
        for one in varied
    ]


def _futures(study: StudyFolder, sought: Sought) -> tuple[Ints, Bools, Floats | None, int]:
    """Return point, whether asked about, and outcome of each run looked at, and how many runs are left out."""
    shape, question = study.shape, sought.question
    count = len(shape.alternatives)
    if question.interest == "fail":
        log = study.log
        own = log[log["run"] % count == sought.alternative]
        return (np.asarray(own["point"], dtype=np.int64), np.asarray(own["status"] != "done", dtype=np.bool_), None, 0)
    assert question.series is not None
    indicator, region, year = question.series
    runs = study.runs
    own_runs = runs[runs % count == sought.alternative]
    values = study.series(indicator, region, [year])[runs % count == sought.alternative, 0]
    there = np.isfinite(values)
    asked = int((np.asarray(study.log["run"]) % count == sought.alternative).sum())
    outcome = values[there]
    return own_runs[there] // shape.per_point, of_interest(question, outcome), outcome, asked - int(there.sum())


def of_interest(question: Question, outcome: Floats) -> Bools:
    """Say which outcomes are asked about."""
    if question.goal is not None:
        met = question.goal.is_met(outcome)
        asked: Bools = ~met if question.interest == "miss" else met
        return asked
    beyond: Bools = outcome > question.level if question.interest == "above" else outcome < question.level
    return beyond


def _explained(varied: Sequence[Varied], interest: Bools, groups: Ints, sought: Sought) -> Explanation:
    """Look for a box; runs of one group (replicates, points made from each other) are never parted when it is tried."""
    from cesim.sweep.discovery.boxes import Explanation

    if not len(interest) or not varied:
        return Explanation("too_few", None, None, None, None, None, len(interest), int(interest.sum()))
    inputs = np.stack([one.column for one in varied], axis=1)
    names = [one.name for one in varied]
    return explain(inputs, interest, kinds_of(varied), names=names, groups=groups, resamples=sought.resamples,
                   seed=sought.seed)[0]  # fmt: skip


def _worst(sought: Sought, points: Ints, outcome: Floats | None) -> tuple[pd.DataFrame | None, tuple[int, ...]]:
    """The worst futures by the indicator asked about; nothing where neither direction is better, or the better is."""
    best = best_of(sought.question)
    if outcome is None or best is None or not len(outcome) or sought.question.series is None:
        return None, ()
    if sought.question.interest in ("meet", "above" if best == "high" else "below"):
        return None, ()
    import pandas as pd

    found = worst(outcome, best, min(MOST_FOUND, len(outcome)))
    frame = pd.DataFrame({"point": points[found.runs], column(sought.question.series): outcome[found.runs]})
    frame = frame.drop_duplicates("point").reset_index(drop=True)
    return frame, tuple(int(point) for point in frame["point"])


def best_of(question: Question) -> Best | None:
    """Which values are better: as the target says, else as the indicator does; None where neither is."""
    if question.goal is not None:
        return "low" if question.goal.at_most else "high"
    if question.series is None or question.series[0] not in INDICATORS:
        return None
    return {"up": "high", "down": "low"}.get(INDICATORS[question.series[0]].better)  # type: ignore[return-value]


def _compromises(study: StudyFolder, sought: Sought) -> tuple[pd.DataFrame | None, tuple[tuple[int, int], ...]]:
    """The best compromises between targets over all alternatives and futures; nothing for fewer than two of them."""
    goals = {goal.series: goal for goal in sought.beside}
    if len(goals) < 2:
        return None, ()
    import pandas as pd

    shape = study.shape
    columns = [study.series(key[0], key[1], [key[2]])[:, 0] for key in goals]
    values = np.stack(columns, axis=1)
    there = np.isfinite(values).all(axis=1)
    if not there.any():
        return None, ()
    found = pareto(values[there], ["low" if goal.at_most else "high" for goal in goals.values()],
                   [key[0] for key in goals])  # fmt: skip
    runs = study.runs[there][found.runs]
    point, alternative = runs // shape.per_point, runs % len(shape.alternatives)
    chosen = values[there][found.runs]
    frame = pd.DataFrame({"point": point, "alternative": [shape.alternatives[at] for at in alternative]})
    for n, key in enumerate(goals):
        frame[column(key)] = chosen[:, n]
    frame = frame.drop_duplicates(["point", "alternative"]).reset_index(drop=True)
    pairs = tuple(
        (int(p), shape.alternatives.index(str(a))) for p, a in zip(frame["point"], frame["alternative"], strict=True)
    )
    return frame, pairs


def column(series: tuple[str, str, int]) -> str:
    """Name of the column of a result."""
    return "|".join(map(str, series))


def with_files(
    looked: Looked, files: dict[str, str], worst_files: Sequence[str], front_files: Sequence[str]
) -> Discovered:
    """Return what is shown with the scenario files that were written, beside the futures that they are of."""
    found = looked.found
    return replace(
        found, files=files, worst=_beside(found.worst, worst_files), pareto=_beside(found.pareto, front_files)
    )


def _beside(frame: pd.DataFrame | None, files: Sequence[str]) -> pd.DataFrame | None:
    if frame is None:
        return None
    out = frame.copy()
    out["file"] = [*files, *[""] * (len(out) - len(files))]
    return out


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
