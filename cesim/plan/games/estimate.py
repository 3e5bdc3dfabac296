"""A mean over draws and how far it may be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Direction = Literal["at_least", "at_most"]
"""Whether a target asks for this much or more, or for this much or less."""

APART = 2.0
"""Standard errors from zero at which a figure is told from zero."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its standard error, in one unit."""

    value: float
    error: float | None
    """None where one draw alone says nothing of its spread."""

    @property
    def within_error(self) -> bool:
        """Whether it is within two standard errors of zero and so may be nothing; never for one draw."""
        return self.error is not None and abs(self.value) <= APART * self.error


def estimate(draws: NDArray[np.float64]) -> Estimate:
    """Return the mean of draws, (draw,), with its standard error.

    Draws of a difference that share their luck (common random numbers) give the error of the difference.
    """
    count = draws.size
    error = float(draws.std(ddof=1)) / count**0.5 if count > 1 else None
    return Estimate(float(draws.mean()), error)
