"""Which lots others hear of, and from whom first: at the entry that makes them, else at the first that has them.

What happens inside a works makes lots of which nobody outside hears, until one is handed over or used in a step that
others see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Edges, Entries

    Whole = NDArray[np.int64]

_RECEIVING: Final = STEPS.index("receiving")


@dataclass(frozen=True)
class Heard:
    """Lots of which others hear.

    Attributes
    ----------
    lot : (heard,)
        In the order of their numbers.
    entry : (heard,)
        Entry at which each is first heard of.
    actor : (heard,)
        Who has it then; -1 for nobody named.
    mass_mg : (heard,)
        What it weighs there.
    made : (heard,)
        Whether the entry makes it.
    """

    lot: Whole
    entry: Whole
    actor: Whole
    mass_mg: Whole
    made: NDArray[np.bool_]


def first_heard(entries: Entries) -> Heard:
    """Return the lots of which others hear; one that is received first was with whoever gave it."""
    born, used = (_first_edge(side, entries) for side in (entries.outputs, entries.inputs))
    lot = np.flatnonzero((born >= 0) | (used >= 0))
    made = born[lot] >= 0
    edge = np.where(made, born[lot], used[lot])
    out, into = entries.outputs.entry(), entries.inputs.entry()
    entry = np.where(made, _at(out, edge), _at(into, edge))
    mass = np.where(made, _at(entries.outputs.mass_mg, edge), _at(entries.inputs.mass_mg, edge))
    taken = ~made & (entries.step[entry] == _RECEIVING) & (entries.partner[entry] >= 0)
    actor = np.where(taken, entries.partner[entry], entries.actor[entry])
    return Heard(lot, entry, actor, mass, made)


def _first_edge(side: Edges, entries: Entries) -> Whole:
    """First edge of each lot in an entry that others see; -1 for none."""
    seen = np.flatnonzero(~entries.inside[side.entry()])[::-1]
    found = np.full(len(entries.lots), -1)
    found[side.lot[seen]] = seen  # the first is written last
    return found


def _at(values: Whole, places: Whole) -> Whole:
    """Values at places; those of places that are none do not matter."""
    return values[np.minimum(places, len(values) - 1)] if len(values) else np.zeros_like(places)
