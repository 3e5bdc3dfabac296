"""The cheapest choice if measures never hurt: cover everything that was found too little (implicit hitting sets).

If doing a lot does not reach the goals, any answer does something more. Such a lot is grown as far as it still misses,
and becomes one clause: take at least one way that is not in it. The cheapest choice that keeps all clauses is a small
mixed-integer programme; if it reaches the goals it is the cheapest there is, and if not it gives the next clause
(Moreno-Centeno and Karp 2013, https://doi.org/10.1287/opre.1120.1139). That measures never hurt is an assumption: what
comes of it is a good guess and a bound kept apart from the proven one.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from cesim.plan.backcast.programme import at_least_one_of, cheapest, not_this

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.plan.backcast.programme import Row
    from cesim.plan.backcast.rules import Rules
    from cesim.plan.backcast.weighed import Memory


class Hitting:
    """Clauses found so far and the programme of the cheapest choice that keeps them."""

    def __init__(self, memory: Memory) -> None:
        self.memory, self.ways = memory, memory.ways
        self.lots: dict[int, int] = {}
        """What is in a lot (bits of all ways that do no more than it) -> draws in which it reaches the goals."""

    def cheapest(self, rules: Rules, needed: int) -> tuple[float, int | None]:
        """Return bound and choice, worked out as long as the effort lasts.

        The choice is the last one that the programme proposed if it reaches the goals; None, with an infinite bound,
        if nothing can.
        """
        refused: list[int] = []
        while True:
            bound, choice = self._programme(rules, needed, refused)
            if choice is None:
                return inf, None
            if not rules.admits(choice):  # a budget kept only within the solver's tolerance
                refused.append(choice)
                continue
            if self.memory.weigh([choice])[0].count >= needed:
                return bound, choice
            self._learn(choice, needed)

    def bound(self, rules: Rules, needed: int) -> float:
        """JPY: the least that a choice costs which keeps the clauses there are."""
        return self._programme(rules, needed, [])[0]

    def expects_to_miss(self, choice: int, needed: int) -> bool:
        """Whether a choice lies within a lot that misses."""
        return any(not choice & ~lot for lot, draws in self.lots.items() if draws < needed)

    def _learn(self, choice: int, needed: int) -> None:
        """Grow a choice that misses to a lot that still misses, and remember it."""
        lot = choice
        for more in self._grown(lot, list(self._stronger(lot)), needed):
            lot = more
        self.lots[self.ways.cover(lot)] = self.memory.weigh([lot])[0].count

    def _grown(self, lot: int, more: list[int], needed: int) -> Iterator[int]:
        """Yield ever larger lots that miss: all of what is left at once if it still misses, else half by half."""
        if not more:
            return
        whole = self._with(lot, more)
        if self.memory.weigh([whole])[0].count < needed:
            yield whole
        elif len(more) > 1:
            middle = len(more) // 2
            for part in (more[:middle], more[middle:]):
                for grown in self._grown(lot, part, needed):
                    lot = grown
                    yield grown

    def _stronger(self, lot: int) -> Iterator[int]:
        """Yield the strongest way of each measure that a lot does not hold, the cheapest first; rivals stay out."""
        ways = self.ways
        for way in sorted(self._strongest(lot), key=lambda way: (ways.all[way].price, way)):
            at = ways.all[way].measure
            if not lot & ways.rivals[at]:
                yield way
                lot |= 1 << way

    def _strongest(self, lot: int) -> Iterator[int]:
        ways = self.ways
        for own, span in zip(ways.of, ways.span, strict=True):
            held = lot & span
            above = [way for way in own if not held or (held & ways.below[way] and held != 1 << way)]
            if above:
                yield max(above, key=lambda way: (ways.below[way].bit_count(), -way))

    def _with(self, lot: int, more: list[int]) -> int:
        for way in more:
            lot = lot & ~self.ways.span[self.ways.all[way].measure] | 1 << way
        return lot

    def _programme(self, rules: Rules, needed: int, refused: list[int]) -> tuple[float, int | None]:
        return cheapest(rules, [*self.clauses(needed), *(not_this(self.ways, choice) for choice in refused)])

    def clauses(self, needed: int) -> Iterator[Row]:
        """Yield what each lot that misses asks for: something that is not in it."""
        everything = (1 << len(self.ways.all)) - 1
        for lot, draws in self.lots.items():
            if draws < needed:
                yield at_least_one_of(self.ways, everything & ~lot)
