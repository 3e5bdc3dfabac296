"""A backcast of a plan with all that is told beside it: the front, the road-map, the plan as it was written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.plan.backcast import ALL, Effort, Front, FrontPoint, PlanAnswers, Solution, backcast, front, road_map
from cesim.plan.backcast.checking import check_effort, check_question
from cesim.plan.backcast.fronts import LEVELS
from cesim.plan.remembered import Remembered, Stand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cesim.plan.backcast import Choice, Leeway, Question, RoadMap, Unreachable
    from cesim.plan.futures import Futures
    from cesim.scenario.effects import Decision

EVALUATIONS: Final = 2048
"""Combinations that are computed at most, unless asked otherwise."""
_FOR_THE_ANSWER: Final = 0.75
"""Share of the work that goes to the answer; the rest goes to the front, which uses what is known by then, too."""
_SAME: Final = 1e-9


@dataclass(frozen=True)
class PlanBackcast:
    """The answer to a question on a plan."""

    question: Question
    found: Solution | Unreachable
    front: Front | None
    """None where it was not looked for: the work was broken off before."""
    roads: RoadMap
    nothing: Stand
    """Without any measure."""
    written: Stand
    """With the measures that the plan has adopted, as they are written."""
    answer: Stand | None
    """With the measures found, or with those nearest to targets out of reach; None where nothing is admitted."""
    options: Mapping[str, Sequence[Decision]]
    draws: int
    sets: int
    """Combinations that were computed."""
    interrupted: bool

    @property
    def solution(self) -> Solution | None:
        """The choice that reaches the targets; None where none was found."""
        return self.found if isinstance(self.found, Solution) else None

    @property
    def choice(self) -> Choice:
        """The choice found, or the nearest."""
        return {} if self.answer is None else self.answer.choice


def backcast_plan(
    futures: Futures,
    question: Question,
    leeway: Leeway,
    evaluations: int = EVALUATIONS,
    progress: Callable[[int, int], None] | None = None,
) -> PlanBackcast:
    """Return the cheapest choice that reaches the targets, the front of cost against confidence, and the road-map.

    An interrupt ends the search; what was found by then is told.

    Raises
    ------
    InputError
        as `cesim.plan.backcast.backcast`
    """
    told = None if progress is None else lambda done: progress(done, evaluations)
    answers = PlanAnswers(futures, leeway, told)
    check_question(answers, question)
    check_effort(Effort(evaluations))
    kept = Remembered(answers, question, evaluations)
    nothing, written = kept.stand({}), kept.stand(futures.adopted)
    found = backcast(kept, question, Effort(max(1, int(_FOR_THE_ANSWER * evaluations))))
    whole = None
    if found.stopped != "interrupted":
        levels = sorted({*LEVELS, question.confidence})
        whole = front(kept, question, levels, Effort(evaluations))
        found, whole = _agreed(found, whole, question.confidence)
    choice = found.choice if isinstance(found, Solution) else None if found.nearest is None else found.nearest.choice
    return PlanBackcast(
        question, found, whole, road_map(futures, choice or {}), nothing, written,
        None if choice is None else kept.stand(choice), answers.options, futures.draws, kept.sets,
        kept.interrupted or found.stopped == "interrupted",
    )  # fmt: skip


def _agreed(found: Solution | Unreachable, whole: Front, confidence: float) -> tuple[Solution | Unreachable, Front]:
    """Return answer and front so that they say the same: two searches may come to different choices."""
    there = next(point.solution for point in whole.points if point.confidence == confidence)
    if there is not None and (not isinstance(found, Solution) or _better(there, found)):
        found = there
    if isinstance(found, Solution):
        found = replace(found, evaluations=max(found.evaluations, whole.evaluations))
        return found, replace(whole, points=tuple(_point(point, found, confidence) for point in whole.points))
    return found, whole


def _point(point: FrontPoint, found: Solution, confidence: float) -> FrontPoint:
    """Return a point that is no dearer than a choice found that does as well."""
    if point.confidence > confidence or (point.solution is not None and not _better(found, point.solution)):
        return point
    return FrontPoint(point.confidence, found, point.confidence == confidence and found.proof == "exhaustive")


def _better(one: Solution, other: Solution) -> bool:
    """Whether a choice costs less, or as much with more of a proof."""
    slack = _SAME * max(abs(one.cost), abs(other.cost))
    if abs(one.cost - other.cost) > slack:
        return one.cost < other.cost
    return (one.bound if one.bound is not None else -np.inf) > (other.bound if other.bound is not None else -np.inf)


__all__ = ["ALL", "EVALUATIONS", "PlanBackcast", "Stand", "backcast_plan"]
