"""Which input drives a result: first-order shares of its variance from the draws already made.

The share of an input is the adjusted R-squared of the result on the first three Legendre polynomials of the input's
own uniform number: a given-data first-order Sobol' index with three terms (Li and Rabitz 2012). With n draws and m
inputs an R-squared below the noise floor would be reached by chance by some input in one study out of twenty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TERMS = 3
"""Polynomials of an input."""

FEWEST_DRAWS = 100
"""Below this no share is told."""


def shares(inputs: Mapping[str, Floats], result: Floats) -> tuple[dict[str, float], float]:
    """First-order shares of the variance of a result.

    Parameters
    ----------
    inputs : name -> (draw,) uniform numbers in (0, 1)
    result : (draw,)

    Returns
    -------
    name -> share (0 where the adjusted value is negative), and the noise floor
    """
    draws = result.size
    if draws < FEWEST_DRAWS or not inputs or not result.std() > 0:
        return dict.fromkeys(inputs, 0.0), 1.0
    centred = (result - result.mean()) / result.std()
    out = {}
    for name, u in inputs.items():
        raw = _explained(u, centred)
        out[name] = max(0.0, 1.0 - (1.0 - raw) * (draws - 1) / (draws - 1 - TERMS))
    return out, noise_floor(draws, len(inputs))


def noise_floor(draws: int, inputs: int) -> float:
    """R-squared that chance alone exceeds, for any of the inputs, in one study out of twenty."""
    from scipy.special import chdtri

    return float(min(1.0, chdtri(TERMS, 0.05 / max(inputs, 1)) / draws))


def _explained(u: Floats, centred: Floats) -> float:
    """R-squared of the regression on shifted Legendre polynomials."""
    x = 2.0 * u - 1.0
    basis = np.stack([x, 1.5 * x**2 - 0.5, 2.5 * x**3 - 1.5 * x], axis=1)
    basis = basis - basis.mean(axis=0)
    coefficients, *_ = np.linalg.lstsq(basis, centred, rcond=None)
    fitted = basis @ coefficients
    return float((fitted**2).mean())
