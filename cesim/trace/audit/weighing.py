"""How well scales weigh: what difference between two masses is still luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weighing:
    """Scales of all actors: each weighing is off by itself, and each scale by a factor that stays.

    Attributes
    ----------
    relative_sd
        Standard deviation of a weighing as a share of the mass; one for all, or (actor,). 0 for exact masses.
    division_mg
        What a scale tells apart; masses are rounded to it, which adds ``division / sqrt(12)``.
    bias_sd
        Standard deviation of the factor that an actor's scale always has, as a share; one for all, or (actor,). It
        falls out between weighings of one actor, and not between those of two.
    sigmas
        From how many standard deviations on something is reported. With exact masses a milligram is enough.
    sure
        From how many on it is beyond doubt, which is what a count of wrong records may rest on.

    Raises
    ------
    InputError
        ``audit_number`` where one of them is negative or not finite, or `sure` is below `sigmas`.
    """

    relative_sd: float | Floats = 0.0
    division_mg: float = 0.0
    bias_sd: float | Floats = 0.0
    sigmas: float = 4.0
    sure: float = 6.0

    def __post_init__(self) -> None:
        for name in ("relative_sd", "division_mg", "bias_sd", "sigmas", "sure"):
            found = np.asarray(getattr(self, name), dtype=np.float64)
            if not (np.isfinite(found) & (found >= 0)).all():
                raise wrong_number(name, getattr(self, name), ">= 0")
        if self.sure < self.sigmas:
            raise wrong_number("sure", self.sure, f">= {self.sigmas}")

    def variance(self, actor: Whole, mass_mg: Whole) -> Floats:
        """Return the variance of weighings by actors, mg2, in the shape of `mass_mg`."""
        relative = np.broadcast_to(_of(self.relative_sd, actor), np.shape(mass_mg))
        # whoever weighs with an error also writes whole milligrams
        division = np.where(relative > 0, max(self.division_mg, 1.0), self.division_mg)
        return np.asarray((relative * mass_mg) ** 2 + division**2 / 12)

    def checked(self, actors: int) -> None:
        """Refuse numbers by actor that are not one for each.

        Raises
        ------
        InputError
            ``audit_number``.
        """
        for name in ("relative_sd", "bias_sd"):
            found = np.shape(getattr(self, name))
            if found not in ((), (actors,)):
                raise wrong_number(name, found, f"{(actors,)}")

    def bias(self, actor: Whole) -> Floats:
        """Return the standard deviation of the constant factor of actors, in the shape of `actor`."""
        return _of(self.bias_sd, actor)

    def between(self, one: Whole, one_mg: Whole, other: Whole, other_mg: Whole) -> Floats:
        """Return the variance of the difference of two actors' weighings, mg2, (row,)."""
        apart = (self.bias(one) * one_mg) ** 2 + (self.bias(other) * other_mg) ** 2
        alike = (self.bias(one) * (one_mg - other_mg)) ** 2
        own = self.variance(one, one_mg) + self.variance(other, other_mg)
        return np.asarray(own + np.where((one == other) & (one >= 0), alike, apart))

    def reported(self, off_mg: Floats, sd_mg: Floats) -> NDArray[np.bool_]:
        """Return whether a difference is more than luck."""
        return np.asarray(np.abs(off_mg) > self.sigmas * sd_mg)

    def beyond_doubt(self, off_mg: Floats, sd_mg: Floats) -> NDArray[np.bool_]:
        """Return whether a difference is beyond doubt."""
        return np.asarray(np.abs(off_mg) > self.sure * sd_mg)


def _of(sd: float | Floats, actor: Whole) -> Floats:
    """Return the number of each actor; of nobody (-1) the greatest."""
    held = np.asarray(sd, dtype=np.float64)
    if not held.ndim:
        return np.full(np.shape(actor), float(held))
    return np.asarray(np.append(held, held.max(initial=0.0))[actor])


def sigmas_of(off_mg: Floats, sd_mg: Floats) -> Floats:
    """Return a difference in standard deviations; where scales are exact, a milligram counts as a thousand of them."""
    return np.asarray(off_mg / np.maximum(sd_mg, 1e-3))


def wrong_number(name: str, found: object, allowed: str) -> InputError:
    """Return the exception for a number that an audit cannot use."""
    return InputError([Fault("audit_number", Place(model=name), {"found": str(found), "allowed": allowed})])
