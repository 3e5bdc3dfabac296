"""Questions that cannot be asked are refused, everything that is wrong with them at once."""

from __future__ import annotations

from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError, Place
from cesim.plan.backcast.questions import ALL
from cesim.plan.backcast.ways import builds_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cesim.plan.backcast.questions import Answers, Effort, Question


def check_question(answers: Answers, question: Question) -> None:
    """Refuse a question that cannot be asked.

    Raises
    ------
    InputError
        ``backcast_no_goal``, ``backcast_goal_twice``, ``backcast_goal_value``, ``backcast_confidence``,
        ``backcast_budget``, ``backcast_payer_unknown``, ``backcast_measure_unknown``,
        ``backcast_must_and_never``, ``backcast_must_rivals``
    """
    faults = [*_goals(question), *_money(answers, question), *_names(answers, question)]
    if faults or (faults := list(_conflicts(answers, question))):
        raise InputError(faults)


def check_effort(effort: Effort) -> Effort:
    """Refuse an effort that is none, with ``backcast_effort``."""
    faults = [
        _fault("backcast_effort", f"effort.{name}", found)
        for name, found in (("evaluations", effort.evaluations), ("seconds", effort.seconds), ("batch", effort.batch))
        if found is not None and not found > 0
    ]
    if faults:
        raise InputError(faults)
    return effort


def _fault(code: str, field: str, found: object, **more: object) -> Fault:
    return Fault(code, Place(model=f"backcast.{field}"), {"found": found, **more})


def unknown(code: str, field: str, found: str, known: Iterable[str]) -> Fault:
    """Return the fault for a name that nothing bears, with those that are meant most likely."""
    allowed = tuple(known)
    return _fault(code, field, found, allowed=allowed, nearest=get_close_matches(found, allowed, 1))


def _goals(question: Question) -> Iterator[Fault]:
    if not question.goals:
        yield _fault("backcast_no_goal", "goals", "")
    names = [goal.id for goal in question.goals]
    for at, goal in enumerate(question.goals):
        if goal.id in names[:at]:
            yield _fault("backcast_goal_twice", "goals", goal.id)
        if not isfinite(goal.value):
            yield _fault("backcast_goal_value", "goals", goal.value, name=goal.id)
    if not 0.0 < question.confidence <= 1.0:
        yield _fault("backcast_confidence", "confidence", question.confidence)


def _money(answers: Answers, question: Question) -> Iterator[Fault]:
    known = (ALL, *answers.payers)
    for payer, most in question.budgets.items():
        if payer not in known:
            yield unknown("backcast_payer_unknown", "budgets", payer, known)
        if not (isfinite(most) and most >= 0.0):
            yield _fault("backcast_budget", "budgets", most, payer=payer)


def _names(answers: Answers, question: Question) -> Iterator[Fault]:
    for field, names in (("must", question.must), ("never", question.never)):
        for name in sorted(names - set(answers.options)):
            yield unknown("backcast_measure_unknown", field, name, answers.options)


def _conflicts(answers: Answers, question: Question) -> Iterator[Fault]:
    """Find what must be done and cannot be: it, or what it needs, is ruled out or has a rival that must be done."""
    behind = builds_on(answers)
    must = question.must.union(*(behind[name] for name in question.must))
    for name in sorted(must & question.never):
        yield _fault("backcast_must_and_never", "must", name)
    for name in sorted(must):
        for other in sorted(answers.rivals.get(name, frozenset()) & must):
            if name < other or name not in answers.rivals.get(other, frozenset()):
                yield _fault("backcast_must_rivals", "must", name, other=other)
