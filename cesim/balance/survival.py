"""Survival: the share of a cohort still in use at an age.

A cohort is what entered use in one year: the cars registered in 2012, say. Its survival curve is the one
thing that turns registrations into end-of-life vehicles, so its parameters mean here exactly what they are
called: `mean` and `sd` are those of the lifetime, or of the underlying normal where the name says so.

Sources: J.F. Lawless, Statistical Models and Methods for Lifetime Data (2nd ed. 2003), chapter 1;
S.H. Murakami et al., J. Ind. Ecol. 14(4), 2010 (lifetimes in material flow analysis).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cesim.balance.families import FAMILIES, Family, Floats, empirical

Series = NDArray[np.intp] | slice
Curve = Literal["sf", "lived", "hazard"]
EVERY_SERIES = slice(None)
NAMES = (*FAMILIES, "empirical")


class Survival:
    """A lifetime distribution, for one series or for many at once.

    Parameters
    ----------
    family
        ``fixed(mean)``: alive while age < mean. ``normal(mean, sd)``: 1 - Phi, not truncated, so survival
        at age 0 is below 1. ``truncated-normal(mean, sd)`` and ``folded-normal(mean, sd)``: mean and sd of
        the underlying normal. ``lognormal(mean, sd)`` and ``gamma(mean, sd)``: of the lifetime itself.
        ``weibull(shape, scale)``. ``empirical(table)``: survival at ages 0, 1, 2, ... on the last axis, or
        pairs (age, survival) as a mapping or an ``(n, 2)`` array; straight between the ages, 0 after the
        last. Underscores are read as hyphens.
    parameters
        Numbers or arrays, broadcast together; their common shape is `shape`. Ages are in years.

    Raises
    ------
    ValueError
        For an unknown family, a missing, unknown, non-positive or non-finite parameter, or a table that
        rises or leaves [0, 1]. The message names the parameter, what was found and what is allowed.
    """

    def __init__(self, family: str, **parameters: ArrayLike | Mapping[float, float]) -> None:
        name = str(family).replace("_", "-")
        if name not in NAMES:
            raise ValueError(f"unknown lifetime family {family!r}; allowed: {', '.join(NAMES)}")
        _check_names(name, parameters, ("table",) if name == "empirical" else FAMILIES[name].parameters)
        self.family = name
        self.shape: tuple[int, ...]
        self._family: Family
        self._values: tuple[Floats, ...]
        if name == "empirical":
            knots, table = _read_table(parameters["table"])
            self._family, self.shape = empirical(knots), table.shape[:-1]
            self._values = (table.reshape(-1, len(knots)),)
        else:
            self._family = FAMILIES[name]
            stated = np.broadcast_arrays(*(_positive(name, key, parameters[key]) for key in _order(name)))
            self.shape = stated[0].shape
            self._values = tuple(self._family.prepare(*(np.ravel(value) for value in stated)))

    def __repr__(self) -> str:
        return f"Survival({self.family!r}, shape={self.shape})"

    def sf(self, age: ArrayLike) -> Floats:
        """Share alive at `age` in years; shape = parameter shape + age shape."""
        return self._spread("sf", age)

    def hazard(self, age: ArrayLike) -> Floats:
        """Give the instantaneous rate of leaving, per year, of those alive at `age`.

        ``fixed``: 0 before the mean and infinite from it on. ``empirical``: minus the slope to the right
        over survival, infinite where nobody is left and from the last age of the table on.
        """
        return self._spread("hazard", age)

    def lived(self, age: ArrayLike) -> Floats:
        """Years lived up to `age`: the integral of survival from 0 to `age`, in closed form."""
        return self._spread("lived", age)

    def mean(self) -> Floats:
        """Mean lifetime: the integral of survival. For ``normal``, the mean of max(X, 0)."""
        return np.reshape(self._family.moments(*self._values)[0], self.shape)

    def sd(self) -> Floats:
        """Give the standard deviation of the lifetime; for ``normal``, that of max(X, 0)."""
        first, second = self._family.moments(*self._values)
        return np.reshape(np.sqrt(np.maximum(second - first**2, 0.0)), self.shape)

    def by_age(self, curve: Curve, ages: ArrayLike, series: Series = EVERY_SERIES) -> Floats:
        """Tabulate a curve ``(age, series)`` for the flat `series` asked for: the kernels' door."""
        column = np.asarray(ages, dtype=np.float64)[:, None]
        formula = getattr(self._family, curve)
        table: Floats = formula(column, *(value[series] for value in self._values))
        return table

    def _spread(self, curve: Curve, age: ArrayLike) -> Floats:
        ages = np.asarray(age, dtype=np.float64)
        if np.isnan(ages).any():
            raise ValueError("age: found NaN; allowed: numbers")
        table = self.by_age(curve, np.maximum(ages, 0.0).ravel())
        if curve != "lived":
            before = 1.0 if curve == "sf" else 0.0
            table = np.where(ages.reshape(-1, 1) < 0.0, before, table)
        return np.asarray(table.T.reshape(self.shape + ages.shape))


def _order(name: str) -> tuple[str, ...]:
    return FAMILIES[name].parameters


def _check_names(name: str, found: Mapping[str, object], allowed: tuple[str, ...]) -> None:
    for key in allowed:
        if key not in found:
            raise ValueError(f"{name}: parameter {key!r} is missing; needed: {', '.join(allowed)}")
    for key in found:
        if key not in allowed:
            raise ValueError(f"{name}: unknown parameter {key!r}; allowed: {', '.join(allowed)}")


def _positive(name: str, key: str, value: object) -> Floats:
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: {key} is {value!r}; allowed: finite numbers above 0") from None
    wrong = ~(np.isfinite(array) & (array > 0.0))
    if wrong.any():
        raise ValueError(f"{name}: {key} is {array[wrong].flat[0]!s}; allowed: finite numbers above 0")
    return array


def _read_table(value: object) -> tuple[Floats, Floats]:
    """Ages and survival ``(..., age)`` of an empirical table, checked."""
    if isinstance(value, Mapping):
        pairs = np.asarray(sorted(value.items()), dtype=np.float64).reshape(-1, 2)
        knots, table = pairs[:, 0], pairs[:, 1]
    else:
        array = np.asarray(value, dtype=np.float64)
        if array.ndim == 2 and array.shape[1] == 2:
            knots, table = array[:, 0], array[:, 1]
        else:
            knots, table = np.arange(array.shape[-1] if array.ndim else 0, dtype=np.float64), array
    if len(knots) < 2:
        raise ValueError(f"empirical: table has {len(knots)} ages; allowed: two or more")
    if not (np.isfinite(knots).all() and knots[0] == 0.0 and (np.diff(knots) > 0.0).all()):
        raise ValueError(f"empirical: table ages are {knots.tolist()}; allowed: rising from 0")
    wrong = ~((table >= 0.0) & (table <= 1.0))
    if wrong.any():
        raise ValueError(f"empirical: table holds {table[wrong].flat[0]!s}; allowed: survival in [0, 1]")
    rises = np.diff(table, axis=-1) > 0.0
    if rises.any():
        at = int(np.argwhere(rises)[0][-1])
        raise ValueError(f"empirical: table rises after age {knots[at]:g}; allowed: survival that never rises")
    return knots, table
