"""One question from beginning to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.backcast.checking import check_effort, check_question
from cesim.plan.backcast.lifting import unreachable
from cesim.plan.backcast.questions import Answers, Effort, Question
from cesim.plan.backcast.rules import Rules
from cesim.plan.backcast.search import Search
from cesim.plan.backcast.ways import Ways
from cesim.plan.backcast.weighed import Memory

if TYPE_CHECKING:
    from cesim.plan.backcast.solutions import Solution, Unreachable


def backcast(answers: Answers, question: Question, effort: Effort | None = None) -> Solution | Unreachable:
    """Return the cheapest choice of measures that reaches the goals, or why none was found and what comes nearest.

    Parameters
    ----------
    answers
        the plan: options, costs and outcomes
    question
        goals, confidence, budgets, and what must or must not be done
    effort
        evaluations and seconds after which to stop with what there is; an interrupt does the same

    Raises
    ------
    InputError
        for a question that cannot be asked, see `check_question`
    """
    check_question(answers, question)
    effort = check_effort(effort or Effort())
    memory = Memory(Ways(answers), question, effort)
    rules = Rules(memory.ways, question.must, question.never, question.budgets)
    search = Search(memory, rules)
    memory.base()
    needed = memory.needed(question.confidence)
    conditions = bool(question.budgets or question.never or question.must)
    search.run(needed, effort.evaluations * 3 // 4 if conditions else effort.evaluations)
    found = search.solution(needed)
    if found is None:
        return unreachable(search, question, needed)
    if conditions and found.stopped == "evaluations":  # nothing has to be dropped, so the rest is for the proof
        search.run(needed, effort.evaluations - memory.evaluations)
        found = search.solution(needed) or found
    return found
