"""A charge: what of a yard goes into one heat of an alloy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.answer import ChargeAnswer, Reason
from cesim.charge.gate import checked, figures
from cesim.charge.prices import on_limit, one_sided
from cesim.charge.programme import verify
from cesim.charge.reasons import why_not
from cesim.charge.sheet import charge_sheet
from cesim.charge.simplex import Tableau

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.charge.alloys import AlloyLimits
    from cesim.charge.answer import Objective
    from cesim.charge.furnace import Furnace
    from cesim.charge.programme import Solution
    from cesim.charge.risk import Risk
    from cesim.charge.sheet import ChargeSheet
    from cesim.charge.yard import Lot

    Floats = NDArray[np.float64]

TIE: Final = 1e-7
"""Between two charges of equal recycled content the cheaper one; a share of the melt this small may be given for it."""


@dataclass(frozen=True, eq=False)
class Charge:
    """One heat to be made: an alloy, a yard, a furnace, and the risk that may be taken.

    Elements lost in the furnace, additions and both sides of every limit count. Without a risk every lot is taken for
    its mean. Every answer is checked from the raw inputs before it is handed out.

    Raises
    ------
    InputError
        For an empty yard, two materials of one name, and an element that has a limit or stands in one material and was
        not measured in a lot; see also `Lot` and `Furnace`.
    """

    alloy: AlloyLimits
    yard: Sequence[Lot]
    furnace: Furnace
    risk: Risk | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "yard", tuple(self.yard))
        _ = self.sheet

    @cached_property
    def sheet(self) -> ChargeSheet:
        """The charge as columns and rows."""
        return charge_sheet(self.alloy, self.yard, self.furnace)

    def least_cost(self) -> ChargeAnswer:
        """Return the cheapest charge."""
        return self._settle("cost")

    def least_co2(self) -> ChargeAnswer:
        """Return the charge with the least CO2e."""
        return self._settle("co2")

    def most_recycled(self) -> ChargeAnswer:
        """Return the charge with the most recycled content; of equal ones, the cheapest."""
        return self._settle("recycled")

    def _settle(self, objective: Objective) -> ChargeAnswer:
        tableau = Tableau(self.sheet.programme(_to_be_least(self.sheet, objective)))
        solution = tableau.solve()
        if solution.status == "infeasible":
            return _nothing(self.sheet, objective, tableau, solution)
        masses = solution.x + self.sheet.least
        prices = one_sided(self.sheet, tableau, on_limit(self.sheet, masses))
        sign = -1.0 if objective == "recycled" else 1.0
        return ChargeAnswer(
            status="optimal", objective=objective, **figures(self.sheet, masses),
            binding={name: side for name, side in on_limit(self.sheet, masses).items() if name in prices},
            shadow_prices={name: (sign * down, sign * up) for name, (down, up) in prices.items()},
            method="none", method_reason=Reason("method_none"), nominal_risk=None, realised_risk=None, reasons=(),
            certificate={}, verification=checked(self.sheet, masses, verify(tableau.programme, solution)),
        )  # fmt: skip


def _to_be_least(sheet: ChargeSheet, objective: Objective) -> Floats:
    """Return what is to be least, per t of each column."""
    if objective == "cost":
        return sheet.price
    if objective == "co2":
        return sheet.co2
    largest = float(np.abs(sheet.price).max())
    return TIE * sheet.price / (largest if largest > 0.0 else 1.0) - sheet.recycled("post", "pre")


def _nothing(sheet: ChargeSheet, objective: Objective, tableau: Tableau, solution: Solution) -> ChargeAnswer:
    """Return the answer that nothing can be charged, with its proof."""
    names = [*(f"{end.name} {end.side}" for end in sheet.ends), "melt"]
    return ChargeAnswer(
        status="infeasible", objective=objective, mix={}, melt=0.0, composition={}, recycled_content=None,
        post_consumer=None, pre_consumer=None, cost=None, co2=None, binding={}, shadow_prices={}, method="none",
        method_reason=Reason("method_none"), nominal_risk=None, realised_risk=None, reasons=why_not(sheet),
        certificate={name: float(w) for name, w in zip(names, solution.ray, strict=True) if w},
        verification=checked(sheet, None, verify(tableau.programme, solution)),
    )  # fmt: skip
