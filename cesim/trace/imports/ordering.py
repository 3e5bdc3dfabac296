"""The order in which every lot is made before it is used: by time where that is enough, else by who depends on whom."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError
from cesim.trace.imports.said import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.trace.imports.said import Remarks, Said

_NAMED: Final = 12
"""Lots of a cycle that are named."""


def ordered(said: Sequence[Said], label: dict[str, str], remarks: Remarks) -> list[int]:
    """Return the places of events in an order in which the first making of a lot precedes all that is done with it.

    Events keep the order of their times, and of the documents where times tie. Where an event uses a lot that by the
    clocks is made only later, clocks are taken to be wrong and not the event: it is put behind, keeps the time it
    tells, and a remark says so. A lot may be made twice (an audit finds that); it counts from its first making.

    Raises
    ------
    InputError
        ``import_cycle`` where a lot is made of itself, directly or by way of others; the lots are named.
    """
    births: dict[str, list[int]] = {}
    for n, one in enumerate(said):
        for lot in {portion.lot for portion in one.outputs}:
            births.setdefault(lot, []).append(n)
    _refuse_cycles(said, births, label)
    first = {lot: min(makers, key=lambda n: (said[n].time_s, n)) for lot, makers in births.items()}
    needs = [_needs(one, first, n) for n, one in enumerate(said)]
    _tell_contradictions(said, first, label, remarks)
    order, _ = _sorted(said, needs)
    return order


def _needs(one: Said, first: dict[str, int], own: int) -> set[int]:
    return {first[lot] for lot, _ in one.inputs if lot in first} - {own}


def _sorted(said: Sequence[Said], needs: Sequence[set[int]]) -> tuple[list[int], list[int]]:
    """Return events in an order that serves all needs, the earliest first, and how many needs of each stay unserved."""
    waits = [len(one) for one in needs]
    serves: list[list[int]] = [[] for _ in said]
    for n, one in enumerate(needs):
        for before in one:
            serves[before].append(n)
    ready = [(said[n].time_s, n) for n, count in enumerate(waits) if not count]
    heapify(ready)
    order = []
    while ready:
        _, n = heappop(ready)
        order.append(n)
        for after in serves[n]:
            waits[after] -= 1
            if not waits[after]:
                heappush(ready, (said[after].time_s, after))
    return order, waits


def _refuse_cycles(said: Sequence[Said], births: dict[str, list[int]], label: dict[str, str]) -> None:
    faults = []
    for one in said:
        both = {lot for lot, _ in one.inputs} & {lot for lot, _ in one.outputs}
        faults += [Fault("import_cycle", one.place, {"found": [label[lot]]}) for lot in sorted(both)]
    if faults:
        raise refusal(faults)
    needs = [{n for lot, _ in one.inputs for n in births.get(lot, ())} for one in said]
    order, waits = _sorted(said, needs)
    if len(order) < len(said):
        at, lots = _cycle(said, needs, waits)
        shown = [label[lot] for lot in lots[:_NAMED]] + (["…"] if len(lots) > _NAMED else [])
        raise InputError([Fault("import_cycle", said[at].place, {"found": shown})])


def _cycle(said: Sequence[Said], needs: Sequence[set[int]], waits: Sequence[int]) -> tuple[int, list[str]]:
    """Return an event of a cycle, and the lots that go around, the last made of the first."""
    here = next(n for n, count in enumerate(waits) if count)
    way: dict[int, int] = {}
    while here not in way:  # every event that waits needs one that waits too
        way[here] = min(n for n in needs[here] if waits[n])
        here = way[here]
    around, at = [here], way[here]
    while at != here:
        around.append(at)
        at = way[at]
    lots = []
    for n in around:
        made = {portion.lot for portion in said[way[n]].outputs}
        lots.append(next(lot for lot, _ in said[n].inputs if lot in made))
    return here, lots[::-1]


def _tell_contradictions(said: Sequence[Said], first: dict[str, int], label: dict[str, str], remarks: Remarks) -> None:
    for n, one in enumerate(said):
        for lot, _ in one.inputs:
            made = first.get(lot, n)
            if said[made].time_s > one.time_s:
                hours = round((said[made].time_s - one.time_s) / 3600, 1)
                remarks.note("import_used_before_made", one.place, found=label[lot], hours=hours)
