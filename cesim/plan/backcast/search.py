"""The search: guess well, then refute everything that is cheaper, and say how far that went."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING

from cesim.plan.backcast.cost_order import CostOrder
from cesim.plan.backcast.hitting import Hitting
from cesim.plan.backcast.leaning import guess
from cesim.plan.backcast.nearness import Nearness
from cesim.plan.backcast.neighbours import climb, descend, shrink
from cesim.plan.backcast.programme import NotSolved
from cesim.plan.backcast.refuting import hurts
from cesim.plan.backcast.solutions import IfNeverHurt, Solution
from cesim.plan.backcast.weighed import Spent, Weighed

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.plan.backcast.rules import Rules
    from cesim.plan.backcast.solutions import Proof
    from cesim.plan.backcast.weighed import Memory, Stopped

_ROUNDING = 1e-12


class Search:
    """One question under one set of rules; several searches may share what has been worked out."""

    def __init__(self, memory: Memory, rules: Rules, lots: Hitting | None = None) -> None:
        self.memory, self.rules = memory, rules
        self.lots = lots or Hitting(memory)
        self.stopped: Stopped | None = None
        self._order = CostOrder(rules)
        self._waiting: list[tuple[float, int]] = []
        """Choices handed out by the order and not yet known to be worked out, the cheapest first."""

    def best(self, needed: int) -> Weighed | None:
        """Return the cheapest admitted choice known to reach the goals."""
        good = [own for own in self.memory.known.values() if own.count >= needed and self.rules.admits(own.choice)]
        return min(good, key=Weighed.order, default=None)

    @property
    def bound(self) -> float:
        """JPY: every admitted choice that costs less has been worked out; infinite when all have."""
        left = [cost for cost, choice in self._waiting if choice not in self.memory.known]
        return min([self._order.bound, *left])

    def run(self, needed: int, grant: int) -> None:
        """Look for the cheapest choice within a number of evaluations, and refute what is cheaper."""
        last = self.memory.evaluations + grant
        for share in (0.25, 0.5):
            self._step(lambda: self.lots.cheapest(self.rules, needed), int(share * self._left(last)))
            self._step(lambda: self._improve(needed), int(share / 2 * self._left(last)))
            if self._left(last) >= self._cheaper(needed, self._left(last) + 1):
                break  # all that is cheaper can be worked out
        self._step(lambda: self._refute(needed), self._left(last))

    def _left(self, last: int) -> int:
        return max(0, last - self.memory.evaluations)

    def _cheaper(self, needed: int, most: int) -> int:
        """Count the choices that are cheaper than the best and not worked out, as far as it matters."""
        best = self.best(needed)
        limit = inf if best is None else best.cost
        count = 0
        for cost, choice in CostOrder(self.rules):
            if count >= most or _is_no_less(cost, limit):
                break
            count += choice not in self.memory.known
        return count

    def _step(self, step: Callable[[], object], grant: int) -> None:
        """Do one thing until it is done, or the evaluations granted for it are."""
        if self.stopped in ("seconds", "interrupted"):
            return
        self.memory.allow(grant)
        self.stopped = None
        try:
            step()
        except Spent as spent:
            self.stopped = spent.reason
        except NotSolved:  # one guess less; what is proven does not rest on it
            pass
        except KeyboardInterrupt:  # what was worked out is kept
            self.stopped = "interrupted"

    def _improve(self, needed: int) -> None:
        """Step from the best choice to better ones, or from the nearest to one that reaches the goals."""
        best = self.best(needed)
        if best is None:
            base = self.memory.base()
            missing = Nearness(self.memory, base, needed).missing
            known = [own for own in self.memory.known.values() if self.rules.admits(own.choice)]
            if not known:
                return
            nearest = min(known, key=lambda own: (missing(own), own.order()))
            best = climb(self.memory, self.rules, nearest, missing, needed)
        if best.count >= needed:
            lots = self.lots
            best = shrink(self.memory, self.rules, best, needed)
            near = Nearness(self.memory, self.memory.base(), needed)
            best = guess(self.memory, self.rules, lots, near, needed, best) or best
            descend(self.memory, self.rules, best, needed, lambda choice: lots.expects_to_miss(choice, needed))

    def _refute(self, needed: int) -> None:
        """Work out everything that is cheaper than the best choice, the cheapest first."""
        best = self.best(needed)
        most = inf if best is None else best.cost
        while not _is_no_less(self.bound, most):
            while len(self._waiting) < self.memory.effort.batch and (found := next(self._order, None)) is not None:
                self._waiting.append(found)
            new = [choice for _, choice in self._waiting]
            reached = [own for own in self.memory.weigh(new) if own.count >= needed]
            self._waiting = []
            most = min([most, *(own.cost for own in reached)])

    def solution(self, needed: int) -> Solution | None:
        """Return the best choice known, with its proof; None where none reaches the goals."""
        best = self.best(needed)
        if best is None:
            return None
        memory = self.memory
        bound = min(self.bound, best.cost) if memory.additive else None
        if bound is not None and _is_no_less(bound, best.cost):
            bound = best.cost
        proof: Proof = "heuristic" if bound is None else "exhaustive" if bound == best.cost else "bounded"
        goals = memory.question.goals
        return Solution(
            choice=memory.ways.named(best.choice),
            cost=best.cost,
            paid=memory.ways.paid(best.choice),
            reached=best.count / memory.draws,
            shares={goal.id: met / memory.draws for goal, met in zip(goals, best.met, strict=True)},
            bound=bound,
            gap=None if bound is None else _gap(best.cost, bound),
            proof=proof,
            if_never_hurt=self._if_never_hurt(best, needed),
            evaluations=memory.evaluations,
            stopped=None if proof == "exhaustive" else self.stopped,
        )

    def _if_never_hurt(self, best: Weighed, needed: int) -> IfNeverHurt | None:
        if hurts(self.memory, needed) or not self.memory.additive:
            return None
        try:
            bound = min(self.lots.bound(self.rules, needed), best.cost)
        except NotSolved:
            return None
        return IfNeverHurt(bound, _gap(best.cost, bound))


def _gap(cost: float, bound: float) -> float:
    """Share of the cost that might be saved; 0 where nothing can be."""
    if _is_no_less(bound, cost):
        return 0.0
    return (cost - bound) / abs(cost) if cost else inf


def _is_no_less(bound: float, cost: float) -> bool:
    """Whether a bound reaches a cost, but for rounding."""
    return bound >= cost or (isfinite(cost) and bound >= cost - _ROUNDING * abs(cost))
