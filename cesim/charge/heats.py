"""Drawn heats: what a charge may turn out to be, and how often that is off its limits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RealisedRisk:
    """How many of the heats drawn afresh missed a limit."""

    heats: int
    """Heats drawn."""
    off: int
    """Heats off at least one limit."""
    upper_bound: float
    """One-sided 95 % upper bound of the risk (C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404)."""

    @property
    def share(self) -> float:
        """Share of heats off their limits."""
        return self.off / self.heats
