"""The balance of a solution, worked out a second time from what it says.

The solver made the flows from coefficients; this reads the flows and stocks by the labels of their axes and
asks of every cell: what came in, left or stayed; is the level of every stock what ever came in less what ever
left; has everything left the stocks that their lifetimes say, and no more; and does every flow keep the
coefficient, the mass or the condition it was stated with. Residuals are relative to the throughput of the
process in that year (of a stock: to the largest of level, inflow and outflow so far).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.cohorts import inflow_driven

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.balance.arrays import Array, Floats
    from cesim.balance.solution import Solution

TOLERANCE = 1e-9
_KEPT = 10


@dataclass(frozen=True)
class Residual:
    """One cell that does not balance: what was checked, where, how much in mass and beside the throughput."""

    check: str
    cell: str
    mass: float
    relative: float


@dataclass(frozen=True)
class Balance:
    """Worst residual of every check, the worst first."""

    residuals: tuple[Residual, ...]

    @property
    def worst(self) -> Residual:
        """The cell that balances least."""
        return self.residuals[0]

    @property
    def closes(self) -> bool:
        """Whether every residual is within rounding."""
        return self.worst.relative <= TOLERANCE

    def __str__(self) -> str:
        verdict = "closes" if self.closes else "DOES NOT CLOSE"
        return f"balance {verdict}: {self.worst.check}, {self.worst.cell}, {self.worst.relative:.1e} of throughput"


def audit(solution: Solution) -> Balance:
    """Check every process, stock, coefficient and condition of a solution."""
    found = list(_Audit(solution).residuals())
    return Balance(tuple(sorted(found, key=lambda one: -one.relative)[:_KEPT]))


class _Audit:
    def __init__(self, solution: Solution) -> None:
        self.solution, self.system, self.frame = solution, solution.system, solution.system.frame
        self.flows = {flow: self._by_label(array) for flow, array in solution.flows.items()}
        self.stocks = {name: self._by_label(array) for name, array in solution.stocks.items()}

    def _by_label(self, array: Array) -> Floats:
        """Values as ``(year, *axes, element)``, every place found by its label; what has no place is lost."""
        values = array.transpose(*(axis.name for axis in self.frame.coords))
        placed = values.values
        for number, (axis, mine) in enumerate(zip(values.coords, self.frame.coords, strict=True)):
            labels, wanted = axis.labels or (), mine.labels or ()
            if labels != wanted:
                order = [labels.index(label) if label in labels else -1 for label in wanted]
                missing = np.array([place < 0 for place in order])
                placed = np.take(placed, order, axis=number)
                shape = [1] * placed.ndim
                shape[number] = len(wanted)
                placed = np.where(missing.reshape(shape), 0.0, placed)
        return placed

    def residuals(self) -> Iterator[Residual]:
        """Worst cell of every check."""
        for name, kind in self.system.kinds.items():
            if kind == "process":
                into, out = self._sum(name, 1), self._sum(name, 0)
                yield self._worst("process in = out", name, into - out, np.maximum(into, out))
            elif kind in ("stock", "sink"):
                yield from self._stock(name)
        yield from self._stated()
        yield from self._conditions()

    def _flow(self, giver: str, taker: str) -> Floats:
        """Mass of a flow; a flow that is not there has none."""
        return self.flows.get((giver, taker), np.zeros(self.frame.shape))

    def _sum(self, name: str, end: int) -> Floats:
        total = np.zeros(self.frame.shape)
        for flow, mass in self.flows.items():
            if flow[end] == name:
                total = total + mass
        return total

    def _stock(self, name: str) -> Iterator[Residual]:
        into, out, level = self._sum(name, 1), self._sum(name, 0), self.stocks[name]
        rule = self.system.stocks.get(name)
        start = np.zeros((1, *self.frame.shape[1:]))
        for mass in rule.initial if rule else ():
            start = start + mass
        ever, gone = np.cumsum(into, axis=0), np.cumsum(out, axis=0)
        scale = np.maximum(np.maximum(start + ever, gone), np.abs(level))
        yield self._worst("stock level = cumulative net inflow", name, level - start - ever + gone, scale)
        before = np.concatenate([start, level[:-1]])
        yield self._worst("stock change = in - out", name, level - before - into + out, scale)
        if rule is None:
            return
        old = [np.moveaxis(np.broadcast_to(mass[0], self.frame.shape[1:]), -1, 0) for mass in rule.initial]
        cohorts = inflow_driven(
            np.moveaxis(np.moveaxis(into, -1, 0), 1, -1),
            rule.survival,
            rule.at,
            initial=np.stack(old, axis=-1) if old else None,
        )
        lived = np.moveaxis(np.moveaxis(cohorts.stock, -1, 0), 1, -1)
        yield self._worst("stock level = survivors of its inflow", name, level - lived, scale)

    def _stated(self) -> Iterator[Residual]:
        """Every flow against the coefficient or the mass it was stated with."""
        for (giver, taker), share in self.system.shares.items():
            out = self._sum(giver, 0)
            mass = self._flow(giver, taker)
            yield self._worst("flow = coefficient x throughput", f"{giver} -> {taker}", mass - share * out, out)
        for (giver, taker), given in self.system.given.items():
            mass = self._flow(giver, taker)
            yield self._worst(
                "flow as given", f"{giver} -> {taker}", mass - given, np.maximum(mass, given + 0.0 * mass)
            )
        for (giver, taker), composition in self.system.gaps.items():
            mass = self._flow(giver, taker)
            total = mass.sum(axis=-1, keepdims=True)
            yield self._worst("composition of gap", f"{giver} -> {taker}", mass - composition * total, mass)

    def _conditions(self) -> Iterator[Residual]:
        for (giver, taker, element), target in self.system.conditions.demands.items():
            mass = self._flow(giver, taker)
            some = mass if element is None else mass[..., [self.frame.elements.index(element)]]
            total = some.sum(axis=-1, keepdims=True)
            yield self._worst("demand", f"{giver} -> {taker}", total - target, mass)
        for (giver, taker), share in self.system.conditions.input_shares.items():
            total = self._flow(giver, taker).sum(axis=-1, keepdims=True)
            into = self._sum(taker, 1)
            wanted = share * into.sum(axis=-1, keepdims=True)
            yield self._worst("input share", f"{giver} -> {taker}", total - wanted, into)
        for name, rule in self.system.stocks.items():
            if rule.level is not None:
                level = self.stocks[name]
                total = level.sum(axis=-1, keepdims=True)
                yield self._worst("level of stock", name, total - rule.level, level)

    def _worst(self, check: str, what: str, residual: Floats, throughput: Floats) -> Residual:
        scale = np.abs(throughput).sum(axis=-1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(residual == 0.0, 0.0, np.abs(residual) / scale)
        # what is not a number never passes for small
        relative = np.where(np.isnan(relative), np.inf, relative)
        here = np.unravel_index(int(np.argmax(relative)), relative.shape)
        labels = ", ".join(
            f"{axis.name} {(axis.labels or ())[place]}"
            for axis, place, length in zip(self.frame.coords, here, relative.shape, strict=True)
            if length > 1 or len(axis.labels or ()) == 1
        )
        return Residual(check, f"{what} ({labels})", float(residual[here]), float(relative[here]))
