"""All choices that a question admits, one after the other, the cheapest first."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cesim.plan.backcast.rules import Rules

_CHOICE, _BRANCH = 0, 1


class CostOrder:
    """Hands out every admitted choice exactly once, in order of cost; outcomes are of no consequence for it.

    A choice grows by measures that come later in their order, so that it is made in one way only and its needs are
    there when they are asked for. A branch of the tree waits in a heap under the least that anything in it can cost;
    of the branches of one choice only the cheapest not yet taken waits (Lawler 1972, on the k best solutions).
    """

    def __init__(self, rules: Rules) -> None:
        self._rules, self._ways = rules, rules.ways
        self._turn = count()
        self._heap: list[tuple[float, int, int, int, int, tuple[tuple[float, int], ...], int]] = []
        self._least = rules.least[0]
        if self._least[0] < inf:
            self._add(0, 0.0, 0)

    @property
    def bound(self) -> float:
        """JPY: no choice that has not been handed out costs less; infinite when there is none left."""
        return self._heap[0][0] if self._heap else inf

    def __iter__(self) -> CostOrder:
        return self

    def __next__(self) -> tuple[float, int]:
        """Return cost and bits of the next choice."""
        while self._heap:
            cost, _, _, choice, kind, branches, at = heappop(self._heap)
            if kind == _CHOICE:
                return cost, choice
            self._branch(choice, branches, at + 1)
            way = branches[at][1]
            grown = choice | 1 << way
            self._add(grown, self._ways.cost(grown), self._ways.all[way].measure + 1)
        raise StopIteration

    def _add(self, choice: int, cost: float, first: int) -> None:
        """Queue a choice, if it may be taken as it is, and what can be made of it from a measure on."""
        rules = self._rules
        if not any(rules.must[first:]) and rules.affords(choice):
            heappush(self._heap, (cost, choice.bit_count(), next(self._turn), choice, _CHOICE, (), 0))
        self._branch(choice, tuple(self._branches(choice, cost, first)), 0)

    def _branch(self, choice: int, branches: tuple[tuple[float, int], ...], at: int) -> None:
        if at < len(branches):
            size = choice.bit_count() + 1
            heappush(self._heap, (branches[at][0], size, next(self._turn), choice, _BRANCH, branches, at))

    def _branches(self, choice: int, cost: float, first: int) -> list[tuple[float, int]]:
        """Return (least cost, way) of each next step, the least first."""
        rules, ways = self._rules, self._ways
        out = []
        paid = list(ways.paid(choice).values()) if rules.budgets else []
        for at in range(first, len(ways.measures)):
            if not choice & ways.rivals[at]:
                fit = [way for way in rules.open[at] if all(choice & fitting for fitting in ways.needed[way])]
                bearable = [way for way in fit if self._affords(paid, way, at + 1)]
                out += [(cost + ways.all[way].price + self._least[at + 1], way) for way in bearable]
            if rules.must[at]:
                break
        return sorted(step for step in out if step[0] < inf)

    def _affords(self, paid: list[float], way: int, after: int) -> bool:
        """Whether anything with this way can stay within the budgets."""
        rules = self._rules
        own = self._ways.all[way].paid
        return all(
            paid[payer] + own[payer] + rules.least[payer][after] <= most for payer, most in rules.budgets.items()
        )
