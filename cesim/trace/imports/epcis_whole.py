"""Transformations told in parts: events with one transformation id are one transformation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.trace.imports.said import Said, summed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def joined(said: Sequence[Said], parts: Mapping[str, Sequence[int]]) -> list[Said]:
    """Return events with the parts of each transformation put together, at the place of the last that has outputs.

    Parameters
    ----------
    said
        Events.
    parts
        Places of the parts in `said`, by transformation id.
    """
    left: list[Said | None] = list(said)
    for places in parts.values():
        if len(places) > 1:
            whole = _whole([said[n] for n in places])
            for n in places:
                left[n] = None
            left[places[-1]] = whole
    return [one for one in left if one is not None and (one.inputs or one.outputs)]


def _whole(parts: Sequence[Said]) -> Said:
    last = max((one for one in parts if one.outputs), key=lambda one: one.time_s, default=parts[-1])
    return Said(
        last.step,
        last.actor,
        last.partner,
        last.time_s,
        max(one.written_s for one in parts),
        summed(portion for one in parts for portion in one.inputs),
        summed(portion for one in parts for portion in one.outputs),
        tuple(matter for one in parts for matter in one.sources),
        sum(one.loss_mg for one in parts),
        next((one.relabel for one in parts if one.relabel), ""),
        last.place,
    )
