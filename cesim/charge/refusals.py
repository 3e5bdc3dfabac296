"""What a charge programme refuses: every fault with its argument and place, all at once."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def as_floats(name: str, value: ArrayLike) -> Floats:
    """An array of floats, or a fault that names the argument."""
    try:
        return np.asarray(value, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        raise InputError([_fault("array_not_numbers", name, (), value, "numbers")]) from None


def shape_faults(
    matrix: Floats, called: str = "rows", axes: tuple[str, str] = ("row", "column"), **arrays: tuple[Floats, int]
) -> list[Fault]:
    """Faults of arrays that do not fit the axis of the matrix they are paired with."""
    if matrix.ndim != 2 or matrix.shape[1] == 0:
        return [_fault("array_wrong_shape", called, (), matrix.shape, axes)]
    return [
        _fault("array_wrong_shape", name, (), array.shape, (matrix.shape[axis],))
        for name, (array, axis) in arrays.items()
        if array.shape != (matrix.shape[axis],)
    ]


def not_finite(name: str, array: Floats) -> list[Fault]:
    """A fault for every place that holds NaN or an infinity."""
    return [_fault("array_not_finite", name, at, array[at], "finite numbers") for at in _places(~np.isfinite(array))]


def below_zero(name: str, array: Floats) -> list[Fault]:
    """A fault for every negative place."""
    return [_fault("array_below_zero", name, at, array[at], "0 or more") for at in _places(array < 0)]


def not_above_zero(name: str, array: Floats) -> list[Fault]:
    """A fault for every place that is zero or below."""
    return [_fault("array_not_above_zero", name, at, array[at], "above 0") for at in _places(array <= 0)]


def above_one(name: str, array: Floats) -> list[Fault]:
    """A fault for every place above one, where fractions are asked for."""
    return [_fault("array_above_one", name, at, array[at], "0 to 1") for at in _places(array > 1)]


def crossed(lower: Floats, upper: Floats, names: tuple[str, str] = ("lower", "upper")) -> list[Fault]:
    """A fault for every limit that is NaN, infinite the wrong way round, or above its partner."""
    faults = [
        _fault("array_not_finite", name, at, array[at], f"numbers or {free}")
        for name, array, free in ((names[0], lower, -np.inf), (names[1], upper, np.inf))
        for at in _places(np.isnan(array) | (array == -free))
    ]
    return faults + [
        _fault("array_limits_crossed", names[0], at, lower[at], f"at most {names[1]}, {upper[at]}")
        for at in _places(lower > upper)
        if np.isfinite(lower[at]) and np.isfinite(upper[at])
    ]


def limits_hold(lower: Floats, upper: Floats) -> bool:
    """Whether no limit is NaN, above its partner or infinite the wrong way round."""
    ordered = bool(np.logical_and.reduce(lower <= upper))
    return ordered and bool(
        np.maximum.reduce(lower, initial=-inf) < inf and np.minimum.reduce(upper, initial=inf) > -inf
    )


def raise_all(faults: list[Fault]) -> None:
    """Raise every fault at once, if there is any."""
    if faults:
        raise InputError(faults)


def _places(wrong: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    return [tuple(int(i) for i in at) for at in np.argwhere(wrong)]


def _fault(code: str, argument: str, at: tuple[int, ...], found: object, allowed: object) -> Fault:
    where = argument + "".join(f"[{i}]" for i in at)
    return Fault(code, arguments={"where": where, "found": _plain(found), "allowed": allowed})


def _plain(found: object) -> object:
    return found.item() if isinstance(found, np.generic) else found
