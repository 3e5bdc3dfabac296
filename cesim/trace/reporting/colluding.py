"""Masses agreed between two who should check each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.reporting.weighing import times
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.reporting.draft import Draft

    Whole = NDArray[np.int64]

_SHIPPING: Final = STEPS.index("shipping")
_RECEIVING: Final = STEPS.index("receiving")


def collude(draft: Draft) -> None:
    """Let shipper and receiver write the same false mass: more, or less, than there is.

    It stands in place of what either would have weighed, so no scale and no slip shows on it.
    """
    if not draft.any("collusion"):
        return
    truth = draft.truth
    shipped = np.flatnonzero(truth.step == _SHIPPING)
    received, pair = _pairs(draft, shipped)
    struck = draft.struck("collusion", truth.step == _SHIPPING)[shipped] & (pair >= 0)
    gain = draft.rate("collusion_gain")[truth.actor[shipped[struck]]]
    factor = np.ones(len(truth))
    factor[shipped[struck]] = 1 + gain
    factor[received[pair[struck]]] = 1 + gain
    agreed = factor != 1.0
    edge = agreed[truth.inputs.entry()]
    false = times(truth.inputs.mass_mg, np.repeat(factor, np.diff(truth.inputs.start)))
    draft.inputs = replace(draft.inputs, mass_mg=np.where(edge, false, draft.inputs.mass_mg))
    draft.mark("collusion", agreed)
    draft.unmark("scale", agreed)
    draft.unmark("unit_slip", agreed)


def _pairs(draft: Draft, shipped: Whole) -> tuple[Whole, Whole]:
    """Return the entries of receipt, and for each shipment the place of its own among them, -1 where there is none.

    Two belong together when the same two actors name the same first lot; where they do so more than once, in turn.
    """
    truth = draft.truth
    received = np.flatnonzero(truth.step == _RECEIVING)
    theirs, ours = _handover(draft, shipped), _handover(draft, received, turned=True)
    order, other = np.argsort(theirs, kind="stable"), np.argsort(ours, kind="stable")
    theirs, ours = theirs[order], ours[other]
    turn = np.arange(len(theirs)) - np.searchsorted(theirs, theirs)
    at = np.searchsorted(ours, theirs) + turn
    found = (at < np.searchsorted(ours, theirs, side="right")) & (theirs >= 0)
    pair = np.full(len(shipped), -1)
    pair[order[found]] = other[at[found]]
    return received, pair


def _handover(draft: Draft, rows: Whole, turned: bool = False) -> Whole:
    """Return one number for shipper, receiver and first lot of some handovers; -1 for one without lots."""
    truth = draft.truth
    giver, taker = truth.actor[rows], truth.partner[rows]
    if turned:
        giver, taker = taker, giver
    start = truth.inputs.start
    named = (start[rows + 1] > start[rows]) & (giver >= 0) & (taker >= 0)
    first = truth.inputs.lot[np.minimum(start[rows], max(len(truth.inputs.lot) - 1, 0))]
    actors = len(truth.names.actors)
    return np.where(named, (giver * actors + taker) * (len(truth.lots) + 1) + first + 1, -1)
