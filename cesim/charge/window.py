"""The limits of an alloy as rows over the elements of the scrap: what a melt is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.alloys import OTHERS_EACH, OTHERS_TOTAL
from cesim.charge.composition import TOLERANCE
from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.charge.alloys import AlloyLimits

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Window:
    """Every limit of an alloy on its own line, so that a melt is one product of a matrix away from its verdict.

    A line with weights ``w``, side ``s`` (1 upper, -1 lower) and limit ``u`` is kept where ``s (w @ content - u mass)``
    is at most 0, for the t of each element and the t of melt.
    """

    names: tuple[str, ...]
    """Limit of each line: an element, a sum or ``others total``; ``"Mg min"`` for a lower limit."""
    weights: Floats
    """(line, element)."""
    sides: Floats
    """1 upper, -1 lower, (line,)."""
    limits: Floats
    """Mass fractions, (line,)."""

    @classmethod
    def of(cls, alloy: AlloyLimits, elements: tuple[str, ...]) -> Window:
        """Return the lines of an alloy over the elements that the scrap is known by.

        Limits of the whole (1) and of nothing (0 below) are no lines.

        Raises
        ------
        InputError
            ``charge_not_measured`` for an element with a limit that the scrap says nothing about.
        """
        with Refusals(f"AlloyLimits {alloy.name}") as refusals:
            for name in alloy.elements:
                if name not in elements:
                    refusals.refuse("charge_not_measured", name)
        lines = [line for line in _lines(alloy, elements) if (line[3] < 1.0 if line[2] > 0 else line[3] > 0.0)]
        weights = np.array([[float(element in line[1]) for element in elements] for line in lines])
        return cls(
            tuple(line[0] for line in lines),
            weights.reshape(len(lines), len(elements)),
            np.array([line[2] for line in lines]),
            np.array([line[3] for line in lines]),
        )

    def over(self, content: Floats, mass: Floats) -> Floats:
        """Return by how much each line is missed, t (above 0) or kept, (..., line).

        Parameters
        ----------
        content, mass
            t of each element, (..., element), and t of melt, (...).
        """
        return np.asarray((content @ self.weights.T - mass[..., None] * self.limits) * self.sides)

    def misses(self, content: Floats, mass: Floats) -> NDArray[np.bool_]:
        """Say which melts miss a limit by more than 1e-9 of their mass, (...)."""
        return np.asarray((self.over(content, mass) > TOLERANCE * mass[..., None]).any(axis=-1))


def _lines(alloy: AlloyLimits, elements: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...], float, float]]:
    for name, low, high in zip(alloy.elements, alloy.lower, alloy.upper, strict=True):
        yield name, (name,), 1.0, float(high)
        yield f"{name} min", (name,), -1.0, float(low)
    for name, (low, high) in alloy.sums.items():
        yield name, tuple(name.split("+")), 1.0, high
        yield f"{name} min", tuple(name.split("+")), -1.0, low
    others = tuple(element for element in elements if element not in alloy.elements)
    if others and alloy.others_total is not None:
        yield OTHERS_TOTAL, others, 1.0, alloy.others_total
    if alloy.others_each is not None:
        for name in others:
            yield f"{name} ({OTHERS_EACH})", (name,), 1.0, alloy.others_each
