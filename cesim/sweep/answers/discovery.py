"""From the folder of a study to which futures miss: the box that holds them, the worst, the best compromises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.sweep.answers.futures import telling
from cesim.sweep.answers.question import best_of, of_interest
from cesim.sweep.answers.results import together
from cesim.sweep.discovery.choosing import explain
from cesim.sweep.discovery.pareto import pareto
from cesim.sweep.discovery.worst import worst

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.run.goals import Goal
    from cesim.sweep.answers.folder import StudyFolder
    from cesim.sweep.answers.question import Question
    from cesim.sweep.answers.varied import Varied
    from cesim.sweep.discovery.boxes import Explanation, Kind

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
class Discovered:
    """What was looked for in a study, and what was found.

    Attributes
    ----------
    study
        name of the study, by language
    question
        which futures were asked about
    varied
        columns of the inputs, in the order of the explanation's
    is_of_interest : (run,)
    outcome : (run,)
        the indicator asked about; None where runs without an answer were
    explanation
        what was found
    alternative
        name of the alternative looked at; empty where there is one
    left_out
        runs without an answer, or with a share of nothing, that the figures leave aside
    pareto, worst
        best compromises and worst runs: ``point``, ``file`` and a column an indicator; None where not asked
    files
        what was written: name of the scenario file -> what it is, one of ``box``, ``pareto``, ``worst``
    screened
        how many inputs there were before the least telling were left out; 0 where none was
    per_base, bases
        points of the design that are made from each other, and how many such sets there are; 1 of points of their own
    """

    study: Mapping[str, str]
    question: Question
    varied: tuple[Varied, ...]
    is_of_interest: Bools
    outcome: Floats | None
    explanation: Explanation
    alternative: str = ""
    left_out: int = 0
    pareto: pd.DataFrame | None = None
    worst: pd.DataFrame | None = None
    files: Mapping[str, str] | None = None
    screened: int = 0
    per_base: int = 1
    bases: int = 0

    @property
    def is_parted(self) -> bool:
        """Whether some futures are asked about and some are not: else there is nothing to explain."""
        return self.explanation.verdict not in ("nobody", "everybody")


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
