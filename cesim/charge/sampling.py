"""How a lot is sampled and assayed, and how wrong that can be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Substitution = Literal["half", "root", "zero"]

_SUBSTITUTES = {"half": 0.5, "root": math.sqrt(0.5), "zero": 0.0}


@dataclass(frozen=True)
class AssayError:
    """What a laboratory's reading scatters about the truth of its sample: a relative and an absolute part."""

    relative: float = 0.0
    """Standard deviation as a share of the reading; lognormal, right on average."""
    absolute: float = 0.0
    """Standard deviation in mass fraction; normal."""


@dataclass(frozen=True, eq=False)
class SamplingPlan:
    """How a lot is sampled: so many increments, each so heavy, assayed with so much error.

    Pieces of metal scrap weigh kilograms, and the error of a sample falls with its mass, not with care. Plans that
    sample less than the minimum mass are refused unless `forced`.

    The relative variance of a sample is Gy's ``IH (1/m_s - 1/m_l)`` (P. Gy, *Sampling of Particulate Materials*, 1979)
    plus what increments differ by (grouping and segregation), divided by their number. Errors of delimitation,
    extraction and preparation are not in it.

    Raises
    ------
    InputError
        For numbers out of range, a sample above the lot or below the minimum mass, an absolute assay error without
        a limit of detection.
    """

    increments: int
    """Number of increments that make the sample."""
    increment_mass: float
    """Mass of one, t."""
    heterogeneity: float | Floats
    """Gy's heterogeneity invariant IH, t; one number or (element,)."""
    lot_mass: float
    """Mass of the lot, t."""
    assay_error: AssayError
    """Of the analysis."""
    limit_of_detection: float | Floats
    """Mass fraction below which a reading only says so; one number or (element,)."""
    minimum_mass: float
    """Least mass of the sample, t; see `mass_for`."""
    segregation: float | Floats = 0.0
    """Relative standard deviation between increments beyond what their mass explains; 0: the lot is well mixed."""
    forced: bool = False
    """Take the sample although it is too small."""

    def __post_init__(self) -> None:
        with Refusals("SamplingPlan") as refusals:
            refusals.number("increments", self.increments, 1)
            refusals.number("increment_mass", self.increment_mass, 0.0, above=True)
            refusals.number("lot_mass", self.lot_mass, 0.0, above=True)
            refusals.number("heterogeneity", self.heterogeneity, 0.0)
            refusals.number("segregation", self.segregation, 0.0)
            refusals.number("minimum_mass", self.minimum_mass, 0.0)
            refusals.number("assay_error.relative", self.assay_error.relative, 0.0)
            refusals.number("assay_error.absolute", self.assay_error.absolute, 0.0, 1.0)
            detected = refusals.number("limit_of_detection", self.limit_of_detection, 0.0, 1.0)
            if self.increments != np.floor(self.increments):
                refusals.refuse("charge_out_of_range", "increments", found=self.increments, limits="1, 2, 3...")
            refusals.settle()
            if self.assay_error.absolute > 0.0 and (detected <= 0.0).any():
                refusals.refuse("charge_needs_detection_limit", "limit_of_detection")
            if self.sample_mass > self.lot_mass:
                refusals.refuse("charge_sample_over_lot", "increments", found=self.sample_mass, lot=self.lot_mass)
            if self.sample_mass < self.minimum_mass and not self.forced:
                refusals.refuse(
                    "charge_sample_too_small", "increments", found=self.sample_mass, least=self.minimum_mass
                )

    @staticmethod
    def mass_for(relative_sd: float, heterogeneity: float, lot_mass: float) -> float:
        """Return the least sample, t, whose fundamental error is at most `relative_sd` (Gy, solved for the mass)."""
        with Refusals("SamplingPlan") as refusals:
            refusals.number("relative_sd", relative_sd, 0.0, above=True)
            refusals.number("heterogeneity", heterogeneity, 0.0)
            refusals.number("lot_mass", lot_mass, 0.0, above=True)
        return heterogeneity / (relative_sd**2 + heterogeneity / lot_mass)

    @property
    def sample_mass(self) -> float:
        """Mass of the whole sample, t."""
        return self.increments * self.increment_mass

    def relative_variance(self) -> Floats:
        """Relative variance of sampling alone: Gy's fundamental error plus segregation over the increments."""
        fundamental = np.asarray(self.heterogeneity) * (1.0 / self.sample_mass - 1.0 / self.lot_mass)
        return np.asarray(fundamental + np.square(self.segregation) / self.increments)

    def log_variance(self) -> Floats:
        """Variance of the logarithm of a reading about the truth, without the absolute part."""
        return np.asarray(np.log1p(self.relative_variance()) + math.log1p(self.assay_error.relative**2))

    def standard_error(self, composition: ArrayLike) -> Floats:
        """Standard deviation of readings of lots of this composition, mass fractions, same shape."""
        relative = np.expm1(self.log_variance())
        return np.asarray(np.sqrt(np.square(composition) * relative + self.assay_error.absolute**2))

    def measure(
        self, rng: np.random.Generator, true: ArrayLike, substitution: Substitution | None = None
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Sample and assay lots.

        Parameters
        ----------
        true
            Mass fractions, (..., element). Errors of elements are independent of each other.
        substitution
            What is written instead of a reading below the limit of detection: ``half``, ``root`` (limit over the
            square root of two) or ``zero``. None writes the limit itself, which with the mark is all that is known.

        Returns
        -------
        measured, censored
            Readings, right on average before censoring, and where they stand for "below the limit"; shape of `true`.

        Raises
        ------
        InputError
            For a composition that is not finite or negative, and an unknown substitution.
        """
        with Refusals("SamplingPlan") as refusals:
            lots = refusals.number("true", true, 0.0, 1.0)
            if substitution is not None:
                refusals.known("substitution", substitution, _SUBSTITUTES)
        variance = self.log_variance()
        normal = rng.standard_normal(lots.shape)
        readings = lots * np.exp(np.sqrt(variance) * normal - 0.5 * variance)
        if self.assay_error.absolute > 0.0:
            readings = readings + self.assay_error.absolute * rng.standard_normal(lots.shape)
        detected = np.broadcast_to(np.asarray(self.limit_of_detection, dtype=np.float64), lots.shape)
        censored = readings < detected
        written = detected * (1.0 if substitution is None else _SUBSTITUTES[substitution])
        return np.where(censored, written, readings), censored
