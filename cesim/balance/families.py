"""The lifetime distributions, as bare formulas over arrays.

Every function takes ages as a column ``(age, 1)`` and parameters as rows ``(series,)`` and gives
``(age, series)``. Nothing is checked here: `Survival` checks, these compute.

``sf`` is survival, ``lived`` its integral from 0 to the age (the mean lifetime cut off at that age),
``hazard`` the instantaneous rate of leaving, ``moments`` the first two moments of the lifetime, equal to
the integrals of ``sf`` and of ``2 * age * sf`` from 0 to infinity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Formula = Callable[..., Floats]

ROOT_TWO_PI = np.sqrt(2.0 * np.pi)


@dataclass(frozen=True)
class Family:
    """One distribution: what the user states, what the formulas take, and the formulas."""

    name: str
    parameters: tuple[str, ...]
    prepare: Callable[..., tuple[Floats, ...]]
    sf: Formula
    lived: Formula
    hazard: Formula
    moments: Callable[..., tuple[Floats, Floats]]


def _as_stated(*parameters: Floats) -> tuple[Floats, ...]:
    return parameters


def _phi(z: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * z * z) / ROOT_TWO_PI)


def _upper(z: Floats) -> Floats:
    """Upper tail of the standard normal, 1 - Phi(z), without cancellation."""
    from scipy.special import ndtr

    return np.asarray(ndtr(-z))


def _mills(z: Floats) -> Floats:
    """Upper tail over density of the standard normal; finite where both underflow."""
    from scipy.special import erfcx

    return np.asarray(np.sqrt(np.pi / 2.0) * erfcx(z / np.sqrt(2.0)))


def _upper_integral(z: Floats) -> Floats:
    """Antiderivative of 1 - Phi(z)."""
    return np.asarray(z * _upper(z) - _phi(z))


# fixed: everyone lives exactly `mean`


def _fixed_sf(age: Floats, mean: Floats) -> Floats:
    return np.asarray(age < mean, dtype=np.float64)


def _fixed_lived(age: Floats, mean: Floats) -> Floats:
    return np.minimum(age, mean)


def _fixed_hazard(age: Floats, mean: Floats) -> Floats:
    return np.where(age < mean, 0.0, np.inf)


def _fixed_moments(mean: Floats) -> tuple[Floats, Floats]:
    return mean, mean**2


# normal, as the field uses it: 1 - Phi, so a part of the newborn is already dead at age 0


def _normal_sf(age: Floats, mean: Floats, sd: Floats) -> Floats:
    return _upper((age - mean) / sd)


def _normal_lived(age: Floats, mean: Floats, sd: Floats) -> Floats:
    return np.asarray(sd * (_upper_integral((age - mean) / sd) - _upper_integral(-mean / sd)))


def _normal_hazard(age: Floats, mean: Floats, sd: Floats) -> Floats:
    return np.asarray(1.0 / (sd * _mills((age - mean) / sd)))


def _normal_moments(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    alive, density = _upper(-mean / sd), _phi(mean / sd)
    return mean * alive + sd * density, (mean**2 + sd**2) * alive + mean * sd * density


# truncated normal: the same, given that the newborn are alive


def _truncated_sf(age: Floats, mean: Floats, sd: Floats) -> Floats:
    return np.asarray(_normal_sf(age, mean, sd) / _upper(-mean / sd))


def _truncated_lived(age: Floats, mean: Floats, sd: Floats) -> Floats:
    return np.asarray(_normal_lived(age, mean, sd) / _upper(-mean / sd))


def _truncated_moments(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    first, second = _normal_moments(mean, sd)
    alive = _upper(-mean / sd)
    return first / alive, second / alive


# folded normal: the absolute value of a normal


def _folded_sf(age: Floats, mean: Floats, sd: Floats) -> Floats:
    return _upper((age - mean) / sd) + _upper((age + mean) / sd)


def _folded_lived(age: Floats, mean: Floats, sd: Floats) -> Floats:
    near = _upper_integral((age - mean) / sd) - _upper_integral(-mean / sd)
    far = _upper_integral((age + mean) / sd) - _upper_integral(mean / sd)
    return np.asarray(sd * (near + far))


def _folded_hazard(age: Floats, mean: Floats, sd: Floats) -> Floats:
    weight = np.exp(-2.0 * age * mean / sd**2)
    tails = _mills((age - mean) / sd) + weight * _mills((age + mean) / sd)
    return np.asarray((1.0 + weight) / (sd * tails))


def _folded_moments(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    first = 2.0 * sd * _phi(mean / sd) + mean * (1.0 - 2.0 * _upper(mean / sd))
    return first, mean**2 + sd**2


# lognormal, stated by mean and standard deviation of the lifetime itself


def _lognormal_prepare(mean: Floats, sd: Floats) -> tuple[Floats, ...]:
    variance = np.log1p((sd / mean) ** 2)
    return mean, np.log(mean) - variance / 2.0, np.sqrt(variance)


def _lognormal_sf(age: Floats, _mean: Floats, mu: Floats, sigma: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return _upper((np.log(age) - mu) / sigma)


def _lognormal_lived(age: Floats, mean: Floats, mu: Floats, sigma: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        z = (np.log(age) - mu) / sigma
    return np.asarray(age * _upper(z) + mean * _upper(sigma - z))


def _lognormal_hazard(age: Floats, _mean: Floats, mu: Floats, sigma: Floats) -> Floats:
    safe = np.where(age > 0.0, age, 1.0)
    rate = 1.0 / (sigma * safe * _mills((np.log(safe) - mu) / sigma))
    return np.where(age > 0.0, rate, 0.0)


def _lognormal_moments(mean: Floats, _mu: Floats, sigma: Floats) -> tuple[Floats, Floats]:
    return mean, mean**2 * np.exp(sigma**2)


# Weibull, stated by shape and scale


def _weibull_prepare(shape: Floats, scale: Floats) -> tuple[Floats, ...]:
    return shape, scale, shape * np.log(scale)


def _weibull_wear(age: Floats, shape: Floats, offset: Floats) -> Floats:
    """(age / scale) ** shape, by one exponential instead of a power (half the time)."""
    with np.errstate(divide="ignore", over="ignore"):
        wear = shape * np.log(age)
        wear -= offset
        return np.exp(wear, out=wear)


def _weibull_sf(age: Floats, shape: Floats, _scale: Floats, offset: Floats) -> Floats:
    wear = _weibull_wear(age, shape, offset)
    np.negative(wear, out=wear)
    return np.exp(wear, out=wear)


def _weibull_lived(age: Floats, shape: Floats, scale: Floats, offset: Floats) -> Floats:
    from scipy.special import gamma, gammainc

    wear = _weibull_wear(age, shape, offset)
    power = 1.0 + 1.0 / shape
    return np.asarray(age * np.exp(-wear) + scale * gamma(power) * gammainc(power, wear))


def _weibull_hazard(age: Floats, shape: Floats, scale: Floats, _offset: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(shape / scale * (age / scale) ** (shape - 1.0))


def _weibull_moments(shape: Floats, scale: Floats, _offset: Floats) -> tuple[Floats, Floats]:
    from scipy.special import gamma

    return scale * gamma(1.0 + 1.0 / shape), scale**2 * gamma(1.0 + 2.0 / shape)


# gamma, stated by mean and standard deviation


def _gamma_prepare(mean: Floats, sd: Floats) -> tuple[Floats, ...]:
    return mean, (mean / sd) ** 2, sd**2 / mean


def _gamma_sf(age: Floats, _mean: Floats, power: Floats, scale: Floats) -> Floats:
    from scipy.special import gammaincc

    return np.asarray(gammaincc(power, age / scale))


def _gamma_lived(age: Floats, mean: Floats, power: Floats, scale: Floats) -> Floats:
    from scipy.special import gammainc

    return np.asarray(age * _gamma_sf(age, mean, power, scale) + mean * gammainc(power + 1.0, age / scale))


def _gamma_hazard(age: Floats, mean: Floats, power: Floats, scale: Floats) -> Floats:
    from scipy.special import gammaln, xlogy

    alive = _gamma_sf(age, mean, power, scale)
    density = np.exp(xlogy(power - 1.0, age / scale) - age / scale - gammaln(power)) / scale
    x = np.where(alive > 0.0, 1.0, age / scale)
    # where survival underflows: the first terms of the expansion of its upper tail
    far = 1.0 / (scale * (1.0 + (power - 1.0) / x))
    return np.where(alive > 0.0, density / np.where(alive > 0.0, alive, 1.0), far)


def _gamma_moments(mean: Floats, _power: Floats, scale: Floats) -> tuple[Floats, Floats]:
    return mean, mean**2 + mean * scale


# empirical: a table of survival at given ages, straight between them, 0 after the last


def empirical(knots: Floats) -> Family:
    """Family of tabulated survival ``(series, age)`` at the ages `knots` (the first is 0)."""

    def place(age: Floats) -> tuple[NDArray[np.intp], Floats, Floats]:
        flat = age[:, 0]
        left = np.clip(np.searchsorted(knots, flat, side="right") - 1, 0, len(knots) - 2)
        within = np.minimum(flat, knots[-1]) - knots[left]
        return left, within[:, None], (flat <= knots[-1])[:, None]

    def slopes(table: Floats) -> Floats:
        return np.diff(table.T, axis=0) / np.diff(knots)[:, None]

    def sf(age: Floats, table: Floats) -> Floats:
        left, within, counted = place(age)
        return np.asarray((table.T[left] + slopes(table)[left] * within) * counted)

    def lived(age: Floats, table: Floats) -> Floats:
        left, within, _ = place(age)
        rows, slope = table.T, slopes(table)
        pieces = (rows[1:] + rows[:-1]) / 2.0 * np.diff(knots)[:, None]
        before = np.vstack([np.zeros((1, rows.shape[1])), np.cumsum(pieces, axis=0)])
        return np.asarray(before[left] + rows[left] * within + slope[left] * within**2 / 2.0)

    def hazard(age: Floats, table: Floats) -> Floats:
        left, _, _ = place(age)
        alive = sf(age, table)
        lasting = (alive > 0.0) & (age < knots[-1])
        return np.where(lasting, -slopes(table)[left] / np.where(lasting, alive, 1.0), np.inf)

    def moments(table: Floats) -> tuple[Floats, Floats]:
        rows, steps = table.T, np.diff(knots)[:, None]
        low, high = knots[:-1, None], knots[1:, None]
        first = np.sum((rows[1:] + rows[:-1]) / 2.0 * steps, axis=0)
        middle = (low + high) / 2.0 * (rows[1:] + rows[:-1]) / 2.0
        # Simpson's rule is exact: age x survival is a parabola on every piece
        second = 2.0 * np.sum((low * rows[:-1] + 4.0 * middle + high * rows[1:]) * steps / 6.0, axis=0)
        return first, second

    return Family("empirical", ("table",), _as_stated, sf, lived, hazard, moments)


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family("fixed", ("mean",), _as_stated, _fixed_sf, _fixed_lived, _fixed_hazard, _fixed_moments),
        Family("normal", ("mean", "sd"), _as_stated, _normal_sf, _normal_lived, _normal_hazard, _normal_moments),
        Family(
            "truncated-normal",
            ("mean", "sd"),
            _as_stated,
            _truncated_sf,
            _truncated_lived,
            _normal_hazard,
            _truncated_moments,
        ),
        Family(
            "folded-normal",
            ("mean", "sd"),
            _as_stated,
            _folded_sf,
            _folded_lived,
            _folded_hazard,
            _folded_moments,
        ),
        Family(
            "lognormal",
            ("mean", "sd"),
            _lognormal_prepare,
            _lognormal_sf,
            _lognormal_lived,
            _lognormal_hazard,
            _lognormal_moments,
        ),
        Family(
            "weibull",
            ("shape", "scale"),
            _weibull_prepare,
            _weibull_sf,
            _weibull_lived,
            _weibull_hazard,
            _weibull_moments,
        ),
        Family(
            "gamma",
            ("mean", "sd"),
            _gamma_prepare,
            _gamma_sf,
            _gamma_lived,
            _gamma_hazard,
            _gamma_moments,
        ),
    )
}
