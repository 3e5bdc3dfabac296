"""Matter given out as what it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.records import DECLARATIONS
from cesim.trace.reporting.declaring import declared
from cesim.trace.selecting import any_of
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.reporting.draft import Draft

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]

_MIXING: Final = tuple(STEPS.index(step) for step in ("melting", "compounding"))
POST_OTHER: Final = "post_other"
_POST_CAR: Final = "post_elv"
_CAR_SCRAP: Final = ("pre_auto", "pre_own")
"""Scrap of car parts is given out as old cars; all else as other post-consumer matter."""


def claimable(draft: Draft) -> None:
    """Refuse lies about classes that the ledger does not have.

    Raises
    ------
    InputError
        ``policy_class_missing``.
    """
    missing = [name for name in (POST_OTHER, _POST_CAR) if name not in draft.truth.names.classes]
    wanted = [field for field in ("over_claim", "pre_as_post", "forged") if draft.any(field)]
    if missing and wanted:
        raise InputError([Fault("policy_class_missing", Place(model=field), {"found": missing}) for field in wanted])


def over_claim(draft: Draft) -> None:
    """Give out primary matter as post-consumer, or all that a furnace or a compounding line makes."""
    if not draft.any("over_claim"):
        return
    classes = draft.truth.names.classes
    to = classes.index(POST_OTHER)
    primary = _sources_of(draft, [place for place, name in enumerate(classes) if name == "primary"])
    with_primary = any_of(draft.sources, primary)
    post = np.isin(draft.relabel, [place for place, name in enumerate(classes) if name.startswith("post_")])
    bare = np.diff(draft.sources.start) == 0
    mixing = np.isin(draft.truth.step, _MIXING) & bare & ~post & (np.diff(draft.outputs.start) > 0)
    struck = draft.struck("over_claim", with_primary | mixing)
    _give_out(draft, primary & _by_edge(draft, struck), to)
    draft.relabel = np.where(struck & ~with_primary, to, draft.relabel)
    draft.mark("over_claim", struck)


def pre_as_post(draft: Draft) -> None:
    """Give out pre-consumer matter as post-consumer."""
    if not draft.any("pre_as_post"):
        return
    classes = draft.truth.names.classes
    pre = {place: name for place, name in enumerate(classes) if name.startswith("pre_")}
    edges = _sources_of(draft, list(pre))
    relabelled = np.isin(draft.relabel, list(pre))
    struck = draft.struck("pre_as_post", relabelled | any_of(draft.sources, edges))
    to = np.arange(len(classes) + 1)  # the last for -1, which stays
    for place, name in pre.items():
        to[place] = classes.index(_POST_CAR if name in _CAR_SCRAP else POST_OTHER)
    _give_out(draft, edges & _by_edge(draft, struck), to[draft.sources.origin])
    draft.relabel = np.where(struck & relabelled, to[draft.relabel], draft.relabel)
    draft.mark("pre_as_post", struck)


def _sources_of(draft: Draft, origins: list[int]) -> Truths:
    """Return which source edges are of some classes, (edge,); none of those who tell no origin and so cannot lie."""
    tells = declared(draft, draft.truth.actor) != DECLARATIONS.index("none")
    return np.isin(draft.sources.origin, origins) & _by_edge(draft, tells)


def _by_edge(draft: Draft, struck: Truths) -> Truths:
    return np.repeat(struck, np.diff(draft.sources.start))


def _give_out(draft: Draft, edges: Truths, to: Whole | int) -> None:
    draft.sources = replace(draft.sources, origin=np.where(edges, to, draft.sources.origin))
