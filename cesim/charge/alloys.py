"""The limits of an alloy: what a standard or a customer allows a melt to hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.composition import BASE, columns
from cesim.charge.faults import Refusals
from cesim.charge.rounding import at_least, at_most, decimals_of
from cesim.charge.tables import entries, entry, fraction, quantity_rows, symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from cesim.charge.composition import Composition
    from cesim.data import Row

    Floats = NDArray[np.float64]
    Digits = Mapping[str, tuple[int | None, int | None]]

OTHERS_EACH = "others each"
OTHERS_TOTAL = "others total"
_OTHERS = {"others_each": OTHERS_EACH, "others_total": OTHERS_TOTAL}


@dataclass(frozen=True, eq=False)
class AlloyLimits:
    """The window a melt has to hit to be called by the name of an alloy.

    Aluminium is the rest and has no limit of its own. What is not measured is refused, never taken as zero; a
    limit may be left out in so many words with `without`.

    >>> melt = {"Si": .012, "Fe": .0051, "Cu": .001, "Mn": .001, "Mg": .004, "Cr": 0, "Zn": 0, "Ti": .0002}
    >>> bool(AlloyLimits.named("6016").meets(melt))
    False

    Raises
    ------
    InputError
        For limits that cross, lie outside 0 to 1 or are not finite; lower limits that leave nothing for aluminium;
        an element that stands twice; digits of unknown elements.
    """

    name: str
    """The alloy, as the trade calls it."""
    elements: tuple[str, ...]
    """Symbols of the elements with limits of their own."""
    lower: Floats
    """Mass fractions, (element,); 0 where there is no lower limit."""
    upper: Floats
    """Mass fractions, (element,); 1 where there is no upper limit."""
    others_each: float | None = None
    """Upper limit of every element without a limit of its own; None where the standard states none."""
    others_total: float | None = None
    """Upper limit of their sum; None where the standard states none."""
    digits: Digits | None = None
    """Decimals in wt% of each (lower, upper) limit as printed, for the rounding rule; None: judge them by size."""
    sums: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Limits of sums, such as ``"Mn+Cr": (0.0012, 0.005)``."""
    rows: tuple[Row, ...] = field(default=(), repr=False)
    """Where the limits were read; empty for limits of one's own."""

    def __post_init__(self) -> None:
        with Refusals(f"AlloyLimits {self.name}") as refusals:
            elements = refusals.distinct("elements", self.elements)
            shape = (len(elements),)
            lower = refusals.number("lower", self.lower, 0.0, 1.0, shape=shape)
            upper = refusals.number("upper", self.upper, 0.0, 1.0, shape=shape)
            crossing = [*zip(elements, lower, upper, strict=False), *((s, *ends) for s, ends in self.sums.items())]
            for name, low, high in crossing:
                if low > high:
                    refusals.refuse("charge_limits_crossed", name, lower=float(low), upper=float(high))
            for name, ends in self.sums.items():
                refusals.number(name, ends, 0.0, 1.0, shape=(2,))
                for part in name.split("+"):
                    refusals.known(name, part, elements)
            for name, limit in ((OTHERS_EACH, self.others_each), (OTHERS_TOTAL, self.others_total)):
                if limit is not None:
                    refusals.number(name, limit, 0.0, 1.0)
            if lower.sum() > 1.0:
                refusals.refuse("charge_over_whole", "lower", found=float(lower.sum()))
            for name in self.digits or ():
                refusals.known("digits", name, (*elements, *self.sums, OTHERS_EACH, OTHERS_TOTAL))
        object.__setattr__(self, "elements", elements)
        object.__setattr__(self, "lower", lower)
        object.__setattr__(self, "upper", upper)
        object.__setattr__(self, "sums", dict(self.sums))

    @classmethod
    def named(cls, name: str) -> AlloyLimits:
        """Return the limits of an alloy of the alloy table; `rows` says where each was read and how sure it is.

        Raises
        ------
        InputError
            ``charge_unknown_name`` with the nearest name.
        """
        group = entry("AlloyLimits", "alloys", name, cls.names())
        low, high = quantity_rows(group, "min"), quantity_rows(group, "max")
        spelled = [key for key in dict.fromkeys((*low, *high)) if key not in _OTHERS]
        own = [key for key in spelled if "_plus_" not in key]
        ends = {key: _ends(low.get(key), high.get(key)) for key in spelled}
        others = {key: fraction(high[key]) if key in high else None for key in _OTHERS}
        return cls(
            name=name.upper(),
            elements=tuple(symbol(key) for key in own),
            lower=np.array([ends[key][0] for key in own]),
            upper=np.array([ends[key][1] for key in own]),
            others_each=others["others_each"],
            others_total=others["others_total"],
            digits={_shown(key): (_printed(low.get(key)), _printed(high.get(key))) for key in (*spelled, *_OTHERS)},
            sums={_shown(key): ends[key] for key in spelled if key not in own},
            rows=group,
        )

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the alloys of the table that have limits, in its order."""
        return tuple(name for name, group in entries("alloys").items() if quantity_rows(group, "max"))

    @property
    def unverified(self) -> tuple[Row, ...]:
        """The limits nobody has read in a source."""
        return tuple(row for row in self.rows if row.status != "read")

    def shown(self) -> tuple[tuple[str, float, float | None, float | None, str, str], ...]:
        """Return the limits as read: (name, wt%, low, high, status, source), in the order of the table."""
        return tuple(
            (row.name, row.value, row.low, row.high, row.status, row.source)
            for row in self.rows
            if row.value is not None and row.unit == "wt%"
        )

    def widened(self, factors: Mapping[str, float]) -> AlloyLimits:
        """Return the alloy with upper limits multiplied; a factor below 1 narrows.

        Parameters
        ----------
        factors
            Element, sum (``"Mn+Cr"``), ``"others each"`` or ``"others total"`` -> factor above 0. A limit of the whole
            (1) stays where it is.

        Raises
        ------
        InputError
            For a limit that is not there, a factor that is not above 0, and limits that cross.
        """
        stated = {*self.elements, *self.sums}
        stated |= {name for name, limit in self._others() if limit is not None}
        with Refusals(f"AlloyLimits {self.name}") as refusals:
            for name, factor in factors.items():
                refusals.known("widened", name, sorted(stated))
                refusals.number(name, factor, 0.0, above=True)
        upper = np.minimum(self.upper * [factors.get(name, 1.0) for name in self.elements], 1.0)
        each, total = (
            limit if limit is None else min(limit * factors.get(name, 1.0), 1.0) for name, limit in self._others()
        )
        sums = {name: (low, min(high * factors.get(name, 1.0), 1.0)) for name, (low, high) in self.sums.items()}
        return replace(self, upper=upper, others_each=each, others_total=total, sums=sums)

    def without(self, *elements: str) -> AlloyLimits:
        """Return the alloy without the limits of some elements, which then count among the others."""
        with Refusals(f"AlloyLimits {self.name}") as refusals:
            for name in elements:
                refusals.known("without", name, self.elements)
        kept = [at for at, name in enumerate(self.elements) if name not in elements]
        sums = {name: ends for name, ends in self.sums.items() if not set(name.split("+")) & set(elements)}
        left = {*(self.elements[at] for at in kept), *sums, OTHERS_EACH, OTHERS_TOTAL}
        digits = None if self.digits is None else {name: ends for name, ends in self.digits.items() if name in left}
        return replace(
            self, elements=tuple(self.elements[at] for at in kept), lower=self.lower[kept], upper=self.upper[kept],
            digits=digits, sums=sums,
        )  # fmt: skip

    def meets(self, composition: Composition, *, rounded: bool = False) -> NDArray[np.bool_]:
        """Say which compositions keep every limit, others included.

        Parameters
        ----------
        composition
            Mapping of symbols to mass fractions, or an array (..., element) in the order of `elements`. Elements
            without a limit of their own are held to the limits of the others.
        rounded
            Round to the decimals of each limit before comparing; otherwise compare exactly, to within 1e-9.

        Raises
        ------
        InputError
            ``charge_not_measured`` for a limited element that is not there; see `columns` for the rest.
        """
        keeps = np.asarray(True)
        for name, value, low, high in self._compared(composition):
            places = self._decimals(name, low, high) if rounded else (None, None)
            keeps = keeps & at_least(value, low, places[0]) & at_most(value, high, places[1])
        return keeps

    def excess(self, composition: Composition) -> dict[str, Floats]:
        """Return by how much each limit is missed: above 0 over the upper one, below 0 under the lower one.

        Same parameters and errors as `meets`; mass fractions in the shape of the composition without its element
        axis. ``"others each"`` is that of the largest other element.
        """
        return {
            name: np.maximum(value - high, 0.0) - np.maximum(low - value, 0.0)
            for name, value, low, high in self._compared(composition)
        }

    def _compared(self, composition: Composition) -> Iterator[tuple[str, Floats, float, float]]:
        """Every limit with the value it is compared with: (name, value, lower, upper)."""
        subject = f"AlloyLimits {self.name}"
        found = columns(subject, composition, self.elements)
        with Refusals(subject) as refusals:
            for name in self.elements:
                if name not in found:
                    refusals.refuse("charge_not_measured", name)
        for name, low, high in zip(self.elements, self.lower, self.upper, strict=True):
            yield name, found[name], float(low), float(high)
        for name, (low, high) in self.sums.items():
            yield name, np.asarray(sum(found[part] for part in name.split("+"))), low, high
        others = [value for name, value in found.items() if name not in (*self.elements, BASE)]
        if others and self.others_each is not None:
            yield OTHERS_EACH, np.asarray(np.maximum.reduce(others)), 0.0, self.others_each
        if others and self.others_total is not None:
            yield OTHERS_TOTAL, np.asarray(sum(others)), 0.0, self.others_total

    def _others(self) -> tuple[tuple[str, float | None], ...]:
        return ((OTHERS_EACH, self.others_each), (OTHERS_TOTAL, self.others_total))

    def _decimals(self, name: str, low: float, high: float) -> tuple[int, int]:
        printed = (self.digits or {}).get(name, (None, None))
        lower = decimals_of(low) if printed[0] is None else printed[0]
        return lower, decimals_of(high) if printed[1] is None else printed[1]


def _ends(low: Row | None, high: Row | None) -> tuple[float, float]:
    return (0.0 if low is None else fraction(low), 1.0 if high is None else fraction(high))


def _printed(row: Row | None) -> int | None:
    return None if row is None else row.decimals


def _shown(spelled: str) -> str:
    if spelled in _OTHERS:
        return _OTHERS[spelled]
    return "+".join(symbol(part) for part in spelled.split("_plus_"))
