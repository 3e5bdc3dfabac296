"""What a lot of the chain is made of: items and substances together, and origins that tell the 6000 series apart.

Sorting works on alloys and polymers, melting on elements, so a composition keeps both: one column a pair such as
``6016.Mg``. Elements are sums over items. Beside the nine origins of the flow tables stands a tenth: what was a
6000-series alloy in a scrapped car is told apart from other post-consumer metal once it is molten, because the
horizontal recycling rate asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.columns import Columns
from cesim.ledger.substances import ALLOYS, ELEMENTS, ITEMS, ORIGINS, PAIRS, POLYMERS, SIX_THOUSAND, SUBSTANCES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

FAMILY: Final = "post_elv_6xxx"
"""Origin of molten metal that was of the 6000 series in a scrapped car; a part of `post_elv`."""
METALS: Final = ELEMENTS[:-1]
"""Elements of a melt; the coating is burnt before."""
COLUMNS: Final = Columns(tuple(f"{item}.{what}" for item, what in PAIRS), (*ORIGINS, FAMILY))
"""Columns of every composition of the chain."""
PAIR_ITEM: Final = np.array([ITEMS.index(item) for item, _ in PAIRS])
"""(pair,) the item of each pair."""
PAIR_SUBSTANCE: Final = np.array([SUBSTANCES.index(what) for _, what in PAIRS])
"""(pair,) the substance of each pair."""
COUNT: Final = len(PAIRS)
"""Number of substance columns; origins follow."""
METAL_PAIRS: Final = np.flatnonzero(
    (len(ALLOYS) > PAIR_ITEM) | np.isin(PAIR_ITEM, [ITEMS.index("steel"), ITEMS.index("copper")])
)
"""Pairs that melt in a casthouse: alloys with their paint, and the free iron and copper beside them."""
COATING_PAIRS: Final = np.array([n for n, (_, what) in enumerate(PAIRS) if what == "coating"])
SIX_PAIRS: Final = np.array([n for n, (item, what) in enumerate(PAIRS) if item in SIX_THOUSAND and what != "coating"])
"""Metal of the 6000 series."""
PLASTIC_PAIRS: Final = np.array([n for n, (item, _) in enumerate(PAIRS) if item in POLYMERS])


def own_pairs(item: str) -> NDArray[np.intp]:
    """Return the columns of an item: of an alloy the metals, then its coating."""
    return np.flatnonzero(ITEMS.index(item) == PAIR_ITEM)


def by_substance(rows: Whole) -> Whole:
    """Return masses by substance, mg, (lot, SUBSTANCES), of compositions (lot, column)."""
    out = np.zeros((len(rows), len(SUBSTANCES)), dtype=np.int64)
    for pair in range(COUNT):
        out[:, PAIR_SUBSTANCE[pair]] += rows[:, pair]
    return out


def by_item(rows: Whole) -> Whole:
    """Return masses by item, mg, (lot, ITEMS), of compositions (lot, column)."""
    starts = np.flatnonzero(np.diff(PAIR_ITEM, prepend=-1))
    return np.add.reduceat(rows[:, :COUNT], starts, axis=1)


def by_origin(rows: Whole) -> Whole:
    """Return masses by origin, mg, (lot, ORIGINS), of compositions (lot, column)."""
    out = rows[:, COUNT : COUNT + len(ORIGINS)].copy()
    out[:, ORIGINS.index("post_elv")] += rows[:, COUNT + len(ORIGINS)]
    return out


def metals(rows: Whole) -> Whole:
    """Return the elements of a melt of these lots, mg, (lot, METALS): alloys without paint, free iron and copper."""
    return by_substance(rows)[:, : len(METALS)]
