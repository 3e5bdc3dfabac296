"""Which input drives a result: first-order shares of its variance from the draws already made.

The share of an input is the adjusted R-squared of the result on the first three Legendre polynomials of the input's
own uniform number: a given-data first-order Sobol' index with three terms (Li and Rabitz 2012). With n draws and m
inputs an R-squared below the noise floor would be reached by chance by some input in one study out of twenty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Result = TypeVar("Result")

TERMS = 3
"""Polynomials of an input."""

FEWEST_DRAWS = 100
"""Below this no share is told."""


def shares(inputs: Mapping[str, Floats], results: Mapping[Result, Floats]) -> dict[Result, dict[str, float]]:
    """First-order shares of the variance of results.

    Parameters
    ----------
    inputs : name -> (draw,) uniform numbers in (0, 1)
    results : name -> (draw,)

    Returns
    -------
    result -> input -> share (0 where the adjusted value is negative); a result without spread or with too few draws
    is left out
    """
    told = {name: y for name, y in results.items() if y.size >= FEWEST_DRAWS and y.std() > 0}
    centred = {name: (y - y.mean()) / y.std() for name, y in told.items()}
    out: dict[Result, dict[str, float]] = {name: {} for name in told}
    for name, u in inputs.items():
        basis = _polynomials(u)
        for result, y in centred.items():
            unexplained = 1.0 - _explained(basis, y)
            out[result][name] = max(0.0, 1.0 - unexplained * (y.size - 1) / (y.size - 1 - TERMS))
    return out


def noise_floor(draws: int, inputs: int) -> float:
    """R-squared that chance alone exceeds, for any of the inputs, in one study out of twenty; 1 for too few draws."""
    if draws < FEWEST_DRAWS or not inputs:
        return 1.0
    from scipy.special import chdtri

    return float(min(1.0, chdtri(TERMS, 0.05 / max(inputs, 1)) / draws))


def _polynomials(u: Floats) -> Floats:
    """Shifted Legendre polynomials (draw, term) of uniform numbers."""
    x = 2.0 * u - 1.0
    basis = np.stack([x, 1.5 * x**2 - 0.5, 2.5 * x**3 - 1.5 * x], axis=1)
    centred: Floats = basis - basis.mean(axis=0)
    return centred


def _explained(basis: Floats, centred: Floats) -> float:
    """R-squared of the regression on the polynomials."""
    coefficients, *_ = np.linalg.lstsq(basis, centred, rcond=None)
    fitted = basis @ coefficients
    return float((fitted**2).mean())
