"""Laws of the chain beside those of every run: what is melted or blended becomes something else, and loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.events.chain.blending import blend_law
from cesim.events.chain.material import by_origin, by_substance
from cesim.events.laws import laws
from cesim.events.memory import give_back
from cesim.ledger.certificate import Certificate, Check
from cesim.ledger.lot_tables import SINK, SOURCE
from cesim.ledger.substances import ORIGINS, SUBSTANCES

if TYPE_CHECKING:
    from cesim.events.chain.build import Chain
    from cesim.events.simulation import Simulation


def chain_laws(chain: Chain) -> Certificate:
    """Return the proof of a run of the chain that has ended: the laws of every run, then melting and blending."""
    simulation = chain.simulation
    give_back()
    checks = (*laws(simulation).checks, melt_law(simulation), blend_law(simulation))
    return Certificate(checks, tolerance=0.0)


def melt_law(simulation: Simulation) -> Check:
    """Return how far what was melted is from what was molten, mg: element by element and origin by origin.

    Items may change in a melt, and metal of the 6000 series is told apart among what is post-consumer; both are added
    up here.
    """
    accounts = simulation.lots.accounts
    number = accounts.names.code
    off = accounts.total[SINK, number("melted")] - accounts.total[SOURCE, number("molten")]
    columns = np.concatenate([by_substance(off[None])[0], by_origin(off[None])[0]])
    worst = int(np.abs(columns).argmax())
    names = (*SUBSTANCES, *ORIGINS)
    return Check("melting", len(columns), float(np.abs(columns).max()), names[worst] if columns.any() else "")
