"""Scrap classes: what a buyer may expect of a lot that is sold under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.composition import BASE, TOLERANCE, aluminium, columns
from cesim.charge.faults import Refusals
from cesim.charge.tables import entries, entry, fraction, quantity_rows, symbol

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.composition import Composition
    from cesim.data import Row

    Floats = NDArray[np.float64]

_SYMBOLS = ("al", "si", "fe", "cu", "mn", "mg", "cr", "zn", "ti", "ni", "pb", "sn")
_ANALYTICAL = {"analytical_fe": "fe"}
"""Iron by analysis is the element; free iron is pieces of steel."""
_FOREIGN = (
    "oil_grease", "oil", "non_metallics", "rubber_plastic", "free_zn", "free_mg", "foreign", "unmeltables", "fines",
    "tale",
)  # fmt: skip
_FAMILIES = ("ReMA", "EN 13920", "JIS", "Japanese trade", "trade", "estimated")


@dataclass(frozen=True, eq=False)
class ScrapGrade:
    """A class of scrap, like the word on a bale ticket: a promise of limits, or only a picture in words.

    Most classes of the trade promise little that an assay could test. `basis` says what a class has: ``"limits"``;
    ``"typical"``, a usual composition, which promises nothing and is refused where limits are asked for; or
    ``"words"``. What was measured as free iron, coating, moisture or other foreign matter stands beside the elements
    and is no part of them.

    Raises
    ------
    InputError
        For limits that cross, lie outside 0 to 1 or are not finite.
    """

    name: str
    """The class, as the trade calls it."""
    upper: Mapping[str, float] = field(default_factory=dict)
    """Symbol -> upper limit, mass fraction."""
    lower: Mapping[str, float] = field(default_factory=dict)
    """Symbol -> lower limit, mass fraction; ``Al`` is what the measured elements leave."""
    free_iron: float | None = None
    """Upper limit of attached steel, mass fraction; None where the class states none."""
    coating: float | None = None
    """Upper limit of paint and lacquer, mass fraction."""
    moisture: float | None = None
    """Upper limit of water, mass fraction."""
    foreign: Mapping[str, float] = field(default_factory=dict)
    """Upper limits of other foreign matter by name, such as ``oil_grease``; mass fractions."""
    typical: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    """Usual composition: symbol or name -> (mean, standard deviation between lots), mass fractions. Not limits."""
    family: str = ""
    """Who defines the class: ReMA, EN 13920, JIS, Japanese trade, trade, estimated; empty for one's own."""
    status: str = ""
    """The worst status of the rows it was read from: read, unverified or estimate."""
    source: str = ""
    """Where its definition was read."""
    rows: tuple[Row, ...] = field(default=(), repr=False)
    """Every row of the table about it, also those no assay can test (sizes, words)."""

    def __post_init__(self) -> None:
        with Refusals(f"ScrapGrade {self.name}") as refusals:
            for name, limit in (*self.upper.items(), *self._beside().items()):
                refusals.number(name, limit, 0.0, 1.0)
            for name, limit in self.lower.items():
                refusals.number(name, limit, 0.0, 1.0)
                high = self.upper.get(name, 1.0)
                if limit > high:
                    refusals.refuse("charge_limits_crossed", name, lower=limit, upper=high)

    @classmethod
    def named(cls, name: str) -> ScrapGrade:
        """Return a class of the grade table.

        Raises
        ------
        InputError
            ``charge_unknown_name`` with the nearest name.
        """
        group = entry("ScrapGrade", "scrap_grades", name, cls.names())
        high, low = quantity_rows(group, "max"), quantity_rows(group, "min")
        definition = next((row for row in group if row.key.endswith(".spec")), group[0])
        stated = [row for row in group if row.unit == "wt%"] or [definition]
        return cls(
            name=group[0].key.split(".")[1],
            upper={_element(key): fraction(row) for key, row in high.items() if _is_element(key)},
            lower={_element(key): fraction(row) for key, row in low.items() if _is_element(key)},
            free_iron=fraction(high["free_fe"]) if "free_fe" in high else None,
            foreign={key: fraction(row) for key, row in high.items() if key in _FOREIGN},
            typical=_typical(group),
            family=_family(group),
            status=max((row.status for row in stated), key=("read", "unverified", "estimate").index),
            source=definition.source,
            rows=group,
        )

    @staticmethod
    def names(family: str | None = None) -> tuple[str, ...]:
        """Return the classes of the table, or those of one family, in its order."""
        found = entries("scrap_grades")
        if family is None:
            return tuple(found)
        with Refusals("ScrapGrade") as refusals:
            refusals.known("family", family, _FAMILIES)
        return tuple(name for name in found if ScrapGrade.named(name).family == family)

    @property
    def basis(self) -> str:
        """What the class is made of: ``limits``, ``typical`` (a usual composition) or ``words``."""
        if self.upper or self.lower or self._beside():
            return "limits"
        return "typical" if self.typical else "words"

    def scaled(self, factor: float) -> ScrapGrade:
        """Return the class with every upper limit of an element multiplied, at most 1.

        Lower limits and foreign matter stay. The classes of rising factors are nested: what one takes, the next
        takes too.

        Raises
        ------
        InputError
            For a factor that is not above 0, limits that cross, and ``charge_no_limits`` for a class without upper
            limits of elements.
        """
        with Refusals(f"ScrapGrade {self.name}") as refusals:
            refusals.number("factor", factor, 0.0, above=True)
            if not self.upper:
                refusals.refuse("charge_no_limits", "upper")
        upper = {name: min(limit * factor, 1.0) for name, limit in self.upper.items()}
        return replace(self, upper=upper, name=f"{self.name} x{factor:g}")

    def accepts(self, measured: Composition, elements: tuple[str, ...] = ()) -> NDArray[np.bool_]:
        """Say which lots the class takes, judged by what was measured.

        Parameters
        ----------
        measured
            Mapping of symbols (and ``free_iron``, ``coating``, ``moisture`` and the names of foreign matter) to mass
            fractions, or an array (..., element) in the order of `elements`.

        Raises
        ------
        InputError
            ``charge_not_measured`` for what is limited and not there; ``charge_no_limits`` for a class of words or
            of a usual composition.
        """
        return self.score(measured, elements) <= 1.0

    def score(self, measured: Composition, elements: tuple[str, ...] = ()) -> Floats:
        """Return how much of its limits each lot uses: the largest ratio of value to upper limit.

        A lot is taken by ``scaled(g)`` exactly where its score is at most g, as long as g x limit stays below 1; a
        lot that misses a lower limit or one of foreign matter scores infinity. Same parameters and errors as
        `accepts`.
        """
        values = self._measured(measured, elements)
        worst = np.zeros(np.broadcast_shapes(*(value.shape for value in values.values())))
        for name, limit in self.upper.items():
            over = np.maximum(values[name] - TOLERANCE, 0.0)
            worst = np.maximum(worst, over / limit if limit > 0 else np.where(over > 0, np.inf, 0.0))
        for name, limit in self.lower.items():
            worst = np.where(values[name] < limit - TOLERANCE, np.inf, worst)
        for name, limit in self._beside().items():
            worst = np.where(values[name] > limit + TOLERANCE, np.inf, worst)
        return worst

    def _measured(self, measured: Composition, elements: tuple[str, ...]) -> dict[str, Floats]:
        """Everything with a limit, by name; aluminium by difference."""
        subject = f"ScrapGrade {self.name}"
        with Refusals(subject) as refusals:
            if self.basis != "limits":
                refusals.refuse("charge_no_limits", self.basis)
        beside = self._beside()
        if isinstance(measured, Mapping):
            chemistry = {name: value for name, value in measured.items() if name not in beside}
            found = columns(subject, chemistry, elements)
            with Refusals(subject) as refusals:
                found |= {n: refusals.number(n, v, 0.0, 1.0) for n, v in measured.items() if n in beside}
        else:
            found = columns(subject, measured, elements)
        found[BASE] = aluminium({name: value for name, value in found.items() if name not in beside})
        with Refusals(subject) as refusals:
            for name in (*self.upper, *self.lower, *beside):
                if name not in found:
                    refusals.refuse("charge_not_measured", name)
        return found

    def _beside(self) -> dict[str, float]:
        own = {"free_iron": self.free_iron, "coating": self.coating, "moisture": self.moisture}
        return {**{name: limit for name, limit in own.items() if limit is not None}, **self.foreign}


