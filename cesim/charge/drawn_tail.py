"""The tail: a risk kept over drawn heats, for lots that may be one thing or another.

The worst ``exp(-tightness)`` of the drawn heats keep their limits on average (conditional value at risk; R. T.
Rockafellar, S. Uryasev, Journal of Risk 2 (2000) 21). Limits that nothing uncertain reaches are kept as they are: in
the sample they would be missed by exactly nothing in every heat, and the average could fall below nothing nowhere.
"""

from __future__ import annotations

from copy import copy
from functools import cached_property
from math import exp, log
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.charge.heats import deviations, drawn_components
from cesim.charge.margins import of_the_means
from cesim.charge.programme import Programme
from cesim.charge.tail import TailSample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.sheet import ChargeSheet, End, Side
    from cesim.charge.tail import TailSolution

    Floats = NDArray[np.float64]

IN_THE_TAIL: Final = 50
"""Heats that the tail must hold at least, so that it is estimated and not fitted."""
PLANNED: Final = (2_000, 50_000)
"""Fewest and most heats that a charge is planned on."""
NUMBERS: Final = 1_000_000
"""Numbers that the heats planned on may have in any case, as far as heats go."""
LEFT: Final = 5
"""Heats that the tail must hold at least where the worst of them have been given up."""
SEEN: Final = 0.01
"""Share of the tail from which a limit is said to bind."""


