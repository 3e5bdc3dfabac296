"""The least-cost mix of materials to a specification: the arrays door of the charge programmes.

A charge of aluminium, a blend of polymers, a Dantzig blend of lead and tin are the same programme: masses ``x`` of the
materials, the mass of each property that they carry, and limits on it as fractions of the batch

    minimise cost @ x,   lower_p batch <= sum_i composition_ip x_i <= upper_p batch,   sum_i yield_i x_i = batch,

with ``0 <= x <= stock``. Rows are kept as masses against the batch, not as differences of near-equal fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.charge.programme import Programme
from cesim.charge.refusals import (
    above_one,
    as_floats,
    below_zero,
    crossed,
    not_above_zero,
    not_finite,
    raise_all,
    shape_faults,
)
from cesim.charge.simplex import solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.errors import Fault

    Floats = NDArray[np.float64]
    Limits = ArrayLike | Sequence[float | None] | None


@dataclass(frozen=True)
class Blend:
    """A mix, what it costs and what each limit costs.

    Attributes
    ----------
    status : "optimal" or "infeasible"
        every number below is NaN where there is no mix
    mix : (material,)
        mass of each material, in the unit of ``batch``
    cost : float
    shadow_prices : (property,)
        change of the cost per unit of the property's mass by which its active limit is moved up: below zero for an
        upper limit that binds, above zero for a lower one, zero where none does. At a degenerate corner the two
        sides differ and this is one price between them.
    batch_price : float
        change of the cost per unit of batch when the limits stay the masses they are
    stock_prices : (material,)
        change of the cost per unit of stock, zero or below, where a stock is used up
    conflict : tuple of int
        the properties whose limits cannot be met together with the batch and the stocks; empty for an optimum
    """

    status: Literal["optimal", "infeasible"]
    mix: Floats
    cost: float
    shadow_prices: Floats
    batch_price: float
    stock_prices: Floats
    conflict: tuple[int, ...]


def blend(
    cost: ArrayLike,
    composition: ArrayLike,
    lower: Limits,
    upper: Limits,
    stock: Limits,
    batch: float,
    yields: ArrayLike | None = None,
) -> Blend:
    """Mix a batch at least cost.

    Parameters
    ----------
    cost : (material,)
        per unit of mass charged
    composition : (material, property)
        mass of the property per mass charged, 0 to 1
    lower, upper : (property,) or None
        limits as fractions of the batch mass; None or an infinity where there is none, equal for an equality
    stock : (material,) or None
        mass there is; None or inf where only the batch is the limit
    batch : float
        mass to make, above zero; with ``yields`` the mass of the melt
    yields : (material,), optional
        mass in the melt per mass charged, above 0 and at most 1

    Raises
    ------
    InputError
        naming every argument and place that is wrong
    NotSolvedError
        when rounding keeps every attempt from passing the gate
    """
    programme = _programme(cost, composition, lower, upper, stock, batch, yields)
    solution = solve(programme)
    price = solution.row_price
    used_up = np.where(solution.x < programme.stock, 0.0, np.minimum(solution.column_price, 0.0))
    return Blend(
        solution.status,
        solution.x,
        solution.objective,
        price[:-1],
        float(price[-1]),
        np.where(np.isnan(solution.x), np.nan, used_up),
        tuple(int(p) for p in np.flatnonzero(solution.ray[:-1])),
    )


def _programme(
    cost: ArrayLike, composition: ArrayLike, lower: Limits, upper: Limits, stock: Limits, batch: float,
    yields: ArrayLike | None,
) -> Programme:  # fmt: skip
    own_cost, shares, size = as_floats("cost", cost), as_floats("composition", composition), as_floats("batch", batch)
    raise_all(shape_faults(shares, "composition", ("material", "property"), cost=(own_cost, 0)))
    materials, properties = shares.shape
    low, high = _limits("lower", lower, properties, -np.inf), _limits("upper", upper, properties, np.inf)
    there = _limits("stock", stock, materials, np.inf)
    melted = np.ones(materials) if yields is None else as_floats("yields", yields)
    faults = shape_faults(shares, "composition", lower=(low, 1), upper=(high, 1), stock=(there, 0), yields=(melted, 0))
    faults += shape_faults(np.ones((1, 1)), "batch", batch=(size.reshape(1) if size.ndim == 0 else size, 0))
    raise_all(faults)
    raise_all(_number_faults(own_cost, shares, low, high, there, size, melted))
    mass = float(size)
    rows = np.vstack([shares.T, melted])
    return Programme(
        own_cost,
        rows,
        np.append(low * mass, mass),
        np.append(high * mass, mass),
        np.where(np.isfinite(there), there, mass / melted),
    )


def _number_faults(
    cost: Floats, shares: Floats, low: Floats, high: Floats, stock: Floats, batch: Floats, melted: Floats
) -> list[Fault]:
    faults = [*not_finite("cost", cost), *not_finite("composition", shares)]
    faults += [*below_zero("composition", shares), *above_one("composition", shares)]
    faults += [*crossed(low, high), *not_finite("stock", np.where(stock == np.inf, 0.0, stock))]
    faults += [*below_zero("stock", np.where(np.isfinite(stock), stock, 0.0))]
    for name, array in (("batch", batch), ("yields", melted)):
        faults += [*not_finite(name, array), *not_above_zero(name, array)]
    return [*faults, *above_one("yields", melted)]


def _limits(name: str, given: Limits, length: int, free: float) -> Floats:
    """Limits as an array, with the infinity that means none for every None; a NaN stays one and is refused later."""
    if given is None:
        return np.full(length, free)
    array = np.array(given, dtype=object)
    if array.ndim == 1:
        array[[limit is None for limit in array]] = free
    return as_floats(name, array)
