"""Cost against confidence: the cheapest choice for each share of futures in which the goals are to be reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cesim.plan.backcast.checking import check_effort, check_question
from cesim.plan.backcast.questions import Answers, Effort, Question
from cesim.plan.backcast.rules import Rules
from cesim.plan.backcast.search import Search
from cesim.plan.backcast.ways import Ways
from cesim.plan.backcast.weighed import Memory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.plan.backcast.solutions import Solution

LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True)
class FrontPoint:
    """The cheapest choice found at one confidence."""

    confidence: float
    solution: Solution | None
    """None where no choice was found."""
    complete: bool
    """Whether that is proven: the solution is the cheapest, or there is none."""


@dataclass(frozen=True)
class Front:
    """Cost against confidence."""

    points: tuple[FrontPoint, ...]
    """In order of confidence; costs never fall."""
    evaluations: int
    largest: float
    """Largest share of the draws in which any admitted choice worked out reaches the goals."""


def front(
    answers: Answers, question: Question, levels: Sequence[float] = LEVELS, effort: Effort | None = None
) -> Front:
    """Return the cheapest choices at several confidences, from one search: what refutes one helps the others.

    `question.confidence` is of no consequence. Each level gets an equal part of what is left of the effort.

    Raises
    ------
    InputError
        as `backcast`
    """
    wanted = sorted(set(levels))
    for level in wanted:
        check_question(answers, replace(question, confidence=level))
    effort = check_effort(effort or Effort())
    memory = Memory(Ways(answers), question, effort)
    search = Search(memory, Rules(memory.ways, question.must, question.never, question.budgets))
    memory.base()
    for at, level in enumerate(wanted):
        search.run(memory.needed(level), (effort.evaluations - memory.evaluations) // (len(wanted) - at))
        if search.stopped in ("interrupted", "seconds"):
            break
    points = tuple(_point(search, level) for level in wanted)  # at the end, when most has been refuted
    among = [own.count for own in memory.known.values() if search.rules.admits(own.choice)]
    return Front(points, memory.evaluations, max(among, default=0) / memory.draws)


def _point(search: Search, level: float) -> FrontPoint:
    solution = search.solution(search.memory.needed(level))
    if solution is None:
        return FrontPoint(level, None, search.bound == float("inf"))
    return FrontPoint(level, solution, solution.proof == "exhaustive")
