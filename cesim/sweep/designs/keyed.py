"""Luck in rows and columns: any number of either more leaves the others as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.quantities import uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_WIDTH: Final = 64
"""Columns that share a stream, so that 600 columns need ten streams and not 600; it is part of what a seed means."""


def keyed_rows(seed: int, name: str, first: int, count: int, columns: int) -> Floats:
    """Rows `first` to ``first + count - 1`` of a table of uniforms that has neither an end nor an edge.

    Column j of row p is draw ``64 p + j % 64`` of the stream ``design/NAME/(j // 64)`` of `cesim.quantities.uniforms`.

    Returns
    -------
    ndarray
        shape ``(count, columns)``, strictly inside (0, 1)
    """
    table = np.empty((count, columns))
    for at in range(0, columns, _WIDTH):
        drawn = uniforms(seed, f"design/{name}/{at // _WIDTH}", first * _WIDTH, count * _WIDTH)
        table[:, at : at + _WIDTH] = drawn.reshape(count, _WIDTH)[:, : columns - at]
    return table
