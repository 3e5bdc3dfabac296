"""What a question leaves open: which ways may be taken, which measures must be, and what each payer can bear."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from cesim.plan.backcast.ways import builds_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cesim.plan.backcast.ways import Ways

_SLACK = 1e-9
"""A budget is kept when it is exceeded by no more than this share of it: sums of floats are not exact."""


class Rules:
    """Which choices a question admits: needs kept, rivals apart, must and never minded, budgets held."""

    def __init__(
        self,
        ways: Ways,
        must: Iterable[str] = (),
        never: Iterable[str] = (),
        budgets: Mapping[str, float] | None = None,
    ) -> None:
        self.ways = ways
        behind = builds_on(ways.answers)
        named = frozenset(must).union(*(behind[name] for name in must))
        shut = frozenset(never)
        self.must = [name in named for name in ways.measures]
        self.open = [() if name in shut else ways.of[at] for at, name in enumerate(ways.measures)]
        """Of each measure, the ways that may be taken, if there is what it needs."""
        self.allowed = sum(1 << way for own in self.open for way in own)
        self.budgets = {ways.payers.index(payer): most + _SLACK * abs(most) for payer, most in (budgets or {}).items()}
        """Payer's place among `Ways.payers` -> JPY."""
        self.least = {payer: self._least(payer) for payer in (0, *self.budgets)}
        """Payer's place -> for each measure, the least that it and all after it can still add, JPY."""

    def _least(self, payer: int) -> list[float]:
        ahead = [0.0]
        for own, must in zip(reversed(self.open), reversed(self.must), strict=True):
            prices = [self.ways.all[way].paid[payer] for way in own]
            cheapest = min(prices, default=inf) if must else min([0.0, *prices])
            ahead.append(ahead[-1] + cheapest)
        return ahead[::-1]

    def admits(self, choice: int) -> bool:
        """Whether a choice may be taken."""
        ways = self.ways
        if choice & ~self.allowed:
            return False
        for at, span in enumerate(ways.span):
            own = choice & span
            if own & (own - 1) or (self.must[at] and not own) or (own and choice & ways.rivals[at]):
                return False
        if not all(choice & fitting for way in ways.bits(choice) for fitting in ways.needed[way]):
            return False
        return self.affords(choice)

    def affords(self, choice: int) -> bool:
        """Whether no payer pays more than he can."""
        if not self.budgets:
            return True
        paid = list(self.ways.paid(choice).values())
        return all(paid[payer] <= most for payer, most in self.budgets.items())
