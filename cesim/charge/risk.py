"""How often a heat may miss its limits, and how that is to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cesim.charge.faults import Refusals

Chosen = Literal["auto", "normal", "scenarios", "none"]


@dataclass(frozen=True)
class Risk:
    """The share of heats that may miss a limit, both sides of all limits together.

    Raises
    ------
    InputError
        For a risk that is not above 0 and below 0.5, a method nobody knows, or no heats.
    """

    joint: float
    """Probability that a heat misses any of its limits."""
    method: Chosen = "auto"
    """``normal``: mean and covariance; ``scenarios``: drawn heats; ``auto``: the former where everything charged is one
    bell, else the latter; ``none``: means alone, the risk only counted."""
    heats: int = 100_000
    """Heats drawn afresh to count the risk of the answer."""
    calibrated: bool = True
    """Whether the method is tightened or loosened until drawn heats agree with it; False takes its own word."""
    rounded: bool = False
    """Whether a heat is judged by the rounding rule of specifications; see `AlloyLimits.meets`."""
    seed: int = 0
    """Of the draws; each lot has its own, by its name."""

    def __post_init__(self) -> None:
        with Refusals("Risk") as refusals:
            refusals.number("joint", self.joint, 0.0, shape=(), above=True)
            if self.joint >= 0.5:
                refusals.refuse("charge_out_of_range", "joint", found=float(self.joint), limits="> 0, < 0.5")
            refusals.known("method", self.method, ("auto", "normal", "scenarios", "none"))
            refusals.number("heats", self.heats, 1, shape=())
            refusals.number("seed", self.seed, 0, shape=())
