"""Identity preserved: as segregated, and the lot comes of one single source and was never mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.custody.faults import refuse
from cesim.trace.custody.outcome import Outcome
from cesim.trace.custody.segregated import segregated

if TYPE_CHECKING:
    from cesim.trace.custody.flow import Flow
    from cesim.trace.custody.outcome import Eligible
    from cesim.trace.custody.terms import Terms


def identity_preserved(flow: Flow, eligible: Eligible, terms: Terms) -> Outcome:
    """Return the mass of the eligible lots whose matter has one source (ISO 22095).

    Raises
    ------
    InputError
        ``custody_sources_unknown`` where the flow does not say which lots these are.
    """
    if flow.outputs.single is None:
        raise refuse("custody_sources_unknown", "outputs.single")
    pure = segregated(flow, eligible, terms)
    return Outcome(np.where(flow.outputs.single, pure.lot_mg, 0), pure.refused_mg)
