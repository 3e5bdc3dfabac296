"""The cheapest choice that keeps linear conditions: a mixed-integer programme, solved by HiGHS."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from cesim.plan.backcast.rules import Rules
    from cesim.plan.backcast.ways import Ways

    Floats = NDArray[np.float64]

Row = tuple["Floats", float, float]
"""A condition on a choice: what each way counts (way,), and between which ends the sum of those taken lies."""


class NotSolved(ArithmeticError):  # noqa: N818 -- no error of the search: it goes on without
    """The solver gave no answer, so there is neither a guess nor a bound."""


def cheapest(rules: Rules, more: Iterable[Row]) -> tuple[float, int | None]:
    """Return a lower bound and the cheapest choice that the rules admit and that keeps the rows.

    The choice is None, and the bound infinite, where there is none. Budgets are kept within the solver's tolerance.

    Raises
    ------
    NotSolved
        where the solver gives no answer
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    ways = rules.ways
    count = len(ways.all)
    if not count:
        return (0.0, 0) if all(low <= 0.0 <= high for _, low, high in more) else (inf, None)
    rows = [*_rules(rules), *more]
    prices = np.array([way.price for way in ways.all])
    scale = float(np.abs(prices).max()) or 1.0
    limits = LinearConstraint(np.array([row[0] for row in rows]), [row[1] for row in rows], [row[2] for row in rows])
    bounds = Bounds(0, np.array([float(rules.allowed >> way & 1) for way in range(count)]))
    whole, exact = np.ones(count, dtype=np.int64), {"mip_rel_gap": 0.0}
    told = milp(prices / scale, integrality=whole, bounds=bounds, constraints=[limits], options=exact)  # type: ignore[arg-type]
    if told.status == 2:
        return inf, None
    if told.x is None:
        raise NotSolved(told.message)
    choice = sum(1 << int(way) for way in np.flatnonzero(told.x > 0.5))
    return min(ways.cost(choice), float(told.mip_dual_bound) * scale), choice


def counting(ways: Ways, plus: int, minus: int = 0) -> Floats:
    """Return a row that counts some ways, and others against them."""
    out = np.zeros(len(ways.all))
    out[ways.bits(plus)] = 1.0
    out[ways.bits(minus)] = -1.0
    return out


def at_least_one_of(ways: Ways, some: int) -> Row:
    """Return the condition that one of some ways is taken."""
    return counting(ways, some), 1.0, inf


def not_this(ways: Ways, choice: int) -> Row:
    """Return the condition that a choice is any other one."""
    everything = (1 << len(ways.all)) - 1
    return counting(ways, choice, everything & ~choice), -inf, choice.bit_count() - 1.0


def _rules(rules: Rules) -> Iterator[Row]:
    """Yield what the question and the plan say."""
    ways = rules.ways
    for at, span in enumerate(ways.span):
        yield counting(ways, span), float(rules.must[at]), 1.0
        for other in range(at):
            if ways.rivals[at] & ways.span[other]:
                yield counting(ways, span | ways.span[other]), 0.0, 1.0
        for way in ways.of[at]:
            for fitting in ways.needed[way]:
                yield counting(ways, fitting, 1 << way), 0.0, inf
    for payer, most in rules.budgets.items():
        paid = np.array([way.paid[payer] for way in ways.all])
        scale = float(np.abs(paid).max()) or 1.0
        yield paid / scale, -inf, most / scale