class DrawnTail:
    """See the module; it begins where a tail that falls off exponentially has the risk asked for: at e times it."""

    def __init__(self, sheet: ChargeSheet, cost: Floats, joint: float, seed: int) -> None:
        self.sheet, self.cost, self.seed = sheet, cost, seed
        cheap = NUMBERS // (max(len(sheet.ends), 1) * len(sheet.names))
        self.count = int(min(max(IN_THE_TAIL / joint, PLANNED[0], cheap), PLANNED[1]))
        self.start, self.tightest = max(-log(joint) - 1.0, 0.2), log(self.count / IN_THE_TAIL)
        drawn = {
            at: deviations(sheet, lot, self.count, "plan", seed) for at, lot in enumerate(sheet.lots) if lot.varies
        }
        within_reach = [at for at, end in enumerate(sheet.ends) if _can_miss(sheet, end, drawn)]
        self.sampled = [at for at in within_reach if _is_uncertain(sheet, sheet.ends[at], drawn)]
        self.certain = [at for at in within_reach if at not in self.sampled]
        self.programme = self._programme()
        self.whole = self.sample = TailSample(self.programme, self._rows(drawn))
        self._places: tuple[Floats, ...] = ()

    @cached_property
    def wrong(self) -> list[tuple[float, NDArray[np.bool_]]]:
        """What may be wrong: how likely a lot is some other thing than the likeliest, and in which heats it is."""
        found = []
        for lot in self.sheet.lots:
            if lot.varies and lot.belief.weights.size > 1 and lot.stock != 0.0:
                components = drawn_components(lot, self.count, "plan", self.seed)
                weights = lot.belief.weights
                others = [at for at in np.flatnonzero(weights) if at != weights.argmax()]
                found += [(float(weights[at]), components == at) for at in others]
        return found

    def without(self, given_up: NDArray[np.bool_]) -> DrawnTail:
        """Return the same where some of the heats, (heat,), may miss what they like."""
        other = copy(self)
        other.sample, other._places = self.whole.without(given_up), ()
        other.tightest = log(max(other.sample.count / LEFT, 1.0))
        return other

    def misses(self, masses: Floats) -> Floats:
        """Return by which share every heat planned on misses a limit, (heat,); below zero where it keeps all."""
        return self.whole.misses(self._x(masses))[0]

    def solve(self, tightness: float) -> Floats | None:
        """Return masses, (column,); None where there is no charge. 0 is the charge of the means."""
        if tightness <= 0.0 or not self.sampled:
            return of_the_means(self.sheet, self.cost)
        if tightness > self.tightest:
            return None
        told = self._told(tightness)
        return None if told.status == "infeasible" else told.x[: len(self.cost)] + self.sheet.least

    def pace(self, _: float) -> float:
        """Return 1: where the tail is half as large, so is about the risk."""
        return 1.0

    def nominal(self, masses: Floats) -> float:
        """Return the share of the heats planned on that miss a limit."""
        return float((self.misses(masses) > 1e-9).mean()) if self.sampled else 0.0

    def prices(self, tightness: float) -> dict[str, tuple[Side, float, float]]:
        """Return the limits that bind: name -> side and the derivatives of what is least, down and up.

        By the envelope theorem: the price of the tail, times what a limit moves it by, in a tail that is taken so long
        that it is smooth: then both sides are the same.
        """
        if tightness <= 0.0 or not self.sampled:
            return {}
        smooth = self._told(min(tightness, log(self.sample.count / IN_THE_TAIL)))
        misses, pieces = self.sample.misses(smooth.x)
        worst = np.argsort(misses)[-max(int(smooth.tail_scenarios), 1) :]
        told = self._told(tightness)
        which, miss = self.sample.row[pieces[worst]], misses[worst]
        found: dict[str, tuple[Side, float, float]] = {}
        for own, at in enumerate(self.sampled):
            end, inside = self.sheet.ends[at], which == own
            felt = float((1.0 + _sign(end) * miss[inside]).sum()) / (len(worst) * end.limit * self.sheet.furnace.mass)
            price = float(_sign(end) * told.tail_price * felt + told.row_price[own])
            if inside.mean() >= SEEN or told.row_price[own]:
                found[end.name] = (end.side, price, price)
        for own, at in enumerate(self.certain, len(self.sampled)):
            if told.row_price[own]:
                end, price = self.sheet.ends[at], float(told.row_price[own])
                found[end.name] = (end.side, price, price)
        return found

    def _told(self, tightness: float) -> TailSolution:
        told = self.sample.solve(exp(-tightness), places=self._places)
        self._places = told.places or self._places
        return told

    def _x(self, masses: Floats) -> Floats:
        """Return masses as the programme's columns; slacks of what is certain are of no account."""
        x = np.zeros(self.programme.cost.size)
        x[: len(self.cost)], x[len(self.cost)] = masses - self.sheet.least, 1.0
        return x

    def _programme(self) -> Programme:
        """Return rows: sampled ends, certain ends, melt, one. Columns: the sheet's, what must go in, slacks.

        What must go in is one column of exactly one; a certain end is an equality with a slack.
        """
        sheet, certain = self.sheet, self.certain
        base = sheet.programme(self.cost)
        order, mass = [*self.sampled, *certain, len(sheet.ends)], sheet.furnace.mass
        must = (sheet.rows @ sheet.least)[order]
        slack = np.zeros((len(order), len(certain)))
        for own, at in enumerate(certain):
            slack[len(self.sampled) + own, own] = _sign(sheet.ends[at])
        one = np.zeros(base.cost.size + 1 + len(certain))
        one[base.cost.size] = 1.0
        limit = np.array([*(sheet.ends[at].limit * mass for at in order[:-1]), mass, 1.0])
        free = np.array([*(sheet.ends[at].side for at in self.sampled), *("both" for _ in certain), "both", "both"])
        return Programme(
            np.concatenate([self.cost, np.zeros(1 + len(certain))]),
            np.vstack([np.hstack([base.rows[order], must[:, None], slack]), one]),
            np.where(free == "upper", -np.inf, limit),
            np.where(free == "lower", np.inf, limit),
            np.concatenate([base.stock, [1.0], np.full(len(certain), 2.0 * mass)]),
        )

    def _rows(self, drawn: dict[int, Floats]) -> Floats:
        """Return the rows as they may turn out, (heat, row, column).

        With the melt of a heat not quite the mean, a limit allows so much more of the element: that is taken off.
        """
        rows = np.tile(self.programme.rows, (self.count, 1, 1))
        for own, at in enumerate(self.sampled):
            felt = _felt(self.sheet, self.sheet.ends[at])
            for column, apart in drawn.items():
                scatter = apart @ felt
                rows[:, own, column] += scatter
                rows[:, own, len(self.cost)] += scatter * self.sheet.least[column]
        return rows


def _felt(sheet: ChargeSheet, end: End) -> Floats:
    """Return what a limit feels of a tonne of each element more, (element,)."""
    return end.weights * sheet.gain + (end.of_melt - end.limit) * sheet.slope


def _sign(end: End) -> float:
    return 1.0 if end.side == "upper" else -1.0


def _can_miss(sheet: ChargeSheet, end: End, drawn: dict[int, Floats]) -> bool:
    """Say whether some material in some heat would miss a limit on its own; if none does, no mix can."""
    felt, row = _felt(sheet, end), sheet.content @ end.weights + end.of_melt * sheet.melted
    over = _sign(end) * (row - end.limit * sheet.melted)
    return any(over > 0.0) or any((over[at] + _sign(end) * (own @ felt) > 0.0).any() for at, own in drawn.items())


def _is_uncertain(sheet: ChargeSheet, end: End, drawn: dict[int, Floats]) -> bool:
    """Say whether a limit above zero feels any doubt; a limit of zero has no relative miss."""
    return end.limit > 0.0 and any((own @ _felt(sheet, end)).any() for own in drawn.values())
