"""What a system is written over: its years, its elements, its further axes; and how values are read into it.

Inside, every value is ``(year, *axes, element)`` with length 1 where it does not vary: what is certain is
never tiled over draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cesim.balance.arrays import Array, AxesError, Axis, Floats
from cesim.balance.units import UnitError, plain

Value = float | Sequence[float] | NDArray[np.float64] | Array | Mapping[str, "Value"]
SUM_ROUNDING = 1e-9


class ModelError(ValueError):
    """A system that cannot be: the message names the process, the flow and what is allowed."""


class Frame:
    """Years, elements and further axes (draws, regions, ...) of a system, and its unit."""

    def __init__(self, years: Iterable[int], elements: Iterable[str], axes: Iterable[Axis], unit: str) -> None:
        self.years, self.elements, self.unit = tuple(years), tuple(elements), plain(unit)
        self.axes = tuple(axes)
        if not self.years or not self.elements:
            raise ModelError("a system needs one year and one element or more")
        for axis in self.axes:
            if axis.labels is None:
                raise AxesError(f"axis {axis.name!r} of a system needs labels")
        self.lead = tuple(len(axis.labels or ()) for axis in self.axes)
        self.coords = (Axis("year", self.years), *self.axes, Axis("element", self.elements))
        self.shape = (len(self.years), *self.lead, len(self.elements))
        self._places = {axis.name: place for place, axis in enumerate(self.coords)}

    def read(self, what: str, value: Value, unit: str) -> Floats:
        """Read a number, a series by year, an `Array`, or any of them by element, to internal shape.

        Raises `AxesError`, `UnitError` or `ModelError`, each beginning with `what`.
        """
        if isinstance(value, Mapping):
            return self._by_element(what, value, unit)
        array = self._turned(what, value, unit) if isinstance(value, Array) else self._plain(what, value)
        if not np.isfinite(array).all():
            raise ModelError(f"{what}: found {array[~np.isfinite(array)][0]!s}; allowed: finite numbers")
        return array

    def composition(self, what: str, value: Value | None) -> Floats:
        """Read mass fractions by element that add up to one."""
        if value is None:
            if len(self.elements) > 1:
                raise ModelError(f"{what}: a composition by element is missing; elements: {self.elements}")
            return self._plain(what, 1.0)
        shares = self.shares(what, value)
        total = np.broadcast_to(shares, (*shares.shape[:-1], len(self.elements))).sum(axis=-1)
        if (np.abs(total - 1.0) > SUM_ROUNDING).any():
            worst = total.flat[int(np.argmax(np.abs(total - 1.0)))]
            raise ModelError(f"{what}: composition adds up to {worst:g}; allowed: 1")
        return shares

    def shares(self, what: str, value: Value) -> Floats:
        """Read shares: no unit, between 0 and 1."""
        shares = self.read(what, value, "")
        wrong = (shares < 0.0) | (shares > 1.0)
        if wrong.any():
            raise ModelError(f"{what}: found share {shares[wrong][0]:g}{self.cell(wrong)}; allowed: 0 to 1")
        return shares

    def survival_steps(self, what: str, steps: Floats) -> Floats:
        """Survival by step ``(step, *parameters)`` as ``(step, *axes, element)``."""
        own = steps.shape[1:]
        try:
            np.broadcast_shapes(own, self.lead)
        except ValueError:
            raise AxesError(f"{what}: survival of shape {own} does not fit axes {self.axes}") from None
        if len(own) > len(self.lead):
            raise AxesError(f"{what}: survival of shape {own} has more axes than {self.axes}")
        return steps.reshape(steps.shape[0], *(1,) * (len(self.lead) - len(own)), *own, 1)

    def cell(self, wrong: NDArray[np.bool_]) -> str:
        """Where the first wrong value stands, in words: the year, the labels and the element."""
        where = np.argwhere(wrong)[0]
        parts = [
            f"{axis.name} {(axis.labels or ())[place]}"
            for axis, place, length in zip(self.coords, where, wrong.shape, strict=True)
            if length > 1 or (length == 1 and len(axis.labels or ()) == 1 and axis.name == "year")
        ]
        return f" ({', '.join(parts)})" if parts else ""

    def array(self, values: Floats, unit: str | None = None) -> Array:
        """Show internal values as a named array over all axes, in canonical order."""
        full = np.broadcast_to(values, self.shape)
        return Array(full, self.coords, self.unit if unit is None else unit, check=False).canonical()

    def _by_element(self, what: str, value: Mapping[str, Value], unit: str) -> Floats:
        if set(value) != set(self.elements):
            raise ModelError(f"{what}: elements {tuple(value)}; allowed: every one of {self.elements}")
        parts = [self.read(f"{what}, {element}", value[element], unit) for element in self.elements]
        if any(part.shape[-1] > 1 for part in parts):
            raise AxesError(f"{what}: an element's own value has an element axis")
        return np.concatenate(np.broadcast_arrays(*parts), axis=-1)

    def _plain(self, what: str, value: ArrayLike) -> Floats:
        array = np.asarray(value, dtype=np.float64)
        if array.ndim == 0:
            return array.reshape((1,) * len(self.shape))
        if array.shape == (len(self.years),):
            return array.reshape(-1, *(1,) * (len(self.shape) - 1))
        raise AxesError(
            f"{what}: numbers of shape {array.shape}; allowed: one number, one per year "
            f"({len(self.years)}), a mapping by element, or an Array that names its axes"
        )

    def _turned(self, what: str, value: Array, unit: str) -> Floats:
        if value.unit != unit:
            raise UnitError(f"{what}: unit {value.unit!r}; allowed: {unit!r}")
        shape = [1] * len(self.shape)
        for axis, length in zip(value.coords, value.values.shape, strict=True):
            if axis.name not in self._places:
                raise AxesError(f"{what}: axis {axis.name!r}; allowed: {tuple(self._places)}")
            mine = self.coords[self._places[axis.name]]
            if length != len(mine.labels or ()) or (axis.labels is not None and axis.labels != mine.labels):
                raise AxesError(f"{what}: axis {axis.name!r} has {axis.labels or length}, not {mine.labels}")
            shape[self._places[axis.name]] = length
        order = sorted(range(len(value.axes)), key=lambda place: self._places[value.axes[place]])
        return value.values.transpose(order).reshape(shape)
