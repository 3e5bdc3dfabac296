"""A melt shop that buys the accepted scrap: the charge it can make of it, with a margin that keeps the stated risk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.charge.composition import TOLERANCE
from cesim.charge.faults import Refusals
from cesim.charge.margin import upper_bound
from cesim.charge.programme import Programme
from cesim.charge.simplex import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.furnace import Furnace
    from cesim.charge.programme import Solution
    from cesim.charge.window import Window

    Floats = NDArray[np.float64]
    Goal = Literal["recycled", "cost", "co2"]

GOALS = ("recycled", "cost", "co2")


@dataclass(frozen=True, eq=False)
class MeltShop:
    """Who melts the scrap: the furnace and what it may add, what scrap costs, and how much risk is taken.

    Raises
    ------
    InputError
        For numbers out of range, no additions (of which pure aluminium may be one), an unknown goal.
    """

    furnace: Furnace
    """Yields or recoveries, energy, and the primary metal and additions of the shop, with prices and CO2."""
    scrap_price: float
    """JPY/t accepted."""
    scrap_co2: float
    """t CO2e/t accepted: collection, sorting and transport."""
    lots_per_heat: int
    """Lots of accepted scrap in one heat."""
    risk: float
    """Share of heats that may miss any limit of the alloy."""
    goal: Goal = "recycled"
    """What the charge is made for: most scrap, least cost or least CO2."""
    heats: int = 50_000
    """Heats simulated to find the margin, and as many fresh ones to report the risk; 10 / risk at least."""

    def __post_init__(self) -> None:
        with Refusals("MeltShop") as refusals:
            refusals.number("scrap_price", self.scrap_price, 0.0, shape=())
            refusals.number("scrap_co2", self.scrap_co2, 0.0, shape=())
            refusals.number("lots_per_heat", self.lots_per_heat, 1, shape=())
            refusals.number("risk", self.risk, 0.0, 1.0, shape=(), above=True)
            refusals.number("heats", self.heats, 10.0 / max(self.risk, 1e-12), shape=())
            refusals.known("goal", self.goal, GOALS)
            if not self.furnace.additions:
                refusals.refuse("charge_empty", "furnace.additions")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of a charge: the accepted scrap, then what is added."""
        return ("scrap", *(addition.name for addition in self.furnace.additions))


