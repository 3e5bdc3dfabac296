"""What it is worth to know a number before choosing between plans: the expected value of perfect information.

Each alternative has a loss in each future. Whoever chooses today takes the alternative with the least expected loss;
whoever knew the number first could choose anew for each of its values. The difference of the two expected losses is the
value of knowing it (partial perfect information; Raiffa and Schlaifer 1961). The expected loss given a number is
estimated from draws already made, by regression of the loss on the number's own uniform draw (Strong, Oakley and
Brennan 2014, with three Legendre polynomials instead of a spline).

Noise raises such an estimate and never lowers it. So the same is done with numbers that nothing depends on, nineteen
times as many as there are inputs; what they seem to be worth is the floor, and an estimate below it says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.quantities import uniforms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST_DRAWS = 100
"""Below this nothing is told."""
TERMS = 3
PARTS = 10
"""Parts that are left out one after the other for the standard error."""


@dataclass(frozen=True)
class Alternative:
    """Something that could be chosen."""

    name: str
    loss: Floats
    """(draw,) in one unit for all alternatives."""


@dataclass(frozen=True)
class Knowing:
    """What knowing is worth."""

    best: str
    """The alternative with the least expected loss."""
    expected: Mapping[str, float]
    """Alternative -> expected loss."""
    least_often: Mapping[str, float]
    """Alternative -> share of the futures in which its loss is the least; ties count for the first."""
    everything: float
    """Value of knowing all numbers at once, which no survey of some of them exceeds."""
    worth: Mapping[str, float]
    """Input -> value of knowing it alone, the largest first."""
    error: Mapping[str, float]
    """Input -> standard error of that."""
    floor: float
    """What a number that nothing depends on seems to be worth, at most, in one study out of twenty."""


def value_of_knowing(alternatives: Sequence[Alternative], luck: Mapping[str, Floats], seed: int = 0) -> Knowing | None:
    """Return what knowing each input is worth; None for fewer than 100 draws or two alternatives.

    Parameters
    ----------
    luck
        input -> uniform numbers (draw,)
    seed
        of the numbers that nothing depends on
    """
    losses = np.stack([one.loss for one in alternatives]) if alternatives else np.empty((0, 0))
    if losses.shape[0] < 2 or losses.shape[1] < FEWEST_DRAWS:
        return None
    if not np.isfinite(losses).all():
        raise ValueError("a loss is not finite")
    means = losses.mean(axis=1)
    best, draws = int(means.argmin()), losses.shape[1]
    worth = {name: _worth(losses, _basis(u)) for name, u in luck.items()}
    ordered = sorted(worth, key=lambda name: -worth[name])
    dummies = [
        _worth(losses, _basis(uniforms(seed, f"nothing depends on this|{n}", 0, draws))) for n in range(_many(luck))
    ]
    at_least = losses.argmin(axis=0)
    return Knowing(
        best=alternatives[best].name,
        expected={one.name: float(mean) for one, mean in zip(alternatives, means, strict=True)},
        least_often={one.name: float((at_least == n).mean()) for n, one in enumerate(alternatives)},
        everything=float(means[best] - losses.min(axis=0).mean()),
        worth={name: worth[name] for name in ordered},
        error={name: _error(losses, luck[name]) for name in ordered[:_TOLD]},
        floor=_floor(np.array(dummies), len(luck)),
    )


_TOLD = 40
"""Inputs whose standard error is worked out; the others are worth less."""


def _many(luck: Mapping[str, Floats]) -> int:
    """Worthless numbers to try: with 19 times the inputs the largest of all is an input in one study out of twenty."""
    return max(1000, 19 * len(luck))


def _floor(dummies: Floats, inputs: int) -> float:
    """The worthless number that the largest of as many inputs, if worthless too, is above in 5 % of studies.

    All being alike, the largest input is above the k-th largest of the others in about k out of (others / inputs + 1).
    """
    rank = max(1, int(0.05 * (dummies.size / max(inputs, 1) + 1.0)))
    return float(np.sort(dummies)[-rank])


def _basis(u: Floats) -> Floats:
    """Orthonormal (draw, term): a constant and shifted Legendre polynomials of uniform numbers."""
    x = 2.0 * u - 1.0
    terms = np.stack([np.ones_like(x), x, 1.5 * x**2 - 0.5, 2.5 * x**3 - 1.5 * x], axis=1)
    basis: Floats = np.linalg.qr(terms)[0]
    return basis


def _worth(losses: Floats, basis: Floats) -> float:
    """Least expected loss now, less that of choosing by the expected losses given the number."""
    fitted = (losses @ basis) @ basis.T
    return float(losses.mean(axis=1).min() - fitted.min(axis=0).mean())


def _error(losses: Floats, u: Floats) -> float:
    """Standard error by leaving out one part of the draws after the other (jackknife)."""
    parts = np.arange(u.size) % PARTS
    told = np.array([_worth(losses[:, parts != n], _basis(u[parts != n])) for n in range(PARTS)])
    return float(np.sqrt((PARTS - 1) / PARTS * ((told - told.mean()) ** 2).sum()))
