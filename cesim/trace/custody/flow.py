"""A physical flow through the gates of some sites: what was charged, what came out, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.ledger.substances import ORIGINS
from cesim.trace.custody.faults import refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

SLACK: Final = 1e-6
"""How far shares of a lot may be from adding up to one: what long chains of additions leave."""
HEAVIEST: Final = 2**50
"""mg that no lot reaches: 1.1 million t, so that its share is right to the mg."""
MOST: Final = 2**62
"""mg that all lots of a side together do not reach."""


@dataclass(frozen=True)
class Side:
    """Lots on one side of the gates, in any order.

    Attributes
    ----------
    site, period, mass_mg : (lot,)
        Where, when and how much. A lot that is charged in two portions stands here twice.
    true : (lot, class)
        Shares of its mass by origin; rows add up to one.
    declared : (lot, class)
        What the records say; what is missing to one is of unknown origin.
    provable : (lot, class)
        What is certain; what is missing to one may be of any origin.
    single : (lot,)
        Whether a lot comes of one source and was never mixed; None where nobody has looked.
    """

    site: Whole
    period: Whole
    mass_mg: Whole
    true: Floats
    declared: Floats
    provable: Floats
    single: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.mass_mg)


@dataclass(frozen=True)
class Flow:
    """One physical flow, on which every model and every law is tried.

    Attributes
    ----------
    outputs
        What claims are made of: all semi-finished 6000-series lots of the casthouses, all compounds, ...
    inputs
        What was charged for just these outputs; None where claims are to rest on the outputs' own shares.
    sites
        Names of the numbers in `Side.site`.
    periods
        How many; those of the lots are 0 to ``periods - 1``.
    material
        ``aluminium`` or ``plastics``.
    classes
        Origins: the columns of all shares.

    Raises
    ------
    InputError
        ``custody_shape``, ``custody_mass``, ``custody_share``, ``custody_number`` with the side and the first lot.
    """

    outputs: Side
    inputs: Side | None
    sites: tuple[str, ...]
    periods: int
    material: str
    classes: tuple[str, ...] = ORIGINS

    def __post_init__(self) -> None:
        _check(self.outputs, "outputs", self)
        if self.inputs is not None:
            _check(self.inputs, "inputs", self)

    @property
    def basis(self) -> Side:
        """What eligible matter is measured on: the inputs, or the outputs where no inputs are given."""
        return self.outputs if self.inputs is None else self.inputs

    def cells(self, side: Side, mass_mg: Whole) -> Whole:
        """Return masses of the lots of a side added up, mg, (site, period)."""
        summed = np.zeros((len(self.sites), self.periods), dtype=np.int64)
        np.add.at(summed, (side.site, side.period), mass_mg)
        return summed

    def batches(self) -> list[list[Whole]]:
        """Return the output lots of each site and period, in the order of their numbers, by [site][period]."""
        cell = self.outputs.site * self.periods + self.outputs.period
        order = np.argsort(cell, kind="stable")
        ends = np.cumsum(np.bincount(cell, minlength=len(self.sites) * self.periods))
        split = np.split(order, ends[:-1])
        return [split[site * self.periods : (site + 1) * self.periods] for site in range(len(self.sites))]


def _check(side: Side, name: str, flow: Flow) -> None:
    lots = len(side)
    for column in ("site", "period", "mass_mg"):
        _whole(getattr(side, column), f"{name}.{column}", lots)
    _within(side.site, f"{name}.site", len(flow.sites))
    _within(side.period, f"{name}.period", flow.periods)
    _masses(side.mass_mg, name)
    for column in ("true", "declared", "provable"):
        _shares(getattr(side, column), f"{name}.{column}", (lots, len(flow.classes)), whole=column == "true")
    if side.single is not None and (side.single.shape != (lots,) or side.single.dtype != np.bool_):
        raise refuse("custody_shape", f"{name}.single", found=side.single.shape, wanted=(lots,))


def _whole(column: Whole, where: str, lots: int) -> None:
    if column.shape != (lots,):
        raise refuse("custody_shape", where, found=column.shape, wanted=(lots,))
    if not np.issubdtype(column.dtype, np.integer):
        raise refuse("custody_not_whole", where, found=str(column.dtype))


def _within(column: Whole, where: str, count: int) -> None:
    outside = np.flatnonzero((column < 0) | (column >= count))
    if outside.size:
        raise refuse("custody_number", f"{where}[{outside[0]}]", found=int(column[outside[0]]), count=count)


def _masses(mass_mg: Whole, name: str) -> None:
    wrong = np.flatnonzero((mass_mg < 0) | (mass_mg >= HEAVIEST))
    if wrong.size:
        raise refuse("custody_mass", f"{name}.mass_mg[{wrong[0]}]", found=int(mass_mg[wrong[0]]), allowed=HEAVIEST)
    total = sum(mass_mg.tolist())  # in whole numbers of any size: 64 bits might run over
    if total >= MOST:
        raise refuse("custody_mass", f"{name}.mass_mg", found=total, allowed=MOST)


def _shares(shares: Floats, where: str, shape: tuple[int, int], whole: bool) -> None:
    if shares.shape != shape:
        raise refuse("custody_shape", where, found=shares.shape, wanted=shape)
    total = shares.sum(axis=1)
    # written so that what is not a number is wrong as well
    right = (shares >= 0).all(axis=1) & (total <= 1 + SLACK) & ((total >= 1 - SLACK) | (not whole))
    wrong = np.flatnonzero(~right)
    if wrong.size:
        row = shares[wrong[0]]
        raise refuse("custody_share", f"{where}[{wrong[0]}]", found=[float(one) for one in row], total=float(row.sum()))
