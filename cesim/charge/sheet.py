"""The charge sheet: lots, additions, furnace and alloy as the columns and rows of one programme.

A row is one end of one limit (``Fe`` upper, ``Mg`` lower, ``Mn+Cr`` upper...), in tonnes of the element in the melt;
the last row is the melt itself: ``sum_i x_i mass_i = furnace.mass``. Limits are shares of that mass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.charge.alloys import OTHERS_TOTAL
from cesim.charge.composition import BASE
from cesim.charge.faults import Refusals
from cesim.charge.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cesim.charge.alloys import AlloyLimits
    from cesim.charge.furnace import Addition, Furnace
    from cesim.charge.yard import Lot

    Floats = NDArray[np.float64]

Side = Literal["lower", "upper"]


@dataclass(frozen=True, eq=False)
class End:
    """One end of one limit: so much of these elements, and no more (or no less)."""

    name: str
    """The element or sum; an element without a limit of its own stands under its symbol."""
    side: Side
    limit: float
    """Mass fraction of the melt."""
    weights: Floats
    """What an element in the melt counts, (element,)."""
    of_melt: float
    """What the melt itself counts: 1 for aluminium, which is the rest, else 0."""


@dataclass(frozen=True, eq=False)
class ChargeSheet:
    """The arrays of a charge; column i is a lot, or after all lots an addition."""

    alloy: AlloyLimits
    lots: tuple[Lot, ...]
    additions: tuple[Addition, ...]
    furnace: Furnace
    elements: tuple[str, ...]
    """Everything that was measured in the lots."""
    raw: Floats
    """Mean mass fractions as charged, (column, element)."""
    content: Floats
    """t of each element in the melt per t charged, (column, element)."""
    melted: Floats
    """t of melt per t charged, (column,)."""
    ends: tuple[End, ...]

    @property
    def materials(self) -> tuple[Lot | Addition, ...]:
        """What each column is."""
        return (*self.lots, *self.additions)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each column is called."""
        return tuple(one.name for one in self.materials)

    @cached_property
    def least(self) -> Floats:
        """What must be charged, t, (column,)."""
        return np.array([*(lot.least for lot in self.lots), *(0.0 for _ in self.additions)])

    @cached_property
    def stock(self) -> Floats:
        """What may be charged, t, (column,); what is not bounded, by what the furnace holds."""
        room = self.furnace.mass / self.melted + self.least
        given = [one.stock for one in self.materials]
        return np.array([most if own is None else own for own, most in zip(given, room, strict=True)])

    @cached_property
    def price(self) -> Floats:
        """JPY per t charged, melting included, (column,)."""
        own = np.array([one.price for one in self.materials])
        return own + self.furnace.energy.use * self.furnace.energy.price

    @cached_property
    def co2(self) -> Floats:
        """Emissions, t CO2e per t charged, melting included, (column,)."""
        own = np.array([one.co2 for one in self.materials])
        return own + self.furnace.energy.use * self.furnace.energy.co2

    def recycled(self, *kinds: str) -> Floats:
        """Melt from scrap of these kinds, t per t charged, (column,)."""
        counts = [lot.recycled in kinds for lot in self.lots] + [False for _ in self.additions]
        return self.melted * np.array(counts, dtype=np.float64)

    @cached_property
    def rows(self) -> Floats:
        """What a column brings to a row, t per t charged, (end and melt, column)."""
        own = [self.content @ end.weights + end.of_melt * self.melted for end in self.ends]
        return np.array([*own, self.melted])

    @cached_property
    def gain(self) -> Floats:
        """What of an element ends in the melt, (element,)."""
        kept = self.furnace.recoveries
        return np.array([1.0 if kept is None else kept[name] for name in self.elements])

    @cached_property
    def slope(self) -> Floats:
        """Melt gained by an element in place of aluminium, t per t, (element,)."""
        kept = self.furnace.recoveries
        return np.zeros(len(self.elements)) if kept is None else self.gain - kept[BASE]

    def melted_fraction(self, masses: Floats, apart: Floats) -> Floats:
        """Return mass fractions of melts whose charge differs from its mean.

        Parameters
        ----------
        masses
            t of each column, (column,).
        apart
            t of each element more than the mean, as charged, (heat, element).

        Returns
        -------
        (heat, element)
        """
        return (masses @ self.content + apart * self.gain) / (masses @ self.melted + apart @ self.slope)[:, None]

    def programme(self, cost: Floats, kept: Sequence[bool] | None = None) -> Programme:
        """Return the programme in what is charged beyond what must be.

        Parameters
        ----------
        cost
            To be least, per t of each column.
        kept
            Which ends count, (end,); all where not given.
        """
        rows = self.rows
        limit = self.furnace.mass * np.array([end.limit for end in self.ends])
        is_lower = np.array([end.side == "lower" for end in self.ends], dtype=bool)
        counts = np.ones(len(self.ends), dtype=bool) if kept is None else np.asarray(kept, dtype=bool)
        lower = np.append(np.where(is_lower & counts, limit, -np.inf), self.furnace.mass)
        upper = np.append(np.where(~is_lower & counts, limit, np.inf), self.furnace.mass)
        there = rows @ self.least
        return Programme(cost, rows, lower - there, upper - there, self.stock - self.least)


