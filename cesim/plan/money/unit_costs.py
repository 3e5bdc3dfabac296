"""What a tonne costs: present value of the plan over the tonnes it returns, or the CO2 it avoids.

Levelised: the tonnes are discounted like the money, so that the figure is the constant price a tonne would have to
fetch to pay for the plan. The same over undiscounted tonnes stands beside it. A figure that cannot be told is a
`NoUnitCost` with its reason, never a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from cesim.plan.money.differences import difference
from cesim.run.accumulate import sample
from cesim.run.series import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.plan.money.costs import Costs
    from cesim.run import Evaluated
    from cesim.scenario.plan import Material

    Floats = NDArray[np.float64]

Per = Literal["aluminium", "plastics", "together", "recycled_plastics", "co2"]
Variant = Literal["levelised", "undiscounted"]
Reason = Literal["nothing", "fewer", "not_resolvable"]

SHARED: Final = 0.5
"""Share of the costs of measures about vehicles that counts for aluminium; the rest counts for plastics. No published
rule exists: half each."""

CERTAIN: Final = 0.95
"""Share of the draws in which something must be returned or avoided before its cost per tonne is told."""

RETURNED: Final[Mapping[str, str]] = {"aluminium": "aluminium_returned", "plastics": "plastics_returned"}


@dataclass(frozen=True)
class UnitCost:
    """JPY per tonne."""

    per: Per
    variant: Variant
    best: float
    p05: float
    p50: float
    p95: float
    of_means: float
    """Mean cost over mean tonnes: what the draws cost together over what they bring together."""


@dataclass(frozen=True)
class NoUnitCost:
    """Why there is no cost per tonne."""

    per: Per
    variant: Variant
    reason: Reason


def unit_costs(
    held: Costs, chosen: Evaluated, without: Evaluated, materials: Mapping[str, Material], shared: float = SHARED
) -> list[UnitCost | NoUnitCost]:
    """Return the costs per tonne returned or used and per t CO2e avoided in the whole country, in both variants.

    Parameters
    ----------
    held
        costs of the plan, in the lanes of the indicators
    chosen, without
        the indicators with the plan and without it
    materials
        measure -> what it is about: costs of aluminium measures count for aluminium, of plastics measures for
        plastics, of vehicle measures by `shared` for aluminium and the rest for plastics
    shared
        see `SHARED`

    Years are those for which there are both costs and indicators.
    """
    years = [year for year in held.years if year in chosen.years and year in without.years]
    if not years:
        return [NoUnitCost(per, variant, "nothing") for per in get_args(Per) for variant in get_args(Variant)]
    more = {name: _difference(chosen, without, indicator, years) for name, indicator in RETURNED.items()}
    tonnes: dict[Per, Floats] = {
        "aluminium": more["aluminium"],
        "plastics": more["plastics"],
        "together": more["aluminium"] + more["plastics"],
        "recycled_plastics": _difference(chosen, without, "recycled_plastics_sustainable", years),
        "co2": -_difference(chosen, without, "ghg", years),
    }
    at = [held.years.index(year) for year in years]
    worth = held.discounting[at]
    spent = _spent(held, materials, shared, at)
    out: list[UnitCost | NoUnitCost] = []
    for per, mass in tonnes.items():
        out.append(unit_cost(per, "levelised", spent[per], (mass * worth).sum(axis=0)))
        out.append(unit_cost(per, "undiscounted", spent[per], mass.sum(axis=0)))
    return out


def unit_cost(per: Per, variant: Variant, spent: Floats, tonnes: Floats) -> UnitCost | NoUnitCost:
    """Return the cost of a tonne from present values (lane,) and tonnes (lane,), or why there is none.

    A draw in which nothing is returned costs without end; quantiles are values that occur, so that those few draws
    stand at the upper end without blurring the others.
    """
    drawn = sample(tonnes)
    if not tonnes.any():
        return NoUnitCost(per, variant, "nothing")
    if (drawn > 0).mean() < CERTAIN or tonnes[0] <= 0:
        fewer = (drawn < 0).mean() >= CERTAIN and tonnes[0] < 0
        return NoUnitCost(per, variant, "fewer" if fewer else "not_resolvable")
    ratio = np.divide(sample(spent), drawn, out=np.full(drawn.shape, np.inf), where=drawn > 0)
    p05, p50, p95 = (float(q) for q in np.quantile(ratio, [0.05, 0.5, 0.95], method="inverted_cdf"))
    of_means = float(sample(spent).mean() / drawn.mean())
    return UnitCost(per, variant, float(spent[0] / tonnes[0]), p05, p50, p95, of_means)


def _difference(chosen: Evaluated, without: Evaluated, indicator: str, years: list[int]) -> Floats:
    """(year, lane) with the plan less without it, in the whole country."""
    after, before = (np.stack([one.lanes(indicator, ALL, year) for year in years]) for one in (chosen, without))
    return difference(after, before)


def _spent(held: Costs, materials: Mapping[str, Material], shared: float, at: list[int]) -> dict[Per, Floats]:
    """Present values (lane,) of what counts for each material."""
    own = {material: np.zeros(held.lanes) for material in ("aluminium", "plastics", "vehicles")}
    for one in held.measures:
        own[materials[one.name]] += (held.by_year(measure=one.name) * held.discounting)[at].sum(axis=0)
    together = own["aluminium"] + own["plastics"] + own["vehicles"]
    plastics = own["plastics"] + (1.0 - shared) * own["vehicles"]
    return {
        "aluminium": own["aluminium"] + shared * own["vehicles"],
        "plastics": plastics,
        "together": together,
        "recycled_plastics": plastics,
        "co2": together,
    }
