"""Chain-of-custody models (ISO 22095): each answers what may be claimed of the same flow, by the same law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from cesim.trace.custody.blending import controlled_blending
from cesim.trace.custody.booking import book_and_claim
from cesim.trace.custody.counted import VIEWS, counted
from cesim.trace.custody.credit import credit
from cesim.trace.custody.faults import refuse
from cesim.trace.custody.identity import identity_preserved
from cesim.trace.custody.outcome import Eligible, Outcome
from cesim.trace.custody.rolling import rolling_average
from cesim.trace.custody.segregated import segregated
from cesim.trace.custody.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.trace.custody.flow import Flow
    from cesim.trace.custody.laws import Law

    Whole = NDArray[np.int64]


class Model(Protocol):
    """A rule that turns eligible matter into claims."""

    def __call__(self, flow: Flow, eligible: Eligible, terms: Terms) -> Outcome:
        """Return what is claimed of each output lot."""


MODELS: Final[Mapping[str, Model]] = {
    "identity_preserved": identity_preserved,
    "segregated": segregated,
    "controlled_blending": controlled_blending,
    "rolling_average": rolling_average,
    "credit": credit,
    "book_and_claim": book_and_claim,
}
"""From the strictest to the loosest link between matter and claim; words under ``custody.model``."""
PHYSICAL: Final = ("identity_preserved", "segregated", "controlled_blending")
"""Models that claim of a lot what is in it."""


@dataclass(frozen=True)
class Claim:
    """What may be claimed of a flow by one model and one law.

    Attributes
    ----------
    model, law
        By which.
    outcome
        Claims by lot, and the accounts.
    claim_mg : (view, period)
        Claims by period.
    true_mg : (period,)
        What is in the lots in truth and counts by the law, whether the model may claim it or not.
    output_mg : (period,)
        What the lots weigh.
    """

    model: str
    law: Law
    outcome: Outcome
    claim_mg: Whole
    true_mg: Whole
    output_mg: Whole

    def mass(self, view: str) -> int:
        """Return what is claimed on this knowledge in all, mg."""
        return int(self.claim_mg[VIEWS.index(view)].sum())

    def share(self, view: str) -> float | None:
        """Return the share of the output that is claimed on this knowledge; None where there is no output."""
        output = int(self.output_mg.sum())
        return self.mass(view) / output if output else None

    def shares(self, view: str) -> tuple[float | None, ...]:
        """Return the same by period."""
        claimed = self.claim_mg[VIEWS.index(view)].tolist()
        return tuple(c / o if o else None for c, o in zip(claimed, self.output_mg.tolist(), strict=True))

    def true_share(self) -> float | None:
        """Return the share of the output that is in it in truth and counts by the law."""
        output = int(self.output_mg.sum())
        return int(self.true_mg.sum()) / output if output else None


def claimable(model: str, flow: Flow, law: Law, terms: Terms | None = None) -> Claim:
    """Return what may be claimed of a flow by a model and a law, on every kind of knowledge.

    Only what the law lets the model claim is eligible: see `may_claim`.

    Raises
    ------
    InputError
        ``custody_model_unknown``, ``custody_sources_unknown``
    """
    if model not in MODELS:
        raise refuse("custody_model_unknown", "model", found=model, allowed=tuple(MODELS))
    origins = may_claim(model, law)
    eligible = Eligible(
        counted(flow.outputs, origins, law, flow.classes), counted(flow.basis, origins, law, flow.classes)
    )  # fmt: skip
    outcome = MODELS[model](flow, eligible, Terms() if terms is None else terms)
    return Claim(model, law, outcome, *_by_period(flow, law, outcome))


def may_claim(model: str, law: Law) -> frozenset[str]:
    """Return the origins that a law lets a model claim."""
    if model in PHYSICAL:
        return law.counts
    return law.booked if model == "book_and_claim" else law.balanced


def allowed(model: str, law: Law) -> str:
    """Say whether a law lets a model claim what counts: ``yes``, ``in_part`` or ``no``."""
    origins = may_claim(model, law)
    return "yes" if origins == law.counts else "in_part" if origins else "no"


def _by_period(flow: Flow, law: Law, outcome: Outcome) -> tuple[Whole, Whole, Whole]:
    side = flow.outputs
    true = counted(side, law.counts, law, flow.classes)[VIEWS.index("true")]
    claims = [flow.cells(side, lots).sum(axis=0) for lots in outcome.lot_mg]
    return np.stack(claims), flow.cells(side, true).sum(axis=0), flow.cells(side, side.mass_mg).sum(axis=0)
