"""What a backcast answers: a choice with the proof of its quality, or why there is none and what comes nearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.plan.backcast.questions import Choice, Question
    from cesim.plan.backcast.weighed import Stopped

Proof = Literal["exhaustive", "bounded", "heuristic"]
"""exhaustive: every choice that costs less was worked out and refuted; bounded: every choice that costs less than the
bound was; heuristic: nothing is proven."""


@dataclass(frozen=True)
class IfNeverHurt:
    """What would follow if no measure, no higher level and no earlier start ever did harm; proven is none of it."""

    bound: float
    """JPY: nothing cheaper could reach the goals; infinite where nothing at all could."""
    gap: float
    """(cost - bound) / cost; 0 where the answer is the cheapest."""


@dataclass(frozen=True)
class Solution:
    """A choice of measures that reaches the goals."""

    choice: Choice
    cost: float
    """JPY of present value (best estimate), all payers together."""
    paid: Mapping[str, float]
    """JPY by payer, `ALL` among them."""
    reached: float
    """Share of the draws in which all goals are reached, or that of the goal reached least, as asked."""
    shares: Mapping[str, float]
    """Goal -> share of the draws in which it is reached."""
    bound: float | None
    """JPY: nothing that costs less reaches the goals; None where costs did not add up."""
    gap: float | None
    """(cost - bound) / cost."""
    proof: Proof
    if_never_hurt: IfNeverHurt | None
    """None where that was refuted, or not looked into."""
    evaluations: int
    stopped: Stopped | None
    """What ended the search before it had a proof."""


@dataclass(frozen=True)
class Reach:
    """How far one goal can be met at the confidence asked for, whatever becomes of the others."""

    asked: float
    base: float
    """Without any measure."""
    best: float
    choice: Choice


@dataclass(frozen=True)
class Nearest:
    """The nearest that can be reached, among all choices worked out that the question admits."""

    each: Mapping[str, Reach]
    """Goal -> how far it can be met alone."""
    relaxation: float | None
    """Share of the way back from the goals to the base case at which all are met; None where no share helps.

    Goals that the base case meets already are not moved.
    """
    relaxed: Mapping[str, float]
    """Goal -> its value relaxed so far."""
    choice: Choice
    """What meets the relaxed goals; the cheapest if several do."""
    cost: float
    confidence: float
    """Largest share of the draws in which the goals as asked are met."""
    confident: Choice
    """What meets them in most draws; the cheapest if several do."""


@dataclass(frozen=True)
class Lifted:
    """What becomes possible when one condition is dropped."""

    condition: str
    """`budgets`, `budget:PAYER`, `must`, `never`, or `all`: the three together."""
    reachable: bool
    cost: float | None
    """JPY of the cheapest choice found that reaches the goals then."""
    choice: Choice
    proven: bool
    """Whether "not reachable" is proven; what is reachable is shown by its choice."""


Cause = Literal["targets", "budgets", "never", "must", "together"]
"""targets: out of reach even without conditions; together: only when several conditions are dropped at once."""


@dataclass(frozen=True)
class Unreachable:
    """No choice was found that reaches the goals."""

    question: Question
    cause: Cause
    nearest: Nearest | None
    """None where no choice is admitted at all: what must be done costs more than there is."""
    lifted: tuple[Lifted, ...]
    proof: Literal["exhaustive", "heuristic"]
    """exhaustive: every admitted choice was worked out."""
    impossible_if_never_hurt: bool
    """Whether doing everything misses too, so that nothing helps if no measure ever hurts."""
    evaluations: int
    stopped: Stopped | None