def _is_element(spelled: str) -> bool:
    return _ANALYTICAL.get(spelled, spelled) in _SYMBOLS


def _element(spelled: str) -> str:
    return symbol(_ANALYTICAL.get(spelled, spelled))


def _typical(group: tuple[Row, ...]) -> dict[str, tuple[float, float | None]]:
    """Means with their standard deviations, and the metal, oxide and foreign shares of the EN classes."""
    means, spreads = quantity_rows(group, "mean"), quantity_rows(group, "sd")
    found = {
        symbol(key): (fraction(row), fraction(spreads[key]) if key in spreads else None) for key, row in means.items()
    }
    for row in group:
        parts = row.key.split(".")
        if len(parts) == 3 and parts[2] in ("al", "oxide", "foreign") and row.value is not None:
            found[symbol(parts[2]) if parts[2] == "al" else parts[2]] = (fraction(row), None)
    return found


def _family(group: tuple[Row, ...]) -> str:
    """Who defines the class, as the notes of its definitions begin."""
    for row in group:
        begins = row.note.partition(":")[0]
        if begins == "Keikinzoku Doyukai":
            return "Japanese trade"
        for name in _FAMILIES:
            if begins.startswith(name):
                return name
    return "ReMA" if any("ISRI" in row.source for row in group) else ""
