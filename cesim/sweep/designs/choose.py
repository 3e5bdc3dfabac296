"""Discrete factors: which of several alternatives a column chooses.

A discrete factor takes one column. Shares that must add to one take a column each and are drawn from them by
`cesim.quantities.dirichlet`: k independent gamma variates by inversion, divided by their sum, which lies on the
simplex wherever the columns lie in the cube; with best estimates 1 / k and a concentration of k it is uniform there.
Its columns are one `Factor`, since a single one of them means nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


def choose(u: ArrayLike, n: int, weights: Sequence[float] | None = None) -> NDArray[np.intp]:
    """Return which of n alternatives each probability chooses, from 0.

    Parameters
    ----------
    u
        Probabilities in (0, 1), any shape.
    n
        How many there are, at least one.
    weights
        How often each is chosen compared with the others, not negative; equally often when left out. One of weight 0
        is never chosen.

    Raises
    ------
    ValueError
        for no alternative, weights that do not fit, are negative, not finite or all zero, probabilities outside (0, 1)
    """
    drawn = np.asarray(u, dtype=np.float64)
    if not ((drawn > 0.0) & (drawn < 1.0)).all():
        raise ValueError("a probability to choose by lies strictly between 0 and 1")
    given = np.ones(max(n, 0)) if weights is None else np.asarray(weights, dtype=np.float64)
    if n < 1 or given.shape != (n,):
        raise ValueError(f"{n} alternatives with {given.size} weights")
    if not (np.isfinite(given) & (given >= 0.0)).all() or not given.any():
        raise ValueError(f"weights are not negative and one of them is above zero: {list(given)}")
    upto = np.cumsum(given / given.max())
    return np.searchsorted(upto / upto[-1], drawn, side="right")
