"""Whether measures were seen to do harm: a choice that reaches the goals inside one that does more and misses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cesim.plan.backcast.weighed import Memory


def hurts(memory: Memory, needed: int) -> bool:
    """Whether among the choices worked out one that reaches the goals lies within one that does not."""
    ways = memory.ways
    reach = [own.choice for own in memory.known.values() if own.count >= needed]
    miss = [ways.cover(own.choice) for own in memory.known.values() if own.count < needed]
    widest = _not_inside_others(miss)
    return any(not choice & ~lot for choice in reach for lot in widest)


def _not_inside_others(lots: list[int]) -> list[int]:
    """Return the sets that are in no other one: only they decide."""
    out: list[int] = []
    for lot in sorted(set(lots), key=int.bit_count, reverse=True):
        if all(lot & ~other for other in out):
            out.append(lot)
    return out
