"""Records of what never was: a forged lot with its supply, and a use that stands in two books."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.entries import Edges, Entries, Sources
from cesim.trace.reporting.claiming import POST_OTHER
from cesim.trace.reporting.swapping import chosen_edge
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.reporting.draft import Draft

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]

_SUPPLY: Final = STEPS.index("supply")


@dataclass(frozen=True)
class MadeUp:
    """Records beside the true ones, each of which makes one lot that never was.

    Attributes
    ----------
    anchor : (record,)
        Entry at which each was thought of; its time is theirs.
    like : (record,)
        Lot whose kind and item the new one has.
    entries
        The records themselves; new lots follow those that are there.
    """

    anchor: Whole
    like: Whole
    entries: Entries


def forge(draft: Draft, lots: int) -> MadeUp:
    """Write lots that never were into products, in place of lots that did go in, each with a supply of its own.

    Where nothing went into the product, the forged supply stands beside the true one.

    Parameters
    ----------
    draft
        Its inputs are changed.
    lots
        How many there are so far.
    """
    if not draft.any("forged"):
        return _nothing(draft)
    anchor, edge, like, mass = _to_forge(draft)
    new = lots + np.arange(len(anchor))
    fed = edge >= 0
    lot = draft.inputs.lot.copy()
    lot[edge[fed]] = new[fed]
    draft.inputs = replace(draft.inputs, lot=lot)
    mark = np.zeros(len(draft.truth), dtype=bool)
    mark[anchor[fed]] = True
    draft.mark("forged", mark)
    one, none = np.arange(len(anchor) + 1), np.zeros(len(anchor) + 1, dtype=np.int64)
    origin = np.full(len(anchor), draft.truth.names.classes.index(POST_OTHER))
    supply = replace(
        _bare(draft, anchor, Edges(one, new, mass)),
        step=np.full(len(anchor), _SUPPLY),
        inputs=Edges(none, new[:0], mass[:0]),
        sources=Sources(one, origin, mass),
    )
    return MadeUp(anchor, like, supply)


def _to_forge(draft: Draft) -> tuple[Whole, Whole, Whole, Whole]:
    """Return where to forge, which input edge gives way (-1 for none), a lot of the kind to forge, and its mass, mg."""
    outputs = draft.outputs
    struck = draft.struck("forged", (np.diff(outputs.start) > 0) & ~draft.has("swapped_lot")) & draft.kept
    anchor = np.flatnonzero(struck)
    edge = np.full(len(anchor), -1)
    like, mass = outputs.lot[outputs.start[anchor]], outputs.mass_mg[outputs.start[anchor]]
    fed = np.flatnonzero(np.diff(draft.inputs.start)[anchor] > 0)
    edge[fed] = chosen_edge(draft, "forged which", "forged", anchor[fed])
    like[fed], mass[fed] = draft.inputs.lot[edge[fed]], draft.inputs.mass_mg[edge[fed]]
    worth = mass > 0  # a lot of nothing is not worth a certificate
    return anchor[worth], edge[worth], like[worth], mass[worth]


def claim_twice(draft: Draft, lots: int) -> MadeUp:
    """Write a use of a lot a second time, in the books of another actor, for a product that is not there.

    The other is of the same role, or of another region where nobody is; if it takes no part, nothing is written.
    """
    if not draft.any("double_claim"):
        return _nothing(draft)
    fed, makes = np.diff(draft.inputs.start) > 0, np.diff(draft.outputs.start) > 0
    other = _others(draft)
    free = (other[draft.truth.actor] >= 0) & ~draft.has("forged")
    anchor = np.flatnonzero(draft.struck("double_claim", fed & makes & free) & draft.kept)
    edge = chosen_edge(draft, "double_claim which", "double_claim", anchor)
    worth = draft.inputs.mass_mg[edge] > 0
    anchor, edge = anchor[worth], edge[worth]
    lot, mass = draft.inputs.lot[edge], draft.inputs.mass_mg[edge]
    one = np.arange(len(anchor) + 1)
    use = replace(
        _bare(draft, anchor, Edges(one, lots + np.arange(len(anchor)), mass)),
        actor=other[draft.truth.actor[anchor]],
        inputs=Edges(one, lot, mass),
    )
    return MadeUp(anchor, draft.outputs.lot[draft.outputs.start[anchor]], use)


def _others(draft: Draft) -> Whole:
    """Return for each actor the next of its role, or one of another region; -1 if it takes no part, (actor + 1,)."""
    actors = draft.truth.names.actors
    out = np.full(len(actors) + 1, -1)
    for number, actor in enumerate(actors):
        behind = [*range(number + 1, len(actors)), *range(number)]
        same = (one for one in behind if actors[one].role == actor.role)
        away = (one for one in behind if actors[one].role == "elsewhere")
        found = next(same, next(away, -1))
        if found >= 0 and draft.policy[found].coverage > 0:
            out[number] = found
    return out


def _bare(draft: Draft, anchor: Whole, outputs: Edges) -> Entries:
    """Return entries like those at which they were thought of, with other lots and without sources or loss."""
    truth, nothing = draft.truth, np.zeros(0, dtype=np.int64)
    none = np.zeros(len(anchor) + 1, dtype=np.int64)
    nobody = np.full(len(anchor), -1)
    return Entries(
        truth.names, truth.lots, truth.step[anchor], truth.actor[anchor], nobody, truth.time_s[anchor],
        Edges(none, nothing, nothing), outputs, Sources(none, nothing, nothing),
        np.zeros(len(anchor), dtype=np.int64), nobody, np.zeros(len(anchor), dtype=bool),
    )  # fmt: skip


def _nothing(draft: Draft) -> MadeUp:
    none = np.zeros(0, dtype=np.int64)
    return MadeUp(none, none, _bare(draft, none, Edges(np.zeros(1, dtype=np.int64), none, none)))
