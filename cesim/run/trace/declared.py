"""What would be claimed: records taken at their word, and what nobody recorded taken for what it is sold as.

A works that buys a bale of scrapped cars knows what it bought, whether or not there is a record of where the bale came
from. So it claims more than it can prove. What it is sold as is known for each kind of lot; bought scrap is sold
without a word on its origin, so nothing is claimed of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.classes import OWN_SCRAP
from cesim.trace.genealogy.passing import shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Names
    from cesim.trace.genealogy.graph import Genealogy
    from cesim.trace.genealogy.rebuilding import Rebuilt
    from cesim.trace.records import Records

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

SOLD_AS: Final = {
    **dict.fromkeys(("car", "hulk", "hulks_in", "scrap", "plastic", "pellet"), "post_elv"),
    "segregated": OWN_SCRAP,
    "segregated_before": OWN_SCRAP,
    "mixed": "pre_auto",
    "mixed_before": "pre_auto",
    **dict.fromkeys(("primary", "additions", "virgin", "filler"), "primary"),
    "chemical": "chemical",
    "bio": "bio",
}
"""Kind of lot -> the origin it is sold as; what has none is not claimed."""


def declared_shares(rebuilt: Rebuilt, records: Records) -> Floats:
    """Return the shares that would be claimed, (lot, class); what is missing to one is claimed as nothing."""
    return shares(_at_its_word(rebuilt.genealogy, rebuilt.named, _sold_as(records)))


def _sold_as(records: Records) -> Whole:
    """Class as which each lot is sold, -1 for none."""
    names: Names = records.entries.names
    places = {name: n for n, name in enumerate(names.classes)}
    of_kind = np.array([places.get(SOLD_AS.get(kind, ""), -1) for kind in names.kinds], dtype=np.int64)
    return of_kind[records.entries.lots.kind]


def _at_its_word(genealogy: Genealogy, named: Whole, sold_as: Whole) -> Genealogy:
    """Let unknown matter that came in a lot of known kind be of the origin that lot is sold as."""
    edge_event = np.repeat(np.arange(len(genealogy)), np.diff(genealogy.in_start))
    said = np.where(named >= 0, sold_as[named], -1)
    moved = (genealogy.in_lot < 0) & (said >= 0)
    kept = ~moved
    source_event = np.repeat(np.arange(len(genealogy)), np.diff(genealogy.source_start))
    event = np.concatenate([source_event, edge_event[moved]])
    order = np.argsort(event, kind="stable")
    return replace(
        genealogy,
        in_start=_starts(edge_event[kept], len(genealogy)),
        in_lot=genealogy.in_lot[kept],
        in_mass=genealogy.in_mass[kept],
        source_start=_starts(event[order], len(genealogy)),
        source_class=np.concatenate([genealogy.source_class, said[moved]])[order],
        source_mass=np.concatenate([genealogy.source_mass, genealogy.in_mass[moved]])[order],
    )


def _starts(event: Whole, count: int) -> Whole:
    return np.searchsorted(event, np.arange(count + 1)).astype(np.int64)
