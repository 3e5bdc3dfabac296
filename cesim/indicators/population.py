"""Rules that look at new types only.

A type keeps the recycled content it was approved with for as long as it is built. With a model cycle of n years, a
share 1/n of the cars built each year belongs to types approved in that year. What is supplied beyond the needs of the
running types goes into the new ones, up to what their parts can technically hold; a shortage is shared by all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def content_of_new_types(average: Floats, cycle: Floats, ceiling: Floats) -> Floats:
    """Recycled content of the types approved in each year.

    Parameters
    ----------
    average : (draw, year)
        share in all cars built
    cycle : (draw,)
        years a type is built, at least 1; fractions count pro rata
    ceiling : (draw,)
        most a new type can technically hold

    Returns
    -------
    (draw, year); the types of the years before the first are taken to hold the first year's average
    """
    years = average.shape[1]
    longest = int(np.ceil(cycle.max()))
    weights = np.clip(cycle[:, None] - np.arange(longest), 0.0, 1.0) / cycle[:, None]
    held = np.repeat(average[:, :1], longest, axis=1)
    out = np.empty_like(average)
    for year in range(years):
        running = np.zeros(average.shape[0])
        # term by term, so that a longer cycle in another draw changes no bit of this one
        for age in range(1, longest):
            running = running + held[:, age - 1] * weights[:, age]
        new = np.clip((average[:, year] - running) / weights[:, 0], 0.0, ceiling)
        supplied = running + new * weights[:, 0]
        short = np.where(supplied > average[:, year], average[:, year] / np.where(supplied > 0, supplied, 1.0), 1.0)
        out[:, year] = new * short
        held = np.concatenate([new[:, None], held[:, :-1]], axis=1)
    return out
