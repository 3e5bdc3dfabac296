"""Least-cost charges that keep a safety margin for what scatters: second-order cone programmes.

With ``rows_r`` the mean composition and ``S_r = F_r' F_r`` its covariance over the lots, a charge whose content is
about normal keeps its limit with the probability of ``z_r`` standard deviations when

    rows_r @ x + z_r sqrt(x' S_r x) <= upper_r   and   rows_r @ x - z_r sqrt(x' S_r x) >= lower_r

(Charnes and Cooper 1963; for scrap Gaustad, Li and Kirchain 2007). Only for what is about normal: a lot that is one
thing with 95 % and another with 5 % is not, and belongs to `tail`.

Stages: a few tangent cuts on the live tableau, from which Newton's method settles most charges; a rough interior point,
from which it settles the rest; both with more patience; then the same with limits that give way (the least share by
which they must is the proof where there is no charge), the programme moved by next to nothing, last Clarabel where it
is installed. Whatever stage answers, the gate decides (`verify_cone`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from cesim.charge.lexicographic import NotSolvedError
from cesim.charge.nudge import NUDGES, nudged
from cesim.charge.programme import CERTAIN, NOTHING, RESIDUAL, Programme, Verification, reachable
from cesim.charge.refusals import as_floats, below_zero, not_finite, raise_all
from cesim.charge.simplex import solve
from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Stage = Literal["cuts", "newton", "interior", "elastic", "clarabel"]

#: the cost may lie above the proved bound by this share of the sizes that enter the bound
GAP: Final = 1e-8
#: the compiled stages by their numbers
_COMPILED: Final[tuple[Stage, ...]] = ("cuts", "interior", "newton")
#: rounds of cuts before the interior point takes over
ROUNDS: Final = 4
#: cuts that are kept; one more and the interior point takes over
STORE: Final = 96


@dataclass(frozen=True)
class ConeProgramme:
    """A programme some of whose rows keep a margin.

    Attributes
    ----------
    base : Programme
    risky : (q,) of int
        the rows with a margin, each once
    factor : (q, k, n)
        ``F`` of each: ``|F x|`` is the standard deviation of the row
    z : (q,)
        how many standard deviations are kept free, 0 or more; at every finite limit of the row

    Raises
    ------
    InputError
        naming the argument and place that is wrong
    """

    base: Programme
    risky: NDArray[np.int64]
    factor: Floats
    z: Floats

    def __post_init__(self) -> None:
        risky = np.ascontiguousarray(self.risky, dtype=np.int64)
        factor, z = as_floats("factor", self.factor), as_floats("z", self.z)
        for name, array in (("risky", risky), ("factor", factor), ("z", z)):
            object.__setattr__(self, name, array)
        if not self._fits():
            arguments = {"where": "factor", "found": factor.shape, "allowed": "(risky rows, lines, columns)"}
            raise InputError([Fault("array_wrong_shape", arguments=arguments)])
        raise_all([*not_finite("factor", factor), *not_finite("z", z), *below_zero("z", z)] if self._wrong() else [])

    def _fits(self) -> bool:
        rows, columns = self.base.rows.shape
        own = self.risky.size
        known = own == 0 or (self.risky.min() >= 0 and self.risky.max() < rows and len(set(self.risky.tolist())) == own)
        shaped = self.factor.ndim == 3 and self.factor.shape[::2] == (own, columns) and self.z.shape == (own,)
        return bool(known) and shaped and self.risky.ndim == 1

    def _wrong(self) -> bool:
        return not (np.isfinite(self.factor).all() and np.isfinite(self.z).all() and (self.z >= 0).all())


@dataclass(frozen=True)
class ConeSolution:
    """The answer to a programme with margins.

    Attributes
    ----------
    status : "optimal" or "infeasible"
    x : (n,)
    objective : float
    row_price : (m,)
        d objective / d row limit, as in `Solution`
    column_price : (n,)
        cost less what the rows and their margins pay at ``x``
        NaN, all four, where there is no answer
    ray : (m,)
        zero for an optimum; else the net prices that prove that there is no charge
    side_price : (q, 2)
        prices without sign of the lower and the upper limit of each risky row
    bend : (q, k)
        direction in which each margin is priced; with ``side_price`` it completes the proof
    stage : "cuts", "newton", "interior", "elastic" or "clarabel"
        who found the answer
    rounds : int
        rounds of cuts
    """

    status: Literal["optimal", "infeasible"]
    x: Floats
    objective: float
    row_price: Floats
    column_price: Floats
    ray: Floats
    side_price: Floats
    bend: Floats
    stage: Stage
    rounds: int


@cache
def _stages() -> ModuleType:
    """The compiled loops; numba is imported here, at the first solve."""
    from cesim.charge import stages

    return stages


def solve_cone(programme: ConeProgramme, rounds: int = ROUNDS, store: int = STORE) -> ConeSolution:
    """Solve a programme with margins.

    Parameters
    ----------
    programme : ConeProgramme
    rounds, store : int
        most rounds of cuts and most cuts before the interior point takes over

    Raises
    ------
    NotSolvedError
        when no stage passes the gate
    """
    own = _own(programme, rounds, store)
    if own is not None:
        return own
    proof = _elastic(programme) or _moved(programme) or _plain(programme)
    if proof is not None:
        return proof
    from cesim.charge.clarabel_stage import by_clarabel

    last = by_clarabel(programme)
    if last is not None and verify_cone(programme, last).holds:
        return last
    raise NotSolvedError("no stage passes the gate")


def verify_cone(programme: ConeProgramme, solution: ConeSolution) -> Verification:
    """Recompute residuals and gap of an optimum, or the margin of a certificate, from the raw inputs."""
    base = programme.base
    if solution.status == "infeasible":
        proved, size = _bound(programme, np.zeros_like(base.cost), solution.ray, solution)
        margin = proved / size if size > 0 else -np.inf
        return Verification(bool(margin > CERTAIN), 0.0, 0.0, -margin)
    x = solution.x
    if not np.isfinite(x).all():
        return Verification(False, np.inf, 0.0, np.inf)
    activity = base.rows @ x
    kept = np.zeros_like(activity)
    kept[programme.risky] = programme.z * np.linalg.norm(programme.factor @ x, axis=1)
    miss = np.maximum(base.lower - activity + kept, activity + kept - base.upper)
    size = (np.abs(base.rows) * np.minimum(base.stock, np.maximum(x, reachable(base)))).max(axis=1, initial=0.0)
    primal = float((miss / np.where(size > 0, size, 1.0)).max(initial=0.0))
    outside = float(np.maximum(-x, x - base.stock).max())
    proved, terms = _bound(programme, base.cost, solution.row_price, solution)
    cost = float(base.cost @ x)
    terms += float(np.abs(base.cost) @ x) + NOTHING * float(np.abs(base.cost).max() * x.max())
    gap = (cost - proved) / terms if terms > 0 else 0.0
    same = abs(solution.objective - cost) <= GAP * terms
    return Verification(bool(primal <= RESIDUAL and outside <= 0 and abs(gap) <= GAP and same), primal, 0.0, gap)


def _bound(programme: ConeProgramme, cost: Floats, price: Floats, solution: ConeSolution) -> tuple[float, float]:
    """What the prices prove the cost to be at least (see `cone_gate`), and the sizes in it."""
    base, risky = programme.base, programme.risky
    up, down = np.maximum(-price, 0.0), np.maximum(price, 0.0)
    down[risky], up[risky] = solution.side_price[:, 0], solution.side_price[:, 1]
    if ((down > 0) & np.isinf(base.lower)).any() or ((up > 0) & np.isinf(base.upper)).any() or (down < 0).any():
        return -np.inf, 1.0
    length = np.linalg.norm(solution.bend, axis=1)
    allowed = solution.side_price.sum(axis=1)
    share = np.where(length > allowed, allowed / np.where(length > 0, length, 1.0), 1.0) * programme.z
    reduced = cost - (down - up) @ base.rows + np.einsum("q,qk,qkn->n", share, solution.bend, programme.factor)
    lows = down * np.where(down > 0, base.lower, 0.0)
    highs = up * np.where(up > 0, base.upper, 0.0)
    at_stock = np.minimum(reduced, 0.0) * base.stock
    return float(lows.sum() - highs.sum() + at_stock.sum()), float(np.abs([*lows, *highs, *at_stock]).sum())


def _own(programme: ConeProgramme, rounds: int, store: int) -> ConeSolution | None:
    """Cuts and the interior point; None when neither passes the gate."""
    p, kernel = programme.base, _stages()
    (count, n), q = p.rows.shape, programme.risky.size
    out = np.empty(2 * n + count + 2 * q)
    bend = np.empty((q, programme.factor.shape[1]))
    code, stage, turns = kernel.solve_margins(
        p.cost, p.rows, p.lower, p.upper, p.stock, programme.risky, programme.factor, programme.z,
        out, bend, rounds, store, 0.5 * RESIDUAL, GAP,
    )  # fmt: skip
    if code == kernel.UNSOLVED:
        return None
    x, price, reduced, side = out[:n], out[n : n + count], out[n + count : 2 * n + count], out[2 * n + count :]
    name = _COMPILED[stage]
    if code == kernel.OPTIMAL:
        zero = np.zeros(count)
        return ConeSolution(
            "optimal", x, float(p.cost @ x), price, reduced, zero, side.reshape(q, 2), bend, name, turns
        )
    return _without_answer(programme, price, side.reshape(q, 2), bend, name, turns)


def _without_answer(
    programme: ConeProgramme, ray: Floats, side: Floats, bend: Floats, stage: Stage, rounds: int
) -> ConeSolution:
    count, n = programme.base.rows.shape
    x, price, reduced = np.full(n, np.nan), np.full(count, np.nan), np.full(n, np.nan)
    return ConeSolution("infeasible", x, float("nan"), price, reduced, ray, side, bend, stage, rounds)


def _elastic(programme: ConeProgramme) -> ConeSolution | None:
    """Prove that there is no charge by the least share by which all limits must give way; None if it proves nothing."""
    base, own = programme.base, programme.risky
    (count, n), q = base.rows.shape, own.size
    size = (np.abs(base.rows) * reachable(base)).max(axis=1)
    size = np.where(size > 0, size, 1.0)
    limits = np.abs(np.concatenate([base.lower, base.upper])) / np.tile(size, 2)
    most = 2.0 + float(limits[np.isfinite(limits)].max(initial=0.0))
    free = np.full(count, np.inf)
    wide = Programme(
        np.append(np.zeros(n), 1.0),
        np.block([[base.rows, size[:, None]], [base.rows, -size[:, None]]]),
        np.concatenate([base.lower, -free]),
        np.concatenate([free, base.upper]),
        np.append(base.stock, most),
    )
    factor = np.concatenate([programme.factor, np.zeros((q, programme.factor.shape[1], 1))], axis=2)
    twice = ConeProgramme(wide, np.append(own, own + count), np.tile(factor, (2, 1, 1)), np.tile(programme.z, 2))
    told = _own(twice, ROUNDS, STORE)
    if told is None or told.status != "optimal":
        return None
    ray = told.row_price[:count] + told.row_price[count:]
    side = np.column_stack([told.side_price[:q, 0], told.side_price[q:, 1]])
    proof = _without_answer(programme, ray, side, told.bend[:q] + told.bend[q:], "elastic", told.rounds)
    return proof if verify_cone(programme, proof).holds else None


def _moved(programme: ConeProgramme) -> ConeSolution | None:
    """Solve the programme moved by less than the gate can see (`nudge`); None where the gate does see it."""
    for turn in range(NUDGES):
        told = _own(replace(programme, base=nudged(programme.base, turn)), ROUNDS, STORE)
        if told is not None:
            told = replace(told, objective=float(programme.base.cost @ told.x))
            if verify_cone(programme, told).holds:
                return told
    return None


def _plain(programme: ConeProgramme) -> ConeSolution | None:
    """Solve what has no margin as the linear programme that it is; None where something has one."""
    if (programme.z[:, None, None] * programme.factor).any():
        return None
    told, own = solve(programme.base), programme.risky
    price = told.ray if told.status == "infeasible" else told.row_price
    side = np.column_stack([np.maximum(price[own], 0.0), np.maximum(-price[own], 0.0)])
    bend = np.zeros(programme.factor.shape[:2])
    if told.status == "infeasible":
        return _without_answer(programme, told.ray, side, bend, "cuts", 0)
    return ConeSolution(
        "optimal", told.x, told.objective, told.row_price, told.column_price, told.ray, side, bend, "cuts", 0
    )


def without_margins(programme: ConeProgramme) -> ConeProgramme:
    """The same programme with all margins zero: what certainty would cost."""
    return replace(programme, z=np.zeros_like(programme.z))