def charge_sheet(alloy: AlloyLimits, yard: Sequence[Lot], furnace: Furnace) -> ChargeSheet:
    """Write the sheet of a charge.

    Raises
    ------
    InputError
        For an empty yard, two materials of one name, and an element that has a limit or stands in one material and
        was not measured in a lot.
    """
    lots, additions = tuple(yard), furnace.additions
    materials: tuple[Lot | Addition, ...] = (*lots, *additions)
    with Refusals("Charge") as refusals:
        refusals.distinct("yard", (one.name for one in materials))
    elements = _measured(alloy, lots, additions)
    own = [[dict(zip(lot.belief.elements, lot.belief.mean(), strict=True))[e] for e in elements] for lot in lots]
    raw = np.array([*own, *(addition.content(elements) for addition in additions)], dtype=np.float64)
    content, melted = melt_columns(furnace, raw, elements, tuple(one.name for one in materials))
    with Refusals("Charge") as refusals:
        for one, share in zip(materials, melted, strict=True):
            refusals.number(f"furnace.{one.name}", share, 0.0, above=True)
    return ChargeSheet(alloy, lots, additions, furnace, elements, raw, content, melted, tuple(_ends(alloy, elements)))


def melt_columns(
    furnace: Furnace, raw: Floats, elements: tuple[str, ...], names: tuple[str, ...]
) -> tuple[Floats, Floats]:
    """Return `Furnace.transfer` of every column.

    One yield for everything is that of aluminium metal: an addition with less aluminium than would be lost, such as
    silicon, loses all the aluminium it has and no more.
    """
    lots = len(names) - len(furnace.additions)
    if furnace.yields is None or isinstance(furnace.yields, Mapping):
        return furnace.transfer(raw, elements, names)
    content, melted = furnace.transfer(raw[:lots], elements, names[:lots])
    added = np.maximum(raw[lots:].sum(axis=1), furnace.yields)
    return np.vstack([content, raw[lots:]]), np.append(melted, added)


def _measured(alloy: AlloyLimits, lots: tuple[Lot, ...], additions: tuple[Addition, ...]) -> tuple[str, ...]:
    """Return what all lots must state: every element with a limit, and every one that stands in some material."""
    wanted = dict.fromkeys(element for element in alloy.elements if element != BASE)
    for lot in lots:
        wanted.update(dict.fromkeys(lot.belief.elements))
    for addition in additions:
        wanted.update(dict.fromkeys(element for element in addition.composition if element != BASE))
    for lot in lots:
        with Refusals(f"Lot {lot.name}") as refusals:
            for element in wanted:
                if element not in lot.belief.elements:
                    refusals.refuse("charge_not_measured", element)
    return tuple(wanted)


def _ends(alloy: AlloyLimits, elements: tuple[str, ...]) -> Iterator[End]:
    """Every end that can bind: upper limits below 1, lower ones above 0."""
    own = list(zip(alloy.elements, alloy.lower, alloy.upper, strict=True))
    named = [*own, *((name, low, high) for name, (low, high) in alloy.sums.items())]
    others = [name for name in elements if name not in alloy.elements]
    if alloy.others_each is not None:
        named += [(name, 0.0, alloy.others_each) for name in others]
    for name, low, high in named:
        weights, of_melt = _counted(name.split("+"), elements)
        if low > 0.0:
            yield End(name, "lower", float(low), weights, of_melt)
        if high < 1.0:
            yield End(name, "upper", float(high), weights, of_melt)
    if alloy.others_total is not None and others:
        yield End(OTHERS_TOTAL, "upper", alloy.others_total, _counted(others, elements)[0], 0.0)


def _counted(parts: list[str], elements: tuple[str, ...]) -> tuple[Floats, float]:
    """Weights of the elements and of the melt for a sum of elements; aluminium is the melt less everything else."""
    rest = float(BASE in parts)
    return np.array([float(element in parts) - rest for element in elements]), rest
