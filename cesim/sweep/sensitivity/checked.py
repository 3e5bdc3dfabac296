"""What is refused before anything is computed. A failed run is never a zero, and never left out in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDING: Final = 1e-12
"""A spread below this share of the largest value is what the order of a sum makes of one and the same number."""


def refused(code: str, name: str, /, **arguments: object) -> InputError:
    """Return the error for one fault of the result `name` (empty where it has none)."""
    return InputError([Fault(code, Place(model=name or None), arguments)])


def all_finite(name: str, *arrays: Floats) -> None:
    """Refuse values that are not finite.

    Raises
    ------
    InputError
        ``sweep_values_not_finite`` with how many of how many
    """
    wrong = sum(int(values.size - np.isfinite(values).sum()) for values in arrays)
    if wrong:
        raise refused("sweep_values_not_finite", name, found=wrong, total=sum(values.size for values in arrays))


def same_shape(name: str, what: str, values: NDArray[Any], wanted: Sequence[int]) -> None:
    """Refuse an array of another shape.

    Raises
    ------
    InputError
        ``sweep_values_shape``
    """
    if values.shape != tuple(wanted):
        told = {"what": what, "found": _sides(values.shape), "wanted": _sides(wanted)}
        raise refused("sweep_values_shape", name, **told)


def does_not_vary(values: Floats) -> bool:
    """Say whether values (any shape, finite) differ by no more than rounding."""
    low, high = float(values.min()), float(values.max())
    return high - low <= ROUNDING * max(abs(low), abs(high))


def _sides(shape: Sequence[int]) -> str:
    return " x ".join(f"{side:,}" for side in shape) or "1"
