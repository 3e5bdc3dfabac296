"""Charge, analyse the melt, correct: two-stage programmes with a fixed correction.

First the charge ``x``; then the melt shows which scenario it is; then a correction ``y`` (primary, silicon, magnesium,
master alloys) brings it within the limits, and what cannot be mended is paid for:

    minimise cost @ x + E[ Q_s(x) ],
    Q_s(x) = min q @ y + p @ (short + over),  lower <= T_s x + W y + short - over <= upper,  0 <= y <= stock

Only ``T_s`` depends on the scenario. So all corrections are one programme whose limits shift, solved for one scenario
after the other on one live tableau, and the charge is found by the L-shaped method (Van Slyke and Wets 1969): the
prices of the corrections cut the mean cost from below, on a second live tableau.

Beside the answer: what it would cost to know the scenario before charging, and what it costs to plan with the mean
(Birge and Louveaux, Introduction to Stochastic Programming, chapter 4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.lexicographic import NotSolvedError
from cesim.charge.programme import GAP, Programme
from cesim.charge.refusals import as_floats, below_zero, not_finite, raise_all
from cesim.charge.simplex import PATIENCE, RESIDUAL, Tableau, _kernel, solve, solve_many
from cesim.errors import Fault, InputError, NoAnswer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: where the next cut is taken: this share of the way from the best charge to the master's
INWARD: Final = 0.4
#: t that a row can be missed by where nothing at all reaches it
NOTHING: Final = 1e-9
#: rounds of cuts before giving up
ROUNDS: Final = 2_000


@dataclass(frozen=True)
class Correction:
    """What may be done once the melt is known.

    Attributes
    ----------
    cost : (k,)
        ``q``, per unit of each correction
    rows : (m, k)
        ``W``, contribution of each correction to each row
    lower, upper : (m,)
        limits of the melt
    stock : (k,)
    miss_cost : (m,)
        ``p``, per unit by which a limit stays missed; not below zero

    Raises
    ------
    InputError
        naming every argument and place that is wrong
    """

    cost: Floats
    rows: Floats
    lower: Floats
    upper: Floats
    stock: Floats
    miss_cost: Floats

    def __post_init__(self) -> None:
        own = Programme(self.cost, self.rows, self.lower, self.upper, self.stock)
        miss = as_floats("miss_cost", self.miss_cost)
        if miss.shape != own.lower.shape:
            arguments = {"where": "miss_cost", "found": miss.shape, "allowed": own.lower.shape}
            raise InputError([Fault("array_wrong_shape", arguments=arguments)])
        raise_all([*not_finite("miss_cost", miss), *below_zero("miss_cost", miss), *below_zero("cost", own.cost)])
        for name in ("cost", "rows", "lower", "upper", "stock"):
            object.__setattr__(self, name, getattr(own, name))
        object.__setattr__(self, "miss_cost", miss)

    def programme(self, reach: Floats) -> Programme:
        """The correction with its shortfalls and excesses as columns, each at most ``reach`` (m,)."""
        m = self.lower.size
        return Programme(
            np.concatenate([self.cost, self.miss_cost, self.miss_cost]),
            np.hstack([self.rows, np.eye(m), -np.eye(m)]),
            self.lower,
            self.upper,
            np.concatenate([self.stock, reach, reach]),
        )


@dataclass(frozen=True)
class RecourseSolution:
    """A charge that counts on its correction.

    Attributes
    ----------
    x : (n,)
        the charge
    cost : float
        of charge and mean correction
    charge_cost, correction_cost : float
        its two parts
    bound : float
        what the cuts prove that any charge costs at least
    corrections : (S,)
        cost of the correction in each scenario
    rounds : int
    """

    x: Floats
    cost: float
    charge_cost: float
    correction_cost: float
    bound: float
    corrections: Floats
    rounds: int


class TwoStage:
    """A charge and its correction over equally likely scenarios.

    Parameters
    ----------
    charge : Programme
        the first stage, whose rows hold before anything is known
    scenarios : (S, m, n)
        ``T``: contribution of each column of the charge to each row of the melt
    correction : Correction

    Raises
    ------
    InputError
        when the scenarios do not fit or are not finite
    """

    def __init__(self, charge: Programme, scenarios: Floats, correction: Correction) -> None:
        array = as_floats("scenarios", scenarios)
        allowed = ("scenario", correction.lower.size, charge.cost.size)
        if array.ndim != 3 or array.shape[1:] != allowed[1:] or len(array) == 0:
            arguments = {"where": "scenarios", "found": array.shape, "allowed": allowed}
            raise InputError([Fault("array_wrong_shape", arguments=arguments)])
        if not np.isfinite(array).all():
            raise_all(not_finite("scenarios", array))
        self.charge, self.scenarios, self.correction = charge, array, correction
        self.second = correction.programme(self._reach())
        self._live = Tableau(self.second)

    def _reach(self) -> Floats:
        """More than any row can be missed by: what can be charged and corrected, and the limits."""
        own = np.abs(self.correction.rows) @ self.correction.stock
        limits = [
            np.where(np.isfinite(side), np.abs(side), 0.0) for side in (self.correction.lower, self.correction.upper)
        ]
        reach: Floats = self._charged() + own + np.maximum(*limits)
        return 1.01 * reach + NOTHING

    def _charged(self) -> Floats:
        """The most that a charge can bring to each row: all of the stock, or as much as a row of the charge lets in."""
        first = self.charge
        largest = np.abs(self.scenarios).max(axis=0)
        most = largest @ first.stock
        for row, upper in zip(first.rows, first.upper, strict=True):
            if (row > 0.0).all() and 0.0 < upper < np.inf:
                most = np.minimum(most, (largest / row).max(axis=1) * upper)
        return np.asarray(most)

    def corrections(self, x: Floats) -> tuple[Floats, Floats]:
        """Cost (S,) and row prices (S, m) of the correction in every scenario.

        Raises
        ------
        NotSolvedError
            when a correction does not pass the gate
        """
        live, p = self._live, self.second
        shift = -(self.scenarios @ x)
        cost, price = np.empty(len(shift)), np.empty(shift.shape)
        failed = _kernel().solve_shifted(
            p.cost, p.rows, p.lower, p.upper, p.stock, shift, live._numbers, live._places, live.room, cost, price,
            PATIENCE * sum(p.rows.shape), RESIDUAL, GAP,
        )  # fmt: skip
        if failed >= 0:
            raise NotSolvedError(f"the correction in scenario {failed} does not pass the gate")
        return cost, price

    def solve(self, tolerance: float = 1e-6) -> RecourseSolution:
        """The charge of least mean cost, to a gap of ``tolerance`` of the cost.

        Raises
        ------
        NoAnswer
            when the charge itself has none
        NotSolvedError
            when the gap does not close
        """
        own, cut = self._at(self.of_the_mean())
        best, bound, master = own, -np.inf, self._master(own)
        for turn in range(ROUNDS):
            master.add_row(*cut)
            told = master.solve()
            stuck, bound = told.objective <= bound, max(bound, told.objective)
            # between the master's charge and the best one the cuts are deeper (Ben-Ameur and Neto 2007)
            share = 1.0 if stuck else INWARD
            own, cut = self._at(share * told.x[:-1] + (1.0 - share) * best.x)
            if own.cost < best.cost:
                best = own
            if best.cost - bound <= tolerance * self._size(best):
                return replace(best, bound=min(bound, best.cost), rounds=turn + 1)
        raise NotSolvedError(f"the gap is {best.cost - bound:g} after {ROUNDS} rounds")

    def told(self, x: Floats) -> RecourseSolution:
        """What a given charge costs with its corrections; nothing is proved (``bound`` is minus infinity)."""
        return self._at(x)[0]

    def of_the_mean(self) -> Floats:
        """The charge that would be best if every scenario were the mean."""
        told = solve(self._together(self.scenarios.mean(axis=0)))
        if told.status == "infeasible":
            raise NoAnswer([Fault("array_infeasible", arguments={"where": "charge"})])
        return told.x[: self.charge.cost.size]

    def known_beforehand(self) -> Floats:
        """Cost (S,) of each scenario if it were known before charging (wait and see)."""
        whole = self._together(self.scenarios[0])
        rows = np.tile(whole.rows, (len(self.scenarios), 1, 1))
        n = self.charge.cost.size
        rows[:, self.charge.lower.size :, :n] = self.scenarios
        told = solve_many(whole.cost, rows, whole.lower, whole.upper, whole.stock)
        if not told.is_optimal.all():
            raise NoAnswer([Fault("array_infeasible", arguments={"where": "charge"})])
        return told.objective

    def value_of_information(self, solution: RecourseSolution) -> float:
        """Expected value of perfect information: cost less the mean cost if the scenario were known."""
        return solution.cost - float(self.known_beforehand().mean())

    def value_of_planning(self, solution: RecourseSolution) -> float:
        """Value of the stochastic solution: what the charge of the mean costs more."""
        return self.told(self.of_the_mean()).cost - solution.cost

    def _together(self, scenario: Floats) -> Programme:
        """Charge and correction in one programme, for one scenario."""
        first, second = self.charge, self.second
        nothing = np.zeros((first.lower.size, second.cost.size))
        return Programme(
            np.append(first.cost, second.cost),
            np.block([[first.rows, nothing], [scenario, second.rows]]),
            np.append(first.lower, second.lower),
            np.append(first.upper, second.upper),
            np.append(first.stock, second.stock),
        )

    def _master(self, start: RecourseSolution) -> Tableau:
        """The charge and one more column, the mean cost of correction: no more than what is known to be enough."""
        first = self.charge
        least = solve(first).objective
        base = Programme(
            np.append(first.cost, 1.0),
            np.column_stack([first.rows, np.zeros(first.lower.size)]),
            first.lower,
            first.upper,
            np.append(first.stock, max(start.cost - least + 1e-9 * abs(least), 0.0)),
        )
        return Tableau(base, room=first.lower.size + ROUNDS + 1)

    def _at(self, x: Floats) -> tuple[RecourseSolution, tuple[Floats, float]]:
        """What a charge costs, and the tangent there below which no mean cost of correction lies (row and limit)."""
        each, price = self.corrections(x)
        first, mean = float(self.charge.cost @ x), float(each.mean())
        slope = price.ravel() @ self.scenarios.reshape(price.size, -1) / -len(each)
        cut = np.append(-slope, 1.0), mean - float(slope @ x)
        return RecourseSolution(x, first + mean, first, mean, -np.inf, each, 0), cut

    def _size(self, told: RecourseSolution) -> float:
        return float(np.abs(self.charge.cost) @ told.x) + told.correction_cost
