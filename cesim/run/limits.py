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
from cesim.run.periods import balance_years

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.scenario.model import AlloySpec, Scenario

    Floats = NDArray[np.float64]

_ELEMENTS = METALS[1:-1]
"""Si to Ti; aluminium is the rest and `other` has a total."""


@dataclass(frozen=True)
class Windows:
    """The limits of all alloys, (Y, A) as in `inputs.Metal`, and the rows they were read from."""

    windows: tuple[tuple[AlloyWindow, ...], ...]
    rows: tuple[tuple[str, Row], ...]


@dataclass(frozen=True)
class AlloyMiddle:
    """The middle of each alloy's window: the composition of cars older than the balance."""

    composition: Floats

    def of(self, alloy: str, element: str) -> float:
        """Mass fraction of an element in an alloy."""
        return float(self.composition[ALLOYS.index(alloy), METALS.index(element)])


def read_windows(scenario: Scenario) -> Windows:
    """Limits of every alloy of the scenario in every year of its balance, widened where it says so."""
    primary, years = primary_composition(scenario), balance_years(scenario)
    by_alloy, read = [], []
    for alloy in ALLOYS:
        spec = scenario.remelting.alloys[alloy]
        lower, upper, used = _limits(spec)
        by_alloy.append(_by_year(alloy, spec, lower, upper * _widened(spec, years), primary))
        read += [(f"alloys.{alloy}.{row.key.rsplit('.', 2)[1]}.{row.key.rsplit('.', 2)[2]}", row) for row in used]
    windows: list[tuple[AlloyWindow, ...]] = []
    for own in zip(*by_alloy, strict=True):
        unchanged = windows and all(one is before for one, before in zip(own, windows[-1], strict=True))
        windows.append(windows[-1] if unchanged else own)
    return Windows(tuple(windows), tuple(read))


def _widened(spec: AlloySpec, years: NDArray[np.int64]) -> Floats:
    """(Y, element) factors on the upper limits."""
    factors = np.ones((years.size, len(METALS)))
    for element, path in spec.widen.items():
        factors[:, METALS.index(element)] = path.best(years.tolist())
    return factors


def _by_year(alloy: str, spec: AlloySpec, lower: Floats, upper: Floats, primary: Floats) -> list[AlloyWindow]:
    """Limits of an alloy year by year, of upper limits (Y, element); years alike share one window."""
    windows: list[AlloyWindow] = []
    for year, own in enumerate(upper):
        if year and np.array_equal(own, upper[year - 1]):
            windows.append(windows[-1])
            continue
        highest = np.maximum(own, np.where(lower > 0, 0.0, primary))
        crossed = [element for element in spec.widen if lower[METALS.index(element)] > highest[METALS.index(element)]]
        if crossed:
            raise NoAnswer([_crossed(alloy, element) for element in crossed])
        windows.append(AlloyWindow(lower, np.minimum(highest, 1.0), primary))
    return windows


def _crossed(alloy: str, element: str) -> Fault:
    return Fault("limits_crossed", Place(model=f"remelting.alloys.{alloy}.widen.{element}"), {"found": element})


def middle(windows: Windows) -> AlloyMiddle:
    """The middles of all alloys by their limits in the first year of the balance."""
    return AlloyMiddle(np.array([window.middle for window in windows.windows[0]]))


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
