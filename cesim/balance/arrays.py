"""Arrays whose axes have names: a spreadsheet that knows what its rows and columns are.

Law 1. Multiplication and division align axes by name; the result has the union of both, in canonical order.
Law 2. Addition, subtraction and assignment demand the same axes, the same labels and the same unit.
Law 3. Nothing is summed away unless `Array.sum` says so.
Law 4. Units multiply as text; an unlabelled axis matches any labels of the same length.

Rejected: aligning sums by the axes both sides share. It makes wrong models balance, because aluminium that
turned into iron disappears in a sum over elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cesim.balance.units import UnitError, divided, multiplied, plain

Floats = NDArray[np.float64]
Labels = tuple[object, ...]

CANONICAL = (
    "draw",
    "year",
    "cohort",
    "region",
    "vehicle",
    "part",
    "material",
    "alloy",
    "element",
    "origin",
    "process",
)
"""The order of axes in results; names that are not here come after, in alphabetical order."""
_RANK = {name: rank for rank, name in enumerate(CANONICAL)}


class AxesError(ValueError):
    """Two sets of axes met that do not fit; the message names both."""


class Axis:
    """A named axis, with labels if its places have names (``Axis("element", ("Al", "Fe"))``)."""

    __slots__ = ("_hash", "labels", "name")

    def __init__(self, name: str, labels: Iterable[object] | None = None) -> None:
        self.name = name
        self.labels: Labels | None = None if labels is None else tuple(labels)
        if self.labels is not None and len(set(self.labels)) != len(self.labels):
            raise AxesError(f"axis {name!r}: labels {self.labels!r} are not all different")
        self._hash = hash((name, self.labels))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return (
            isinstance(other, Axis)
            and self._hash == other._hash
            and self.name == other.name
            and self.labels == other.labels
        )

    def __repr__(self) -> str:
        return self.name if self.labels is None else f"{self.name}[{len(self.labels)}]"

    def place(self, label: object) -> int:
        """Position of a label; AxesError if it is not on the axis."""
        if self.labels is None:
            raise AxesError(f"axis {self.name!r} has no labels to select from")
        try:
            return self.labels.index(label)
        except ValueError:
            raise AxesError(f"axis {self.name!r}: no {label!r}; allowed: {self.labels!r}") from None


Axes = tuple[Axis, ...]


class Array:
    """Numbers with named axes and a unit.

    Parameters
    ----------
    values
        Any shape, one axis per name.
    axes
        Names, or `Axis` objects with labels.
    unit
        Text such as ``t``, ``t/car``, ``kg CO2e/t``; empty for a plain number.
    check
        Refuse NaN (on by default; hot paths that cannot make one may turn it off).

    Raises
    ------
    AxesError
        Axes that do not fit the shape, are named twice, or differ where they must not.
    UnitError
        Units that differ where they must not.
    ValueError
        NaN among the values.
    """

    __slots__ = ("coords", "unit", "values")
    __array_priority__: ClassVar[float] = 100.0
    __array_ufunc__: ClassVar[None] = None

    def __init__(
        self, values: ArrayLike, axes: Iterable[str | Axis] = (), unit: str = "", *, check: bool = True
    ) -> None:
        self.values: Floats = np.asarray(values, dtype=np.float64)
        self.coords: Axes = tuple(axis if isinstance(axis, Axis) else Axis(axis) for axis in axes)
        self.unit = plain(unit)
        _check_shape(self.coords, self.values.shape)
        if check and np.isnan(self.values).any():
            where = tuple(int(i) for i in np.argwhere(np.isnan(self.values))[0])
            raise ValueError(f"NaN at index {where} of axes {self.axes}; allowed: numbers")

    @classmethod
    def _made(cls, values: Floats, coords: Axes, unit: str) -> Array:
        """Build from parts already checked: what arithmetic uses."""
        made = object.__new__(cls)
        made.values, made.coords, made.unit = values, coords, unit
        return made

    @property
    def axes(self) -> tuple[str, ...]:
        """Names of the axes."""
        return tuple(axis.name for axis in self.coords)

    def __repr__(self) -> str:
        return f"Array({self.values!r}, axes={self.coords!r}, unit={self.unit!r})"

    def __mul__(self, other: Array | float) -> Array:
        if not isinstance(other, Array):
            return Array._made(self.values * other, self.coords, self.unit)
        left, right, coords = _aligned(self, other)
        return Array._made(left * right, coords, multiplied(self.unit, other.unit))

    __rmul__ = __mul__

    def __truediv__(self, other: Array | float) -> Array:
        if not isinstance(other, Array):
            return Array._made(np.asarray(self.values / other), self.coords, self.unit)
        left, right, coords = _aligned(self, other)
        return Array._made(np.asarray(left / right), coords, divided(self.unit, other.unit))

    def __rtruediv__(self, other: float) -> Array:
        return Array._made(np.asarray(other / self.values), self.coords, divided("", self.unit))

    def __add__(self, other: Array) -> Array:
        right, coords = _same(self, other, "+")
        return Array._made(self.values + right, coords, self.unit)

    def __sub__(self, other: Array) -> Array:
        right, coords = _same(self, other, "-")
        return Array._made(self.values - right, coords, self.unit)

    def __neg__(self) -> Array:
        return Array._made(-self.values, self.coords, self.unit)

    def __setitem__(self, where: Mapping[str, object] | Any, other: Array) -> None:
        """Assign to all (``a[...] = b``) or to a selection (``a[{"region": "aichi"}] = b``)."""
        wanted = {} if where is Ellipsis else where
        if not isinstance(wanted, Mapping):
            raise AxesError(f"assignment to {where!r}; allowed: ... or a mapping of axis to label")
        index, coords = _selection(self.coords, wanted)
        right, _ = _same(Array._made(self.values[index], coords, self.unit), other, "=")
        self.values[index] = right

    def sum(self, *axes: str) -> Array:
        """Add up over the named axes, at least one."""
        names = self.axes
        if not axes or not set(axes) <= set(names):
            raise AxesError(f"sum over {axes}; allowed: one or more of {names}")
        values = np.sum(self.values, axis=tuple(names.index(axis) for axis in axes))
        return Array._made(np.asarray(values), tuple(axis for axis in self.coords if axis.name not in axes), self.unit)

    def select(self, **wanted: object) -> Array:
        """Keep one label of an axis, which then goes, or a list of labels, which then are the axis."""
        index, coords = _selection(self.coords, wanted)
        return Array._made(np.asarray(self.values[index]), coords, self.unit)

    def transpose(self, *axes: str) -> Array:
        """Give the same numbers with the axes in the order named."""
        if set(axes) != set(self.axes) or len(axes) != len(self.axes):
            raise AxesError(f"transpose to {axes}; allowed: the same axes as {self.axes}")
        order = tuple(self.axes.index(axis) for axis in axes)
        return Array._made(self.values.transpose(order), tuple(self.coords[i] for i in order), self.unit)

    def canonical(self) -> Array:
        """Give the same numbers with the axes in canonical order."""
        return self.transpose(*sorted(self.axes, key=_rank))


def _rank(name: str) -> tuple[int, str]:
    return _RANK.get(name, len(_RANK)), name


def _check_shape(coords: Axes, shape: tuple[int, ...]) -> None:
    names = [axis.name for axis in coords]
    if len(set(names)) != len(names):
        raise AxesError(f"axes {tuple(names)}: a name stands twice")
    if len(coords) != len(shape):
        raise AxesError(f"axes {tuple(names)} name {len(coords)} axes; the values have {len(shape)}: {shape}")
    for axis, length in zip(coords, shape, strict=True):
        if axis.labels is not None and len(axis.labels) != length:
            raise AxesError(f"axis {axis.name!r} has {len(axis.labels)} labels; the values have {length}")


def _fits(left: Axis, right: Axis) -> Axis:
    """Axis that both are, with the labels of whichever has them."""
    if left.labels is None or right.labels is None:
        return right if left.labels is None else left
    if left.labels != right.labels:
        raise AxesError(f"axis {left.name!r}: labels {left.labels!r} and {right.labels!r} differ")
    return left


@lru_cache(maxsize=4096)
def _plan(left: Axes, right: Axes) -> tuple[Axes, tuple[Any, ...], tuple[Any, ...]]:
    """Union of two sets of axes, and how each is turned to it (an order, and places for missing axes)."""
    mine, theirs = {axis.name: axis for axis in left}, {axis.name: axis for axis in right}
    names = sorted(mine | theirs, key=_rank)
    union = tuple(
        _fits(mine[name], theirs[name]) if name in mine and name in theirs else mine.get(name) or theirs[name]
        for name in names
    )
    return union, _turn(left, names), _turn(right, names)


def _turn(axes: Axes, names: list[str]) -> tuple[Any, ...]:
    own = [axis.name for axis in axes]
    order = tuple(own.index(name) for name in names if name in own)
    return order, tuple(slice(None) if name in own else None for name in names)


def _aligned(left: Array, right: Array) -> tuple[Floats, Floats, Axes]:
    if left.coords is right.coords:
        return left.values, right.values, left.coords
    coords, mine, theirs = _plan(left.coords, right.coords)
    a = left.values.transpose(mine[0])[mine[1]]
    b = right.values.transpose(theirs[0])[theirs[1]]
    for axis, m, n in zip(coords, a.shape, b.shape, strict=True):
        if m != n and None not in (mine[1][coords.index(axis)], theirs[1][coords.index(axis)]):
            raise AxesError(f"axis {axis.name!r}: {left.coords} has {m} places, {right.coords} has {n}")
    return a, b, coords


def _same(left: Array, right: Array, sign: str) -> tuple[Floats, Axes]:
    """Values of `right` in the order of `left`, if axes and units are equal."""
    if not isinstance(right, Array):
        raise AxesError(f"{left.coords} {sign} {right!r}: allowed: an Array of the same axes")
    if left.unit != right.unit:
        raise UnitError(f"{left.unit!r} {sign} {right.unit!r}: the units differ")
    if left.coords is right.coords and left.values.shape == right.values.shape:
        return right.values, left.coords
    if set(left.axes) != set(right.axes):
        raise AxesError(f"{left.coords} {sign} {right.coords}: the axes differ")
    turned = right if right.axes == left.axes else right.transpose(*left.axes)
    coords = tuple(_fits(mine, theirs) for mine, theirs in zip(left.coords, turned.coords, strict=True))
    if left.values.shape != turned.values.shape:
        raise AxesError(f"{left.coords} {sign} {right.coords}: shapes {left.values.shape} and {turned.values.shape}")
    return turned.values, coords


def _selection(coords: Axes, wanted: Mapping[str, object]) -> tuple[tuple[Any, ...], Axes]:
    """Index and remaining axes of a selection."""
    names = tuple(axis.name for axis in coords)
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise AxesError(f"no axis {unknown[0]!r}; allowed: {names}")
    lists = [name for name, label in wanted.items() if isinstance(label, list)]
    if len(lists) > 1:
        raise AxesError(f"lists of labels on {lists}; allowed: on one axis at a time")
    index: list[Any] = []
    kept: list[Axis] = []
    for axis in coords:
        label = wanted.get(axis.name, slice(None))
        if axis.name not in wanted:
            kept.append(axis)
            index.append(slice(None))
        elif isinstance(label, list):
            kept.append(Axis(axis.name, label))
            index.append([axis.place(one) for one in label])
        else:
            index.append(slice(axis.place(label), axis.place(label) + 1))
    return _two_steps(index, coords, wanted), tuple(kept)


def _two_steps(index: list[Any], coords: Axes, wanted: Mapping[str, object]) -> tuple[Any, ...]:
    """Turn one-label slices into places where no list is given, so that numpy keeps the axis order."""
    if any(isinstance(one, list) for one in index):
        dropped = [a.name for a in coords if a.name in wanted and not isinstance(wanted[a.name], list)]
        if dropped:
            raise AxesError(f"a list and single labels {dropped} together; allowed: one select after the other")
        return tuple(index)
    return tuple(one.start if a.name in wanted else one for one, a in zip(index, coords, strict=True))
