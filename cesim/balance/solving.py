"""The solution of a system, year after year.

In one year the throughputs of all processes are linear in what is given, in what leaves the stocks from
earlier years, and in the sizes of the gaps. So the network is solved once for what is known and once for a
unit of each gap; the conditions then give the sizes of the gaps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.frame import ModelError
from cesim.balance.loops import Edge, Network
from cesim.balance.solution import Solution
from cesim.balance.steps import At, survival_steps

if TYPE_CHECKING:
    from cesim.balance.arrays import Floats
    from cesim.balance.survival import Survival
    from cesim.balance.system import System

Flow = tuple[str, str]
NEGATIVE = 1e-9


@dataclass(frozen=True)
class StockRule:
    """How long what enters a stock stays, what was there before, and the level wanted, if any."""

    survival: Survival
    at: At
    initial: list[Floats]
    level: Floats | None


@dataclass
class Conditions:
    """What the gaps must bring about."""

    demands: dict[tuple[str, str, str | None], Floats] = field(default_factory=dict)
    input_shares: dict[Flow, Floats] = field(default_factory=dict)

    def names(self, stocks: dict[str, StockRule]) -> list[str]:
        """Every condition, in words."""
        demands = [f"demand {g} -> {t}{f', {e}' if e else ''}" for g, t, e in self.demands]
        shares = [f"input share {giver} -> {taker}" for giver, taker in self.input_shares]
        return demands + shares + [f"level of {name}" for name, rule in stocks.items() if rule.level is not None]


class NegativeFlowError(ModelError):
    """A flow below zero; the message names it, the year and the element."""


@dataclass
class _State:
    """Throughputs ``z`` and inflows by node for one supply: what is known, or a unit of one gap."""

    outflow: list[Floats]
    inflow: list[Floats]
    gap: int | None


class _Cohorts:
    """One stock through the years: what entered, and what is left of it."""

    def __init__(self, rule: StockRule, alive: Floats, initial: list[Floats]) -> None:
        self.rule, self.alive = rule, alive
        before = len(initial)
        self.made: list[Floats] = []
        for place, mass in enumerate(initial):
            left = alive[before - 1 - place]
            if ((left <= 0.0) & (mass > 0.0)).any():
                raise ModelError("initial stock at an age to which nothing survives")
            self.made.append(np.divide(mass, left, out=np.zeros_like(mass + left), where=left > 0.0))
        self.level: Floats = sum(initial, np.zeros((1,) * (alive.ndim - 1)))

    def survivors(self) -> Floats:
        """What is left at the end of this year of what entered before it."""
        left: Floats = np.zeros_like(self.level)
        for step, made in enumerate(reversed(self.made), start=1):
            left = left + made * self.alive[step]
        return left


class _Solver:
    def __init__(self, system: System) -> None:
        self.system, self.frame = system, system.frame
        self.inner = [n for n, kind in system.kinds.items() if kind in ("process", "stock")]
        self.place = {name: node for node, name in enumerate(self.inner)}
        self.rests = {giver: system.rest_share(giver) for giver in system.rests}
        self.coefficients: dict[Flow, Floats] = dict(system.shares)
        self.coefficients |= {(giver, taker): self.rests[giver] for giver, taker in system.rests.items()}
        edges = [(self.place[g], self.place[t]) for g, t in self.coefficients if t in self.place]
        self.network = Network(self.inner, edges)
        self.changing = any(len(share) > 1 for share in self.coefficients.values())
        self.stocks = {name: self._cohorts(name, rule) for name, rule in system.stocks.items()}
        self.gaps = list(system.gaps)
        self.zero = np.zeros((1,) * len(self.frame.lead) + (len(self.frame.elements),))
        wanted = system.conditions.names(system.stocks)
        if len(wanted) != len(self.gaps):
            raise ModelError(f"{len(self.gaps)} gaps {self.gaps} for {len(wanted)} conditions {wanted}")

    def _cohorts(self, name: str, rule: StockRule) -> _Cohorts:
        flat = survival_steps(rule.survival, len(rule.initial) + len(self.frame.years), rule.at)
        steps = self.frame.survival_steps(f"stock {name}", flat.reshape(-1, *rule.survival.shape))
        return _Cohorts(rule, steps, [mass[0] for mass in rule.initial])

    def run(self) -> Solution:
        """Solve every year and gather flows and stocks."""
        flows: dict[Flow, list[Floats]] = {flow: [] for flow in self.system.flow_names()}
        levels: dict[str, list[Floats]] = {name: [] for name in self.stocks}
        for year in range(len(self.frame.years)):
            for flow, mass in self._year(year).items():
                flows[flow].append(mass)
            for name, stock in self.stocks.items():
                levels[name].append(stock.level)
        gathered = {flow: self._gather(masses) for flow, masses in flows.items()}
        self._refuse_negative(gathered)
        for name, kind in self.system.kinds.items():
            if kind == "sink":
                arriving = [mass for (_, taker), mass in gathered.items() if taker == name]
                levels[name] = [sum((np.cumsum(one, axis=0) for one in arriving), np.zeros(self.frame.shape))]
        stocks = {n: self._gather(level) if n in self.stocks else level[0] for n, level in levels.items()}
        return Solution(
            self.system,
            {flow: self.frame.array(mass) for flow, mass in gathered.items()},
            {name: self.frame.array(level) for name, level in stocks.items()},
        )

    def _gather(self, years: list[Floats]) -> Floats:
        return np.stack([np.broadcast_to(one, self.frame.shape[1:]) for one in years])

    def _year(self, year: int) -> dict[Flow, Floats]:
        shares = {flow: _of(share, year) for flow, share in self.coefficients.items()}
        edges = {(self.place[g], self.place[t]): share for (g, t), share in shares.items() if t in self.place}
        left = {name: stock.survivors() for name, stock in self.stocks.items()}
        known = self._solve(year, edges, left, None)
        units = [self._solve(year, edges, left, gap) for gap in range(len(self.gaps))]
        sizes = self._sizes(year, shares, known, units, left)
        states = [known, *units]
        weights = [np.ones(1), *(size[..., None] for size in sizes)]
        flows = {
            flow: sum((w * self._flow(year, flow, shares, s) for w, s in zip(weights, states, strict=True)), self.zero)
            for flow in self.system.flow_names()
        }
        for name, stock in self.stocks.items():
            entered = sum((w * s.inflow[self.place[name]] for w, s in zip(weights, states, strict=True)), self.zero)
            stock.level = left[name] + entered * stock.alive[0]
            stock.made.append(entered)
        return flows

    def _solve(self, year: int, edges: dict[Edge, Floats], left: dict[str, Floats], gap: int | None) -> _State:
        """Throughputs for what is known (`gap` None) or for a unit of one gap."""
        supply, released = self._supply(year, gap), [self.zero] * len(self.inner)
        gains: list[Floats] = [np.ones_like(self.zero)] * len(self.inner)
        for name, stock in self.stocks.items():
            gains[self.place[name]] = 1.0 - stock.alive[0]
            if gap is None:
                released[self.place[name]] = stock.level - left[name]
        # what a stock releases from earlier years leaves it whatever enters: it is added behind the gain
        offset = self._behind(edges, gains, released)
        inner = [one + more for one, more in zip(supply, offset, strict=True)]
        held = not (self.changing and gap is None) and not (year == 0 and gap is None)
        moved = self.network.solve(edges, gains, inner, held)
        outflow = [one + more for one, more in zip(moved, released, strict=True)]
        inflow = list(supply)
        for (giver, taker), share in edges.items():
            inflow[taker] = inflow[taker] + share * outflow[giver]
        return _State(outflow, inflow, gap)

    def _behind(self, edges: dict[Edge, Floats], gains: list[Floats], released: list[Floats]) -> list[Floats]:
        """Supply that what the stocks release brings to the processes after them."""
        offset = [self.zero] * len(gains)
        for (giver, taker), share in edges.items():
            if released[giver] is not self.zero:
                offset[taker] = offset[taker] + share * released[giver]
        return offset

    def _supply(self, year: int, gap: int | None) -> list[Floats]:
        """Mass that enters each process from outside, less what given outflows take from residual outlets."""
        supply = [self.zero] * len(self.inner)
        if gap is not None:
            flow = self.gaps[gap]
            supply[self.place[flow[1]]] = self.zero + _of(self.system.gaps[flow], year)
            return supply
        for (giver, taker), mass in self.system.given.items():
            if taker in self.place:
                supply[self.place[taker]] = supply[self.place[taker]] + _of(mass, year)
            rest = self.system.rests.get(giver)
            if rest in self.place:
                supply[self.place[rest]] = supply[self.place[rest]] - _of(mass, year)
        return supply

    def _flow(self, year: int, flow: Flow, shares: dict[Flow, Floats], state: _State) -> Floats:
        """Mass of one flow in one state."""
        giver, taker = flow
        if flow in self.system.given:
            return _of(self.system.given[flow], year) if state.gap is None else self.zero
        if flow in self.system.gaps:
            mine = state.gap is not None and self.gaps[state.gap] == flow
            return _of(self.system.gaps[flow], year) if mine else self.zero
        mass = self.zero + shares[flow] * state.outflow[self.place[giver]]
        if state.gap is None and self.system.rests.get(giver) == taker:
            for (other, _), given in self.system.given.items():
                if other == giver:
                    mass = mass - _of(given, year)
        return mass

    def _sizes(
        self, year: int, shares: dict[Flow, Floats], known: _State, units: list[_State], left: dict[str, Floats]
    ) -> list[Floats]:
        """Size of every gap ``(*axes,)``: the conditions are linear in them."""
        if not units:
            return []
        found = [self._conditions(year, shares, state, left) for state in (known, *units)]
        missing = np.stack(np.broadcast_arrays(*(-one for one in found[0])), axis=-1)
        columns = [np.stack(np.broadcast_arrays(*unit), axis=-1) for unit in found[1:]]
        matrix = np.stack(np.broadcast_arrays(*columns), axis=-1)
        try:
            sizes = np.linalg.solve(matrix, missing[..., None])[..., 0]
        except np.linalg.LinAlgError:
            sizes = np.full(1, np.nan)
        if not np.isfinite(sizes).all():
            wanted = self.system.conditions.names(self.system.stocks)
            raise ModelError(f"gaps {self.gaps} cannot meet {wanted} in {self.frame.years[year]}")
        return [sizes[..., gap] for gap in range(len(units))]

    def _conditions(
        self, year: int, shares: dict[Flow, Floats], state: _State, left: dict[str, Floats]
    ) -> list[Floats]:
        """Excess of every condition in one state: 0 where it holds; its target counts in the known state only."""
        known = 1.0 if state.gap is None else 0.0
        rows = []
        for (giver, taker, element), target in self.system.conditions.demands.items():
            mass = self.zero + self._flow(year, (giver, taker), shares, state)
            some = mass if element is None else mass[..., [self.frame.elements.index(element)]]
            rows.append(some.sum(axis=-1) - known * _of(target, year)[..., 0])
        for flow, share in self.system.conditions.input_shares.items():
            mass = self.zero + self._flow(year, flow, shares, state)
            rows.append(mass.sum(axis=-1) - _of(share, year)[..., 0] * self._entering(year, flow[1], shares, state))
        for name, stock in self.stocks.items():
            if stock.rule.level is not None:
                rows.append(self._level_excess(year, name, state, left[name], known))
        return rows

    def _entering(self, year: int, name: str, shares: dict[Flow, Floats], state: _State) -> Floats:
        total: Floats = self.zero.sum(axis=-1)
        for flow in self.system.flow_names():
            if flow[1] == name:
                total = total + (self.zero + self._flow(year, flow, shares, state)).sum(axis=-1)
        return total

    def _level_excess(self, year: int, name: str, state: _State, left: Floats, known: float) -> Floats:
        stock = self.stocks[name]
        target = _of(stock.rule.level, year)[..., 0] if stock.rule.level is not None else np.zeros(1)
        old, target = np.broadcast_arrays((self.zero + left).sum(axis=-1), target)
        short = old > target * (1.0 + NEGATIVE)
        if known and short.any():
            raise NegativeFlowError(
                f"stock {name!r} in {self.frame.years[year]}: {old[short].flat[0]:g} survives, more than the level "
                "wanted; allowed: a level that does not fall faster"
            )
        entered = (self.zero + state.inflow[self.place[name]] * stock.alive[0]).sum(axis=-1)
        excess: Floats = entered - known * (target - old)
        return excess

    def _refuse_negative(self, flows: dict[Flow, Floats]) -> None:
        for (giver, taker), mass in flows.items():
            wrong = mass < 0.0
            if not wrong.any():
                continue
            beside = sum((np.abs(m) for (g, t), m in flows.items() if giver == g or taker == t), np.zeros(1))
            wrong &= mass < -NEGATIVE * np.asarray(beside).sum(axis=-1, keepdims=True)
            if wrong.any():
                raise NegativeFlowError(
                    f"flow {giver} -> {taker} is {mass[wrong][0]:g}{self.frame.cell(wrong)}; allowed: 0 or more"
                )


def _of(value: Floats, year: int) -> Floats:
    """Give the value of one year: that of every year if it does not vary."""
    chosen: Floats = value[year] if len(value) > 1 else value[0]
    return chosen


def solve(system: System) -> Solution:
    """Solve a checked system; see `System.solve`."""
    return _Solver(system).run()
