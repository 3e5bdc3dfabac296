"""The pass along a genealogy that asks what is known with some actors on board. Importing this file imports numba."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.charge.compiled import compiled_in_place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@compiled_in_place
def known_shares(
    mask: Bools,
    actor: Whole,
    in_start: Whole,
    in_lot: Whole,
    in_share: Floats,
    moved: Bools,
    hand_start: Whole,
    hand_actor: Whole,
    given: Floats,
    out_start: Whole,
    out_lot: Whole,
    known: Floats,
) -> None:
    """Fill the share of each lot of which the origin is told (lot,), zeros before, from the first event to the last.

    Parameters
    ----------
    mask : (actor + 1,)
        Who is on board; the last place is for nobody.
    actor : (event,)
    in_lot, in_share, moved : (edge,)
        What went in, its share of the event, and whether it changed hands, so that a handover must be seen.
    hand_start : (lot + 1,)
        Of those who wrote of a handover of the lot: ``hand_actor[hand_start[lot]:hand_start[lot + 1]]``.
    given : (event,)
        Share of the event of which its own record tells the origin.
    """
    for event in range(len(given)):
        if mask[actor[event]]:
            share = given[event]
            for edge in range(in_start[event], in_start[event + 1]):
                lot = in_lot[edge]
                if lot >= 0 and known[lot] > 0.0:
                    seen = not moved[edge]
                    for place in range(hand_start[lot], hand_start[lot + 1]):
                        seen = seen or mask[hand_actor[place]]
                    if seen:
                        share += in_share[edge] * known[lot]
            for edge in range(out_start[event], out_start[event + 1]):
                if out_lot[edge] >= 0:
                    known[out_lot[edge]] = share
