"""Sources of scrap as an order states them, brought to common elements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cesim.charge import ScrapSource
from cesim.charge.faults import told
from cesim.errors import Fault, InputError
from cesim.orders.assays import read_assays
from cesim.orders.placing import called

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from cesim.data import Row
    from cesim.orders.parts import SourceOrder

    Floats = NDArray[np.float64]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class StatedSource:
    """A source with the elements that it states, mass fractions."""

    name: str
    asked: SourceOrder
    elements: tuple[str, ...]
    mean: Floats
    """(element,); of assays: their table, (lot, element), in wt%."""
    cv: Floats
    """(element,); nothing of assays."""
    rows: tuple[Row, ...] = ()

    def of(self, wanted: Sequence[str]) -> ScrapSource:
        """Return the source with these elements, in this order.

        Raises
        ------
        InputError
            ``charge_unnamed`` for an element it says nothing about.
        """
        lacking = [element for element in wanted if element not in self.elements]
        field = "assays" if self.asked.assays is not None else "mean"
        if lacking:
            subject = f"ScrapSource {self.name}"
            raise InputError([told("charge_unnamed", subject, field, found=element) for element in lacking])
        at = [self.elements.index(element) for element in wanted]
        if self.asked.assays is not None:
            return ScrapSource.assays(self.name, self.mean[:, at], wanted, lot_mass=self.asked.lot_mass)
        return ScrapSource.lognormal(
            self.name, self.mean[at], self.cv[at], self.asked.correlation, wanted, lot_mass=self.asked.lot_mass,
            within_yard=self.asked.within_yard, closure=self.asked.closure, rows=self.rows,
        )  # fmt: skip


def stated_elements(asked: Mapping[str, SourceOrder], folder: Path) -> dict[str, StatedSource]:
    """Return every source with the elements it states; errors of all of them together."""
    return together({name: partial(_stated, name, one, folder) for name, one in asked.items()})


def together(makings: Mapping[str, Callable[[], T]]) -> dict[str, T]:
    """Return what each of them makes; raises `InputError` with what is wrong with all of them."""
    found: dict[str, T] = {}
    faults: list[Fault] = []
    for name, make in makings.items():
        try:
            found[name] = make()
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    return found


def common_elements(stated: Mapping[str, StatedSource]) -> tuple[str, ...]:
    """Return every element that any source states, in the order in which they come up."""
    return tuple(dict.fromkeys(element for one in stated.values() for element in one.elements))


def restricted(composition: Mapping[str, float], wanted: Sequence[str]) -> dict[str, float]:
    """Return a composition with the elements wanted and aluminium; all of it where nothing is said about them."""
    return {name: value for name, value in composition.items() if not wanted or name in wanted or name == "Al"}


def _stated(name: str, asked: SourceOrder, folder: Path) -> StatedSource:
    subject = f"ScrapSource {name}"
    if asked.assays is not None:
        both: list[tuple[str, object]] = [("grade", asked.grade), ("mean", asked.mean), ("cv", asked.cv)]
        both.append(("closure", asked.closure))
        clash = [field for field, value in both if value not in (None, {}, "none")]
        if clash:
            raise InputError([told("charge_both", subject, "assays", other=field) for field in clash])
        elements, table = read_assays(folder / asked.assays)
        return StatedSource(name, asked, elements, table, np.zeros(0))
    mean: dict[str, float] = {}
    cv: dict[str, float] = {}
    rows: tuple[Row, ...] = ()
    if asked.grade is not None:
        with called(subject):
            base = ScrapSource.named(asked.grade, correlation=asked.correlation, lot_mass=asked.lot_mass)
        mean = dict(zip(base.elements, base.mean().tolist(), strict=True))
        spread = np.sqrt(np.diag(base.covariance()))
        cv = {e: float(sd) / m if (m := mean[e]) > 0.0 else 0.0 for e, sd in zip(base.elements, spread, strict=True)}
        rows = base.rows
    mean |= {element: value / 100.0 for element, value in asked.mean.items()}
    if isinstance(asked.cv, dict):
        cv |= asked.cv
    elif asked.cv is not None:
        cv |= dict.fromkeys(asked.mean or mean, asked.cv)
    lacking = [element for element in mean if element not in cv]
    odd = [element for element in cv if element not in mean]
    if not mean or lacking or odd:
        faults = [told("charge_unnamed", subject, "cv", found=element) for element in lacking]
        faults += [told("charge_unnamed", subject, "mean", found=element) for element in odd]
        raise InputError(faults or [told("charge_empty", subject, "mean")])
    elements = tuple(mean)
    return StatedSource(
        name, asked, elements, np.array([mean[e] for e in elements]), np.array([cv[e] for e in elements]), rows
    )
