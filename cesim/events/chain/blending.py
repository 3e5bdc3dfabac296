"""Blending: plastics of several materials become one, and what they were made of and came from is conserved.

A compound is its own material, so its pellets end (sink `blended`) and as much of its material begins (source
`compounded`): the same polymer, filler and additive, the same origins, milligram by milligram.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.material import COLUMNS, COUNT, PLASTIC_PAIRS, own_pairs
from cesim.events.sharing import shared
from cesim.ledger.certificate import Check
from cesim.ledger.lot_tables import SINK, SOURCE
from cesim.ledger.substances import COMPONENTS

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from cesim.events.simulation import Simulation

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

BLENDED: Final = "blended"
COMPOUNDED: Final = "compounded"
FINE: Final = 2**50
"""Shares are taken to this part of one: finer than a milligram of the heaviest lot."""
_PLASTIC: Final = PLASTIC_PAIRS.reshape(-1, len(COMPONENTS))
"""(polymer, component) columns."""


def whole_weights(shares: Floats) -> Whole:
    """Return shares of one as whole numbers, to a part in `FINE`."""
    return np.rint(shares * FINE).astype(np.int64)


def lost_share(share: float) -> Fraction:
    """Return a share that is lost, to a part in `FINE`."""
    from fractions import Fraction

    return Fraction(round(share * FINE), FINE)


def components(rows: Whole) -> Whole:
    """Return polymer, filler and additive of compositions, mg, (row, 3), whatever the polymers are."""
    return np.asarray(rows[:, _PLASTIC].sum(axis=1))


def as_material(row: Whole, polymer: str) -> Whole:
    """Return a composition, mg, (column), with all its plastics as one; what is no plastic stays what it is."""
    out = row.copy()
    out[PLASTIC_PAIRS] = 0
    out[own_pairs(polymer)] = components(row[None])[0]
    return out


def bought(polymer: str, parts: Whole, origin: Floats) -> Whole:
    """Return a composition, mg, (column), from polymer, filler and additive, mg, (3,), and shares of origins."""
    row = np.zeros(COLUMNS.width, dtype=np.int64)
    row[own_pairs(polymer)] = parts
    by_origin = shared(np.array([[parts.sum()]]), whole_weights(origin)[None, :, None])[0, :, 0]
    row[COUNT : COUNT + len(by_origin)] = by_origin
    return row


def blend_law(simulation: Simulation) -> Check:
    """Return how far what was blended is from what was compounded, mg: by component, other substance and origin."""
    accounts = simulation.lots.accounts
    number = accounts.names.code
    off = accounts.total[SINK, number(BLENDED)] - accounts.total[SOURCE, number(COMPOUNDED)]
    others = np.delete(off, PLASTIC_PAIRS)
    columns = np.concatenate([components(off[None])[0], others])
    names = [*COMPONENTS, *np.delete(np.array(COLUMNS.names), PLASTIC_PAIRS).tolist()]
    worst = int(np.abs(columns).argmax())
    return Check("blending", len(columns), float(np.abs(columns).max()), names[worst] if columns.any() else "")
