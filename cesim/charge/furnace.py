"""A furnace: what of a charge ends in the melt, what energy it takes, and what may be added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.charge.composition import BASE, TOLERANCE, columns
from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Addition:
    """A pure metal or master alloy that raises an element, such as silicon or AlMn75.

    Raises
    ------
    InputError
        For a composition outside 0 to 1 or over the whole, a negative price, CO2 or stock.
    """

    name: str
    """As the trade calls it."""
    composition: Mapping[str, float]
    """Symbol -> mass fraction; aluminium is the rest, so ``{"Si": 1.0}`` is silicon and ``{}`` pure aluminium."""
    price: float
    """JPY/t."""
    co2: float
    """t CO2e/t."""
    stock: float | None = None
    """t at hand; None: as much as is wanted."""

    def __post_init__(self) -> None:
        columns(f"Addition {self.name}", self.composition, ())
        with Refusals(f"Addition {self.name}") as refusals:
            refusals.number("price", self.price, 0.0)
            refusals.number("co2", self.co2, 0.0)
            if self.stock is not None:
                refusals.number("stock", self.stock, 0.0)

    def content(self, elements: tuple[str, ...]) -> Floats:
        """Return mass fractions of the given elements, (element,); ``Al`` is the rest."""
        rest = 1.0 - sum(value for name, value in self.composition.items() if name != BASE)
        return np.array([rest if name == BASE else self.composition.get(name, 0.0) for name in elements])


@dataclass(frozen=True)
class Energy:
    """What melting takes: gas and power together.

    Raises
    ------
    InputError
        For negative numbers.
    """

    use: float
    """GJ per t charged."""
    price: float
    """JPY/GJ."""
    co2: float
    """t CO2e/GJ."""

    def __post_init__(self) -> None:
        with Refusals("Energy") as refusals:
            for field in ("use", "price", "co2"):
                refusals.number(field, getattr(self, field), 0.0)


class Melt(NamedTuple):
    """What became of a charge."""

    mass: Floats
    """t of melt, (...)."""
    content: Floats
    """t of each element in the melt, (..., element)."""
    aluminium: Floats
    """t of aluminium in the melt, (...)."""
    lost: Floats
    """t of metal in dross, (...)."""

    @property
    def fraction(self) -> Floats:
        """Mass fraction of each element in the melt, (..., element)."""
        return np.asarray(self.content / self.mass[..., None])


@dataclass(frozen=True, eq=False)
class Furnace:
    """A furnace of so many tonnes, and what it takes from a charge: by element, or as one yield, never both.

    With `recoveries` each element keeps its share and the melt is their sum. With `yields` a share of the mass is
    lost as aluminium and everything else stays, so elements are enriched by ``1 / yield``. Either way the composition
    of the melt is the mass of an element in the melt over the mass of the melt.

    Raises
    ------
    InputError
        ``charge_both`` and ``charge_neither``; shares outside 0 to 1; a mass that is not above 0.
    """

    mass: float
    """t of melt in a heat."""
    energy: Energy
    """What melting takes."""
    recoveries: Mapping[str, float] | None = None
    """Symbol -> share of it that ends in the melt, ``Al`` among them."""
    yields: Mapping[str, float] | float | None = None
    """Share of the mass that ends in the melt: one number, or source -> number."""
    additions: tuple[Addition, ...] = ()
    """What may be added to correct a heat."""

    def __post_init__(self) -> None:
        with Refusals("Furnace") as refusals:
            refusals.number("mass", self.mass, 0.0, above=True)
            if self.recoveries is not None and self.yields is not None:
                refusals.refuse("charge_both", "yields", other="recoveries")
            if self.recoveries is None and self.yields is None:
                refusals.refuse("charge_neither", "yields", other="recoveries")
            if self.recoveries is not None and BASE not in self.recoveries:
                refusals.refuse("charge_unnamed", "recoveries", found=BASE)
            for name, share in (self.recoveries or {}).items():
                refusals.number(f"recoveries.{name}", share, 0.0, 1.0)
            if isinstance(self.yields, Mapping):
                for name, share in self.yields.items():
                    refusals.number(f"yields.{name}", share, 0.0, 1.0, above=True)
            elif self.yields is not None:
                refusals.number("yields", self.yields, 0.0, 1.0, above=True)
            if len({addition.name for addition in self.additions}) < len(self.additions):
                refusals.distinct("additions", (addition.name for addition in self.additions))

    def transfer(
        self, compositions: ArrayLike, elements: tuple[str, ...], names: tuple[str, ...] = ()
    ) -> tuple[Floats, Floats]:
        """Return what a tonne of each material brings to the melt: the columns of a charge programme.

        Parameters
        ----------
        compositions
            Mass fractions, (..., material, element); aluminium is the rest and not among them.
        names
            Names of the materials; needed where yields are stated by source.

        Returns
        -------
        content, mass
            t of each element, (..., material, element), and t of melt, (..., material), per t charged.

        Raises
        ------
        InputError
            ``charge_unnamed`` for an element or a source that nothing is said about, ``charge_melts_away`` where a
            yield leaves less aluminium than none; bad compositions.
        """
        with Refusals("Furnace") as refusals:
            if BASE in elements:
                refusals.refuse("charge_repeated", "elements", found=f"{BASE} (the rest)")
        columns("Furnace", np.asarray(compositions, dtype=np.float64), elements)
        array = np.asarray(compositions, dtype=np.float64)
        rest = np.maximum(1.0 - array.sum(axis=-1), 0.0)
        if self.recoveries is not None:
            with Refusals("Furnace") as refusals:
                for name in elements:
                    if name not in self.recoveries:
                        refusals.refuse("charge_unnamed", "recoveries", found=name)
            content = array * [self.recoveries[name] for name in elements]
            return content, content.sum(axis=-1) + self.recoveries[BASE] * rest
        share = self._yields(names)
        with Refusals("Furnace") as refusals:
            if (array.sum(axis=-1) > share + TOLERANCE).any():
                refusals.refuse("charge_melts_away", "yields", found=float(np.min(share)))
        return array, np.broadcast_to(share, rest.shape).copy()

    def melt(
        self, masses: ArrayLike, compositions: ArrayLike, elements: tuple[str, ...], names: tuple[str, ...] = ()
    ) -> Melt:
        """Melt a charge.

        Parameters
        ----------
        masses
            t of each material, (..., material).
        compositions, elements, names
            See `transfer`.

        Raises
        ------
        InputError
            Also for negative masses and a charge of nothing.
        """
        with Refusals("Furnace") as refusals:
            charged = refusals.number("masses", masses, 0.0)
            refusals.settle()
            if (charged.sum(axis=-1) <= 0.0).any():
                refusals.refuse("charge_empty", "masses")
        content, mass = self.transfer(compositions, elements, names)
        held = np.einsum("...m,...me->...e", charged, content)
        melted = np.asarray((charged * mass).sum(axis=-1))
        return Melt(melted, held, melted - held.sum(axis=-1), charged.sum(axis=-1) - melted)

    def _yields(self, names: tuple[str, ...]) -> Floats:
        if not isinstance(self.yields, Mapping):
            return np.asarray(self.yields, dtype=np.float64)
        with Refusals("Furnace") as refusals:
            if not names:
                refusals.refuse("charge_unnamed", "yields", found="names")
            for name in names:
                if name not in self.yields:
                    refusals.refuse("charge_unnamed", "yields", found=name)
        return np.array([self.yields[name] for name in names])
