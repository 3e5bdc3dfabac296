"""The limits of the alloys, read from the alloy table, and the metal they are diluted with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.metal import METALS
from cesim.charge.dilution import AlloyWindow
from cesim.data import Row, rows
from cesim.errors import Fault, NoAnswer, Place
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.scenario.model import AlloySpec, Scenario

    Floats = NDArray[np.float64]

_ELEMENTS = METALS[1:-1]
"""Si to Ti; aluminium is the rest and `other` has a total."""


@dataclass(frozen=True)
class Windows:
    """The limits of all alloys and the rows they were read from."""

    windows: tuple[AlloyWindow, ...]
    rows: tuple[tuple[str, Row], ...]


@dataclass(frozen=True)
class AlloyMiddle:
    """The middle of each alloy's window: the composition of cars older than the balance."""

    composition: Floats

    def of(self, alloy: str, element: str) -> float:
        """Mass fraction of an element in an alloy."""
        return float(self.composition[ALLOYS.index(alloy), METALS.index(element)])


def read_windows(scenario: Scenario) -> Windows:
    """Limits of every alloy of the scenario, widened where it says so."""
    primary = primary_composition(scenario)
    windows, read = [], []
    for alloy in ALLOYS:
        spec = scenario.remelting.alloys[alloy]
        lower, upper, used = _limits(spec)
        for element, factor in spec.widen.items():
            upper[METALS.index(element)] *= factor.value
        upper = np.maximum(upper, np.where(lower > 0, 0.0, primary))
        crossed = [element for element in spec.widen if lower[METALS.index(element)] > upper[METALS.index(element)]]
        if crossed:
            raise NoAnswer(
                [
                    Fault(
                        "limits_crossed", Place(model=f"remelting.alloys.{alloy}.widen.{element}"), {"found": element}
                    )
                    for element in crossed
                ]
            )
        windows.append(AlloyWindow(lower, np.minimum(upper, 1.0), primary))
        read += [(f"alloys.{alloy}.{row.key.rsplit('.', 2)[1]}.{row.key.rsplit('.', 2)[2]}", row) for row in used]
    return Windows(tuple(windows), tuple(read))


def middle(windows: Windows) -> AlloyMiddle:
    """The middles of all alloys."""
    return AlloyMiddle(np.array([window.middle for window in windows.windows]))


def primary_composition(scenario: Scenario) -> Floats:
    """Mass fractions of primary metal; aluminium is what its impurities leave."""
    out = np.zeros(len(METALS))
    for element, share in scenario.remelting.primary.items():
        out[METALS.index(element)] = share.value
    out[0] = 1.0 - out.sum()
    return out


def _limits(spec: AlloySpec) -> tuple[Floats, Floats, list[Row]]:
    lower, upper = np.zeros(len(METALS)), np.ones(len(METALS))
    used = []
    for element in _ELEMENTS:
        for end, array in (("min", lower), ("max", upper)):
            row = _row(f"alloys.{spec.limits_from}.{element.lower()}.{end}")
            if row is not None and row.value is not None:
                array[METALS.index(element)] = row.value / 100.0
                used.append(row)
    total = _row(f"alloys.{spec.limits_from}.others_total.max")
    upper[-1] = total.value / 100.0 if total is not None and total.value is not None else 0.01
    if total is not None:
        used.append(total)
    unstated = (upper == 1.0) & (lower == 0.0)
    unstated[0] = False
    upper[unstated] = 0.0015
    return lower, upper, used


@cache
def _alloy_rows() -> dict[str, Row]:
    return {row.key: row for row in rows("alloys")}


def _row(key: str) -> Row | None:
    return _alloy_rows().get(key)
