"""Scales that are off, weighings that scatter, and tonnes written for kilograms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.selecting import any_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Edges
    from cesim.trace.reporting.draft import Draft

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]

MOST_MG: Final = 2**53 - 1
"""No mass is written above it: whoever reads the records counts in whole numbers of a double."""
_SLIP: Final = 1000.0
"""kg in a tonne."""


def weigh(draft: Draft) -> None:
    """Weigh every lot on the scale of the actor: a factor that stays, and another for each weighing.

    What comes from a source is weighed with the lots made of it where nothing else went in, and by itself otherwise. A
    loss is told by the scale alone.
    """
    if not draft.any("bias_sd", "weighing_sd"):
        return
    truth = draft.truth
    scale = _scale(draft)
    inputs = _weighed(draft, truth.inputs, scale, "weighing inputs")
    outputs = _weighed(draft, truth.outputs, scale, "weighing outputs")
    factor = scale[truth.actor] * _scatter(draft, draft.draws("weighing sources", "weighing_sd"), truth.actor)
    whole = (np.diff(truth.inputs.start) == 0) & (np.diff(truth.outputs.start) > 0)
    factor[whole] = (outputs.sums()[whole] / np.maximum(truth.outputs.sums()[whole], 1)).astype(float)
    of = np.repeat(np.arange(len(truth)), np.diff(truth.sources.start))
    sources = replace(truth.sources, mass_mg=times(truth.sources.mass_mg, factor[of]))
    loss = times(truth.loss_mg, scale[truth.actor])
    changed = loss != truth.loss_mg
    for new, old in ((inputs, truth.inputs), (outputs, truth.outputs), (sources, truth.sources)):
        changed = changed | any_of(old, new.mass_mg != old.mass_mg)
    draft.mark("scale", changed)
    draft.inputs, draft.outputs, draft.sources, draft.loss_mg = inputs, outputs, sources, loss


def slip(draft: Draft) -> None:
    """Write some records in the wrong unit, all their masses alike."""
    if not draft.any("unit_slip"):
        return
    slipped = draft.struck("unit_slip", np.ones(len(draft.truth), dtype=bool))
    rows = np.flatnonzero(slipped)
    factor = np.ones(len(slipped))
    factor[rows] = np.where(draft.draws("unit_slip up", "unit_slip", rows) < 0.5, _SLIP, 1 / _SLIP)
    draft.mark("unit_slip", slipped)
    for name in ("inputs", "outputs", "sources"):
        side = getattr(draft, name)
        setattr(draft, name, replace(side, mass_mg=times(side.mass_mg, np.repeat(factor, np.diff(side.start)))))
    draft.loss_mg = times(draft.loss_mg, factor)


def times(mass_mg: Whole, factor: Floats) -> Whole:
    """Return masses times factors in whole mg, at least 1 where there was something and at most `MOST_MG`."""
    out = mass_mg.copy()
    some = np.flatnonzero((factor != 1.0) & (mass_mg != 0))
    out[some] = np.clip(np.rint(mass_mg[some] * factor[some]), 1, MOST_MG)
    return out


def _scale(draft: Draft) -> Floats:
    """Return the factor of each actor's scale, (actor + 1,)."""
    from scipy.special import ndtri  # here, since scipy is slow to import

    spread = draft.rate("bias_sd")
    luck = np.append(draft.tickets.of_actors("bias"), 0.5)
    return np.where(spread > 0, np.exp(spread * ndtri(luck)), 1.0)


def _weighed(draft: Draft, edges: Edges, scale: Floats, purpose: str) -> Edges:
    actor = np.repeat(draft.truth.actor, np.diff(edges.start))
    luck = draft.tickets.of_edges(edges.start, purpose, draft.rate("weighing_sd") > 0)
    return replace(edges, mass_mg=times(edges.mass_mg, scale[actor] * _scatter(draft, luck, actor)))


def _scatter(draft: Draft, luck: Floats, actor: Whole) -> Floats:
    """Return a factor for each draw that was made, 1 for all others."""
    from scipy.special import ndtri  # here, since scipy is slow to import

    out = np.ones(len(luck))
    some = np.flatnonzero(luck < 1.0)
    out[some] = np.exp(draft.rate("weighing_sd")[actor[some]] * ndtri(luck[some]))
    return out
