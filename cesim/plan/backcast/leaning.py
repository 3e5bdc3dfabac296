"""Guesses learned from what was worked out: what each way seems to bring, and the cheapest choice that seems enough.

What a choice reaches is taken for a sum over its measures, fitted to all choices worked out, most of all to those near
the best one. It is not a sum, so every guess is worked out and then fitted too. Nothing is proven by it.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np

from cesim.plan.backcast.programme import cheapest, not_this

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.plan.backcast.hitting import Hitting
    from cesim.plan.backcast.nearness import Nearness
    from cesim.plan.backcast.programme import Row
    from cesim.plan.backcast.rules import Rules
    from cesim.plan.backcast.weighed import Memory, Weighed

    Floats = NDArray[np.float64]

GUESSES = 40
"""Most guesses in one go."""
_RIDGE = 1e-3
_LESS = 1e-4
"""Share of the cost that a guess must save at least."""
_NOISE = 1e-7
"""A way that seems to bring less than this does not count: solvers stumble over tiny numbers."""
_STEP = 0.05
"""What is asked for on top after a guess that missed, in shares of what the base case misses; half of it goes again."""


def guess(
    memory: Memory, rules: Rules, lots: Hitting, near: Nearness, needed: int, best: Weighed | None
) -> Weighed | None:
    """Return a cheaper choice that reaches the goals, or the one there was."""
    refused: list[int] = []
    more = 0.0
    for _ in range(GUESSES):
        rows = [*_enough(memory, near, best, more), *lots.clauses(needed), *(not_this(rules.ways, r) for r in refused)]
        if best is not None:
            rows.append(_cheaper(rules, best))
        choice = cheapest(rules, rows)[1]
        if choice is None and more == 0.0:
            return best
        if choice is None:
            more = 0.0 if more < _STEP / 8 else more / 2
            continue
        refused.append(choice)
        own = memory.weigh([choice])[0]
        if own.count < needed:
            more += _STEP
        elif rules.admits(own.choice) and (best is None or own.cost < best.cost):
            best, more = own, more / 2
    return best


def _cheaper(rules: Rules, best: Weighed) -> Row:
    """Return the condition that a choice costs clearly less than the best."""
    prices = np.array([way.price for way in rules.ways.all])
    scale = float(np.abs(prices).max()) or 1.0
    return prices / scale, -inf, (best.cost - _LESS * abs(best.cost)) / scale


def _enough(memory: Memory, near: Nearness, best: Weighed | None, more: float) -> Iterator[Row]:
    """Yield the condition that each goal seems reached at the confidence, with something on top."""
    known = list(memory.known.values())
    taken = np.array([[own.choice >> way & 1 for way in range(len(memory.ways.all))] for own in known], dtype=float)
    margins = np.array([near.at_confidence(own) for own in known]) / near.scale
    middle = taken[-1] if best is None else taken[next(at for at, own in enumerate(known) if own is best)]
    weight = 1.0 / (1.0 + np.abs(taken - middle).sum(axis=1))
    columns = np.column_stack([np.ones(len(known)), taken])
    square = (columns * weight[:, None]).T @ columns + _RIDGE * np.eye(columns.shape[1])
    fitted = np.linalg.solve(square, (columns * weight[:, None]).T @ margins)
    fitted[np.abs(fitted) < _NOISE] = 0.0
    for constant, *slope in fitted.T:
        yield np.array(slope), more - constant, inf
