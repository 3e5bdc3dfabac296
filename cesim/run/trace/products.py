"""Products of which claims are made: the lots themselves, and what was charged to make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.ledger.substances import POLYMERS, SIX_THOUSAND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Product:
    """Lots of one product.

    Attributes
    ----------
    key
        ``six_thousand``, ``pp``, or the item of an imported ledger.
    material
        ``aluminium`` or ``plastics``.
    lots : (output,)
        Lots of it.
    mixed : (mix,)
        Lots in which they were mixed, each once: a product lot was made of one of them and of nothing else.
    single : (output,)
        True for a lot that comes of one source and was never mixed.
    """

    key: str
    material: str
    lots: Whole
    mixed: Whole
    single: Truths


NO_ITEM: Final = "-"
"""Key of the product of all lots of an imported ledger of which no item is told."""
SIMULATED: Final = (
    ("six_thousand", "aluminium", "semis", SIX_THOUSAND),
    ("pp", "plastics", "compound", ("PP", "PP-T")),
)
"""Key, material, kind of lot and items of the products of a run."""


def products_of(entries: Entries) -> tuple[Product, ...]:
    """Return the products of a run; of an imported ledger, what is never used up there, by item."""
    parent = _single_parents(entries)
    kinds, items = entries.names.kinds, np.array(entries.names.items, dtype=object)
    item = items[entries.lots.item] if len(items) else np.zeros(len(entries.lots), dtype=object)
    found = []
    for key, material, kind, of in SIMULATED:
        if kind in kinds:
            chosen = (entries.lots.kind == kinds.index(kind)) & np.isin(item, of)
            chosen &= (entries.birth >= 0) & (
                entries.lots.mass_mg > 0
            )  # an imported ledger may know nothing of their making
            found.append((key, material, np.flatnonzero(chosen)))
    if not found:
        found = _final(entries, item)
    there = [one for one in found if len(one[2])]
    return tuple(Product(*one, *_mixes(entries, parent, one[2])) for one in there)


def _final(entries: Entries, item: NDArray[np.object_]) -> list[tuple[str, str, Whole]]:
    """Lots of an imported ledger that were made of others, went into nothing there, and are said to weigh something."""
    made = np.diff(entries.outputs.start) > 0
    into = entries.inputs.entry()
    used = np.zeros(len(entries.lots), dtype=bool)
    used[entries.inputs.lot[made[into] & (entries.inputs.lot >= 0)]] = True
    fed = np.diff(entries.inputs.start) > 0
    birth = entries.birth
    final = ~used & (birth >= 0) & (entries.lots.mass_mg > 0)
    final &= fed[np.maximum(birth, 0)]
    return [
        (str(one) or NO_ITEM, "plastics" if one in POLYMERS else "aluminium", np.flatnonzero(final & (item == one)))
        for one in sorted(set(item[final].tolist()))
    ]


def _single_parents(entries: Entries) -> Whole:
    """The one lot that each lot was made of; -1 where there is none or more than one."""
    birth = entries.birth
    alone = (np.diff(entries.inputs.start) == 1) & (np.diff(entries.sources.start) == 0)
    first = np.append(entries.inputs.lot, -1)[np.minimum(entries.inputs.start[:-1], len(entries.inputs.lot))]
    return np.where((birth >= 0) & alone[np.maximum(birth, 0)], first[np.maximum(birth, 0)], -1)


def _mixes(entries: Entries, parent: Whole, lots: Whole) -> tuple[Whole, Truths]:
    """Go up from lots as long as there is one way only."""
    here = lots.copy()
    while True:
        above = parent[here]
        on = above >= 0
        if not on.any():
            break
        here = np.where(on, above, here)
    fed = np.diff(entries.inputs.start) > 0
    birth = entries.birth[here]
    single = (birth >= 0) & ~fed[np.maximum(birth, 0)]
    return np.unique(here), single


def charged(entries: Entries, mixed: Sequence[int] | Whole) -> tuple[Whole, Whole, Whole]:
    """Return what was charged to lots that were mixed: lot, mass, mg, and the entry in which.

    A lot that was made of nothing else (sold as it is) stands for itself.
    """
    entry = np.unique(entries.birth[np.asarray(mixed)])
    entry = entry[entry >= 0]
    counts = np.diff(entries.inputs.start)[entry]
    ends = np.cumsum(counts)
    place = np.repeat(entries.inputs.start[entry] - (ends - counts), counts) + np.arange(int(counts.sum()))
    alone = entry[counts == 0]
    out = entries.outputs.start[alone]
    lot = np.concatenate([entries.inputs.lot[place], entries.outputs.lot[out]])
    mass = np.concatenate([entries.inputs.mass_mg[place], entries.outputs.mass_mg[out]])
    return lot, mass, np.concatenate([np.repeat(entry, counts), alone])
