"""Choices one step away: a measure less, a measure more, another way of it, one in place of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cesim.plan.backcast.rules import Rules
    from cesim.plan.backcast.weighed import Memory, Weighed


def neighbours(rules: Rules, choice: int) -> list[int]:
    """Return the admitted choices one step from a choice, the cheapest first."""
    ways = rules.ways
    found = {ways.active(one) for one in _steps(rules, choice)} - {choice}
    return sorted((one for one in found if rules.admits(one)), key=lambda one: (ways.cost(one), one))


def _steps(rules: Rules, choice: int) -> Iterator[int]:
    ways = rules.ways
    without = [choice & ~span for span in ways.span if choice & span]
    yield from without
    for at, own in enumerate(rules.open):
        for way in own:
            for less in (choice, *without):
                yield less & ~ways.span[at] & ~ways.rivals[at] | 1 << way


def shrink(memory: Memory, rules: Rules, start: Weighed, needed: int) -> Weighed:
    """Return what is left when measures are dropped as long as the goals are reached: half of them, a quarter, one."""
    best = start
    size = len(rules.ways.bits(best.choice)) // 2
    while size:
        held = sorted(rules.ways.bits(best.choice), key=lambda way: -rules.ways.all[way].price)
        for at in range(0, len(held), size):
            less = rules.ways.active(best.choice & ~sum(1 << way for way in held[at : at + size]))
            if rules.admits(less) and rules.ways.cost(less) <= best.cost:
                own = memory.weigh([less])[0]
                best = own if own.count >= needed else best
        size //= 2
    return best


def descend(memory: Memory, rules: Rules, start: Weighed, needed: int, hopeless: Callable[[int], bool]) -> Weighed:
    """Return the cheapest choice reached by steps that each save money and still reach the goals."""
    best = start
    while True:
        around = [one for one in neighbours(rules, best.choice) if rules.ways.cost(one) < best.cost]
        found = _first(memory, [one for one in around if not hopeless(one)], lambda own: own.count >= needed)
        if found is None:
            return best
        best = found


def climb(memory: Memory, rules: Rules, start: Weighed, missing: Callable[[Weighed], float], needed: int) -> Weighed:
    """Return a choice with as little missing as steps lead to; stops at the first that reaches the goals."""
    best = start
    while best.count < needed:
        around = memory.weigh(neighbours(rules, best.choice))
        closest = min(around, key=lambda own: (missing(own), own.order()), default=best)
        if missing(closest) >= missing(best):
            return best
        best = closest
    return best


def _first(memory: Memory, choices: list[int], wanted: Callable[[Weighed], bool]) -> Weighed | None:
    """Return the first that is wanted, worked out in batches."""
    size = memory.effort.batch
    for at in range(0, len(choices), size):
        for own in memory.weigh(choices[at : at + size]):
            if wanted(own):
                return own
    return None
