"""Where scrap comes from, and how the composition of its lots scatters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.charge.composition import BASE
from cesim.charge.faults import Refusals, no_answer
from cesim.charge.grades import ScrapGrade
from cesim.charge.lots import AssayedLots, LognormalLots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.charge.lots import LotLaw
    from cesim.data import Row

    Floats = NDArray[np.float64]
    Closure = Literal["none", "renormalise"]

CLOSURE_FROM = 0.05
"""Sum of the elements, on average, from which a source may ask for its lots to be renormalised."""
_NOT_ONE_LAW = ("do not average", "never use as a distribution")


@dataclass(frozen=True, eq=False)
class ScrapSource:
    """A place scrap comes from, like the bale press of one dismantler, and what its lots are made of.

    Elements need not add up to one; aluminium is the rest. Lots of one yard may be alike (`within_yard`), and then
    mixing more of them does not narrow the melt below sqrt(correlation) of the spread of one lot. The mean and
    covariance are of the elements themselves, never of their logarithms.

    A drawn lot whose elements add up to more than the whole is refused, unless ``closure="renormalise"`` says to scale
    it to the whole; sources of less than 5 % alloying elements may not ask for that, as it would only hide a mistake.

    Raises
    ------
    InputError
        For means and spreads that are negative, over the whole or not finite; correlations that cannot hold together.
    """

    name: str
    """What the source is called in a yard."""
    elements: tuple[str, ...]
    """Symbols, in the order of the last axis of every draw."""
    law: LotLaw
    """How lots scatter; made by `lognormal`, `factors`, `assays` or `named`."""
    lot_mass: float
    """Mass of a lot, t."""
    piece_mass: float | None = None
    """Mass of a usual piece, t; None where nobody says."""
    closure: Closure = "none"
    """What happens to a lot of more than the whole: refused, or scaled to the whole."""
    rows: tuple[Row, ...] = field(default=(), repr=False)
    """Where its composition was read; empty for one's own."""

    def __post_init__(self) -> None:
        with Refusals(f"ScrapSource {self.name}") as refusals:
            elements = refusals.distinct("elements", self.elements)
            if BASE in elements:
                refusals.refuse("charge_repeated", "elements", found=f"{BASE} (the rest)")
            refusals.number("lot_mass", self.lot_mass, 0.0, above=True)
            if self.piece_mass is not None:
                refusals.number("piece_mass", self.piece_mass, 0.0, self.lot_mass, above=True)
            refusals.known("closure", self.closure, ("none", "renormalise"))
            total = float(self.law.mean.sum())
            if total > 1.0:
                refusals.refuse("charge_over_whole", "mean", found=total)
            if self.closure == "renormalise" and total <= CLOSURE_FROM:
                refusals.refuse("charge_closure_not_needed", "lots", found=total, limit=CLOSURE_FROM)
        object.__setattr__(self, "elements", elements)

    @classmethod
    def lognormal(
        cls,
        name: str,
        mean: ArrayLike,
        cv: ArrayLike,
        correlation: ArrayLike,
        elements: Sequence[str],
        *,
        lot_mass: float,
        piece_mass: float | None = None,
        within_yard: float = 0.0,
        closure: Closure = "none",
        rows: tuple[Row, ...] = (),
    ) -> ScrapSource:
        """Return a source of lognormal elements.

        Parameters
        ----------
        mean, cv
            Mass fraction and coefficient of variation of each element itself, (element,).
        correlation
            Between the elements of a lot, (element, element), or one number for every pair.
        within_yard
            Correlation of the same element between two lots of one yard, 0 to 1.
        """
        names, subject = tuple(elements), f"ScrapSource {name}"
        shape = (len(names),)
        with Refusals(subject) as refusals:
            centre = refusals.number("mean", mean, 0.0, 1.0, shape=shape)
            spread = centre * refusals.number("cv", cv, 0.0, shape=shape)
            matrix = _correlation(refusals, correlation, len(names))
            refusals.number("within_yard", within_yard, 0.0, 1.0)
        law = LognormalLots(subject, centre, matrix * np.outer(spread, spread), float(within_yard))
        return cls(name, names, law, lot_mass, piece_mass, closure, rows)

    @classmethod
    def factors(
        cls,
        name: str,
        mean: ArrayLike,
        cv: ArrayLike,
        loading: ArrayLike,
        elements: Sequence[str],
        *,
        within_yard: float,
        lot_mass: float,
        piece_mass: float | None = None,
    ) -> ScrapSource:
        """Return a source whose elements follow one factor of the lot (how dirty it is) and one of their own.

        Parameters
        ----------
        loading
            How closely each element follows the lot, -1 to 1, (element,) or one number; two elements correlate by
            the product of theirs.
        within_yard
            Share of both factors' variance that all lots of a yard have in common: the correlation of the same
            element between two of its lots. A mix of many lots keeps sqrt(within_yard) of the spread of one.
        """
        size = len(tuple(elements))
        with Refusals(f"ScrapSource {name}") as refusals:
            each = np.broadcast_to(refusals.number("loading", loading, -1.0, 1.0), (size,))
        matrix = np.outer(each, each)
        np.fill_diagonal(matrix, 1.0)
        return cls.lognormal(
            name, mean, cv, matrix, elements, lot_mass=lot_mass, piece_mass=piece_mass, within_yard=within_yard
        )

    @classmethod
    def assays(
        cls, name: str, table: ArrayLike, elements: Sequence[str], *, lot_mass: float, piece_mass: float | None = None
    ) -> ScrapSource:
        """Return a source of lots as they were assayed.

        Parameters
        ----------
        table
            wt%, (lot, element); a column of aluminium is checked and then left out, as it is the rest.

        Raises
        ------
        InputError
            Also for an empty table and rows of more than 100 wt%.
        """
        with Refusals(f"ScrapSource {name}") as refusals:
            percent = refusals.number("assays", table, 0.0, 100.0)
            if percent.ndim != 2 or percent.shape[1] != len(tuple(elements)):
                refusals.refuse("charge_shape", "assays", found=percent.shape, allowed=("lots", len(tuple(elements))))
            elif not percent.shape[0]:
                refusals.refuse("charge_empty", "assays")
            elif percent.sum(axis=1).max() > 100.0 + 1e-7:
                refusals.refuse("charge_over_whole", "assays", found=float(percent.sum(axis=1).max()) / 100.0)
        kept = [at for at, element in enumerate(elements) if element != BASE]
        return cls(
            name, tuple(elements[at] for at in kept), AssayedLots(percent[:, kept] / 100.0), lot_mass, piece_mass
        )

    @classmethod
    def named(
        cls,
        name: str,
        *,
        correlation: ArrayLike,
        lot_mass: float,
        piece_mass: float | None = None,
        within_yard: float = 0.0,
        closure: Closure = "none",
    ) -> ScrapSource:
        """Return a source with the usual composition of a class of the grade table, such as ``elv_hood``.

        What the table does not say is asked for: how the elements move together, and how much a lot weighs.

        Raises
        ------
        InputError
            ``charge_no_composition`` for a class without mean and standard deviation, ``charge_not_one_law`` where
            the table says that its lots are of two kinds.
        """
        grade = ScrapGrade.named(name)
        law = {key: (mean, sd) for key, (mean, sd) in grade.typical.items() if sd is not None}
        with Refusals(f"ScrapSource {grade.name}") as refusals:
            if not law:
                refusals.refuse("charge_no_composition", grade.name)
            for row in grade.rows:
                warning = next((words for words in _NOT_ONE_LAW if words in row.note), None)
                if warning is not None and row.unit == "wt%":
                    refusals.refuse("charge_not_one_law", row.name, note=row.note)
        mean = np.array([value for value, _ in law.values()])
        cv = np.array([sd for _, sd in law.values()]) / mean
        return cls.lognormal(
            grade.name, mean, cv, correlation, tuple(law), lot_mass=lot_mass, piece_mass=piece_mass,
            within_yard=within_yard, closure=closure, rows=grade.rows,
        )  # fmt: skip

    def mean(self) -> Floats:
        """Mean mass fractions, (element,)."""
        return self.law.mean

    def covariance(self) -> Floats:
        """Covariance of the elements of one lot, (element, element)."""
        return self.law.covariance

    def covariance_of_mix(self, lots: int) -> Floats:
        """Covariance of an equal mix of so many lots of one yard: ``shared + (own - shared) / lots``."""
        return np.asarray(self.law.shared + (self.law.covariance - self.law.shared) / lots)

    def draw(self, rng: np.random.Generator, lots: int) -> Floats:
        """Return compositions of lots that lie in yards of their own, (lot, element), mass fractions.

        Raises
        ------
        NoAnswer
            ``charge_needs_closure`` where a lot adds up to more than the whole.
        """
        return self._closed(self.law.draw(rng, lots, 1)[:, 0])

    def draw_yards(self, rng: np.random.Generator, yards: int, lots: int) -> Floats:
        """Return compositions of so many lots in each yard, (yard, lot, element); errors as `draw`."""
        return self._closed(self.law.draw(rng, yards, lots))

    def _closed(self, drawn: Floats) -> Floats:
        total = drawn.sum(axis=-1, keepdims=True)
        if (total > 1.0).any():
            if self.closure == "none":
                raise no_answer("charge_needs_closure", f"ScrapSource {self.name}", "lot", found=float(total.max()))
            drawn = drawn / np.maximum(total, 1.0)
        return drawn


def _correlation(refusals: Refusals, given: ArrayLike, size: int) -> Floats:
    """Return a correlation matrix; one number stands for every pair."""
    matrix = np.array(refusals.number("correlation", given, -1.0, 1.0))
    if matrix.ndim == 0:
        matrix = np.full((size, size), float(matrix))
        np.fill_diagonal(matrix, 1.0)
    if matrix.shape != (size, size):
        refusals.refuse("charge_shape", "correlation", found=matrix.shape, allowed=(size, size))
        return np.eye(size)
    if (np.diag(matrix) != 1.0).any():
        refusals.refuse("charge_out_of_range", "correlation", found=float(np.diag(matrix).min()), limits="= 1")
    uneven = np.argwhere(~np.isclose(matrix, matrix.T, atol=1e-12))
    if uneven.size:
        refusals.refuse("charge_not_symmetric", "correlation", found=tuple(int(at) for at in uneven[0]))
        return np.eye(size)
    if size and np.linalg.eigvalsh(matrix)[0] < -1e-9:
        refusals.refuse("charge_not_possible", "correlation", found=f"eigenvalue {np.linalg.eigvalsh(matrix)[0]:.3g}")
    return matrix