@dataclass(frozen=True, eq=False)
class ScrapHeats:
    """Simulated heats of one tonne of scrap each, seen through the limits of an alloy."""

    shop: MeltShop
    window: Window
    elements: tuple[str, ...]
    scrap: Floats
    """True composition of the scrap of each heat, (heat, element)."""

    def charge(self, margin: float) -> Solution:
        """Return the t of scrap and additions, (1 + additions,), per t of melt for the mean composition of the scrap.

        The margin, in standard deviations between heats, is kept on every limit. Then, among charges as good as the
        best, the cheapest.
        """
        first = solve(self._programme(margin, self._aims[self.shop.goal], 0.0))
        if first.status == "infeasible" or self.shop.goal != "recycled":
            return first
        return solve(self._programme(margin, self._aims["cost"], first.x[0] * (1.0 - 1e-12)))

    def off(self, x: Floats) -> NDArray[np.bool_]:
        """Say which heats miss a limit when charged as `x`, (heat,)."""
        over, mass = self._of_scrap
        added_over, added_mass = self._of_additions
        most = TOLERANCE * (x[0] * mass + x[1:] @ added_mass)
        rest = x[1:] @ added_over
        missed = np.zeros(mass.size, dtype=np.bool_)
        for line in range(over.shape[0]):
            missed |= x[0] * over[line] + rest[line] > most
        return missed

    def risk_at(self, margin: float) -> float:
        """Return the share of heats that miss a limit when charged with a margin; 1 where there is no such charge."""
        charge = self.charge(margin)
        return 1.0 if charge.status == "infeasible" else float(self.off(charge.x).mean())

    def bound_at(self, margin: float) -> float:
        """Return the one-sided 95 % upper bound of `risk_at` from so many heats."""
        charge = self.charge(margin)
        return 1.0 if charge.status == "infeasible" else upper_bound(int(self.off(charge.x).sum()), len(self.scrap))

    def bill(self, x: Floats) -> tuple[float, float, float]:
        """Return recycled content (share of the melt), JPY and t CO2e per t of melt."""
        return float(x[0] * self._middle[1][0]), float(self._aims["cost"] @ x), float(self._aims["co2"] @ x)

    def binding(self, x: Floats, margin: float, near: float) -> tuple[str, ...]:
        """Return the limits whose margin the charge uses up, to within `near` t per t of melt."""
        rows = self._with_margin(margin) @ x
        room = (self.window.limits - rows) * self.window.sides
        return tuple(name for name, left in zip(self.window.names, room, strict=True) if left < near)

    def part(self, piece: slice) -> ScrapHeats:
        """Return some of the heats."""
        return ScrapHeats(self.shop, self.window, self.elements, self.scrap[piece])

    @cached_property
    def _added(self) -> tuple[Floats, Floats]:
        """Per t, what is added brings: t of each element, (addition, element), and of melt, (addition,)."""
        held = np.array([addition.content(self.elements) for addition in self.shop.furnace.additions])
        return self.shop.furnace.transfer(held, self.elements, self.shop.names[1:])

    @cached_property
    def _of_additions(self) -> tuple[Floats, Floats]:
        content, mass = self._added
        return self.window.over(content, mass), mass

    @cached_property
    def _of_scrap(self) -> tuple[Floats, Floats]:
        """What a t of scrap adds to each line, (line, heat), and to the melt, (heat,)."""
        content, mass = self.shop.furnace.transfer(self.scrap[:, None, :], self.elements, ("scrap",))
        return np.ascontiguousarray(self.window.over(content[:, 0], mass[:, 0]).T), mass[:, 0]

    @cached_property
    def _middle(self) -> tuple[Floats, Floats]:
        """Rows of the mean charge, (line, column), and t of melt of each column; scrap first."""
        content, mass = self.shop.furnace.transfer(self.scrap.mean(axis=0)[None], self.elements, ("scrap",))
        content, mass = np.vstack([content, self._added[0]]), np.append(mass, self._added[1])
        return self.window.weights @ content.T, mass

    @cached_property
    def _aims(self) -> dict[str, Floats]:
        """Cost of each column for each goal."""
        furnace, added = self.shop.furnace, self.shop.furnace.additions
        price = np.array([self.shop.scrap_price, *(addition.price for addition in added)])
        co2 = np.array([self.shop.scrap_co2, *(addition.co2 for addition in added)])
        return {
            "recycled": -np.eye(price.size)[0],
            "cost": price + furnace.energy.use * furnace.energy.price,
            "co2": co2 + furnace.energy.use * furnace.energy.co2,
        }

    @cached_property
    def _spread(self) -> Floats:
        """Standard deviation between heats of what a t of scrap adds to each line, (line,)."""
        return np.asarray(self._of_scrap[0].std(axis=1))

    def _with_margin(self, margin: float) -> Floats:
        """Rows of the mean charge with the margin of the scrap, (line, column)."""
        rows = self._middle[0].copy()
        rows[:, 0] += self.window.sides * margin * self._spread
        return rows

    def _programme(self, margin: float, cost: Floats, least_scrap: float) -> Programme:
        rows, mass = self._with_margin(margin), self._middle[1]
        upper = np.where(self.window.sides > 0, self.window.limits, np.inf)
        lower = np.where(self.window.sides > 0, -np.inf, self.window.limits)
        stocks = [addition.stock for addition in self.shop.furnace.additions]
        heat = self.shop.furnace.mass
        stock = np.array([np.inf, *(np.inf if tonnes is None else tonnes / heat for tonnes in stocks)])
        return Programme(
            cost,
            np.vstack([rows, mass, np.eye(mass.size)[0]]),
            np.concatenate([lower, [1.0, least_scrap]]),
            np.concatenate([upper, [1.0, np.inf]]),
            np.minimum(stock, 1.0 / mass),
        )
