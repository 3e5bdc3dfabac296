"""Controlled blending: of each batch, what is eligible in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.trace.custody.outcome import Outcome

if TYPE_CHECKING:
    from cesim.trace.custody.flow import Flow
    from cesim.trace.custody.outcome import Eligible
    from cesim.trace.custody.terms import Terms


def controlled_blending(flow: Flow, eligible: Eligible, terms: Terms) -> Outcome:  # noqa: ARG001 -- all asked alike
    """Return the eligible mass in each lot (ISO 22095)."""
    return Outcome(eligible.outputs, np.zeros(len(eligible.outputs), dtype=np.int64))
