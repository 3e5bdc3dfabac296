"""A charge: what of a yard goes into one heat of an alloy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.answer import ChargeAnswer, Reason
from cesim.charge.correction import corrected_charge
from cesim.charge.gate import checked, figures
from cesim.charge.heats import realised
from cesim.charge.keeping import keep
from cesim.charge.prices import on_limit, one_sided
from cesim.charge.programme import RESIDUAL, Verification, row_miss, verify
from cesim.charge.reasons import why_not
from cesim.charge.sheet import charge_sheet
from cesim.charge.simplex import Tableau

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.charge.alloys import AlloyLimits
    from cesim.charge.answer import Method, Objective
    from cesim.charge.correction import CorrectedCharge
    from cesim.charge.furnace import Furnace
    from cesim.charge.heats import RealisedRisk
    from cesim.charge.keeping import Kept
    from cesim.charge.programme import Solution
    from cesim.charge.risk import Risk
    from cesim.charge.sheet import ChargeSheet, Side
    from cesim.charge.yard import Lot

    Floats = NDArray[np.float64]

TIE: Final = 1e-7
"""Between two charges of equal recycled content the cheaper one; a share of the melt this small may be given for it."""

ALARM: Final = 0.999
"""Confidence from which a risk is said to be missed: a charge that takes all the risk it may is rarely slandered."""


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

    def two_stage(
        self, scenarios: int = 1000, seed: int = 0, *, room: float = 0.1, miss_price: float | None = None
    ) -> CorrectedCharge:
        """Return the charge of least mean cost when the melt is analysed and corrected before it is cast.

        Parameters
        ----------
        scenarios, seed
            Heats to plan on, all equally likely.
        room
            Share of the furnace that may be left for the correction with primary metal and additions.
        miss_price
            JPY per t of an element that stays off its limit (of the melt, if the furnace is not full); 100 times
            the dearest price of the sheet where not given.

        Raises
        ------
        InputError
            For no scenarios, a room outside 0 to 1, a price that is not above 0, and where nothing can be added.
        NoAnswer
            ``array_infeasible`` where the furnace cannot be filled.
        """
        return corrected_charge(self.sheet, scenarios=scenarios, seed=seed, room=room, miss_price=miss_price)

    def _settle(self, objective: Objective) -> ChargeAnswer:
        cost = to_be_least(self.sheet, objective)
        tableau = Tableau(self.sheet.programme(cost))
        solution = tableau.solve()
        if solution.status == "infeasible":
            return _nothing(self.sheet, objective, tableau, solution)
        if self.risk is not None and self.risk.method != "none" and any(lot.varies for lot in self.sheet.lots):
            return _risked(self.sheet, objective, self.risk, keep(self.sheet, cost, self.risk))
        masses = solution.x + self.sheet.least
        sides = on_limit(self.sheet, masses)
        pairs = one_sided(self.sheet, tableau, sides)
        prices = {name: (sides[name], *pair) for name, pair in pairs.items()}
        proof = checked(self.sheet, masses, verify(tableau.programme, solution))
        found = _answer(
            self.sheet, objective, masses, prices, proof, method="none", reason=_why_means(self.sheet, self.risk)
        )
        return found if self.risk is None else replace(found, realised_risk=_judged(self.sheet, masses, self.risk))


def to_be_least(sheet: ChargeSheet, objective: Objective) -> Floats:
    """Return what is to be least, per t of each column."""
    if objective == "cost":
        return sheet.price
    if objective == "co2":
        return sheet.co2
    largest = float(np.abs(sheet.price).max())
    return TIE * sheet.price / (largest if largest > 0.0 else 1.0) - sheet.recycled("post", "pre")


def _why_means(sheet: ChargeSheet, risk: Risk | None) -> Reason:
    """Why every lot is taken for its mean."""
    if risk is None:
        return Reason("method_none")
    return Reason("method_means" if any(lot.varies for lot in sheet.lots) else "method_certain")


def _judged(sheet: ChargeSheet, masses: Floats, risk: Risk) -> RealisedRisk:
    return realised(sheet, masses, risk.heats, risk.seed, rounded=risk.rounded)


def _answer(
    sheet: ChargeSheet, objective: Objective, masses: Floats, prices: Mapping[str, tuple[Side, float, float]],
    proof: Verification, *, method: Method, reason: Reason,
) -> ChargeAnswer:  # fmt: skip
    """Return the answer of a charge whose risk nobody has judged yet."""
    sign = -1.0 if objective == "recycled" else 1.0
    return ChargeAnswer(
        status="optimal", objective=objective, **figures(sheet, masses),
        binding={name: side for name, (side, _, _) in prices.items()},
        shadow_prices={name: (sign * down, sign * up) for name, (_, down, up) in prices.items()},
        method=method, method_reason=reason, nominal_risk=None, realised_risk=None, reasons=(), certificate={},
        verification=proof,
    )  # fmt: skip


def _risked(sheet: ChargeSheet, objective: Objective, risk: Risk, kept: Kept) -> ChargeAnswer:
    """Return the answer of a charge that keeps a risk; or that none does, and the least found."""
    asked = f"{100 * risk.joint:g}"
    if kept.masses is None:
        best = f"{100 * kept.least_risk:.3g}"
        told = Reason("risk_unreachable", {"asked": asked, "best": best})
        return replace(_no_charge(objective), method=kept.method, method_reason=kept.reason, reasons=(told,))
    miss = row_miss(sheet.programme(sheet.price), kept.masses - sheet.least)
    proof = checked(sheet, kept.masses, Verification(miss <= RESIDUAL, miss, 0.0, kept.gap))
    found = _answer(sheet, objective, kept.masses, kept.prices, proof, method=kept.method, reason=kept.reason)
    judged = _judged(sheet, kept.masses, risk)
    missed = judged.at_least(ALARM) > risk.joint
    told = Reason("risk_missed", {"asked": asked, "found": f"{100 * judged.share:.3g}"})
    return replace(found, nominal_risk=kept.nominal, realised_risk=judged, reasons=(told,) if missed else ())


def _no_charge(objective: Objective) -> ChargeAnswer:
    return ChargeAnswer(
        status="infeasible", objective=objective, mix={}, melt=0.0, composition={}, recycled_content=None,
        post_consumer=None, pre_consumer=None, cost=None, co2=None, binding={}, shadow_prices={}, method="none",
        method_reason=Reason("method_none"), nominal_risk=None, realised_risk=None, reasons=(), certificate={},
        verification=None,
    )  # fmt: skip


def _nothing(sheet: ChargeSheet, objective: Objective, tableau: Tableau, solution: Solution) -> ChargeAnswer:
    """Return the answer that nothing can be charged, with its proof."""
    names = [*(f"{end.name} {end.side}" for end in sheet.ends), "melt"]
    return replace(
        _no_charge(objective),
        reasons=why_not(sheet),
        certificate={name: float(w) for name, w in zip(names, solution.ray, strict=True) if w},
        verification=checked(sheet, None, verify(tableau.programme, solution)),
    )
