"""Why the goals are out of reach: each condition dropped in turn, and all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.backcast.nearness import Nearness
from cesim.plan.backcast.programme import NotSolved
from cesim.plan.backcast.rules import Rules
from cesim.plan.backcast.search import Search
from cesim.plan.backcast.solutions import Lifted, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.plan.backcast.questions import Question
    from cesim.plan.backcast.solutions import Cause


def unreachable(search: Search, question: Question, needed: int) -> Unreachable:
    """Return what is to be said when no choice was found."""
    memory = search.memory
    complete = search.bound == float("inf")
    stopped = search.stopped
    lifted = tuple(_lifted(search, question, needed))
    among = [own for own in memory.known.values() if search.rules.admits(own.choice)]
    near = Nearness(memory, memory.known[0], needed)
    return Unreachable(
        question=question,
        cause=_cause(lifted),
        nearest=near.nearest(among),
        lifted=lifted,
        proof="exhaustive" if complete else "heuristic",
        impossible_if_never_hurt=_hopeless(search, needed),
        evaluations=memory.evaluations,
        stopped=None if complete else stopped,
    )


def _hopeless(search: Search, needed: int) -> bool:
    try:
        return search.lots.bound(Rules(search.memory.ways), needed) == float("inf")
    except NotSolved:
        return False


def _lifted(search: Search, question: Question, needed: int) -> Iterator[Lifted]:
    rules = {name: Rules(search.memory.ways, *terms) for name, terms in _terms(question)}
    left = len(rules)
    for name, own in rules.items():
        one = Search(search.memory, own, search.lots)
        if search.stopped != "interrupted":
            one.run(needed, (search.memory.effort.evaluations - search.memory.evaluations) // left)
        left -= 1
        best = one.best(needed)
        cost, choice = (None, {}) if best is None else (best.cost, search.memory.ways.named(best.choice))
        yield Lifted(name, best is not None, cost, choice, best is not None or one.bound == float("inf"))


def _terms(question: Question) -> Iterator[tuple[str, tuple[frozenset[str], frozenset[str], Mapping[str, float]]]]:
    """Yield (condition, (must, never, budgets) without it); all of them first."""
    must, never, budgets = question.must, question.never, question.budgets
    if must or never or budgets:
        yield "all", (frozenset(), frozenset(), {})
    if budgets:
        yield "budgets", (must, never, {})
    if len(budgets) > 1:
        for payer in budgets:
            yield f"budget:{payer}", (must, never, {other: most for other, most in budgets.items() if other != payer})
    if never:
        yield "never", (must, frozenset(), budgets)
    if must:
        yield "must", (frozenset(), never, budgets)


def _cause(lifted: tuple[Lifted, ...]) -> Cause:
    """Which single condition is enough to drop; budgets first, for they are the easiest to change."""
    reachable = {one.condition for one in lifted if one.reachable}
    if "budgets" in reachable:
        return "budgets"
    if "never" in reachable:
        return "never"
    if "must" in reachable:
        return "must"
    return "together" if reachable else "targets"
