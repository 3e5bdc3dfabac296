"""The passes along a genealogy, compiled by numba where it imports. Importing this file imports numba.

They loop where numpy would read better, since an event has to wait for the lots it uses: levels of events that do not
wait for each other are hundreds deep where scrap returns. They work in the arrays they are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.charge.compiled import compiled_in_place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]


@compiled_in_place
def forward(
    in_start: Whole,
    in_lot: Whole,
    in_mass: Floats,
    out_start: Whole,
    out_lot: Whole,
    source_start: Whole,
    source_class: Whole,
    source_mass: Floats,
    total: Floats,
    relabel: Whole,
    pooled: Floats,
    share: Floats,
) -> None:
    """Fill the shares (lot, K) from the first event to the last; `pooled` (K,) is room to work in.

    Lots that nothing makes keep the shares that stand there.
    """
    classes = len(pooled)
    for event in range(len(total)):
        for k in range(classes):
            pooled[k] = 0.0
        if relabel[event] >= 0:
            pooled[relabel[event]] = total[event]
        else:
            for edge in range(in_start[event], in_start[event + 1]):
                lot = in_lot[edge]
                if lot >= 0:
                    for k in range(classes):
                        pooled[k] += in_mass[edge] * share[lot, k]
            for edge in range(source_start[event], source_start[event + 1]):
                if source_class[edge] >= 0:
                    pooled[source_class[edge]] += source_mass[edge]
        for k in range(classes):
            pooled[k] = pooled[k] / total[event] if total[event] > 0.0 else 0.0
        for edge in range(out_start[event], out_start[event + 1]):
            lot = out_lot[edge]
            if lot >= 0:
                for k in range(classes):
                    share[lot, k] = pooled[k]


@compiled_in_place
def backward(
    last: int,
    in_start: Whole,
    in_lot: Whole,
    in_mass: Floats,
    out_start: Whole,
    out_lot: Whole,
    total: Floats,
    stops: NDArray[np.bool_],
    cut: float,
    weight: Floats,
    through: Floats,
) -> None:
    """Hand the weights of lots (lot,) on to what they were made of, from event `last` back to the first.

    `through` (event,) becomes the weight of all that an event made. It is not handed on where the event `stops`, nor
    from events through which less than `cut` goes.
    """
    for event in range(last, -1, -1):
        here = 0.0
        for edge in range(out_start[event], out_start[event + 1]):
            if out_lot[edge] >= 0:
                here += weight[out_lot[edge]]
        through[event] = here
        if here > 0.0 and here >= cut and not stops[event] and total[event] > 0.0:
            for edge in range(in_start[event], in_start[event + 1]):
                if in_lot[edge] >= 0:
                    weight[in_lot[edge]] += here * (in_mass[edge] / total[event])


@compiled_in_place
def onward(
    first: int,
    in_start: Whole,
    in_lot: Whole,
    in_mass: Floats,
    out_start: Whole,
    out_lot: Whole,
    given: Floats,
    total: Floats,
    cut: float,
    share: Floats,
) -> None:
    """Fill from event `first` on what share (lot,) of each lot is matter that is looked for; less than `cut` ends.

    Lots that stand there with a share keep it; `given` (event,) is such matter that enters with an event.
    """
    for event in range(first, len(total)):
        pooled = given[event]
        for edge in range(in_start[event], in_start[event + 1]):
            if in_lot[edge] >= 0:
                pooled += in_mass[edge] * share[in_lot[edge]]
        if pooled > 0.0 and pooled >= cut * total[event]:
            for edge in range(out_start[event], out_start[event + 1]):
                if out_lot[edge] >= 0 and share[out_lot[edge]] == 0.0:
                    share[out_lot[edge]] = pooled / total[event]
