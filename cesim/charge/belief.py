"""What is believed about the composition of one lot: a mixture, one component for each thing the lot may be."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.charge.faults import Refusals, no_answer
from cesim.charge.updating import observe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Family = Literal["normal", "lognormal"]

GAP = 2.0
"""Standard deviations of the narrower component: with means closer than this, two normals have one peak whatever
their weights (I. Eisenberger, Technometrics 6 (1964) 357)."""
KURTOSIS = 1.0
"""Excess kurtosis from which the tails of a mixture are no longer those of one normal."""


@dataclass(frozen=True, eq=False)
class Belief:
    """What may be in a lot, as a mixture of normals or lognormals.

    A record that is right in 95 % of cases does not make a narrow bell a little wider: it makes two bells. Mean and
    covariance alone hide that, so ask `is_unimodal` before using them for a chance constraint. Normal components
    may draw below zero; lognormal ones do not.

    Raises
    ------
    InputError
        For weights that are negative or do not add up to one, shapes that do not fit, covariances that are none,
        numbers that are not finite, and lognormal means that are not above zero.
    """

    weights: Floats
    """Probability of each component, (component,); they add up to one."""
    means: Floats
    """Mean mass fractions of each component itself, (component, element)."""
    covariances: Floats
    """Covariance of each component itself, (component, element, element)."""
    family: Family
    """Whether components are normal or lognormal."""
    elements: tuple[str, ...] = ()
    """Symbols of the last axes; empty where nobody asks."""
    names: tuple[str, ...] = ()
    """What each component is; empty where nobody asks."""

    def __post_init__(self) -> None:
        with Refusals("Belief") as refusals:
            refusals.known("family", self.family, ("normal", "lognormal"))
            means = refusals.number("means", self.means)
            if means.ndim != 2 or not means.size:
                refusals.refuse("charge_shape", "means", found=means.shape, allowed=("component", "element"))
                refusals.settle()
            count, size = means.shape
            weights = refusals.number("weights", self.weights, 0.0, 1.0, shape=(count,))
            covariances = refusals.number("covariances", self.covariances, shape=(count, size, size))
            refusals.settle()
            if abs(weights.sum() - 1.0) > 1e-9:
                refusals.refuse("charge_rows_not_one", "weights", row="weights", found=float(weights.sum()))
            if self.family == "lognormal":
                refusals.number("means", means, 0.0, above=True)
            _check_covariances(refusals, covariances)
            for field, names, length in (("elements", self.elements, size), ("names", self.names, count)):
                if names and len(names) != length:
                    refusals.refuse("charge_shape", field, found=len(names), allowed=length)
        for field, array in (("weights", weights), ("means", means), ("covariances", covariances)):
            object.__setattr__(self, field, array)

    def mean(self) -> Floats:
        """Mean mass fractions of the mixture, (element,)."""
        return np.asarray(self.weights @ self.means)

    def covariance(self) -> Floats:
        """Covariance of the mixture, (element, element): that within components and that between their means."""
        apart = self.means - self.mean()
        between = np.einsum("k,ki,kj->ij", self.weights, apart, apart)
        return np.asarray(np.einsum("k,kij->ij", self.weights, self.covariances) + between)

    def is_unimodal(self) -> bool:
        """Say whether one bell may stand for the mixture.

        False where the means of two possible components lie further apart than two standard deviations of the
        narrower one, along an element or along the direction that separates them best, or where the excess kurtosis of
        an element exceeds 1. Lognormals are judged by their logarithms.
        """
        means, covariances = self._normal_means(), self._normal_covariances()
        possible = np.flatnonzero(self.weights > 0.0)
        for one, other in combinations(possible, 2):
            gap = means[one] - means[other]
            best = np.linalg.pinv(covariances[one] + covariances[other], hermitian=True) @ gap
            for direction in (*np.eye(gap.size), best):
                spread = np.sqrt([direction @ covariances[at] @ direction for at in (one, other)])
                if abs(direction @ gap) > GAP * spread.min() + 1e-12:
                    return False
        return bool((_excess_kurtosis(self.weights, means, covariances) <= KURTOSIS).all())

    def draw_components(self, rng: np.random.Generator, n: int) -> NDArray[np.integer]:
        """Return which of the components the lot is, (n,)."""
        return rng.choice(self.weights.size, size=n, p=self.weights)

    def draw(self, rng: np.random.Generator, n: int, components: NDArray[np.integer] | None = None) -> Floats:
        """Return what the lot may be, (n, element), mass fractions; given which component it is, (n,), as that."""
        chosen = self.draw_components(rng, n) if components is None else components
        values, vectors = np.linalg.eigh(self._normal_covariances())
        roots = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
        drawn = rng.standard_normal((n, self.means.shape[1]))
        centres = self._normal_means()
        usual = int(self.weights.argmax())
        found: Floats = drawn @ roots[usual].T
        found += centres[usual]
        for at in range(self.weights.size):
            if at != usual:
                own = np.flatnonzero(chosen == at)
                found[own] = centres[at] + drawn[own] @ roots[at].T
        return np.asarray(np.exp(found, out=found)) if self.family == "lognormal" else found

    def after_assay(
        self, measured: ArrayLike, error: ArrayLike, censored: ArrayLike | Sequence[bool] | None = None
    ) -> Belief:
        """Return what is believed after an assay of the lot, by Bayes.

        Each component moves towards the reading as far as the errors allow, and gains weight as far as it foretold
        it. With lognormal components the error is taken as lognormal and right on average.

        Parameters
        ----------
        measured
            Mass fractions, (element,).
        error
            Standard deviations of the reading, mass fractions, (element,), above 0; see
            `SamplingPlan.standard_error`.
        censored
            Where the reading only says "below this", (element,). One such element is exact in mean and covariance;
            with several the components are taken as normal again after each.

        Raises
        ------
        InputError
            For readings that are not finite, or not above 0 with lognormal components.
        NoAnswer
            ``charge_impossible_reading`` where no component can have given the reading.
        """
        shape = self.means.shape[1:]
        logs = self.family == "lognormal"
        with Refusals("Belief") as refusals:
            reading = refusals.number("measured", measured, 0.0, 1.0, shape=shape, above=logs)
            spread = refusals.number("error", error, 0.0, shape=shape, above=True)
        hidden = np.zeros(shape, dtype=bool) if censored is None else np.asarray(censored, dtype=bool)
        noise = np.log1p(np.square(spread / reading)) if logs else np.square(spread)
        told = np.log(reading) + noise / 2.0 if logs else reading
        found = [
            observe(mean, covariance, told, noise, hidden)
            for mean, covariance in zip(self._normal_means(), self._normal_covariances(), strict=True)
        ]
        likelihood = np.array([update.log_likelihood for update in found])
        with np.errstate(divide="ignore"):
            weights = np.log(self.weights) + likelihood
        if not np.isfinite(weights.max()):
            raise no_answer("charge_impossible_reading", "Belief", "weights")
        weights = np.exp(weights - weights.max())
        means, covariances = np.array([u.mean for u in found]), np.array([u.covariance for u in found])
        if logs:
            means, covariances = _of_the_elements(means, covariances)
        return Belief(weights / weights.sum(), means, covariances, self.family, self.elements, self.names)

    def _normal_means(self) -> Floats:
        """Means in the space where components are normal."""
        if self.family == "normal":
            return self.means
        variances = np.diagonal(self._normal_covariances(), axis1=1, axis2=2)
        return np.asarray(np.log(self.means) - variances / 2.0)

    def _normal_covariances(self) -> Floats:
        if self.family == "normal":
            return self.covariances
        return np.log1p(self.covariances / (self.means[:, :, None] * self.means[:, None, :]))


def _check_covariances(refusals: Refusals, covariances: Floats) -> None:
    for at, covariance in enumerate(covariances):
        scale = max(float(np.abs(covariance).max()), 1e-300)
        if np.abs(covariance - covariance.T).max() > 1e-9 * scale:
            refusals.refuse("charge_not_symmetric", "covariances", found=f"component {at}")
        elif np.linalg.eigvalsh(covariance)[0] < -1e-9 * scale:
            refusals.refuse("charge_not_possible", "covariances", found=f"component {at}")


def _of_the_elements(means: Floats, covariances: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of lognormals from those of their logarithms."""
    centre = np.exp(means + np.diagonal(covariances, axis1=1, axis2=2) / 2.0)
    return centre, np.expm1(covariances) * centre[:, :, None] * centre[:, None, :]


def _excess_kurtosis(weights: Floats, means: Floats, covariances: Floats) -> Floats:
    """Excess kurtosis of each element of a mixture of normals, (element,); 0 where an element does not vary."""
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    apart = means - weights @ means
    second = weights @ (variances + apart**2)
    fourth = weights @ (3.0 * variances**2 + 6.0 * variances * apart**2 + apart**4)
    return np.where(second > 0.0, fourth / np.where(second > 0.0, second, 1.0) ** 2 - 3.0, 0.0)
