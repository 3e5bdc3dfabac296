"""Conversion factors: how much output may be claimed for what came in."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cesim.trace.custody.flow import Flow
    from cesim.trace.custody.terms import Terms


def factors(flow: Flow, terms: Terms) -> list[Fraction]:
    """Return the conversion factor of each site: as agreed, or measured as output / input over all periods.

    A site that sends out more than it took in (from stock) has one, and so has one that took in nothing.
    """
    if terms.factor is not None:
        return [Fraction(terms.factor)] * len(flow.sites)
    out, into = (flow.cells(side, side.mass_mg).sum(axis=1).tolist() for side in (flow.outputs, flow.basis))
    return [Fraction(min(o, i), i) if i else Fraction(1) for o, i in zip(out, into, strict=True)]
