"""The ways of carrying out measures: numbered, priced, and written as bits, so that a choice is one whole number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import TYPE_CHECKING

from cesim.plan.backcast.questions import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.plan.backcast.questions import Answers, Choice
    from cesim.scenario.effects import Decision

_NOISE = 1e-12
"""A price is a difference of two sums: what is smaller than this share of them is rounding."""


@dataclass(frozen=True)
class Way:
    """One way of carrying out one measure."""

    measure: int
    """Place of the measure among `Ways.measures`."""
    decision: Decision
    paid: tuple[float, ...]
    """JPY by payer, all together first."""

    @property
    def price(self) -> float:
        """JPY, all payers together."""
        return self.paid[0]


class Ways:
    """All ways of all measures; a choice is a whole number whose bit *w* says that way *w* is taken.

    Measures stand in an order in which each comes after all it needs.
    """

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.measures = tuple(_in_turn(answers))
        self.payers = (ALL, *answers.payers)
        place = {name: at for at, name in enumerate(self.measures)}
        self.needs = [sorted(place[n] for n in answers.needs.get(name, ())) for name in self.measures]
        self.all: list[Way] = []
        self.of: list[tuple[int, ...]] = []
        """Ways of each measure, the cheapest first."""
        for at in range(len(self.measures)):
            own = sorted(self._priced(at), key=lambda way: way.price)
            self.of.append(tuple(range(len(self.all), len(self.all) + len(own))))
            self.all += own
        self.span = [sum(1 << way for way in own) for own in self.of]
        """Of each measure, the bits of its ways."""
        self.rivals = [0] * len(self.measures)
        """Of each measure, the bits of its rivals' ways."""
        for name, others in answers.rivals.items():
            for other in others:
                self.rivals[place[name]] |= self.span[place[other]]
                self.rivals[place[other]] |= self.span[place[name]]

    def _priced(self, at: int) -> Iterator[Way]:
        name = self.measures[at]
        below = {need: self.answers.options[need][0] for need in _builds_on(self.answers, name)}
        before = self.answers.cost(below)
        for decision in self.answers.options[name]:
            after = self.answers.cost({**below, name: decision})
            paid = tuple(_less(after.get(payer, 0.0), before.get(payer, 0.0)) for payer in self.payers[1:])
            yield Way(at, decision, (fsum(paid), *paid))

    @cached_property
    def needed(self) -> list[tuple[int, ...]]:
        """Of each way, for each need of its measure the bits of the ways that fit."""
        return [tuple(self._fitting(way, need) for need in self.needs[way.measure]) for way in self.all]

    def _fitting(self, way: Way, need: int) -> int:
        name, other = self.measures[way.measure], self.measures[need]
        fits = self.answers.fits
        return sum(1 << own for own in self.of[need] if fits(name, way.decision, other, self.all[own].decision))

    @cached_property
    def below(self) -> list[int]:
        """Of each way, the bits of the ways of its measure that do no more and start no earlier, itself among them."""
        return [
            sum(1 << own for own in self.of[way.measure] if _no_more(self.all[own].decision, way.decision))
            for way in self.all
        ]

    def bits(self, choice: int) -> list[int]:
        """Return the ways of a choice, in order."""
        out = []
        while choice:
            low = choice & -choice
            out.append(low.bit_length() - 1)
            choice ^= low
        return out

    def cover(self, choice: int) -> int:
        """Return the ways that do no more than a choice does."""
        return sum(self.below[way] for way in self.bits(choice))

    def active(self, choice: int) -> int:
        """Return the choice without measures that lack what they need."""
        out = choice
        for at, span in enumerate(self.span):  # needs come first, so one pass is enough
            if out & span and not all(out & self.span[need] for need in self.needs[at]):
                out &= ~span
        return out

    def cost(self, choice: int) -> float:
        """JPY of a choice, all payers together: the sum of the prices, rounded once."""
        return fsum(self.all[way].price for way in self.bits(choice))

    def paid(self, choice: int) -> dict[str, float]:
        """JPY of a choice by payer, all together first."""
        ways = self.bits(choice)
        return {payer: fsum(self.all[way].paid[at] for way in ways) for at, payer in enumerate(self.payers)}

    def named(self, choice: int) -> dict[str, Decision]:
        """Return a choice as measures and decisions."""
        return {self.measures[self.all[way].measure]: self.all[way].decision for way in self.bits(choice)}

    def number(self, choice: Choice) -> int:
        """Return a choice of measures and decisions as bits; a ValueError for a way that there is not."""
        ways = {(self.measures[way.measure], way.decision): at for at, way in enumerate(self.all)}
        if unknown := [name for name, decision in choice.items() if (name, decision) not in ways]:
            raise ValueError(f"no such option: {unknown}")
        return sum(1 << ways[pair] for pair in choice.items())


def _builds_on(answers: Answers, name: str) -> frozenset[str]:
    seen: set[str] = set()
    ahead = list(answers.needs.get(name, ()))
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead += answers.needs.get(one, ())
    return frozenset(seen)


def _in_turn(answers: Answers) -> list[str]:
    return sorted(answers.options, key=lambda name: (len(_builds_on(answers, name)), name))


def _less(after: float, before: float) -> float:
    gone = after - before
    return 0.0 if abs(gone) <= _NOISE * max(abs(after), abs(before)) else gone


def _no_more(one: Decision, other: Decision) -> bool:
    """Whether one way carries out no more of a measure than the other, and starts no earlier."""
    if one == other:
        return True
    if (one.level is None) != (other.level is None) or (one.start is None) != (other.start is None):
        return False
    less = one.level is None or other.level is None or one.level <= other.level
    later = one.start is None or other.start is None or one.start >= other.start
    return less and later


def builds_on(answers: Answers) -> Mapping[str, frozenset[str]]:
    """Return all that each measure needs, directly or not."""
    return {name: _builds_on(answers, name) for name in answers.options}
