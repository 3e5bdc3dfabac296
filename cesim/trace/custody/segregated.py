"""Segregated: lots are claimed whole, and only those in which nothing but eligible matter is; sources may be mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.custody.flow import SLACK
from cesim.trace.custody.outcome import Outcome

if TYPE_CHECKING:
    from cesim.trace.custody.flow import Flow
    from cesim.trace.custody.outcome import Eligible
    from cesim.trace.custody.terms import Terms


def segregated(flow: Flow, eligible: Eligible, terms: Terms) -> Outcome:  # noqa: ARG001 -- all models are asked alike
    """Return the mass of the lots that are eligible through and through (ISO 22095)."""
    pure = eligible.outputs >= flow.outputs.mass_mg * (1 - SLACK)
    return Outcome(np.where(pure, eligible.outputs, 0), np.zeros(len(pure), dtype=np.int64))
