"""A sorter: what it calls each piece, right or wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.charge.faults import Refusals, no_answer
from cesim.data import rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cesim.data import Row

    Floats = NDArray[np.float64]

_TABLE = "aluminium_processes"


class Split(NamedTuple):
    """What a sorter made of a feed."""

    masses: Floats
    """t in each bin, (..., called)."""
    purity: Floats
    """Share of each bin that is what the bin is called, (..., called)."""
    recovery: Floats
    """Share of each class that reached its own bin, (true,)."""


@dataclass(frozen=True, eq=False)
class Sorter:
    """A machine, or a pair of hands, that throws pieces into bins by what it takes them for.

    One number of accuracy says little: what matters is which class is taken for which. So a sorter is its confusion
    matrix.

    Raises
    ------
    InputError
        ``charge_rows_not_one`` where a row does not add up to one; shares outside 0 to 1; a throughput of zero.
    """

    classes: tuple[str, ...]
    """The classes, in the order of both axes."""
    confusion: Floats
    """(true, called): share of the mass of a class that is called each class; rows add up to one."""
    throughput: float
    """t/h of feed."""
    cost: float
    """JPY/t of feed."""
    rows: tuple[Row, ...] = field(default=(), repr=False)
    """Where the matrix was read; empty for one's own."""

    def __post_init__(self) -> None:
        with Refusals("Sorter") as refusals:
            classes = refusals.distinct("classes", self.classes)
            confusion = refusals.number("confusion", self.confusion, 0.0, 1.0, shape=(len(classes),) * 2)
            refusals.number("throughput", self.throughput, 0.0, above=True)
            refusals.number("cost", self.cost, 0.0)
            refusals.settle()
            for name, total in zip(classes, confusion.sum(axis=1), strict=True):
                if abs(total - 1.0) > 1e-9:
                    refusals.refuse("charge_rows_not_one", "confusion", row=name, found=float(total))
        object.__setattr__(self, "classes", classes)
        object.__setattr__(self, "confusion", confusion)

    @classmethod
    def named(cls, key: str, *, throughput: float, cost: float) -> Sorter:
        """Return a sorter with a confusion matrix of the process table, such as ``al.libs.confusion.family``.

        Raises
        ------
        InputError
            ``charge_unknown_name`` with the nearest matrix.
        """
        cells: dict[str, list[Row]] = {}
        for row in rows(_TABLE):
            prefix, _, tail = row.key.partition(".confusion.")
            if tail.count(".") == 2:
                cells.setdefault(f"{prefix}.confusion.{tail.partition('.')[0]}", []).append(row)
        with Refusals("Sorter") as refusals:
            refusals.known("name", key, cells)
        found = {tuple(row.key.split(".")[-2:]): row.value for row in cells[key]}
        classes = tuple(dict.fromkeys(true for true, _ in found))
        matrix = np.array([[found[true, called] for called in classes] for true in classes], dtype=np.float64)
        return cls(classes, matrix, throughput, cost, tuple(cells[key]))

    def flows(self, feed: ArrayLike) -> Floats:
        """Return t of each class in each bin, (..., true, called), from t of each class, (..., class).

        Raises
        ------
        InputError
            For a feed that is negative, not finite or of another number of classes.
        """
        with Refusals("Sorter") as refusals:
            mass = refusals.number("feed", feed, 0.0)
            if mass.ndim == 0 or mass.shape[-1] != len(self.classes):
                refusals.refuse("charge_shape", "feed", found=mass.shape, allowed=("...", len(self.classes)))
        return np.asarray(mass[..., :, None] * self.confusion)

    def split(self, feed: ArrayLike, empty: float | None = None) -> Split:
        """Sort a feed.

        Parameters
        ----------
        feed
            t of each class, (..., class).
        empty
            What the purity of an empty bin counts as; by default an empty bin has none and is refused.

        Raises
        ------
        InputError
            See `flows`.
        NoAnswer
            ``charge_empty_bin`` where nothing falls into a bin and `empty` does not say what that means.
        """
        flows = self.flows(feed)
        masses = flows.sum(axis=-2)
        own = np.diagonal(flows, axis1=-2, axis2=-1)
        nothing = masses <= 0.0
        if nothing.any() and empty is None:
            bin_ = self.classes[int(np.argwhere(nothing)[0][-1])]
            raise no_answer("charge_empty_bin", "Sorter", "split", found=bin_)
        share = own / np.where(nothing, 1.0, masses)
        purity = np.where(nothing, 0.0 if empty is None else empty, share)
        return Split(masses, purity, np.diagonal(self.confusion).copy())

    def hours(self, feed: ArrayLike) -> Floats:
        """Return the hours a feed takes, (...)."""
        return np.asarray(self.flows(feed).sum(axis=(-2, -1)) / self.throughput)

    def bill(self, feed: ArrayLike) -> Floats:
        """Return what sorting a feed costs, JPY, (...)."""
        return np.asarray(self.flows(feed).sum(axis=(-2, -1)) * self.cost)
