"""Charge, analyse the melt, correct: what it is worth to count on the correction, and to know the lots beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.composition import columns
from cesim.charge.faults import Refusals, no_answer
from cesim.charge.gate import TRACE
from cesim.charge.heats import deviations
from cesim.charge.programme import Programme
from cesim.charge.recourse import Correction, TwoStage
from cesim.charge.simplex import solve, solve_many

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.charge.sheet import ChargeSheet

    Floats = NDArray[np.float64]

DEAR: Final = 100.0
"""What a tonne of an element off its limit costs where nobody says, in prices of the dearest material: on a heat of
12 t, 0.01 % off costs as much as 0.12 t of it."""
MENDED: Final = 1e-7
"""Share of the heat that may be off a limit before it counts as not mended."""


@dataclass(frozen=True, eq=False)
class CorrectedCharge:
    """A charge that counts on the correction after the analysis of its melt.

    Costs are in JPY a heat, means over the heats planned on.
    """

    mix: Mapping[str, float]
    """t of every material charged before the analysis."""
    cost: float
    """Charge and mean correction."""
    charge_cost: float
    correction_cost: float
    corrections: Mapping[str, float]
    """Material -> mean t added after the analysis."""
    not_mended: float
    """Share of heats that no correction brings within the limits."""
    recycled_content: float
    """Share of the melt mass from scrap, post- and pre-consumer."""
    evpi: float
    """Expected value of perfect information: what knowing every lot before charging would save; the most that any
    record or assay can be worth here."""
    vss: float
    """Value of the stochastic solution: what planning with the means, then correcting, would cost more."""
    bound: float
    """No charge costs less; proved."""
    _sheet: ChargeSheet
    _second: Programme
    _columns: tuple[int, ...]
    _masses: Floats

    def correct(self, analysis: Mapping[str, float]) -> dict[str, float]:
        """Return what to add to the melt of this charge after its analysis: material -> t.

        Parameters
        ----------
        analysis
            Mass fraction of every measured element in the melt.

        Raises
        ------
        InputError
            For an element that was not measured, and what is no composition.
        NoAnswer
            ``charge_not_mended`` where nothing that can be added brings the melt within its limits.
        """
        sheet = self._sheet
        found = columns("analysis", analysis, ())
        with Refusals("analysis") as refusals:
            for name in sheet.elements:
                if name not in found:
                    refusals.refuse("charge_not_measured", name)
        melt = float(sheet.melted @ self._masses)
        held = melt * np.array([float(found[name]) for name in sheet.elements])
        there = np.array([*(end.weights @ held + end.of_melt * melt for end in sheet.ends), melt])
        rest = sheet.stock[list(self._columns)] - self._masses[list(self._columns)]
        own = self._second
        shift = np.append(there, np.zeros(own.lower.size - there.size))
        stock = np.append(np.maximum(rest, 0.0), own.stock[rest.size :])
        told = solve(Programme(own.cost, own.rows, own.lower - shift, own.upper - shift, stock))
        missed = told.x[rest.size :].reshape(2, -1).max(axis=0) > MENDED * sheet.furnace.mass
        if missed.any():
            rows = (*(end.name for end in sheet.ends), "melt", *(sheet.names[at] for at in self._columns))
            raise no_answer("charge_not_mended", f"AlloyLimits {sheet.alloy.name}", rows[int(missed.argmax())])
        return _named(sheet, self._columns, told.x)


def corrected_charge(
    sheet: ChargeSheet, *, scenarios: int, seed: int, room: float, miss_price: float | None
) -> CorrectedCharge:
    """Plan a charge over drawn heats; see `Charge.two_stage`."""
    with Refusals("Charge") as refusals:
        refusals.number("scenarios", scenarios, 1, shape=())
        refusals.number("room", room, 0.0, 1.0, shape=(), above=True)
        if miss_price is not None:
            refusals.number("miss_price", miss_price, 0.0, shape=(), above=True)
    later = _correctable(sheet)
    with Refusals("Charge") as refusals:
        if not later:
            refusals.refuse("charge_empty", "furnace.additions")
    plan = TwoStage(_first(sheet, room), _drawn(sheet, later, scenarios, seed), _correction(sheet, later, miss_price))
    told = plan.solve()
    masses = told.x + sheet.least
    second, y = plan.second, _corrections(plan, told.x)
    added, missed = y[:, : len(later)].mean(axis=0), y[:, len(later) :]
    return CorrectedCharge(
        mix=_named(sheet, tuple(range(len(sheet.names))), masses),
        cost=told.cost + float(sheet.price @ sheet.least),
        charge_cost=told.charge_cost + float(sheet.price @ sheet.least),
        correction_cost=told.correction_cost,
        corrections=_named(sheet, later, added),
        not_mended=float((missed.max(axis=1) > MENDED * sheet.furnace.mass).mean()),
        recycled_content=float(sheet.recycled("post", "pre") @ masses) / sheet.furnace.mass,
        evpi=plan.value_of_information(told),
        vss=plan.value_of_planning(told),
        bound=told.bound + float(sheet.price @ sheet.least),
        _sheet=sheet, _second=second, _columns=later, _masses=masses,
    )  # fmt: skip


def _correctable(sheet: ChargeSheet) -> tuple[int, ...]:
    """Return the columns that may be added to a melt: primary metal of certain composition, and additions."""
    lots = len(sheet.lots)
    clean = [at for at, lot in enumerate(sheet.lots) if lot.recycled == "none" and not lot.varies]
    return (*clean, *range(lots, len(sheet.names)))


def _first(sheet: ChargeSheet, room: float) -> Programme:
    """Return the charge before the analysis: the furnace filled but for the room."""
    mass, there = sheet.furnace.mass, float(sheet.melted @ sheet.least)
    return Programme(
        sheet.price, sheet.melted[None], np.array([(1.0 - room) * mass - there]), np.array([mass - there]),
        sheet.stock - sheet.least,
    )  # fmt: skip


def _correction(sheet: ChargeSheet, later: tuple[int, ...], miss_price: float | None) -> Correction:
    """Return rows: ends, melt, and the stock of each material that can be charged before and after."""
    own, mass = list(later), sheet.furnace.mass
    base = sheet.programme(sheet.price)
    miss = DEAR * float(np.abs(sheet.price).max()) if miss_price is None else miss_price
    left = (sheet.stock - sheet.least)[own]
    rows = np.vstack([sheet.rows[:, own], np.eye(len(own))])
    return Correction(
        sheet.price[own], rows, np.append(base.lower, np.full(len(own), -np.inf)), np.append(base.upper, left),
        np.minimum(left, mass / sheet.melted[own]), np.full(len(rows), miss),
    )  # fmt: skip


def _drawn(sheet: ChargeSheet, later: tuple[int, ...], scenarios: int, seed: int) -> Floats:
    """Return what a tonne of each column brings to each row of the melt, (scenario, row, column).

    What must go in is taken for its mean here.
    """
    used = np.eye(len(sheet.names))[list(later)]
    rows = np.tile(np.vstack([sheet.rows, used]), (scenarios, 1, 1))
    for column, lot in enumerate(sheet.lots):
        if lot.varies:
            apart = deviations(sheet, lot, scenarios, "correct", seed)
            for at, end in enumerate(sheet.ends):
                rows[:, at, column] += apart @ (end.weights * sheet.gain + (end.of_melt - end.limit) * sheet.slope)
    return rows


def _corrections(plan: TwoStage, x: Floats) -> Floats:
    """Return corrections and what stays missed in every scenario, (scenario, column of the second stage)."""
    second, there = plan.second, plan.scenarios @ x
    told = solve_many(second.cost, second.rows, second.lower - there, second.upper - there, second.stock)
    return told.x


def _named(sheet: ChargeSheet, at: tuple[int, ...], masses: Floats) -> dict[str, float]:
    named = {sheet.names[column]: float(mass) for column, mass in zip(at, masses, strict=False)}
    return {name: mass for name, mass in named.items() if mass > TRACE * sheet.furnace.mass}
