"""What a backcast is asked, and what it has to know to answer: the question and the port to the model behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cesim.run.goals import Goal
    from cesim.scenario.effects import Decision

    Floats = NDArray[np.float64]

Choice = Mapping[str, "Decision"]
"""Measure -> how it is carried out; a measure that is not in it is not carried out."""

ALL: Final = "all"
"""The payer that stands for all of them together: a budget for the whole plan."""


@dataclass(frozen=True)
class Question:
    """The cheapest choice of measures that reaches these goals is wanted.

    Money is the present value of the best estimate: it adds up over measures, which medians do not.
    """

    goals: tuple[Goal, ...]
    confidence: float = 0.5
    """Share of the draws, above 0 and up to 1, in which the goals must be reached."""
    budgets: Mapping[str, float] = field(default_factory=dict)
    """Payer -> most that he pays, JPY of present value (best estimate); `ALL` for all payers together."""
    must: frozenset[str] = frozenset()
    """Measures that are carried out in any case, with all they need."""
    never: frozenset[str] = frozenset()
    """Measures that are not, nor what needs them."""
    joint: bool = True
    """Whether all goals must be reached in the same draws; otherwise each has its own."""


@dataclass(frozen=True)
class Effort:
    """How much work a search may do before it says what it has."""

    evaluations: int = 4096
    """Choices whose outcome is worked out."""
    seconds: float | None = None
    batch: int = 16
    """Choices handed to the model at once; the answer does not depend on it."""


class Answers(Protocol):
    """What the search knows of a plan: the options of each measure, what a choice costs, and what it reaches."""

    @property
    def options(self) -> Mapping[str, Sequence[Decision]]:
        """Ways in which each measure may be carried out, "not at all" left out."""

    @property
    def needs(self) -> Mapping[str, frozenset[str]]:
        """Measures without which each does nothing; a measure that is left out needs none."""

    @property
    def rivals(self) -> Mapping[str, frozenset[str]]:
        """Measures that each cannot stand beside; it is enough that one of the two says so."""

    @property
    def payers(self) -> Sequence[str]:
        """Those who pay."""

    def fits(self, measure: str, decision: Decision, need: str, held: Decision) -> bool:
        """Whether a measure may be carried out so, where what it needs is carried out as held (say, not later)."""

    def cost(self, choice: Choice) -> Mapping[str, float]:
        """JPY of present value (best estimate) by payer, which must add up over the measures in effect."""

    def reached(self, choices: Sequence[Choice], goals: Sequence[Goal]) -> Floats:
        """Values of the goals' indicators, (choice, goal, draw), in the order of the goals."""
