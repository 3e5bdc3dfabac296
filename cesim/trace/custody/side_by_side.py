"""Every model beside every law on one physical flow: the same metal, many legal numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from cesim.errors import InputError
from cesim.trace.custody.laws import LAWS, standing
from cesim.trace.custody.models import MODELS, allowed, claimable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.trace.custody.flow import Flow
    from cesim.trace.custody.laws import Law
    from cesim.trace.custody.models import Claim
    from cesim.trace.custody.terms import Terms


@dataclass(frozen=True, slots=True)
class Row:
    """One model and one law; keys and numbers, the words are in the catalogue under ``custody``.

    Shares are of the mass of the output lots, over all periods; None where they could not be computed, and `reason`
    says why.
    """

    material: str
    model: str
    law: str
    standing: str
    """See `cesim.trace.custody.laws.standing`; ``as_if``: no legal rule in force for this material."""
    allowed: str
    """``yes``, ``in_part`` or ``no``: what the law does not let the model claim is not in the claim."""
    of: str
    """What the law takes the share of, while here it is of the output lots."""
    claimed: float | None = None
    """On the records as declared."""
    provable: float | None = None
    """On what is certain."""
    possible: float | None = None
    """On what cannot be ruled out."""
    entitled: float | None = None
    """On the truth, by the same model: what an all-knowing certifier would grant."""
    true: float | None = None
    """What is in the lots in truth and counts by the law; the same for all models."""
    gap: float | None = None
    """Claimed - true."""
    claimed_mg: int | None = None
    output_mg: int | None = None
    reason: str = ""
    """Code of a fault, ``no_output``, or empty."""

    def as_data(self) -> dict[str, str | float | int | None]:
        """Return the row as plain data."""
        return asdict(self)


def side_by_side(
    flow: Flow, laws: Iterable[Law] = LAWS, models: Iterable[str] = tuple(MODELS), terms: Terms | None = None
) -> tuple[Row, ...]:
    """Return a row for every law and, inside it, every model."""
    models = tuple(models)
    return tuple(_row(flow, law, model, terms) for law in laws for model in models)


def _row(flow: Flow, law: Law, model: str, terms: Terms | None) -> Row:
    about = (flow.material, model, law.key, standing(law, flow.material), allowed(model, law), law.denominator)
    try:
        claim = claimable(model, flow, law, terms)
    except InputError as refused:
        if refused.faults[0].code != "custody_sources_unknown":
            raise
        return Row(*about, reason=refused.faults[0].code)
    return _filled(Row(*about), claim)


def _filled(row: Row, claim: Claim) -> Row:
    output, claimed, true = int(claim.output_mg.sum()), claim.share("claimed"), claim.true_share()
    row = replace(row, claimed_mg=claim.mass("claimed"), output_mg=output)
    if claimed is None or true is None:
        return replace(row, reason="no_output")
    return replace(
        row, claimed=claimed, provable=claim.share("provable"), possible=claim.share("possible"),
        entitled=claim.share("true"), true=true, gap=claimed - true,
    )  # fmt: skip
