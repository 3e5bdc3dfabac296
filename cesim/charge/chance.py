"""A charge of materials that scatter: the one place where trials, co-design and information ask for a charge.

What the charge room solves for users (`Charge`) may take this place; what is asked here is only a mix for a goal, a
window and a margin, with the prices of its limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.cone import ConeProgramme, solve_cone
from cesim.charge.programme import Programme

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.cone import ConeSolution
    from cesim.charge.furnace import Furnace
    from cesim.charge.shop import Goal
    from cesim.charge.window import Window

    Floats = NDArray[np.float64]

_TIE = 1e-5
"""What cost counts for where most scrap is wanted."""


@dataclass(frozen=True, eq=False)
class Materials:
    """What may be charged, scrap first and the additions of the furnace last; per t charged."""

    furnace: Furnace
    elements: tuple[str, ...]
    names: tuple[str, ...]
    """Of the scrap."""
    means: Floats
    """Mass fractions of the scrap, (scrap, element)."""
    covariances: Floats
    """Of what a heat gets of it, (scrap, element, element)."""
    price: Floats
    """JPY/t of the scrap, (scrap,)."""
    co2: Floats
    """t CO2e/t of the scrap, (scrap,)."""
    stock: Floats
    """t of the scrap per t of melt, (scrap,); may be infinite."""

    @cached_property
    def transfer(self) -> tuple[Floats, Floats]:
        """Per t charged: t of each element, (material, element), and t of melt, (material,)."""
        held = np.array([addition.content(self.elements) for addition in self.furnace.additions])
        names = (*self.names, *(addition.name for addition in self.furnace.additions))
        return self.furnace.transfer(np.vstack([self.means, held]), self.elements, names)

    @cached_property
    def slope(self) -> tuple[Floats, Floats]:
        """What one more of an element in the scrap brings: (scrap, element) to itself, (scrap, element) to the melt."""
        size, step = len(self.elements), 1e-3
        content, mass = [], []
        for name in self.names:
            steps = np.vstack([np.zeros(size), step * np.eye(size)])
            held, melt = self.furnace.transfer(steps, self.elements, (name,) * (size + 1))
            content.append(np.diag(held[1:]) / step)
            mass.append((melt[1:] - melt[0]) / step)
        return np.array(content), np.array(mass)

    @cached_property
    def aims(self) -> dict[str, Floats]:
        """Cost of a t charged for each goal, (material,)."""
        energy, added = self.furnace.energy, self.furnace.additions
        price = np.append(self.price, [addition.price for addition in added])
        co2 = np.append(self.co2, [addition.co2 for addition in added])
        scrap = np.arange(price.size) < len(self.names)
        return {
            "recycled": np.where(scrap, -self.transfer[1], 0.0),
            "cost": price + energy.use * energy.price,
            "co2": co2 + energy.use * energy.co2,
        }

    def content_of(self, compositions: Floats) -> tuple[Floats, Floats]:
        """Return t of each element and of melt per t of the scrap of heats, (heat, scrap, element) and (heat, scrap).

        The furnace is linear in what it is charged with, so this is `transfer` without its checks.
        """
        own, melt = self.slope
        apart = compositions - self.means
        count = len(self.names)
        return self.transfer[0][:count] + apart * own, self.transfer[1][:count] + np.einsum("hse,se->hs", apart, melt)

    def programme(self, window: Window, limits: Floats, margin: float, cost: Floats) -> ConeProgramme:
        """Return the charge of one t of melt as a programme with margins; its last row is the melt."""
        content, mass = self.transfer
        rows = np.vstack([window.weights @ content.T, mass])
        upper = np.where(window.sides > 0, limits, np.inf)
        lower = np.where(window.sides > 0, -np.inf, limits)
        added = [addition.stock for addition in self.furnace.additions]
        heat = self.furnace.mass
        stock = np.append(self.stock, [np.inf if tonnes is None else tonnes / heat for tonnes in added])
        base = Programme(cost, rows, np.append(lower, 1.0), np.append(upper, 1.0), np.minimum(stock, 1.0 / mass))
        lines = np.arange(limits.size)
        factor = np.zeros((limits.size, len(self.names), mass.size))
        scrap = np.arange(len(self.names))
        factor[:, scrap, scrap] = self.spread(window, limits)
        return ConeProgramme(base, lines, factor, np.full(limits.size, margin))

    def spread(self, window: Window, limits: Floats) -> Floats:
        """Return the standard deviation between heats of what a t of each scrap adds to a line, (line, scrap)."""
        own, melt = self.slope
        direction = window.weights[:, None, :] * own - limits[:, None, None] * melt
        return np.asarray(np.sqrt(np.einsum("lse,sef,lsf->ls", direction, self.covariances, direction).clip(0.0)))

    def charge(self, window: Window, limits: Floats, margin: float, goal: Goal) -> ConeSolution:
        """Return the best charge, t per t of melt, with the prices of its limits in terms of the goal.

        Of charges with as much scrap the cheapest is wanted, so cost counts for a hundred-thousandth there.

        Raises
        ------
        NotSolvedError
            where no stage of the solver passes the gate
        """
        aim = self.aims[goal]
        if goal == "recycled":
            aim = aim + _TIE * self.aims["cost"] / max(float(self.aims["cost"].max()), 1e-300)
        return solve_cone(self.programme(window, limits, margin, aim))
