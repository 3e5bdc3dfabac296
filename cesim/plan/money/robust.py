"""Regret: how much worse a plan is, in each future, than the best of the plans compared.

A future is a draw: all plans meet the same luck in it. A plan with little regret everywhere is robust, whatever its
mean (Savage 1951; Lempert et al. 2006).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.plan.money.differences import difference
from cesim.plan.money.evaluation import evaluation
from cesim.run.accumulate import sample
from cesim.scenario.effects import in_effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.plan.money.evaluation import Evaluation
    from cesim.run import Prepared
    from cesim.scenario.effects import Decision

    Floats = NDArray[np.float64]

Better = Literal["more", "less"]

COST: Final = "cost"
"""Asks for the regret of the present value of the costs, in place of an indicator."""


@dataclass(frozen=True)
class Regret:
    """Regret of one plan, in the unit of what is compared."""

    mean: float
    p95: float
    most: float
    best: float
    """Share of futures in which no other plan is better; where plans tie, each counts."""
    draws: int


def regrets(values: Mapping[str, Floats], better: Better) -> dict[str, Regret]:
    """Return the regret of each alternative.

    Parameters
    ----------
    values
        alternative -> what it comes to (draw,), in the same draws
    better
        whether more is better, or less

    Raises
    ------
    ValueError
        where a value is not finite: there is nothing to compare it with
    """
    if not values:
        return {}
    table = np.stack(list(values.values()))
    if not np.isfinite(table).all():
        raise ValueError("regret of a value that is not finite")
    gain = table if better == "more" else -table
    regret = difference(gain.max(axis=0), gain)  # plans that differ by rounding alone tie
    return {
        name: Regret(
            float(own.mean()), float(np.quantile(own, 0.95)), float(own.max()), float((own == 0).mean()), own.size
        )
        for name, own in zip(values, regret, strict=True)
    }


def compare_plans(
    prepared: Prepared, alternatives: Mapping[str, Mapping[str, Decision] | None]
) -> dict[str, Evaluation]:
    """Evaluate alternatives (name -> choice of measures) in the same futures; what is without any is solved once."""
    without = prepared.solve(in_effect(prepared.plan.scenario, {}))
    return {name: evaluation(prepared, choice, without) for name, choice in alternatives.items()}


def regret_of(
    plans: Mapping[str, Evaluation], what: str, better: Better, region: str = "", year: int = 0
) -> dict[str, Regret]:
    """Return the regret of each plan in one indicator (in a region and year), or in `COST`."""
    if what == COST:
        return regrets({name: sample(plan.costs.present()) for name, plan in plans.items()}, better)
    return regrets({name: plan.chosen.draws(what, region, year) for name, plan in plans.items()}, better)
